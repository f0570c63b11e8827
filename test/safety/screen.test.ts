/** The screen in a real terminal, on a machine where every text that an agent has a say in is hostile. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PROGRAM } from '../helpers/cli.ts'
import { put } from '../helpers/folder.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'
import { fakeRowsIn, foreignIn, HOSTILE_TEXTS, unsafeIn } from './hostile.ts'
import { type HostileHome, hostileHome, throughGate } from './world.ts'

let home: HostileHome

beforeAll(async () => {
  home = await hostileHome()
  await throughGate(home)
  put(join(home.folder, 'config', 'signalbox', 'more.txt'), '')
}, 60_000)

afterAll(async () => {
  await home.run('gate', 'stop')
  rmSync(home.folder, { recursive: true, force: true })
})

interface Running {
  readonly terminal: Terminal
  /** All that the program wrote, byte for byte. */
  readonly output: () => string
}

function start(columns: number, rows: number, env: Record<string, string> = {}): Running {
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM],
    env: { ...home.env, ...env },
    columns,
    rows,
  })
  onTestFinished(() => terminal.close())
  const pieces: Buffer[] = []
  terminal.onOutput(bytes => void pieces.push(bytes))
  return { terminal, output: () => Buffer.concat(pieces).toString('utf8') }
}

/** A moment in which nothing comes any more. */
async function calm({ terminal, output }: Running, ms = 120): Promise<string> {
  for (let before = -1; before !== output().length; ) {
    before = output().length
    await new Promise(resolve => setTimeout(resolve, ms))
  }
  return terminal.screen()
}

/** The counters are at the top and the keys at the foot, and no row between passes for either. */
function expectWhole(screen: string): void {
  const lines = screen.split('\n')
  expect(fakeRowsIn(screen)).toEqual([])
  expect(unsafeIn(screen)).toBe('')
  expect(lines.slice(1).filter(line => /^SIGNALBOX {2}/.test(line))).toEqual([])
}

const SCREENS: readonly (readonly [string, string])[] = [
  ['the list', ''],
  ['the list from the top', 'g'],
  ['groups by session', 'b'],
  ['groups by resource', 'b'],
  ['groups by rule', 'b'],
  ['all unfolded', '-'],
  ['the details of a heading', '\r'],
  ['no groups', '\u001bb'],
  ['the sessions', 's'],
  ['with their subagents', '-jjjjj'],
  ['the waiting', '\u001bw'],
  ['the trusted', '\u001bR'],
  ['the notices', '\u001bL'],
  ['a notice', 'jj\r'],
  ['the insights', '\u001b\u001bi'],
  ['the audit', '\u001bA'],
  ['the palette', '\u001b:'],
  ['the palette with a name', 'a'],
  ['the filter', '\u001b\u001b/'],
  ['a filter with a name', 'text:FAKE'],
  ['the trust form', '\u001b\u001bGt'],
  ['an override', '\u001b\u001b2Gko'],
  ['a denial', '\u001b\u001b3Gd'],
  ['all that can be copied', '\u001b\u001bY'],
]

test.each([
  [120, 40],
  [40, 15],
] as const)(
  'every screen of %i columns and %i rows',
  async (columns, rows) => {
    const running = start(columns, rows)
    await running.terminal.waitFor(/SIGNALBOX|pending/)
    for (const [name, keys] of SCREENS) {
      for (const key of keys.startsWith('text:') ? [keys] : keys) {
        running.terminal.write(key)
        await new Promise(resolve => setTimeout(resolve, 30))
      }
      const screen = await calm(running)
      expect([name, foreignIn(running.output())]).toEqual([name, ''])
      expectWhole(screen)
    }
  },
  120_000,
)

test('the details of every action, and what is copied of it', async () => {
  const running = start(100, 60)
  const all = home.planted.length * 5
  await running.terminal.waitFor(`${all} actions`)
  await press(running, 'k')
  await press(running, '\r')
  await running.terminal.waitFor(/^-- details/m)
  const seen = new Set<string>()
  for (let i = 1; i < all; i++) {
    await press(running, 'y')
    const screen = await press(running, 'k')
    expectWhole(screen)
    for (const sign of screen.match(/\\x[0-9a-f]{2}|\\u\{[0-9a-f]+\}/g) ?? []) seen.add(sign)
  }
  // What is taken out of a text is seen as what it was.
  for (const sign of ['\\x1b', '\\x9b', '\\x07', '\\u{202e}', '\\u{2028}', '\\u{e0072}', '\\xad'])
    expect(seen).toContain(sign)
  const copied = [...running.output().matchAll(COPIED)].map(([, it = '']) => it)
  expect(new Set(copied).size).toBeGreaterThan(home.planted.length)
  for (const it of copied)
    expect(unsafeIn(Buffer.from(it, 'base64').toString('utf8').replaceAll('\t', ' '))).toBe('')
  expect(foreignIn(running.output().replace(COPIED, ''))).toBe('')
}, 180_000)

const COPIED = /\u001b\]52;c;([\w+/=]*)\u0007/g

/** Until the screen has changed for it, or has nothing to change. */
async function press(running: Running, key: string): Promise<string> {
  const before = running.output().length
  running.terminal.write(key)
  for (let i = 0; i < 15 && running.output().length === before; i++)
    await new Promise(resolve => setTimeout(resolve, 10))
  return calm(running, 20)
}

test('what is heard', async () => {
  const running = start(100, 40, { INK_SCREEN_READER: 'true' })
  await running.terminal.waitFor(/live/)
  for (const key of [
    'k',
    'k',
    '\r',
    'k',
    'k',
    '\u001b',
    's',
    'j',
    'j',
    '\u001b',
    'w',
    '\u001b',
    'n',
  ]) {
    running.terminal.write(key)
    await calm(running)
  }
  expect(foreignIn(running.output())).toBe('')
  expect(fakeRowsIn(running.output())).toEqual([])
}, 60_000)

test('notifications and the title', async () => {
  const config = mkdtempSync(join(tmpdir(), 'sb-config-'))
  onTestFinished(() => rmSync(config, { recursive: true }))
  put(join(config, 'signalbox', 'config.yaml'), 'notify: loud\n')
  const running = start(100, 30, { XDG_CONFIG_HOME: config })
  await running.terminal.waitFor(/SIGNALBOX/)
  const { sockets } = home.install()
  const { post } = await import('../gate/world.ts')
  for (const [n, [, evil]] of HOSTILE_TEXTS.entries()) {
    const payload = {
      hook_event_name: 'PreToolUse',
      session_id: `news-${n}`,
      cwd: home.folder,
      permission_mode: 'auto',
      tool_name: 'Bash',
      tool_input: { command: `unknown-thing ${evil}` },
      tool_use_id: `news${n}`,
    }
    void post(join(sockets, 'hook.sock'), '/hook', JSON.stringify(payload), {}).catch(() => '')
  }
  await new Promise(resolve => setTimeout(resolve, 2500))
  const told = running.output().match(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g) ?? []
  for (const sequence of told)
    expect(unsafeIn(sequence.slice(2).replace(/(?:\u0007|\u001b\\)$/, ''))).toBe('')
  const rest = running
    .output()
    .replace(/\u0007?\u001b\](?:2|9|777|11);[^\u0007\u001b]*\u001b\\/g, '')
  expect(foreignIn(rest)).toBe('')
}, 60_000)
