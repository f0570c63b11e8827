/** Whether the checkpoint that the client is set up for answers, and leads where it should. */
import * as v from 'valibot'
import { ABOUT_PATH } from '../../action/check.ts'
import { settingsOf } from '../../clients/claude-code/installed-hooks.ts'
import type { Install } from '../../config/install.ts'
import { type Check, ok, problem } from './check.ts'

const ABOUT = v.object({ signalbox: v.string(), pid: v.number(), upstream: v.string() })
const WAIT_MS = 2000
/** A gate that was just started starts it. */
const TRIES = 10
const AGAIN_MS = 200

export async function checkpointChecks({ checkpoint, client }: Install): Promise<Check[]> {
  if (checkpoint === null) return []
  const url = `http://${checkpoint.listen}`
  const mend = "the gate starts it: 'signalbox gate stop', then try again"
  const about = await aboutOf(url)
  if (typeof about === 'string') return [problem('checkpoint', `${url}: ${about}`, mend)]
  if (about.upstream !== checkpoint.upstream)
    return [
      problem(
        'checkpoint',
        `${url}: in front of ${about.upstream}, not ${checkpoint.upstream}`,
        mend,
      ),
    ]
  const from = `${settingsOf(client)} leads the client there`
  return [ok('checkpoint', `${url} answers, in front of ${about.upstream}; ${from}`)]
}

/** @returns what it says of itself, or why it says nothing */
async function aboutOf(url: string): Promise<v.InferOutput<typeof ABOUT> | string> {
  for (let left = TRIES; ; left--) {
    try {
      const answer = await fetch(url + ABOUT_PATH, { signal: AbortSignal.timeout(WAIT_MS) })
      const about = v.safeParse(ABOUT, await answer.json())
      return about.success ? about.output : 'something else answers there'
    } catch (error) {
      if (left === 0) return `does not answer (${reasonOf(error)})`
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
    }
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}
