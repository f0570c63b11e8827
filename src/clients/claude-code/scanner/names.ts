/**
 * The same short texts come again and again (a session's id on every line): each gets a number, so
 * that its string is made once.
 */

const MAX_NAMES = 512
/** Enough for the names of a line: their numbers are good while it is read. */
const SPARE = 16
/** At most half full. */
const SLOTS = 1024

/** Of every name its length, its meaning and its bytes. */
const RECORD_BYTES = 128
const MEANING: usize = 4
const TEXT: usize = 8
const MAX_LENGTH: usize = 120
const records = memory.data(MAX_NAMES * RECORD_BYTES)
/** The number of a name by its hash. */
const slots = memory.data(SLOTS * 2)

/** Number 0 is no name. */
let count = 1
/** The first names, which stay. */
let learned = 1
let forgotten = 0

function recordOf(name: i32): usize {
  return records + name * RECORD_BYTES
}

export function nameFrom(name: i32): usize {
  return recordOf(name) + TEXT
}

export function nameLength(name: i32): usize {
  return load<u32>(recordOf(name))
}

export function meaningOf(name: i32): i32 {
  return load<i32>(recordOf(name), MEANING)
}

/** Gives a name that is known from the start its meaning. */
export function learn(from: usize, to: usize, meaning: i32): i32 {
  const name = nameOf(from, to)
  store<i32>(recordOf(name), meaning, MEANING)
  learned = count
  return name
}

/** @returns its number, or 0 when there is no room for it */
export function nameOf(from: usize, to: usize): i32 {
  const length = to - from
  if (length > MAX_LENGTH) return 0
  let slot = hashOf(from, to) & (SLOTS - 1)
  for (;;) {
    const name = load<u16>(slots + (slot << 1)) as i32
    if (name === 0) break
    if (nameLength(name) === length && isSame(from, nameFrom(name), length)) return name
    slot = (slot + 1) & (SLOTS - 1)
  }
  if (count === MAX_NAMES) return 0
  const name = count++
  const record = recordOf(name)
  store<u16>(slots + (slot << 1), name as u16)
  store<u32>(record, length as u32)
  store<i32>(record, 0, MEANING)
  memory.copy(record + TEXT, from, length)
  return name
}

/** Forgets all but what was learned when little room is left. @returns how often it did */
export function makeRoom(): i32 {
  if (count > MAX_NAMES - SPARE) forget()
  return forgotten
}

function forget(): void {
  forgotten++
  count = learned
  memory.fill(slots, 0, SLOTS * 2)
  for (let name = 1; name < count; name++) {
    const from = nameFrom(name)
    let slot = hashOf(from, from + nameLength(name)) & (SLOTS - 1)
    while (load<u16>(slots + (slot << 1)) !== 0) slot = (slot + 1) & (SLOTS - 1)
    store<u16>(slots + (slot << 1), name as u16)
  }
}

/** Ids differ at their ends, and kinds of names in their lengths. */
function hashOf(from: usize, to: usize): usize {
  const length = to - from
  let hash: u32 = (length as u32) * 0x9e3779b1
  if (length >= 8) {
    hash = (hash ^ load<u32>(from)) * 0x85ebca6b
    hash = (hash ^ load<u32>(to - 4)) * 0xc2b2ae35
    hash = (hash ^ load<u32>(to - 8)) * 0x85ebca6b
  } else {
    for (let at = from; at < to; at++) hash = (hash ^ load<u8>(at)) * 0x01000193
  }
  return (hash ^ (hash >> 15)) as usize
}

/** Sixteen bytes at a time; what stands behind the shorter rest does not count. */
function isSame(a: usize, b: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i += 16) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i)))
    const left = length - i
    const all = left < 16 ? (1 << (left as i32)) - 1 : 0xffff
    if ((same & all) !== all) return false
  }
  return true
}
