/** Which theme fits the terminal: what is asked, what is taken for an answer, what becomes of the rest. */
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { askGround, groundOfEnv, withoutLateAnswer } from '../../src/ui/background.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { copyOfFixtures, tempFolder } from '../helpers/folder.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'

const TERM = { TERM: 'xterm-256color' }

/** A terminal that says `pieces`, one after the other, when it is asked. */
function terminal(pieces: readonly string[]) {
  const calls: string[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true as const,
    setRawMode(on: boolean) {
      calls.push(`raw ${on}`)
      return this
    },
    ref() {
      return this
    },
    unref() {
      return this
    },
  })
  const write = (text: string): boolean => {
    calls.push(text)
    for (const piece of pieces) input.write(piece)
    return true
  }
  const ask = (env: NodeJS.ProcessEnv = TERM) =>
    // The types are those of a real terminal, of which it is asked only these.
    askGround(env, input as unknown as NodeJS.ReadStream, { isTTY: true, write } as never, 30)
  return { ask, calls, left: (): string => String(input.read() ?? '') }
}

const ANSWERS: readonly (readonly [string, string | null])[] = [
  ['\u001b]11;rgb:0000/0000/0000\u001b\\', 'dark'],
  ['\u001b]11;rgb:fdfd/f6f6/e3e3\u0007', 'light'],
  ['\u001b]11;rgb:1e/1e/1e\u0007', 'dark'],
  ['\u001b]11;rgb:f/f/f\u0007', 'light'],
  ['\u001b]11;rgba:ffff/ffff/ffff/8080\u001b\\', 'light'],
  ['\u001b]11;rgb:ffff/ffff\u0007', null],
  ['\u001b]11;rgb:fffff/0/0\u0007', null],
  ['\u001b]11;rgb:gg/gg/gg\u0007', null],
  ['\u001b]10;rgb:ffff/ffff/ffff\u0007', null],
  ['\u001b]11;rgb:ffff/ffff/ffff', null],
  ['', null],
]

describe('what the terminal says', () => {
  test.each(ANSWERS)('%j is %s', async (answer, ground) => {
    expect(await terminal([answer]).ask()).toBe(ground)
  })

  test('comes in pieces, between keys that are kept', async () => {
    const it = terminal(['jk\u001b]11;rgb:ff', 'ff/ffff/ffff\u001b', '\\é'])
    expect(await it.ask()).toBe('light')
    expect(it.left()).toBe('jké')
  })

  test('is heard in raw mode, which shows nothing of it', async () => {
    const it = terminal(['\u001b]11;rgb:0/0/0\u0007'])
    await it.ask()
    expect(it.calls).toEqual(['raw true', '\u001b]11;?\u001b\\'])
    expect(it.left()).toBe('')
  })

  test.each(['dumb', 'linux', undefined])('TERM=%s is not asked', async TERM => {
    const it = terminal([])
    expect(await it.ask({ TERM })).toBeNull()
    expect(it.calls).toEqual([])
  })
})

describe('an answer that comes too late', () => {
  const typed = (...chunks: readonly string[]): string => {
    const queue: unknown[] = [...chunks]
    const input = { read: () => queue.shift() ?? null }
    withoutLateAnswer(input)
    let all = ''
    for (let chunk = input.read(); chunk !== null; chunk = input.read()) all += chunk
    return all
  }
  const LATE = '\u001b]11;rgb:adad/1212/ffff\u001b\\'

  test('is no keys, wherever it is cut', () => {
    for (let cut = 2; cut < LATE.length; cut++)
      expect(typed(`j${LATE.slice(0, cut)}`, `${LATE.slice(cut)}k`), `cut at ${cut}`).toBe('jk')
  })

  test('keys are let through as they are', () => {
    const KEYS = [
      '\u001b',
      '\u001b[A',
      ']1',
      ']',
      '1',
      '\u001b[200~]11 paste\u001b[201~',
      'é',
      'x]11',
    ]
    expect(typed(...KEYS)).toBe(KEYS.join(''))
  })
})

describe('COLORFGBG', () => {
  test.each([
    ['15;0', 'dark'],
    ['0;15', 'light'],
    ['0;7', 'light'],
    ['12;8', 'dark'],
    ['0;default;15', 'light'],
    ['15;default', null],
    ['0;99', null],
    ['', null],
    [undefined, null],
  ])('%s is %s', (COLORFGBG, ground) => {
    expect(groundOfEnv({ COLORFGBG })).toBe(ground)
  })
})

/** The program in a terminal that answers. */
function program(answer: string, env: Record<string, string> = {}, args: readonly string[] = []) {
  const home = tempFolder()
  const shown: Terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, '--root', copyOfFixtures(), ...args],
    env: { HOME: home, XDG_CONFIG_HOME: home, TZ: 'UTC', ...env },
    columns: 100,
    rows: 24,
  })
  onTestFinished(() => shown.close())
  let output = ''
  shown.onOutput(bytes => {
    const before = output
    output += bytes.toString('utf8')
    if (!before.includes('\u001b]11;?') && output.includes('\u001b]11;?')) shown.write(answer)
  })
  return { shown, output: () => output }
}

const WHITE = '\u001b]11;rgb:ffff/ffff/ffff\u001b\\'
const INK = { light: '38;2;31;35;40m', dark: '38;2;201;209;217m' }

describe('the screen of a terminal', () => {
  test('that says it is light', async () => {
    const { shown, output } = program(WHITE)
    const screen = await shown.waitFor('? help')
    expect(output()).toContain(INK.light)
    expect(screen).not.toContain('ffff')
  })

  test('that says nothing but in COLORFGBG', async () => {
    const { shown, output } = program('', { COLORFGBG: '0;15' })
    await shown.waitFor('? help')
    expect(output()).toContain(INK.light)
  })

  test('that says nothing is dark; what comes too late presses no keys', async () => {
    const { shown, output } = program('')
    await shown.waitFor('? help')
    expect(output()).toContain(INK.dark)
    const before = await shown.waitFor('following')
    shown.write(WHITE)
    await sleep(200)
    expect(shown.screen().split('\n').at(-1)).toBe(before.split('\n').at(-1))
    shown.write('/')
    await shown.waitFor('Enter keeps it')
  })

  const NOT_ASKED: readonly (readonly [string, Record<string, string>, readonly string[]])[] = [
    ['where a theme is chosen', {}, ['--theme', 'light']],
    ['where there are no colours', { NO_COLOR: '1' }, []],
  ]
  test.each(NOT_ASKED)('%s is not asked', async (_, env, args) => {
    const { shown, output } = program('', env, args)
    await shown.waitFor('? help')
    expect(output()).not.toContain('\u001b]11')
  })
})
