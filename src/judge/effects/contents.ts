/** What a session's ledger remembers of files: their bytes' origin, and short texts. */
import * as v from 'valibot'
import { RESOURCE_KINDS } from '../../action/judgement.ts'
import type { Ledger } from '../types.ts'
import { type Content, FLOWS } from './effect.ts'

const CONTENT = v.object({
  text: v.nullable(v.string()),
  flows: v.array(v.picklist(FLOWS)),
  from: v.array(v.object({ kind: v.picklist(RESOURCE_KINDS), id: v.string() })),
})

const cache = new WeakMap<Ledger['fetched'], ReadonlyMap<string, Content>>()

export function contentsOf({ fetched }: Ledger): ReadonlyMap<string, Content> {
  const found = cache.get(fetched)
  if (found !== undefined) return found
  const contents = new Map<string, Content>()
  for (const [path, line] of Object.entries(fetched)) contents.set(path, read(line))
  cache.set(fetched, contents)
  return contents
}

/** A line that cannot be read says that nothing is known. */
function read(line: string): Content {
  try {
    const value: unknown = JSON.parse(line)
    const parsed = v.safeParse(CONTENT, value)
    if (parsed.success) return parsed.output
  } catch {
    // Written by another version: below.
  }
  return { text: null, flows: ['unknown'], from: [] }
}

const MAX_TEXT = 8 * 1024

export function remembered(content: Content): string {
  const short = content.text !== null && content.text.length <= MAX_TEXT
  return JSON.stringify({ ...content, text: short ? content.text : null })
}
