/** What was found on the line, for the host to read. */
import { FIELDS } from './fields'
import { afterNumber, numberRead, plainEnd } from './json'
import { nameOf } from './names'

export const fields = memory.data(FIELDS * 8)

export function forgetFields(): void {
  memory.fill(fields, 0, FIELDS * 8)
}

export function setField(field: i32, value: f64): void {
  store<f64>(fields + (field << 3), value)
}

export function fieldOf(field: i32): f64 {
  return load<f64>(fields + (field << 3))
}

export function setNumber(field: i32, at: usize): usize {
  const end = afterNumber(at)
  setField(field, numberRead())
  return end
}

/** A string that is not empty and whose bytes are its characters: where it stands. */
export function setText(field: i32, at: usize): usize {
  const end = plainEnd(at)
  if (end <= at + 1) return 0
  setField(field, (at + 1) as f64)
  setField(field + 1, end as f64)
  return end + 1
}

/** Such a string that comes again and again: the number of the name. */
export function setName(field: i32, at: usize): usize {
  const end = plainEnd(at)
  return end > at + 1 && setNameOf(field, at + 1, end) ? end + 1 : 0
}

export function setNameOf(field: i32, from: usize, to: usize): bool {
  const name = nameOf(from, to)
  setField(field, name)
  return name > 0
}
