import { safe } from '../monitor/safe-text.ts'

/** Prints lines, which may quote other people's files. */
export function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${safe(line)}\n`)
}

/** The same for the lines of a diff: tabs before a text stay, for they may be the difference. */
export function sayDiff(lines: readonly string[]): void {
  for (const line of lines) {
    const [indent = ''] = /^[ +-]\t*/.exec(line) ?? []
    process.stdout.write(`${indent}${safe(line.slice(indent.length).replace(/\r$/, ''))}\n`)
  }
}
