/** The built program in a real terminal, beside a gate that writes a journal and takes commands. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EntryBody } from '../../src/action/entry.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { fakeGate, installed, until } from '../helpers/fake-gate.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { entryLines, judgedEntry, SCREEN, sessionEntry } from '../helpers/gate-events.ts'
import { callLine, promptLine, SESSION, text } from '../helpers/lines.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'

const ID = 'toolu_deploy'
const now = (): number => Date.now()

function question(): EntryBody[] {
  const at = now()
  const command = 'kubectl apply -f prod.yaml'
  const of = { at, session: SESSION }
  return [
    sessionEntry(0, { ...of, role: 'decide' }),
    judgedEntry(ID, 0, { command }, { ...of, answer: 'ask' }),
    {
      type: 'asked',
      ...of,
      action: ID,
      until: at + 60_000,
      why: 'changes cluster prod',
      held: 'PermissionRequest',
    },
  ]
}

function watch(file: string, root: string, ...flags: string[]): Terminal {
  return watchAs('', file, root, ...flags)
}

/** @param config what the user's config.yaml says */
function watchAs(config: string, file: string, root: string, ...flags: string[]): Terminal {
  const nobody = tempFolder()
  put(join(nobody, 'signalbox', 'config.yaml'), config)
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, '--root', root, '--install', file, ...flags],
    env: { HOME: nobody, XDG_CONFIG_HOME: nobody, TZ: 'UTC' },
    columns: 120,
    rows: 30,
  })
  onTestFinished(() => terminal.close())
  return terminal
}

/** The first frame may be there a moment before the program hears keys. */
async function pressUntil(terminal: Terminal, key: string, shows: string): Promise<void> {
  for (let i = 0; i < 20 && !terminal.screen().includes(shows); i++) {
    terminal.write(key)
    await terminal.waitFor(shows, 400).catch(() => undefined)
  }
  await terminal.waitFor(shows, 10)
}

function sessionFolder(): string {
  const root = tempFolder()
  const command = 'kubectl apply -f prod.yaml'
  put(
    join(root, `${SESSION}.jsonl`),
    text(promptLine('deploy it'), callLine({ id: ID, input: { command } })),
  )
  return root
}

test('a approves what waits, and the screen shows what came of it', async () => {
  const { install, file, journal } = installed()
  const gate = await fakeGate(install.sockets)
  const path = put(
    join(journal, `${new Date().toISOString().slice(0, 10)}.jsonl`),
    entryLines(...question()),
  )
  const terminal = watch(file, sessionFolder())
  await terminal.waitFor(/\? pending .*kubectl apply/)
  await until(() => gate.attached.size === 1)
  await terminal.waitFor('a approve')
  const [screen] = gate.attached.values()
  expect(screen?.get('pid')).toBe(String(await terminal.pid))
  expect(screen?.get('tty')).toMatch(/^\/dev\//)
  await new Promise(resolve => setTimeout(resolve, 500)) // what came just now is not approved
  terminal.write('a')
  await until(() => gate.requests.length === 1)
  expect(gate.requests[0]?.command).toEqual({ type: 'approve', session: SESSION, action: ID })
  expect(gate.requests[0]?.screen).toMatchObject({ pid: await terminal.pid })
  await terminal.waitFor('done by the fake gate')
  const answered: EntryBody = {
    type: 'answered',
    at: now(),
    session: SESSION,
    action: ID,
    answer: 'allow',
    words: '',
    screen: SCREEN,
    changed: '',
  }
  appendFileSync(path, `${JSON.stringify({ ...answered, seq: 4, prev: '' })}\n`)
  await terminal.waitFor(/\+ approved +user .*kubectl apply/)
  terminal.write('q')
  expect(await terminal.exited).toBe(0)
  await until(() => gate.attached.size === 0)
})

test('without a gate the screen shows the journal, and finds the gate when it comes', async () => {
  const { install, file, journal } = installed()
  const terminal = watch(file, sessionFolder())
  await terminal.waitFor('kubectl apply')
  await pressUntil(terminal, 'P', 'the gate is away')
  put(join(journal, '2026-11-24.jsonl'), entryLines(...question()))
  await terminal.waitFor('gate: decide')
  terminal.write('G') // the word at the foot stays until the next key
  const gate = await fakeGate(install.sockets)
  await terminal.waitFor('a approve')
  await gate.close()
  await terminal.waitFor(screen => !screen.includes('a approve'))
  await terminal.waitFor('GATE AWAY')
  await fakeGate(install.sockets)
  await terminal.waitFor('a approve')
})

/** A question that comes while somebody looks, and all bytes of that screen until it ends. */
async function rung(config: string, end: (terminal: Terminal) => unknown): Promise<string> {
  const { install, file, journal } = installed()
  await fakeGate(install.sockets)
  const terminal = watchAs(config, file, sessionFolder())
  const pieces: Buffer[] = []
  terminal.onOutput(bytes => void pieces.push(bytes))
  await terminal.waitFor('kubectl apply')
  put(join(journal, `${new Date().toISOString().slice(0, 10)}.jsonl`), entryLines(...question()))
  await terminal.waitFor(/^' waits: .*kubectl apply/m)
  await end(terminal)
  await terminal.exited
  return Buffer.concat(pieces).toString('utf8')
}

const TITLE = '\u001b[22;2t\u001b]2;1 waiting - signalbox\u001b\\'
const RUNG = '\u0007\u001b]9;signalbox: waits for you: Bash kubectl apply -f prod.yaml\u001b\\'

test.each([
  { config: '', title: 1, bell: 0 },
  { config: 'notify: off', title: 0, bell: 0 },
  { config: 'notify: loud', title: 1, bell: 1 },
])('with $config: the title changes $title times, it rings $bell', async it => {
  const { config, title, bell } = it
  const bytes = await rung(config, terminal => terminal.write('q'))
  const times = (part: string): number => bytes.split(part).length - 1
  expect([times(TITLE), times(RUNG), times('\u001b[23;2t')]).toEqual([title, bell, title])
})

test('a signal ends it, too, and gives the title back', async () => {
  const bytes = await rung('', async ({ pid }) => process.kill(await pid, 'SIGTERM'))
  expect(bytes).toContain('\u001b[23;2t')
  expect(bytes).toContain('\u001b[?1049l')
})

test('--read-only takes no key that acts', async () => {
  const { install, file } = installed()
  const gate = await fakeGate(install.sockets)
  const terminal = watch(file, sessionFolder(), '--read-only')
  await terminal.waitFor('kubectl apply')
  await pressUntil(terminal, 'P', '--read-only')
  expect(gate.requests).toEqual([])
})
