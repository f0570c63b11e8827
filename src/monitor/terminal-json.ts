/**
 * JSON in which no character can steer a terminal: what `JSON.stringify` leaves raw (C1 controls,
 * direction marks, line separators) is escaped, and means the same to every parser.
 */
export function terminalSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g,
    c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
