/** Whether a value fits a JSON Schema, as far as ours go: what an editor would mark. */
import type { Schema } from '../../scripts/schema.ts'

/** @returns where and why it does not fit, one line each */
export function misfits(
  schema: Schema,
  value: unknown,
  definitions: Readonly<Record<string, Schema>>,
  at = '',
): string[] {
  const inside = (one: Schema, it: unknown, key: string | number = ''): string[] =>
    misfits(one, it, definitions, key === '' ? at : `${at}/${key}`)
  const wrong = (fits: boolean, why: string): string[] => (fits ? [] : [`${at || '/'}: ${why}`])
  const { $ref, anyOf, type, pattern, minLength = 0, minimum, maximum } = schema
  if ($ref !== undefined) {
    const named = definitions[$ref.replace('#/definitions/', '')]
    return named === undefined ? wrong(false, `no ${$ref}`) : inside(named, value)
  }
  if (anyOf !== undefined) {
    const each = anyOf.map(one => inside(one, value))
    // Of several forms the one that comes nearest says what is wrong.
    return each.sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)[0] ?? []
  }
  return [
    ...wrong(type === undefined || typeOf(value, type), `is no ${type}`),
    ...wrong(!('const' in schema) || schema.const === value, `is not ${schema.const}`),
    ...wrong(schema.enum?.includes(value) ?? true, `is none of ${schema.enum?.join(', ')}`),
    ...(typeof value === 'string'
      ? [
          ...wrong(pattern === undefined || new RegExp(pattern).test(value), `not ${pattern}`),
          ...wrong(value.length >= minLength, 'too short'),
        ]
      : []),
    ...(typeof value === 'number'
      ? wrong(value >= (minimum ?? value) && value <= (maximum ?? value), 'out of bounds')
      : []),
    ...(Array.isArray(value)
      ? value.flatMap((it, i) => (schema.items ? inside(schema.items, it, i) : []))
      : isRecord(value)
        ? ofRecord(schema, value, inside, wrong)
        : []),
  ]
}

/** How far in the first misfit is; none at all beats every other. */
const depthOf = ([first]: readonly string[]): number =>
  first === undefined ? Number.POSITIVE_INFINITY : (first.split(':')[0] ?? '').split('/').length

function ofRecord(
  { properties = {}, required = [], additionalProperties = true }: Schema,
  value: Record<string, unknown>,
  inside: (one: Schema, it: unknown, key: string) => string[],
  wrong: (fits: boolean, why: string) => string[],
): string[] {
  const missing = required.filter(key => !(key in value))
  const others = Object.entries(value).flatMap(([key, it]) => {
    const known = properties[key]
    if (known !== undefined) return inside(known, it, key)
    if (typeof additionalProperties === 'object') return inside(additionalProperties, it, key)
    return wrong(additionalProperties, `${key} is not allowed`)
  })
  return [...wrong(missing.length === 0, `lacks ${missing.join(', ')}`), ...others]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function typeOf(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isRecord(value)
    case 'null':
      return value === null
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}
