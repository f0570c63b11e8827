/** The same bytes as in `keys`, to the whole screen as Ink draws it: a share, for a frame takes a while. */

import { crc32 } from 'node:zlib'
import { createElement } from 'react'
import stringWidth from 'string-width'
import { FIRST_VIEW } from '../../../../src/monitor/view.ts'
import type { App } from '../../../../src/ui/app.tsx'
import { withGate } from '../../../../test/ui/gate-harness.ts'
import { createRandom } from '../../../random.ts'
import { COLOURS, checkText, KEYMAP, THEMES } from '../drawn.ts'
import { type Bench, must, type Target } from '../target.ts'
import { KEY_WORDS, Stdin, Stdout, startInk, typed } from './keys.ts'

const SIZES = [
  { columns: 40, rows: 12 },
  { columns: 80, rows: 24 },
  { columns: 130, rows: 40 },
] as const
const CLIPBOARD = /^\u001b\]52;c;[A-Za-z0-9+/=]*\u0007$/
/** Keys that quit, those that choose it in the palette, and what stands for any key. */
const QUITS = /[q\u0003\r\n]|\u001b\[/
/** React draws in immediates. */
const TURNS = 4
const MANNER = { keymap: KEYMAP, notify: 'off', spoken: false } as const

class Screen implements Bench {
  readonly #size
  readonly #monitor = withGate().monitor
  readonly #stdin = new Stdin()
  readonly #stdout = new Stdout()
  readonly #ink
  readonly #written: string[] = []

  constructor(app: typeof App, size: (typeof SIZES)[number]) {
    this.#size = size
    const tree = createElement(app, {
      monitor: this.#monitor,
      themes: THEMES,
      write: bytes => void this.#written.push(bytes),
      manner: MANNER,
      size,
    })
    this.#ink = startInk(tree, this.#stdin, this.#stdout)
  }

  /** Ink hears keys as long as the screen is mounted. */
  get ended(): boolean {
    return this.#stdin.listenerCount('readable') === 0
  }

  async try(input: Buffer): Promise<string> {
    this.#stdin.type('\u001b\u001b[200~\u001b[201~') // what was begun before is over
    this.#monitor.setView(() => FIRST_VIEW)
    this.#written.length = 0
    this.#stdin.type(input.toString('utf8'))
    for (let i = 0; i < TURNS; i++) await new Promise(resolve => setImmediate(resolve))
    if (this.ended) {
      must(QUITS.test(input.toString('utf8')), 'it ends by itself')
      return 'ended'
    }
    this.#check(this.#stdout.last)
    for (const bytes of this.#written)
      must(CLIPBOARD.test(bytes), `it writes ${JSON.stringify(bytes)}`)
    const { view } = this.#monitor.current()
    return `${view.screen} ${view.prompt?.kind} ${view.help} ${view.details} ${this.#written.length}`
  }

  close(): void {
    this.#ink.unmount()
    this.#monitor.stop()
  }

  #check(frame: string): void {
    const { columns, rows } = this.#size
    const lines = frame.replace(/\n$/, '').replace(COLOURS, '').split('\n')
    must(frame.includes('SIGNALBOX') || frame.includes('sb'), 'nothing is drawn')
    must(lines.length <= rows, `${lines.length} lines on a screen of ${rows}`)
    for (const line of lines) {
      checkText(line, 'a frame')
      must(stringWidth(line) <= columns, `a line is wider than the screen: ${JSON.stringify(line)}`)
    }
  }
}

/** One of each size; one that was quit is begun anew. */
class Screens implements Bench {
  readonly #app: typeof App
  readonly #screens: Screen[]

  constructor(app: typeof App) {
    this.#app = app
    this.#screens = SIZES.map(size => new Screen(app, size))
  }

  async try(input: Buffer): Promise<string> {
    const at = createRandom(crc32(input)).int(0, SIZES.length - 1)
    const screen = this.#screens[at]
    const size = SIZES[at]
    if (screen === undefined || size === undefined) return ''
    const came = await screen.try(input)
    if (screen.ended) {
      screen.close()
      this.#screens[at] = new Screen(this.#app, size)
    }
    return came
  }

  close(): void {
    for (const screen of this.#screens) screen.close()
  }
}

export const screen: Target = {
  name: 'screen',
  shape: 'bytes',
  mostBytes: 64,
  seeds: typed,
  words: KEY_WORDS,
  inputs: 30_000,
  // Who reads the list of targets need not be able to load it.
  open: async () => new Screens((await import('../../../../src/ui/app.tsx')).App),
}
