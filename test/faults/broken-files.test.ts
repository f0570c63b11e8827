/**
 * Files that were cut, emptied, or hold zeros or anything else: each command goes on, or ends with one line
 * that names the file. Nothing is let through meanwhile.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { hookCommand } from '../../src/clients/claude-code/hook-command.ts'
import { bash } from '../gate/world.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const FORCE = 'git push --force origin main'

/** A home in which everything that Signalbox writes is there, and no gate runs. */
async function usedHome(): Promise<{ home: Home; hook: string }> {
  const home = newHome()
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  const hook = hookCommand(home.install(), 'PreToolUse')
  const transcripts = join(home.client, 'projects', 'p')
  mkdirSync(transcripts, { recursive: true })
  cpSync(join(FIXTURES, 'manual-2.1.330'), transcripts, { recursive: true })
  await home.run('config', 'init')
  await home.run('trust', 'add', 'github.com/acme')
  await hooked(home, hook, FORCE)
  await home.run('report')
  await stopped(home)
  return { home, hook }
}

/** Whatever is broken: the process that the lock names ends. */
async function stopped(home: Home): Promise<void> {
  const locks = readdirSync(home.state).filter(name => name.startsWith('gate.lock.'))
  for (const lock of locks) {
    const pid = Number(readFileSync(join(home.state, lock), 'utf8').split(' ')[0])
    if (!(pid > 0) || !cmdlineOf(pid).includes(home.state)) continue
    process.kill(pid, 'SIGTERM')
    while (cmdlineOf(pid) !== '') await new Promise(resolve => setTimeout(resolve, 10))
  }
}

function cmdlineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

async function hooked(home: Home, hook: string, command: string): Promise<string> {
  const shell = spawn('/bin/sh', ['-c', hook], { env: home.env })
  const about = { session_id: 's1', cwd: home.folder, permission_mode: 'auto' }
  const payload = { hook_event_name: 'PreToolUse', ...about, ...bash(command, 't1') }
  shell.stdin.end(JSON.stringify(payload))
  return text(shell.stdout)
}

const DAMAGES: Readonly<Record<string, (bytes: Buffer) => string | Uint8Array>> = {
  empty: () => '',
  zeros: bytes => new Uint8Array(Math.max(bytes.length, 64)),
  half: bytes => bytes.subarray(0, bytes.length >> 1),
  'something else': () => '\u001b[2J{"seq": [[[\n- : %%\n',
}

/** What a file is called, and where: each of these is there after some use. */
const FILES: Readonly<Record<string, (home: Home) => string>> = {
  'config.yaml': home => home.policy,
  'install.json': home => join(home.state, 'install.json'),
  'the day of the journal': home => newest(join(home.state, 'journal'), '.jsonl'),
  'the head of the journal': home => join(home.state, 'journal', 'head'),
  key: home => join(home.state, 'key'),
  'projects.json': home => join(home.state, 'projects.json'),
  'hooks.json': home => join(home.state, 'hooks.json'),
  'the index': home => newest(join(home.state, 'index'), '.bin'),
  'the lock': home => newest(home.state, /^gate\.lock\.\d+$/),
  "the client's settings": home => home.settings,
}

function newest(folder: string, what: string | RegExp): string {
  const names = readdirSync(folder).filter(name =>
    typeof what === 'string' ? name.endsWith(what) : what.test(name),
  )
  return join(folder, names.sort().at(-1) ?? 'nothing')
}

const COMMANDS = [
  ['gate', 'status'],
  ['doctor'],
  ['config', 'check'],
  ['watch', '--once'],
  ['report'],
  ['audit', '--verify'],
] as const

test.each(Object.keys(FILES))(
  '%s that is broken, in whatever way',
  async name => {
    const { home, hook } = await usedHome()
    open.push(() => stopped(home))
    for (const [damage, of] of Object.entries(DAMAGES)) {
      const path = FILES[name]?.(home) ?? ''
      expect(existsSync(path), path).toBe(true)
      const whole = readFileSync(path)
      writeFileSync(path, of(whole))
      const answer = await hooked(home, hook, FORCE)
      expect(JSON.parse(answer).hookSpecificOutput.permissionDecision).toMatch(/^(deny|ask)$/)
      const ran = await Promise.all(COMMANDS.map(args => home.run(...args)))
      await stopped(home)
      writeFileSync(path, whole)
      for (const [i, { code, stdout, stderr }] of ran.entries()) {
        const said = `${damage}: ${COMMANDS[i]?.join(' ')}: ${stderr}`
        expect([0, 1, 2], said).toContain(code)
        expect(stderr.split('\n').length, said).toBeLessThanOrEqual(2)
        expect(said).not.toMatch(/unexpected:|\n\s+at |\u001b/)
        expect(stdout).not.toContain('\u001b[2J')
        // It says which file it cannot go on without.
        if (code === 2) expect(said).toMatch(/\.(json|yaml|jsonl)\b/)
      }
    }
  },
  90_000,
)

test('an empty key is no key: placeholders of secrets cannot be guessed with it', async () => {
  const { home, hook } = await usedHome()
  open.push(() => stopped(home))
  writeFileSync(join(home.state, 'key'), '')
  await hooked(home, hook, 'ls')
  expect(readFileSync(join(home.state, 'key'), 'utf8')).toMatch(/^[0-9a-f]{64}$/)
})

test('projects.json that was broken is set aside, and an alert says what is not known any more', async () => {
  const { home, hook } = await usedHome()
  open.push(() => stopped(home))
  const file = join(home.state, 'projects.json')
  writeFileSync(file, 'half of i')
  await hooked(home, hook, 'ls')
  expect(readFileSync(`${file}.broken`, 'utf8')).toBe('half of i')
  const day = newest(join(home.state, 'journal'), '.jsonl')
  expect(readFileSync(day, 'utf8')).toContain('which remotes agents had added is not known')
})
