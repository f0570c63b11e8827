/** What is fuzzed: where its inputs come from, how one is run, and what must hold then. */
export interface Target {
  readonly name: string
  /** How its inputs are built, so that more is changed than bytes. */
  readonly shape: Shape
  /** Real ones. */
  readonly seeds: () => readonly Buffer[]
  /** What means something to the parser, beside the words of the seeds. */
  readonly words: readonly string[]
  readonly open: () => Promise<Bench>
  /** No input is longer; 16 kB without. What a parser takes grows with its size. */
  readonly mostBytes?: number
  /** A long run has so many inputs of it; a million without. */
  readonly inputs?: number
}

/** `json`: JSON, one or a line each; `http`: a request with such a body; `yaml`: indented lines. */
export type Shape = 'json' | 'http' | 'yaml' | 'bytes'

/** Where inputs are run, one after the other. */
export interface Bench {
  /**
   * @returns what came of it, in few words: an input with new ones is worth changing further
   * @throws when something does not hold
   */
  try(input: Buffer): string | Promise<string>
  close(): void
}

/** Something that must hold does not. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Broken(what)
}
