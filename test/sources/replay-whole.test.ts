import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { findTranscripts } from '../../src/clients/claude-code/layout.ts'
import { replay } from '../../src/sources/replay.ts'
import { agentEvent, TranscriptFile } from '../../src/sources/transcript-file.ts'
import { FIXTURE_NAMES, FIXTURES } from '../helpers/folder.ts'

const price = (): number => 0.25
const timeless = (event: Event): string => JSON.stringify({ ...event, at: 0 })

/** The events of a folder, each as JSON without its time. */
function recorded(path: string): string[] {
  const events: Event[] = []
  for (const { path: file, agent } of findTranscripts(path)) {
    let session = ''
    const take = (event: Event): void => {
      if ('session' in event) session = event.session
      events.push(event)
    }
    new TranscriptFile({ path: file, agent, from: 0, since: 0 }, price, take).read('exact')
    const named = agentEvent(file, agent, session)
    if (named !== null) events.push(named)
  }
  return events.map(timeless).sort()
}

async function replayed(path: string): Promise<Event[]> {
  const { signal } = new AbortController()
  const events: Event[] = []
  for await (const batch of replay({ path, mark: 'RECORDED', price, speed: 1e9, signal }))
    events.push(...batch)
  return events
}

describe.each(FIXTURE_NAMES)('the replay of %s', name => {
  const path = join(FIXTURES, name)

  it('begins with its mark, tells every event once, and ends', async () => {
    const [first, ...rest] = await replayed(path)
    expect(first).toEqual({ type: 'restart', mark: 'RECORDED' })
    expect(rest.pop()).toEqual({ type: 'progress', doneBytes: 1, totalBytes: 1 })
    expect(rest.map(timeless).sort()).toEqual(recorded(path))
  })

  it('happens now, in order', async () => {
    const before = Date.now()
    const times = (await replayed(path)).flatMap(e => ('at' in e ? [e.at] : []))
    const after = Date.now()
    expect(times.length).toBeGreaterThan(10)
    expect(times.filter(at => at < before || at > after)).toEqual([])
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})
