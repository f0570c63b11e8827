/** A real folder, followed by a screen that keeps few actions: what is read again does not count again. */
import { appendFileSync, copyFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Monitor } from '../../src/monitor/monitor.ts'
import { transcripts } from '../../src/sources/transcripts.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { resultLine, text } from '../helpers/lines.ts'
import { call, eventually } from './following.ts'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'
const B = 'bbbbbbbb-0000-4000-8000-000000000000'

/** Calls with their results. */
const done = (session: string, count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => {
    const [id, at] = [`c${from + i}`, (from + i) * 1000]
    return (
      call(A, id, at).replaceAll(`"${A}"`, `"${session}"`) +
      text(resultLine(id, 'done', { session, at: at + 5 }))
    )
  }).join('')

it('counts a session once that is resumed under another name, or whose file is replaced', async () => {
  const root = tempFolder()
  const project = join(root, 'projects', '-home-dev-app')
  const own = put(join(project, `${A}.jsonl`), done(A, 100))
  const monitor = new Monitor({ place: root, readInput: () => null, most: 20 })
  const stop = new AbortController()
  onTestFinished(() => {
    stop.abort()
    monitor.stop()
  })
  const loadPrice = async () => () => 0.5
  void monitor.follow(transcripts({ root, loadPrice, follow: true, signal: stop.signal }))
  const totals = (): number[] =>
    [A, B].map(id => monitor.current().world.findSession(id)?.counts.total ?? 0)
  const kept = (): number => monitor.current().world.actions.length
  await eventually(() => expect(totals()).toEqual([100, 0]))
  await eventually(() => expect(kept()).toBeLessThanOrEqual(20))

  put(join(project, `${B}.jsonl`), done(B, 100) + done(B, 3, 100))
  await eventually(() => expect(totals()).toEqual([100, 3]))

  copyFileSync(own, `${own}.new`)
  renameSync(`${own}.new`, own)
  appendFileSync(own, done(A, 2, 200))
  await eventually(() => expect(totals()).toEqual([102, 3]))
  expect(kept()).toBeLessThanOrEqual(20)
  const { world } = monitor.current()
  expect(world.sessions.map(it => it.counts.approved)).toEqual([102, 3])
  expect(world.latency.run.count).toBe(105)
})
