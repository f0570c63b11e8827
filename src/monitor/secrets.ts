/**
 * Whether secrets in texts of an agent are shown. They are not, on the screen, in what is printed and
 * in what is copied, until a person asks: for a command by a flag, on the screen for one action.
 */
import { randomBytes } from 'node:crypto'
import { Secrets } from '../action/secrets.ts'

let known: Secrets | null = null
let shown = false

/** Chosen once, before anything is drawn. @param key null: placeholders are this process's own */
export function chooseSecrets(it: {
  readonly key: string | null
  readonly patterns: readonly string[]
  readonly show: boolean
}): void {
  known = new Secrets(it.key ?? randomBytes(16).toString('hex'), it.patterns)
  shown = it.show
}

const secrets = (): Secrets => {
  known ??= new Secrets(randomBytes(16).toString('hex'))
  return known
}

/** The text with placeholders for what looks like a secret. */
export const hidden = (text: string): string => (shown ? text : secrets().text(text))

/** The same of one field of a JSON document. */
export const hiddenField = (name: string, value: unknown): unknown =>
  typeof value === 'string' && !shown ? secrets().value(value, name) : value

/** An input that is shown stays on the screen for many frames. */
const inputs = new WeakMap<object, unknown>()

/** The same of a whole input. */
export function hiddenInput(input: unknown): unknown {
  if (shown || typeof input !== 'object' || input === null) return input
  const made = inputs.get(input) ?? secrets().value(input)
  inputs.set(input, made)
  return made
}

/** What is drawn meanwhile shows them, if a person asked for that. */
export function revealing<T>(asked: boolean, draw: () => T): T {
  const before = shown
  shown = before || asked
  try {
    return draw()
  } finally {
    shown = before
  }
}
