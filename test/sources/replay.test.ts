import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { priceList } from '../../src/clients/claude-code/prices.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { Queue } from '../../src/sources/queue.ts'
import { type ReplayOptions, replay } from '../../src/sources/replay.ts'
import { sample, sampleUntil } from '../../src/sources/sample.ts'
import { asked } from '../helpers/events.ts'
import { FIXTURES } from '../helpers/folder.ts'

const FAST = { price: priceList(), speed: 1e9, signal: new AbortController().signal }

const recording = (more: Partial<ReplayOptions> = {}): AsyncIterable<readonly Event[]> =>
  replay({ ...FAST, path: join(FIXTURES, 'auto-classifier-2.1.150'), mark: 'REPLAY', ...more })

async function played(source: AsyncIterable<readonly Event[]>): Promise<World> {
  let world = new World()
  for await (const batch of source) for (const event of batch) world = fold(world, event)
  return world
}

describe('a recording', () => {
  test('plays to the same figures as reading it', async () => {
    const { totals, actions } = snapshotOf(await played(recording()))
    expect(totals.actions).toMatchObject({ total: 14, approved: 9, blocked: 5, failed: 1 })
    expect(totals.costUsd).toBeCloseTo(0.56625, 9)
    expect(actions.filter(a => a.agent !== '')).toHaveLength(2)
  })

  test('plays now, not when it was recorded', async () => {
    const before = Date.now()
    const [first] = snapshotOf(await played(recording())).actions
    expect(Date.parse(first?.requestedAt ?? '')).toBeGreaterThanOrEqual(before)
  })

  test('says on the world that it is one', async () => {
    expect((await played(recording())).mark).toBe('REPLAY')
  })

  test('tells a session and its subagent in the order of time', async () => {
    const agents: string[] = []
    for await (const batch of recording())
      for (const event of batch) if (event.type === 'requested') agents.push(event.agent)
    expect(agents.indexOf('a6423e7b205e9d60a')).toBeGreaterThan(0)
    expect(agents.lastIndexOf('a6423e7b205e9d60a')).toBeLessThan(agents.length - 1)
  })

  test('stops when it is told to, in the middle of a pause', async () => {
    const stop = new AbortController()
    let batches = 0
    for await (const _ of recording({ speed: 1, signal: stop.signal }))
      if (++batches === 3) stop.abort()
    expect(batches).toBe(3)
  })
})

describe('the sample', () => {
  test('ships with the program and is marked on every frame, with the reason', async () => {
    const world = await played(sample({ ...FAST, why: 'no sessions yet' }))
    expect(snapshotOf(world).actions.length).toBeGreaterThan(5)
    expect(world.mark).toMatch(/^SAMPLE .*no sessions yet$/)
  })

  test('gives way to the first real session', async () => {
    const live = new Queue<Event>()
    let world = new World()
    for await (const batch of sampleUntil(live, { ...FAST, speed: 1 })) {
      for (const event of batch) world = fold(world, event)
      if (world.mark === '') continue
      live.push({ type: 'progress', doneBytes: 0, totalBytes: 0 })
      live.push(asked('real', 0))
      live.close()
    }
    expect(snapshotOf(world).actions.map(a => a.id)).toEqual(['real'])
    expect(world.mark).toBe('')
  })
})
