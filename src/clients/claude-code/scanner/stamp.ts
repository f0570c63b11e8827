/** `2026-11-23T10:00:00.000Z`, the way the client writes times, as Unix milliseconds. */

const LENGTH: usize = 24
const MINUS: u8 = 0x2d
const COLON: u8 = 0x3a
const POINT: u8 = 0x2e
const T: u8 = 0x54
const Z: u8 = 0x5a

/** @returns 0 when it is written in another way */
export function timeOf(from: usize, to: usize): f64 {
  if (to - from !== LENGTH) return 0
  const isStamp =
    load<u8>(from + 4) === MINUS &&
    load<u8>(from + 7) === MINUS &&
    load<u8>(from + 10) === T &&
    load<u8>(from + 13) === COLON &&
    load<u8>(from + 16) === COLON &&
    load<u8>(from + 19) === POINT &&
    load<u8>(from + 23) === Z
  const year = two(from) * 100 + two(from + 2)
  const month = two(from + 5)
  const day = two(from + 8)
  const hour = two(from + 11)
  const minute = two(from + 14)
  const second = two(from + 17)
  const ms = two(from + 20) * 10 + digit(from + 22)
  if (!isStamp || year >= WRONG || ms >= WRONG) return 0
  if (month < 1 || month > 12 || day < 1 || day > 28 + daysAfter28(year, month)) return 0
  if (hour > 23 || minute > 59 || second > 59) return 0
  const seconds = (daysUntil(year, month, day) * 24 + hour) * 60 + minute
  return ((seconds as f64) * 60 + (second as f64)) * 1000 + (ms as f64)
}

/** More than any field of a time can be, and not less when fields are added to it. */
const WRONG = 100_000

function digit(at: usize): i32 {
  const value = (load<u8>(at) as i32) - 0x30
  return value >= 0 && value <= 9 ? value : WRONG
}

function two(at: usize): i32 {
  return digit(at) * 10 + digit(at + 1)
}

function isLeap(year: i32): bool {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function daysAfter28(year: i32, month: i32): i32 {
  if (month === 2) return isLeap(year) ? 1 : 0
  return month === 4 || month === 6 || month === 9 || month === 11 ? 2 : 3
}

/** From 1970 on; years are counted from March, so that the leap day is their last. */
function daysUntil(year: i32, month: i32, day: i32): i32 {
  const y = month > 2 ? year : year - 1
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468
}
