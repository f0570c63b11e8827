/** Shell text: quoting, and what a command looks like to one who only cuts it. */

/** A whole number from 0, below the one given. */
export type Random = (below: number) => number

/**
 * The same command, written in another way: a shell that runs it runs the command.
 * @returns null where it does not fit
 */
export type Transform = (command: string, random: Random) => string | null
export type Transforms = Readonly<Record<string, Transform>>

export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

export function doubleQuote(text: string): string {
  return `"${text.replace(/[\\"$`]/g, '\\$&')}"`
}

/** A string literal of JavaScript, Python, Perl or Ruby. */
export function literal(text: string): string {
  return `"${text.replace(/[\\"$@#]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

const KEYWORDS = /^(if|for|while|until|case|select|function|coproc|time|do|done|then|fi|in)$/

export interface Named {
  readonly name: string
  /** With the blank before it, or `''`. */
  readonly rest: string
}

/** Cut after its name, where that is plain to see. */
export function named(command: string): Named | null {
  const [, name = '', rest = ''] = /^([A-Za-z][\w.-]*)( [\s\S]*)?$/.exec(command) ?? []
  return name === '' || KEYWORDS.test(name) ? null : { name, rest }
}

/** Outside of quotes: what ends a command, or makes it more than one. */
export function isSimple(command: string): boolean {
  if (named(command) === null) return false
  const bare = command
    .replace(/\\[\s\S]/g, '')
    .replace(/'[^']*'/g, "''")
    .replace(/"[^"]*"/g, '""')
  return !/[;|&<>()\n`]/.test(bare) && !/ #/.test(bare)
}

/** The words of a command that has nothing but plain ones. */
export function plainWords(command: string): readonly string[] | null {
  if (named(command) === null || !/^[\w./:=@,+ -]+$/.test(command)) return null
  return command.split(' ')
}

/** As the only command of a program that takes one: what is more than one becomes a shell's. */
export function single(command: string): string {
  return isSimple(command) ? command : `bash -c ${quote(command)}`
}

/** mulberry32 */
export function seeded(seed: number): Random {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** `@@` is the command, `@q` its text in single quotes, `@d` in double quotes. */
export function place(form: string) {
  return (command: string): string =>
    form.replaceAll(/@([@qd])/g, (_, how: string) =>
      how === '@' ? command : how === 'q' ? quote(command) : doubleQuote(command),
    )
}

/** Only for commands of one line. */
export function oneLine(change: (command: string) => string | null) {
  return (command: string): string | null => (command.includes('\n') ? null : change(command))
}

export function line(form: string) {
  return oneLine(place(form))
}
