/** Entries as the journal keeps them: secrets as stable placeholders, texts cut. */
import { Secrets } from '../action/secrets.ts'

/** As much as the judge reads of a command: what is cut here was never looked at. */
const MAX_TEXT = 16_384

export class Redactor {
  readonly #key: string
  readonly #patterns: () => readonly string[]
  #secrets: { readonly of: readonly string[]; readonly secrets: Secrets } | null = null

  /**
   * @param key is this machine's own, and stays on it
   * @param patterns those of the policy in force
   */
  constructor(key: string, patterns: () => readonly string[] = () => []) {
    this.#key = key
    this.#patterns = patterns
  }

  /** The same with other texts. */
  entry<T>(value: T): T {
    const short = cut(value)
    return this.#now().value(short) as T // only texts in it are others
  }

  text(text: string): string {
    return this.#now().text(shortened(text))
  }

  #now(): Secrets {
    const of = this.#patterns()
    if (this.#secrets?.of.join('\n') !== of.join('\n'))
      this.#secrets = { of, secrets: new Secrets(this.#key, of) }
    this.#secrets ??= { of, secrets: new Secrets(this.#key, of) }
    return this.#secrets.secrets
  }
}

const shortened = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text

function cut(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value)
  if (Array.isArray(value)) return value.map(cut)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cut(item)]))
}
