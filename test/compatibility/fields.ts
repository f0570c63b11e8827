/** One field of a JSON document at a time: gone, under another name, or of another type. */

export const LOSSES = ['dropped', 'renamed', 'retyped', 'null'] as const
export type Loss = (typeof LOSSES)[number]

/** Keys from the top; `*` is every item of an array. */
export type Path = readonly string[]

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The paths of all fields in a document, each once. */
export function pathsIn(value: unknown): Path[] {
  const found = new Map<string, Path>()
  const walk = (at: unknown, path: Path): void => {
    if (Array.isArray(at)) for (const item of at) walk(item, [...path, '*'])
    if (!isFields(at)) return
    for (const [key, inner] of Object.entries(at)) {
      found.set([...path, key].join('\n'), [...path, key])
      walk(inner, [...path, key])
    }
  }
  walk(value, [])
  return [...found.values()]
}

/** The document with that field lost, wherever the path leads. */
export function losing(value: unknown, path: Path, loss: Loss): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (key === '*') return Array.isArray(value) ? value.map(it => losing(it, rest, loss)) : value
  if (!isFields(value) || !Object.hasOwn(value, key)) return value
  if (rest.length > 0) return { ...value, [key]: losing(value[key], rest, loss) }
  const { [key]: lost, ...others } = value
  switch (loss) {
    case 'dropped':
      return others
    case 'renamed':
      return { ...others, [`${key}OfNextYear`]: lost }
    case 'retyped':
      return { ...value, [key]: retyped(lost) }
    case 'null':
      return { ...value, [key]: null }
  }
}

function retyped(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return 42
    case 'number':
    case 'boolean':
      return String(value)
    default:
      return Array.isArray(value) ? {} : 'a text'
  }
}
