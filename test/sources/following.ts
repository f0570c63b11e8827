/** Follows a real folder and collects what is told of it. */
import { appendFileSync } from 'node:fs'
import { onTestFinished, vi } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { type Snapshot, snapshotOf } from '../../src/monitor/snapshot.ts'
import { type TranscriptsOptions, transcripts } from '../../src/sources/transcripts.ts'
import { put } from '../helpers/folder.ts'
import { callLine, text } from '../helpers/lines.ts'

/** So long a change may take to be seen on a busy machine, in milliseconds. */
const PATIENCE_MS = 10_000

export interface Following {
  readonly events: Event[]
  readonly stop: AbortController
  /** Whether the iteration came to its end. */
  readonly ended: () => boolean
  readonly snapshot: () => Snapshot
  /** `session/agent/id` of every call, in the order of their times. */
  readonly calls: () => string[]
}

export const eventually = async (check: () => void): Promise<void> => {
  await vi.waitFor(check, { timeout: PATIENCE_MS, interval: 20 })
}

export function follow(root: string, more: Partial<TranscriptsOptions> = {}): Following {
  const stop = new AbortController()
  const events: Event[] = []
  let world = new World()
  let ended = false
  const loadPrice = async () => () => 0.5
  const source = transcripts({ root, loadPrice, follow: true, signal: stop.signal, ...more })
  const run = async (): Promise<void> => {
    for await (const batch of source)
      for (const event of batch) {
        events.push(event)
        world = fold(world, event)
      }
    ended = true
  }
  void run()
  onTestFinished(() => stop.abort())
  return {
    events,
    stop,
    ended: () => ended,
    snapshot: () => snapshotOf(world),
    calls: () => snapshotOf(world).actions.map(a => `${a.session}/${a.agent}/${a.id}`),
  }
}

/** Waits until the watch stands: a change of its own is seen. */
export async function watching(following: Following, folder: string): Promise<void> {
  const session = '99999999-0000-4000-8000-000000000000'
  const path = put(`${folder}/${session}.jsonl`, '')
  const known = following.events.length
  await eventually(() => {
    appendFileSync(path, text(JSON.stringify({ type: 'probe', sessionId: session, version: '1' })))
    if (!following.events.slice(known).some(e => 'session' in e && e.session === session))
      throw new Error('the watch does not stand yet')
  })
}

/** A line with a call of its own, in a session of its own name. */
export const call = (session: string, id: string, at = 1000): string =>
  text(callLine({ id }, { session, at, message: `msg_${session}_${id}` }))
