/** JSON in which no character can steer a terminal, or hide in it. */
import { UNSAFE } from '../action/unsafe.ts'
import { hiddenField } from './secrets.ts'

/** Of an agent's texts: it shows no secret, either. */
export const terminalSafeJson = (value: unknown): string =>
  terminalSafe(JSON.stringify(value, hiddenField))

const ASCII = /^[\n\x20-\x7e]*$/

/**
 * What `JSON.stringify` leaves raw (C1 controls, direction marks, what has no width) is escaped, and
 * means the same to every parser.
 */
export const terminalSafe = (json: string): string =>
  ASCII.test(json) ? json : json.replace(UNSAFE, it => (it === '\n' ? it : unitsOf(it)))

const unitsOf = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map(unit => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
