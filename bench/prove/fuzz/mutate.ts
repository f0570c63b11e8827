/**
 * Inputs out of inputs: a real one is taken and changed a few times, by bytes and words in every shape
 * and by its structure where it has one (as AFL and libFuzzer do it).
 */
import type { Random } from '../../random.ts'
import { changedJson } from './mutate-json.ts'
import { changedLines } from './mutate-lines.ts'
import type { Shape, Target } from './target.ts'

/** No part is repeated beyond. */
export const MOST_BYTES = 16 << 10

/** Bytes that ended, opened or broke something somewhere before. */
const BYTES = [0x00, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x20, 0x22, 0x27, 0x5c, 0x7b, 0x7d, 0x7f, 0x80]
const ODD_BYTES = [...BYTES, 0x9b, 0xc2, 0xe2, 0xed, 0xf0, 0xff]
/** Texts that are more, or less, than they look. */
export const ODD_TEXTS = [
  '',
  '\u0000',
  '\u001b[31m',
  '\u001b]0;x\u0007',
  '\u009b2J',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\ud800',
  '\r\n',
  '👩‍👩‍👧‍👦',
  'e\u0301\u0301\u0301\u0301\u0301\u0301',
  '漢字',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '/dev/null',
  'a'.repeat(300),
  '漢'.repeat(120),
]

export class Mutator {
  readonly #random: Random
  readonly #shape: Shape
  readonly #words: readonly string[]
  readonly #mostBytes: number

  constructor(
    random: Random,
    { shape, mostBytes = MOST_BYTES }: Pick<Target, 'shape' | 'mostBytes'>,
    words: readonly string[],
  ) {
    this.#random = random
    this.#shape = shape
    this.#mostBytes = mostBytes
    this.#words = words
  }

  /** @param other another of the pool, to take parts from */
  change(base: Buffer, other: Buffer): Buffer {
    let input = base
    const { chance, int } = this.#random
    // Mostly little: what is changed much is only refused at the door.
    for (let left = chance(0.6) ? 1 : 1 << int(1, 4); left > 0; left--) {
      const next = this.#random.chance(0.5)
        ? this.#byStructure(input, other)
        : this.#byBytes(input, other)
      input = next.subarray(0, this.#mostBytes)
    }
    return input
  }

  word(): string {
    const { chance, pick } = this.#random
    return chance(0.2) || this.#words.length === 0 ? pick(ODD_TEXTS) : pick(this.#words)
  }

  #byStructure(input: Buffer, other: Buffer): Buffer {
    const word = (): string => this.word()
    switch (this.#shape) {
      case 'json':
        return changedJson(input, other, this.#random, word)
      case 'yaml':
        return changedLines(input, other, this.#random, word)
      case 'http':
        return this.#http(input, other)
      case 'bytes':
        return this.#byBytes(input, other)
    }
  }

  /** The body is JSON, and mostly as long as its head says. */
  #http(input: Buffer, other: Buffer): Buffer {
    const [head, body] = parted(input)
    if (this.#random.chance(0.3) || body.length === 0)
      return Buffer.concat([this.#byBytes(head, parted(other)[0]), body])
    const next = changedJson(body, parted(other)[1], this.#random, () => this.word())
    if (this.#random.chance(0.1)) return Buffer.concat([head, next])
    const said = head.toString('latin1').replace(/(content-length: *)\d+/i, `$1${next.length}`)
    return Buffer.concat([Buffer.from(said, 'latin1'), next])
  }

  #byBytes(input: Buffer, other: Buffer): Buffer {
    const { int, pick, next } = this.#random
    const at = int(0, input.length)
    const to = Math.min(input.length, at + this.#length(input.length))
    const around = (middle: Buffer, end = to): Buffer =>
      Buffer.concat([input.subarray(0, at), middle, input.subarray(end)])
    switch (int(0, 8)) {
      case 0: // one bit
        return around(Buffer.from([(input[at] ?? 0) ^ (1 << int(0, 7))]), at + 1)
      case 1:
        return around(Buffer.from([int(0, 255)]), at + int(0, 1))
      case 2:
        return around(Buffer.from([pick(ODD_BYTES)]), at + int(0, 1))
      case 3: // left out
        return around(Buffer.alloc(0))
      case 4: // twice, or many times
        return around(repeated(input.subarray(at, to), next() < 0.9 ? 2 : int(3, 200)))
      case 5: // moved
        return this.#inserted(around(Buffer.alloc(0)), input.subarray(at, to))
      case 6: // a part of another
        return around(this.#partOf(other), at + int(0, to - at))
      case 7: // cut off
        return input.subarray(0, at)
      default:
        return around(Buffer.from(this.word()), at + int(0, Math.min(8, to - at)))
    }
  }

  #inserted(into: Buffer, part: Buffer): Buffer {
    const at = this.#random.int(0, into.length)
    return Buffer.concat([into.subarray(0, at), part, into.subarray(at)])
  }

  #partOf(other: Buffer): Buffer {
    const at = this.#random.int(0, other.length)
    return other.subarray(at, at + this.#length(other.length))
  }

  /** Mostly short. */
  #length(most: number): number {
    const { int, chance } = this.#random
    return chance(0.8) ? int(0, Math.min(16, most)) : int(0, most)
  }
}

function repeated(part: Buffer, times: number): Buffer {
  const most = part.length === 0 ? 0 : Math.ceil(MOST_BYTES / part.length)
  return Buffer.concat(Array<Buffer>(Math.min(times, most)).fill(part))
}

/** Head with its empty line, and body. */
function parted(request: Buffer): readonly [Buffer, Buffer] {
  const end = request.indexOf('\r\n\r\n')
  return end < 0
    ? [request, Buffer.alloc(0)]
    : [request.subarray(0, end + 4), request.subarray(end + 4)]
}

/** What the seeds are made of: names and short words, as libFuzzer's dictionaries have them. */
export function wordsIn(seeds: readonly Buffer[]): string[] {
  const found = new Set<string>()
  for (const seed of seeds)
    for (const [word] of seed.toString('utf8').matchAll(/"?[\w$.<>@*/:-]{2,40}"?:?/g))
      if (found.size < 4000) found.add(word)
  return [...found]
}
