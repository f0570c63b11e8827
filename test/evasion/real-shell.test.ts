/**
 * The ways to write a command against a real bash: what they make of a harmless one is shell, and the
 * command runs. Programs that are not there are left out.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { grammar } from './grammar.ts'
import { builtins } from './runners.ts'
import { shells } from './shells.ts'
import { spelling } from './spelling.ts'
import { state } from './state.ts'
import { seeded } from './text.ts'
import { TRANSFORMS } from './transforms.ts'

const [, major = '0'] = /version (\d+)/.exec(String(spawnSync('bash', ['--version']).stdout)) ?? []
const root = mkdtempSync(join(tmpdir(), 'signalbox-evasion-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const CANARY = 'mkdir mark'

function written(transforms: typeof TRANSFORMS): readonly (readonly [string, string])[] {
  return Object.entries(transforms).flatMap(([name, transform]) => {
    const text = transform(CANARY, seeded(1))
    return text === null ? [] : [[name, text] as const]
  })
}

describe.skipIf(Number(major) < 5)('bash', () => {
  test('takes each for a script', () => {
    const files = written(TRANSFORMS).map(([name, text], i) => {
      const file = join(root, `${i}.sh`)
      writeFileSync(file, text)
      return [name, file] as const
    })
    const check = 'for f; do bash -n "$f" 2> /dev/null || printf "%s\\n" "$f"; done'
    const bad = execFileSync('bash', ['-c', check, '_', ...files.map(([, file]) => file)])
    const names = String(bad)
      .split('\n')
      .map(file => files.find(it => it[1] === file)?.[0])
    expect(names.filter(name => name !== undefined)).toEqual([])
  })

  const own = written({ ...spelling, ...grammar, ...shells, ...state, ...builtins })
  test.each(own)('runs the command: %s', async (_, text) => {
    const folder = mkdtempSync(join(root, 'run-'))
    const { PATH = '' } = process.env
    const env = { PATH, HOME: folder, LC_ALL: 'C.UTF-8' }
    const child = spawn('bash', ['-c', text], { cwd: folder, env, stdio: 'ignore' })
    await new Promise(resolve => child.on('close', resolve))
    // What a process substitution runs may end later.
    await vi.waitFor(() => expect(existsSync(join(folder, 'mark')), text).toBe(true))
  })
})
