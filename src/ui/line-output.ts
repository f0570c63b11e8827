/**
 * Ink's page of character cells, with a short way for what this screen is: one text a row. Ink takes
 * every text apart into characters and puts them together again, which is half of the time of a frame.
 * The bundle has this in its place (build-ink.js); whatever is not plain goes Ink's own way.
 */
import Output from '../../node_modules/ink/build/output.js'

type Write = Parameters<Output['write']>

export default class LineOutput extends Output {
  /** By row; null when something was written that is no whole line. */
  #lines: string[] | null = []

  override write(...[x, y, text, options]: Write): void {
    super.write(x, y, text, options)
    if (text === '') return
    const isLine = x === 0 && y >= 0 && !text.includes('\n')
    if (!isLine || this.#lines === null || this.#lines[y] !== undefined) this.#lines = null
    else this.#lines[y] = options.transformers.reduce((line, change) => change(line, 0), text)
  }

  override clip(...clip: Parameters<Output['clip']>): void {
    super.clip(...clip)
    this.#lines = null
  }

  override get(): { output: string; height: number } {
    const lines = this.#lines
    if (lines === null) return super.get()
    const rows = Array.from({ length: this.height }, (_, y) => closed(lines[y] ?? '').trimEnd())
    return { output: rows.join('\n'), height: rows.length }
  }
}

/** What a text left on would colour the lines below it. */
const closed = (text: string): string => (text.includes('\u001b') ? `${text}\u001b[0m` : text)
