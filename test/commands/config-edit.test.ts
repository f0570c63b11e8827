/** `signalbox config edit`: what an editor leaves counts only once it fits. The editors are real programs. */
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { run } from '../../src/commands/config.ts'
import { argumentsFor } from '../../src/commands/editor.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { desk, type TestDesk } from './desks.ts'

afterEach(() => vi.unstubAllEnvs())

/** An editor that does this to the file, whose path is `$1`; it writes down how it was called. */
function editor(script: string): { readonly calls: () => string } {
  const folder = tempFolder()
  const log = join(folder, 'calls')
  const program = put(join(folder, 'ed.sh'), `#!/bin/sh\necho "$*" >> ${log}\n${script}\n`)
  chmodSync(program, 0o755)
  vi.stubEnv('VISUAL', '')
  vi.stubEnv('EDITOR', program)
  return { calls: () => readFileSync(log, 'utf8') }
}

const OLD = '# ours\ntrust:\n  domains: [docs.example]\n'
const NEW = '# ours\ntrust:\n  domains: [docs.example, api.example]\n'
const writes = (text: string): string => `printf '%s' '${text}' > "$1"`

function withPolicy(more?: Parameters<typeof desk>[0]): TestDesk {
  const at = desk(more)
  put(at.configFile, OLD)
  chmodSync(at.configFile, 0o600)
  return at
}

/** Where the text is that could not be kept. */
const draftIn = ({ printed }: TestDesk): string =>
  /^what you wrote is in (.*)$/.exec(printed.at(-1) ?? '')?.[1] ?? ''

test('what fits takes the place of the file, with its mode', async () => {
  const at = withPolicy()
  editor(writes(NEW))
  expect(await run(['edit'], at)).toBe(0)
  expect(readFileSync(at.configFile, 'utf8')).toBe(NEW)
  expect(statSync(at.configFile).mode & 0o777).toBe(0o600)
  expect(at.printed).toEqual([`${at.configFile}: saved`])
})

test('while the editor is open the file is as it was', async () => {
  const at = withPolicy()
  editor(`${writes(NEW)}; cp ${at.configFile} ${at.cwd}/meanwhile`)
  await run(['edit'], at)
  expect(readFileSync(join(at.cwd, 'meanwhile'), 'utf8')).toBe(OLD)
})

test('what does not fit is told with its place, and is kept beside', async () => {
  const at = withPolicy()
  editor(writes('trust:\n  domains: ["*.com"]\n'))
  expect(await run(['edit'], at)).toBe(1)
  expect(readFileSync(at.configFile, 'utf8')).toBe(OLD)
  expect(at.printed[0]).toMatch(/^2:13: trust\.domains\.0: /)
  expect(at.asked).toEqual(['config.yaml does not fit. Edit it again?'])
  expect(readFileSync(draftIn(at), 'utf8')).toContain('"*.com"')
  expect(statSync(dirname(draftIn(at))).mode & 0o777).toBe(0o700)
})

test('and can be edited again, at that line', async () => {
  const at = withPolicy({ says: true })
  const broken = `if [ -e "$1.second" ]; then ${writes(NEW)}; else touch "$1.second"; ${writes('trust: 1')}; fi`
  const { calls } = editor(broken)
  expect(await run(['edit'], at)).toBe(0)
  expect(readFileSync(at.configFile, 'utf8')).toBe(NEW)
  expect(calls().trim().split('\n')).toHaveLength(2)
})

test('nothing is written when nothing was changed, or the editor failed', async () => {
  const at = withPolicy()
  editor('true')
  expect(await run(['edit'], at)).toBe(0)
  expect(at.printed).toEqual([`${at.configFile}: is as it was`])
  editor(`${writes(NEW)}; exit 3`)
  await expect(run(['edit'], at)).rejects.toThrow(/ed\.sh: ended with 3$/)
  expect(readFileSync(at.configFile, 'utf8')).toBe(OLD)
  expect(readFileSync(draftIn(at), 'utf8')).toBe(NEW)
})

test('what somebody else wrote meanwhile is not overwritten', async () => {
  const at = withPolicy()
  editor(`${writes(NEW)}; echo 'rules_off: [new-package]' > ${at.configFile}`)
  await expect(run(['edit'], at)).rejects.toThrow(/was changed meanwhile/)
  expect(readFileSync(at.configFile, 'utf8')).toBe('rules_off: [new-package]\n')
  expect(readFileSync(draftIn(at), 'utf8')).toBe(NEW)
})

test('without a policy it begins with the commented one', async () => {
  const at = desk()
  editor(`grep -q '^# trust:' "$1" && ${writes(NEW)}`)
  expect(await run(['edit'], at)).toBe(0)
  expect(readFileSync(at.configFile, 'utf8')).toBe(NEW)
  expect(statSync(at.configFile).mode & 0o777).toBe(0o600)
})

test("a repository's file and the client's settings are held to their own form", async () => {
  const at = desk()
  const repository = put(join(at.cwd, '.signalbox.yaml'), 'rules: []\n')
  editor(writes('trust: { domains: [a.example] }'))
  expect(await run(['edit', '--at', `${repository}:1`], at)).toBe(1)
  expect(at.printed[0]).toContain('may not be set by a repository')
  put(at.settings, '{}')
  editor(writes('{ "a": 1,, }'))
  expect(await run(['edit', '--at', at.settings], at)).toBe(1)
  expect(readFileSync(at.settings, 'utf8')).toBe('{}')
})

test('a link stays a link', async () => {
  const at = desk()
  const real = put(join(at.cwd, 'dotfiles.yaml'), OLD)
  put(join(dirname(at.configFile), 'x'), '')
  symlinkSync(real, at.configFile)
  editor(writes(NEW))
  await run(['edit'], at)
  expect(readFileSync(real, 'utf8')).toBe(NEW)
})

test('what cannot be edited is said before an editor opens', async () => {
  const at = desk()
  const { calls } = editor('true')
  const missing = join(at.cwd, 'other.yaml')
  await expect(run(['edit', '--at', missing], at)).rejects.toThrow(`${missing}: no such file`)
  await expect(run(['edit', 'more'], at)).rejects.toThrow(/^unexpected 'more'/)
  expect(calls).toThrow(/ENOENT/)
  vi.stubEnv('EDITOR', '/nowhere/ed')
  put(at.configFile, OLD)
  await expect(run(['edit'], at)).rejects.toThrow(/name yours in the variable EDITOR$/)
  expect(existsSync(at.configFile)).toBe(true)
})

test.each([
  ['vim', ['+7', 'f']],
  ['/usr/bin/nano -w', ['+7', 'f']],
  ['code -n', ['--wait', '--goto', 'f:7']],
  ['hx', ['f:7']],
  ['subl', ['--wait', 'f:7']],
  ['something-new', ['f']],
])('%s opens at the line', (name, args) => {
  expect(argumentsFor(name, 'f', 7)).toEqual(args)
})
