// Everything the benchmark data is made of is drawn from here, so one seed gives the same bytes.

export type Random = {
  /** A number in [0, 1). */
  next: () => number
  /** An integer in [low, high]. */
  int: (low: number, high: number) => number
  chance: (probability: number) => boolean
  pick: <T>(list: readonly T[]) => T
  /** A log-normal size: transcripts have many short texts and a few long ones. */
  size: (median: number, spread: number, max: number) => number
  hex: (length: number) => string
  uuid: () => string
  /** Base 62, the alphabet of message, request and tool use ids. */
  id: (prefix: string, length: number) => string
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export function createRandom(seed: number): Random {
  let state = seed >>> 0 || 1
  // mulberry32: 32 bits of state are plenty for test data and it is the fastest in JavaScript.
  const bits = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  const next = () => bits() / 4294967296
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const word = () => bits().toString(16).padStart(8, '0')
  const hex = (length: number) => {
    let text = ''
    while (text.length < length) text += word()
    return text.slice(0, length)
  }
  return {
    next,
    int,
    chance: probability => next() < probability,
    pick: list => {
      const item = list[Math.floor(next() * list.length)]
      if (item === undefined) throw new Error('pick from an empty list')
      return item
    },
    size: (median, spread, max) => {
      const normal = next() + next() + next() + next() + next() + next() - 3
      return Math.min(max, Math.round(median * Math.exp(spread * normal * Math.SQRT2)))
    },
    hex,
    uuid: () => {
      const h = hex(32)
      const variant = '89ab'.charAt(int(0, 3))
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`
    },
    id: (prefix, length) => {
      let text = prefix
      for (let i = 0; i < length; i++) text += BASE62.charAt(int(0, 61))
      return text
    },
  }
}
