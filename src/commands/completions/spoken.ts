import type { Typed } from './usage.ts'

/** A command as the scripts need it. */
export interface Completed extends Typed {
  readonly name: string
  readonly about: string
}

/** Where no command is named, it is this one. */
export const UNNAMED = 'watch'
/** Without any command. */
export const ALONE = ['--help', '--version'] as const

/** What is valid in all three shells. */
export function quoted(word: string): string {
  if (!word.includes("'")) return `'${word}'`
  return `"${word.replace(/["\\$`]/g, c => `\\${c}`)}"`
}

export const flagNames = ({ flags }: Typed): string[] => flags.map(flag => flag.name)
