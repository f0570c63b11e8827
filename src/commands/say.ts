import { safe } from '../monitor/safe-text.ts'

/** Prints lines, which may quote other people's files; tabs stay, for the sake of diffs. */
export function say(lines: readonly string[]): void {
  for (const line of lines) {
    const shown = line.replace(/\r$/, '').split('\t').map(safe).join('\t')
    process.stdout.write(`${shown}\n`)
  }
}
