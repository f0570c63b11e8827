/** Wrong usage or bad input: one line that says what, where and how to mend it. Exit code 2. */
export class UsageError extends Error {}

/** A command does not take such a word or flag; its help says what it takes. */
export class WordsError extends UsageError {}

/** Something in a file that does not fit. Lines and columns count from 1. */
export class FileError extends UsageError {
  readonly file: string
  readonly line: number
  readonly column: number
  /** What is wrong, without the place. */
  readonly what: string

  constructor(at: { file: string; line: number; column: number }, what: string) {
    super(`${at.file}:${at.line}:${at.column}: ${what}`)
    this.file = at.file
    this.line = at.line
    this.column = at.column
    this.what = what
  }
}
