/** What can go wrong around the watch of a real folder. */
import { appendFileSync, mkdirSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { FIXTURES, put, tempFolder } from '../helpers/folder.ts'
import { START } from '../helpers/lines.ts'
import { call, eventually, follow, watching } from './following.ts'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'
const B = 'bbbbbbbb-0000-4000-8000-000000000000'

/** A config folder with one session. */
function configFolder(): { root: string; project: string; own: string } {
  const root = tempFolder()
  const project = join(root, 'projects', '-home-dev-app')
  return { root, project, own: put(join(project, `${A}.jsonl`), call(A, 'first')) }
}

it('tells what was written before the watch stood', async () => {
  const { root, project, own } = configFolder()
  const shown = Promise.resolve().then(() => {
    appendFileSync(own, call(A, 'second', 2000))
    put(join(project, `${B}.jsonl`), call(B, 'other', 3000))
  })
  const following = follow(root, { shown })
  const all = [`${A}//first`, `${A}//second`, `${B}//other`]
  await eventually(() => expect(following.calls()).toEqual(all))
})

it('sees every one of many changes a second, and those after a rest', async () => {
  const { root, project, own } = configFolder()
  const following = follow(root)
  await watching(following, project)
  const all = [`${A}//first`]
  for (const round of [1, 2]) {
    for (let i = 0; i < 20; i++) {
      appendFileSync(own, call(A, `r${round}_${i}`, round * 10_000 + i))
      all.push(`${A}//r${round}_${i}`)
      await sleep(15)
    }
    await eventually(() => expect(following.calls()).toEqual(all))
    await sleep(2500) // longer than a file stays hot
  }
  appendFileSync(own, call(A, 'last', 90_000))
  await eventually(() => expect(following.calls()).toEqual([...all, `${A}//last`]))
})

it('passes over files from before `since`, when the watch stands too', async () => {
  const { root, project, own } = configFolder()
  const old = put(join(project, `${B}.jsonl`), call(B, 'old', 0))
  utimesSync(old, START / 1000, START / 1000)
  appendFileSync(own, call(A, 'new', 60_000))
  const following = follow(root, { since: START + 30_000 })
  await watching(following, project)
  await eventually(() => expect(following.calls()).toEqual([`${A}//new`]))
  expect(following.events.filter(e => 'session' in e && e.session === B)).toEqual([])
})

it('ends when it is aborted before the watch began', async () => {
  const { root } = configFolder()
  const stop = new AbortController()
  const shown = Promise.resolve().then(() => stop.abort())
  const following = follow(root, { shown, signal: stop.signal })
  await eventually(() => expect(following.ended()).toBe(true))
})

it('passes over JSONL files that are no transcripts', async () => {
  const following = follow(join(FIXTURES, 'auto-classifier-2.1.150'), { follow: false })
  await eventually(() => expect(following.ended()).toBe(true))
  const { sessions, totals } = following.snapshot()
  expect(sessions.map(s => s.id)).toEqual(['05ddb86e-1c43-410d-b3e9-d675f27a54ef'])
  expect(totals.skippedLines).toBe(0)
  expect(totals.actions.total).toBeGreaterThan(0)
})

it("follows the client's word on a session, and says when it is gone", async () => {
  const { root, own } = configFolder()
  const minuteAgo = Date.now() / 1000 - 60
  utimesSync(own, minuteAgo, minuteAgo)
  mkdirSync(join(root, 'sessions'))
  const file = join(root, 'sessions', `${process.pid}.json`)
  const say = (status: string, updatedAt: number): string =>
    put(file, JSON.stringify({ pid: process.pid, sessionId: A, status, updatedAt }))
  say('busy', START)
  const { events, snapshot } = follow(root)
  const told = (status: string, at: number) => ({ type: 'presence', session: A, status, at })
  await eventually(() => expect(events).toContainEqual(told('busy', START)))
  say('waiting', START + 5000)
  await eventually(() => expect(events).toContainEqual(told('waiting', START + 5000)))
  rmSync(file)
  await eventually(() => expect(snapshot().sessions[0]?.status).toBe('ended'))
  const words = events.flatMap(e => (e.type === 'presence' ? [e.status] : []))
  expect(words).toEqual(['busy', 'waiting', 'ended'])
})
