/** Where a reviewer's key comes from. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Keys, NoKey } from '../../../src/judge/reviewer/key.ts'
import { tempFolder } from '../../helpers/folder.ts'

const printing = (command: string) => ({ from: 'command', command }) as const

describe('a key', () => {
  test('is read from the environment', async () => {
    const keys = new Keys({ MY_KEY: ' sk-1 \n' })
    expect(await keys.of({ from: 'environment', name: 'MY_KEY' })).toBe('sk-1')
    await expect(keys.of({ from: 'environment', name: 'OTHER' })).rejects.toThrow(
      'OTHER is not set where the gate was started',
    )
    expect(await keys.of({ from: 'nowhere' })).toBeNull()
  })

  test('is printed by a command, which is asked once until the key was refused', async () => {
    const log = join(tempFolder(), 'log')
    const keys = new Keys({ HOME: '/home/dev' })
    const from = printing(`echo x >> '${log}'; echo "sk-$HOME" | tr / -`)
    const both = await Promise.all([keys.of(from), keys.of(from)])
    expect([...both, await keys.of(from)]).toEqual(Array(3).fill('sk--home-dev'))
    expect(readFileSync(log, 'utf8')).toBe('x\n')
    keys.drop()
    await keys.of(from)
    expect(readFileSync(log, 'utf8')).toBe('x\nx\n')
  })

  test('is looked for in an environment without the gate’s own variables', async () => {
    const keys = new Keys({ SECRET: 'sk-1', LD_PRELOAD: '/tmp/x.so' })
    const printed = await keys.of(printing('echo "[${SECRET-}${LD_PRELOAD-}]"'))
    expect(printed).toBe('[]')
  })

  test.each([
    ['fails', 'echo sk-secret; exit 3'],
    ['prints nothing', 'true'],
    ['prints more than a key', 'echo "the key is sk-secret"'],
    ['is not there', '/no/such/program'],
  ])('of a command that %s is none, and what it printed is not repeated', async (_, command) => {
    const error = await new Keys({}).of(printing(command)).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(NoKey)
    expect(String(error)).not.toContain('sk-secret')
  })
})
