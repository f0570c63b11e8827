/** JSON changed as what it says: values, names and nesting. What is no JSON comes back as it is. */
import type { Random } from '../../random.ts'

type Word = () => string

const MOST_LENGTH = 6000
const NUMBERS = [0, -0, 1, -1, 0.5, 255, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 1e21, 1e308, -1e308]

/** @param text one JSON value, or one on each line: then one line is changed */
export function changedJson(text: Buffer, other: Buffer, random: Random, word: Word): Buffer {
  const lines = text.toString('utf8').split('\n')
  const at = random.int(0, lines.length - 1)
  if (lines.length > 1 && random.chance(0.15)) return Buffer.from(moved(lines, at, random))
  const value = parsed(lines[at] ?? '')
  if (value === undefined) return text
  const donor = parsed(random.pick(other.toString('utf8').split('\n')))
  lines[at] = printed(new Change(random, word, donor).of(value), random, word)
  return Buffer.from(lines.join('\n'))
}

/** A line twice, left out, or in another place. */
function moved(lines: readonly string[], at: number, { int }: Random): string {
  const line = lines[at] ?? ''
  const rest = lines.toSpliced(at, int(0, 1))
  return rest.toSpliced(int(0, rest.length), 0, ...Array<string>(int(0, 2)).fill(line)).join('\n')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** At times with a name twice, or with white space where none was. */
function printed(value: unknown, { chance, int, pick }: Random, word: Word): string {
  const json = JSON.stringify(value) ?? 'null'
  if (chance(0.05)) return JSON.stringify(value, null, pick([1, '\t'])) ?? 'null'
  if (!chance(0.1)) return json
  const opens = [...json.matchAll(/[{,](?=")/g)].map(it => it.index + 1)
  if (opens.length === 0) return json
  const at = pick(opens)
  const name = chance(0.5) ? /^"[^"\\]*"/.exec(json.slice(at))?.[0] : undefined
  const again = `${name ?? JSON.stringify(word())}:${pick(['null', '1', '"x"', '{}', '[]', 'true'])},`
  return json.slice(0, at) + ' '.repeat(int(0, 2)) + again + json.slice(at)
}

class Change {
  readonly #random: Random
  readonly #word: Word
  readonly #donor: unknown

  constructor(random: Random, word: Word, donor: unknown) {
    this.#random = random
    this.#word = word
    this.#donor = donor
  }

  /** The value with one thing in it changed. */
  of(value: unknown): unknown {
    const { chance, int } = this.#random
    const down = typeof value === 'object' && value !== null && chance(0.85)
    if (!down) return this.#instead(value)
    if (Array.isArray(value)) {
      if (value.length === 0 || chance(0.2)) return this.#list(value)
      const at = int(0, value.length - 1)
      return value.with(at, this.of(value[at]))
    }
    const entries = Object.entries(value)
    if (entries.length === 0 || chance(0.2)) return this.#names(entries)
    const at = int(0, entries.length - 1)
    const [name = '', inner] = entries[at] ?? []
    return record(entries.with(at, [name, this.of(inner)]))
  }

  #list(value: readonly unknown[]): unknown[] {
    const { int, pick } = this.#random
    const at = int(0, value.length)
    switch (int(0, 3)) {
      case 0:
        return value.toSpliced(at, 1)
      case 1:
        return value.toSpliced(at, 0, this.#instead(value[at]))
      case 2:
        return value.length === 0 ? [[]] : manyOf(pick(value), int(2, 60))
      default:
        return value.toReversed()
    }
  }

  #names(entries: readonly [string, unknown][]): Record<string, unknown> {
    const { int } = this.#random
    const at = int(0, entries.length)
    const [name = '', inner] = entries[at] ?? []
    switch (int(0, 3)) {
      case 0:
        return record(entries.toSpliced(at, 1))
      case 1: // under another name
        return record(entries.toSpliced(at, 1, [this.#word(), inner]))
      case 2:
        return record([...entries, [this.#word(), this.#instead(inner)]])
      default: // in another order
        return record([...entries.toSpliced(at, 1), [name, inner]])
    }
  }

  #instead(value: unknown): unknown {
    const { int, pick, chance, next } = this.#random
    if (typeof value === 'string' && chance(0.5)) return this.#text(value)
    switch (int(0, 9)) {
      case 0:
        return pick([null, true, false])
      case 1:
        return pick(NUMBERS)
      case 2:
        return Math.round(next() * 1e6) / pick([1, 100])
      case 3:
        return pick([{}, [], [[]], [{}], ''])
      case 4:
        return [value]
      case 5:
        return { [this.#word()]: value }
      case 6:
        return JSON.stringify(value)
      case 7:
        return this.#partOf(this.#donor)
      case 8:
        return nested(value, int(2, 400))
      default:
        return this.#word()
    }
  }

  #text(text: string): string {
    const { int, chance } = this.#random
    const at = int(0, text.length)
    const to = int(at, Math.min(text.length, at + 12))
    if (chance(0.1)) return text.repeat(int(2, 20)).slice(0, 4000)
    return text.slice(0, at) + (chance(0.7) ? this.#word() : '') + text.slice(to)
  }

  #partOf(value: unknown): unknown {
    const { pick, chance } = this.#random
    if (typeof value !== 'object' || value === null || chance(0.3)) return value
    const inner = Object.values(value)
    return inner.length === 0 ? value : this.#partOf(pick(inner))
  }
}

/** Also with a name that an assignment would take for something else. */
const record = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> =>
  Object.fromEntries(entries)

/** What does not fit would be cut off, and the rest is no JSON. */
function manyOf(value: unknown, times: number): unknown[] {
  const length = JSON.stringify(value)?.length ?? 1
  return Array<unknown>(Math.max(2, Math.min(times, Math.floor(MOST_LENGTH / length)))).fill(value)
}

function nested(value: unknown, depth: number): unknown {
  let around = value
  for (let i = 0; i < depth; i++) around = [around]
  return around
}
