import { readFileSync } from 'node:fs'
import { agentMetaOf } from './lines.ts'

/** What the client calls a subagent, from the file beside its transcript; `''` when not said. */
export function agentNameOf(path: string): string {
  try {
    const meta = agentMetaOf(readFileSync(path.replace(/\.jsonl$/, '.meta.json'), 'utf8'))
    return meta.agentType || meta.description
  } catch {
    return ''
  }
}
