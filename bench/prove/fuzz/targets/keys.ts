/**
 * What a terminal sends, through Ink's own parser, to the keys' pure functions: any bytes make a view
 * that can be drawn, nothing reaches outside but what a key may do, and only the keys that quit do.
 */
import { EventEmitter } from 'node:events'
import { crc32 } from 'node:zlib'
import { type Key, render, useInput, usePaste } from 'ink'
import { createElement } from 'react'
import * as v from 'valibot'
import { COMMAND } from '../../../../src/action/command.ts'
import type { Monitor, MonitorState } from '../../../../src/monitor/monitor.ts'
import { FIRST_VIEW, SCREENS, type View } from '../../../../src/monitor/view.ts'
import { BINDINGS } from '../../../../src/ui/bindings.ts'
import { copyText, toClipboard } from '../../../../src/ui/clipboard.ts'
import type { Controlled, Effect, Surroundings } from '../../../../src/ui/control.ts'
import { pasted } from '../../../../src/ui/control-typing.ts'
import type { Size } from '../../../../src/ui/layout.ts'
import { Overflow } from '../../../../src/ui/overflow.ts'
import { type Press, pressed, pressesOf } from '../../../../src/ui/press.ts'
import { chosenRow } from '../../../../src/ui/screen.ts'
import { GATE_NOW, withGate } from '../../../../test/ui/gate-harness.ts'
import { createRandom } from '../../../random.ts'
import { checkScreen, checkSpoken, checkText, frameOf, KEYMAP, THEMES } from '../drawn.ts'
import { type Bench, must, type Target } from '../target.ts'

/** Of so many the screen is drawn, which takes longer than all else. */
const SHOWN = 0.25
/** Slow enough for what nobody could have read before. */
const KEY_MS = 700
const CLIPBOARD = /^\u001b\]52;c;[A-Za-z0-9+/=]*\u0007$/
const CODES: Readonly<Record<string, string>> = {
  up: '\u001b[A',
  down: '\u001b[B',
  left: '\u001b[D',
  right: '\u001b[C',
  pageup: '\u001b[5~',
  pagedown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  backspace: '\u007f',
}
const PASTED = (text: string): string => `\u001b[200~${text}\u001b[201~`

/** Each key by itself, and what people type. */
export function typed(): Buffer[] {
  const keys = BINDINGS.flatMap(({ keys }) => keys).map(codeOf)
  const texts = [
    '/state:blocked !by:user\r',
    '/@mine\t\r',
    '/a\u0013name\r',
    ':quit\u001b',
    ':theme\r',
    'k\r',
    'kOy',
    'kt\u001b[B\r',
    'ktn a note\r\r',
    'wd use staging\r',
    'wa',
    's\u001b[Cj\r',
    'i[[]]',
    'Rj\r',
    'L\r',
    'Aj\r',
    'gvvv\u001b[D\u001b[C',
    '?JJK\u001b',
    'YcYj',
    `/${PASTED('two\nlines\u001b[31m')}\r`,
    PASTED('qqq'),
    '\u001b[113u',
    '\u001b[99;5u',
    '\u001b[<0;10;10M',
    '\u001b]11;rgb:0/0/0\u0007',
    'é漢👩‍👩‍👧‍👦',
    '/backup\r\u001b[AOy',
    '/backup\r\u001b[At\u001b[B\r',
    '/backup\r\u001b[Atnwhy\r\r',
    '/backup\r\u001b[At\u001b[C\u001b[Ce\r',
    '/backup\r\u001b[A\u0010y',
    '/a\r/b\r/\u001b[A\u001b[A\u001b[B\r',
    '/sta\t\t\r',
    '/x\u0013n\r',
    ':dark\r',
    ':mine\r',
    ':s1\r',
    'wd\u001b[200~no\nway\u001b[201~\r',
    'Rx',
    'Rxy',
    'q',
    '\u0003',
  ]
  return [...keys, ...texts].map(it => Buffer.from(it))
}

function codeOf(key: string): string {
  const letter = /^ctrl\+([a-z])$/.exec(key)?.[1]
  if (letter !== undefined) return String.fromCharCode(letter.charCodeAt(0) - 96)
  return CODES[key] ?? key
}

export const KEY_WORDS: readonly string[] = [
  ...Object.values(CODES),
  ...BINDINGS.flatMap(({ keys }) => keys).map(codeOf),
  'state:',
  'by:',
  '\u001b[200~',
  '\u001b[201~',
  '\u001b[1;5A',
  '\u001bO',
  '\u001b[13;2u',
  '\u001b\u001b',
  '\u0013',
]

/** Enough of a terminal for Ink. */
export class Stdin extends EventEmitter {
  readonly isTTY = true
  #data: string | null = null

  type(text: string): void {
    this.#data = text
    this.emit('readable')
  }

  read(): string | null {
    const data = this.#data
    this.#data = null
    return data
  }

  setEncoding(): void {}
  setRawMode(): void {}
  resume(): void {}
  pause(): void {}
  ref(): void {}
  unref(): void {}
}

/** What turns the cursor, or the marks around pasted text, on and off. */
const MODE = /^(\u001b\[\?\d+[hl])+$/

export class Stdout extends EventEmitter {
  readonly columns = 100
  readonly rows = 30
  last = ''

  write(text: string): boolean {
    if (!MODE.test(text)) this.last = text
    return true
  }
}

export const startInk = (tree: React.ReactNode, stdin: Stdin, stdout: Stdout) =>
  render(tree, {
    // What Ink uses of the streams, they have.
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: new Stdout() as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })

interface Hearing {
  readonly onKey: (text: string, key: Key) => void
  readonly onPaste: (text: string) => void
}

function Hears({ onKey, onPaste }: Hearing): null {
  useInput(onKey)
  usePaste(onPaste)
  return null
}

class Keys implements Bench {
  #now = GATE_NOW
  readonly #monitor: Monitor = withGate({
    options: { clock: () => this.#now, filters: { mine: 'state:blocked' } },
  }).monitor
  readonly #stdin = new Stdin()
  readonly #ink
  readonly #overflow = new Overflow()
  #size: Size = { columns: 80, rows: 24 }
  #hears = false
  #wrong: unknown = null
  #effects = ''

  constructor() {
    const onKey = (text: string, key: Key): void =>
      this.#while(() => {
        for (const press of pressesOf(text, key)) this.#press(press)
      })
    const onPaste = (text: string): void => this.#while(() => this.#paste(text))
    this.#ink = startInk(createElement(Hears, { onKey, onPaste }), this.#stdin, new Stdout())
  }

  try(input: Buffer): string {
    const random = createRandom(crc32(input))
    this.#size = { columns: random.int(20, 160), rows: random.int(8, 45) }
    this.#stdin.type(CODES.escape + PASTED('')) // what was begun before is over
    this.#monitor.setView(() => FIRST_VIEW)
    this.#now = GATE_NOW
    this.#effects = ''
    this.#wrong = null
    this.#hears = true
    const text = input.toString('utf8')
    const at = random.chance(0.3) ? random.int(0, text.length) : 0
    this.#stdin.type(text.slice(0, at))
    this.#stdin.type(text.slice(at))
    this.#hears = false
    if (this.#wrong !== null) throw this.#wrong
    const { view } = this.#monitor.current()
    checkView(this.#monitor.current())
    if (random.chance(SHOWN)) checkScreen(frameOf(this.#monitor, this.#size))
    if (random.chance(SHOWN / 8)) checkSpoken(frameOf(this.#monitor, this.#size))
    return `${stateOf(view)} ${this.#effects}`
  }

  close(): void {
    this.#ink.unmount()
    this.#monitor.stop()
  }

  /** A lone Escape is heard a little later, when it is another input's turn. */
  #while(work: () => void): void {
    if (!this.#hears || this.#wrong !== null) return
    try {
      work()
    } catch (error) {
      this.#wrong = error
    }
  }

  #press(press: Press): void {
    this.#now += KEY_MS
    const now = this.#monitor.current()
    const items = frameOf(this.#monitor, this.#size).items
    const { view, effect } = this.#apply(pressed(now, press, items, this.#around(now)))
    if (effect?.kind === 'quit') must(mayQuit(now.view, press), `${press.name} quits`)
    if (effect !== null) this.#check(effect, view)
  }

  #paste(text: string): void {
    const now = this.#monitor.current()
    const items = frameOf(this.#monitor, this.#size).items
    const { effect } = this.#apply(pasted(now, text, items(), this.#around(now)))
    must(effect === null, `pasted text does something: ${effect?.kind}`)
  }

  #apply(controlled: Controlled): Controlled {
    this.#monitor.setView(() => controlled.view)
    return controlled
  }

  #around(now: MonitorState): Surroundings {
    const { size } = this
    return {
      keymap: KEYMAP,
      size,
      themes: THEMES.map(it => it.id),
      overflow: () => this.#overflow.of({ ...frameOf(this.#monitor, size), state: now }),
      trust: this.#monitor.options.trust,
      policyFile: '/home/dev/.config/signalbox/config.yaml',
    }
  }

  get size(): Size {
    return this.#size
  }

  #check(effect: Effect, view: View): void {
    this.#effects += `${effect.kind} `
    switch (effect.kind) {
      case 'send':
        v.parse(COMMAND, effect.command)
        this.#effects += `${effect.command.type} `
        break
      case 'copy': {
        const state = { ...this.#monitor.current(), view }
        const row = chosenRow(state)
        if (row === null) break
        const text = copyText(effect.what, state.world, row, null)
        must(CLIPBOARD.test(toClipboard(text, {})), 'the clipboard gets more than a text')
        break
      }
      case 'tell':
        must(CLIPBOARD.test(toClipboard(effect.text, {})), 'the clipboard gets more than a text')
        break
      case 'keep':
        checkText(effect.kept.name, 'the name of a filter')
        break
      case 'run':
      case 'mend':
      case 'quit':
        break
      case 'suspend':
        must(false, 'a key that is bound to nothing suspends')
    }
  }
}

/** In what is typed, `q` is a letter. */
function mayQuit({ prompt, editing, palette, screen }: View, { name }: Press): boolean {
  if (name === 'ctrl+c') return true
  if (prompt !== null || editing !== null) return false
  return palette !== null ? name === 'enter' : KEYMAP.commandOf(name, screen) === 'quit'
}

function checkView({ view, world }: MonitorState): void {
  const counts = [view.line, view.cursor, view.detailsTop, view.range, view.theme]
  must(
    counts.every(it => Number.isInteger(it) && it >= 0),
    `no counts: ${counts}`,
  )
  must(SCREENS.includes(view.screen), `no screen ${view.screen}`)
  for (const row of [view.selected, view.pending])
    must(row === null || (row >= 0 && row < world.actions.length), `no action ${row}`)
  must(
    [view.prompt, view.editing, view.palette].filter(it => it !== null).length <= 1,
    'two are open',
  )
}

function stateOf(view: View): string {
  const { screen, group, details, help, prompt, editing, palette } = view
  const open = [details && 'details', help && 'help', prompt?.kind, editing && '/', palette && ':']
  return [
    screen,
    group,
    ...open.filter(Boolean),
    view.message.replace(/\d+/g, '').slice(0, 30),
  ].join(' ')
}

export const keys: Target = {
  name: 'keys',
  shape: 'bytes',
  mostBytes: 256,
  seeds: typed,
  words: KEY_WORDS,
  open: async () => new Keys(),
}
