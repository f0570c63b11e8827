/** Following a real folder, with the real watch. */
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { priceList } from '../../src/clients/claude-code/prices.ts'
import { type Snapshot, snapshotOf } from '../../src/monitor/snapshot.ts'
import { transcripts } from '../../src/sources/transcripts.ts'
import { copyOfFixtures, FIXTURES, put, tempFolder } from '../helpers/folder.ts'
import { BY_MODE, callLine, promptLine, resultLine, SESSION, text } from '../helpers/lines.ts'

const price = priceList()
const loadPrice = async () => price

/** Follows a folder; `until` resolves as soon as what is known fits. */
function follow(root: string) {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  let world = new World()
  const events: Event[] = []
  let check = (): void => {}
  const run = async (): Promise<void> => {
    for await (const batch of transcripts({ root, loadPrice, follow: true, signal: stop.signal })) {
      events.push(...batch)
      for (const event of batch) world = fold(world, event)
      check()
    }
  }
  const ended = run()
  const until = (fits: (snapshot: Snapshot) => boolean): Promise<Snapshot> =>
    new Promise(resolve => {
      check = () => {
        const snapshot = snapshotOf(world)
        if (fits(snapshot)) resolve(snapshot)
      }
      check()
    })
  const read = (): Promise<Snapshot> =>
    until(() => {
      const done = events.findLast(e => e.type === 'progress')
      return done !== undefined && done.doneBytes >= done.totalBytes
    })
  return { until, read, ended, stop, events }
}

const has =
  (id: string) =>
  ({ actions }: Snapshot): boolean =>
    actions.some(a => a.id === id)

describe('a folder that is followed', () => {
  test('is told whole: the ends first, the backlog after', async () => {
    const { read } = follow(FIXTURES)
    const snapshot = await read()
    expect(snapshot.actions).toHaveLength(49)
    expect(snapshot.totals.skippedLines).toBe(0)
    expect(snapshot.totals.costUsd).toBeCloseTo(2.07625, 9)
  })

  test('files too long to be shown at once are told whole, and once', async () => {
    const root = tempFolder()
    const calls = Array.from({ length: 400 }, (_, i) => [
      callLine(
        { id: `t${i}`, input: { command: 'x'.repeat(900) } },
        { at: i * 10, message: `m${i}` },
      ),
      resultLine(`t${i}`, 'ok', { at: i * 10 + 5, decision: BY_MODE }),
    ]).flat()
    put(join(root, `${SESSION}.jsonl`), text(promptLine('go'), ...calls))
    const { read, events } = follow(root)
    const snapshot = await read()
    expect(events.filter(e => e.type === 'requested').length).toBeLessThan(200)
    expect(snapshot.totals.actions).toMatchObject({ total: 400, approved: 400, undecided: 0 })
    expect(snapshot.totals.tokens.output).toBe(400 * 220)
  })

  test('tells what is appended', async () => {
    const root = tempFolder()
    const path = put(join(root, `${SESSION}.jsonl`), text(promptLine('go')))
    const { read, until } = follow(root)
    await read()
    appendFileSync(path, text(callLine({ id: 'a' })))
    await until(has('a'))
    appendFileSync(path, text(resultLine('a', 'ok', { decision: BY_MODE })))
    const snapshot = await until(s => s.totals.actions.approved === 1)
    expect(snapshot.actions[0]).toMatchObject({ id: 'a', decidedBy: 'mode' })
  })

  test('tells of a session that begins in a project that is new', async () => {
    const root = tempFolder()
    mkdirSync(join(root, 'projects'))
    const { read, until } = follow(root)
    await read()
    const file = join(root, 'projects', '-home-dev-app', `${SESSION}.jsonl`)
    put(file, text(promptLine('go'), callLine({ id: 'a' })))
    await until(has('a'))
  })

  test('tells of a subagent, and what it is called', async () => {
    const root = tempFolder()
    const session = '05ddb86e-1c43-410d-b3e9-d675f27a54ef'
    const from = join(FIXTURES, 'auto-classifier-2.1.150')
    cpSync(join(from, `${session}.jsonl`), join(root, `${session}.jsonl`))
    const { read, until } = follow(root)
    expect((await read()).actions).toHaveLength(12)
    cpSync(join(from, session), join(root, session), { recursive: true })
    const { actions } = await until(s => s.actions.length === 14)
    expect(actions.filter(a => a.agent === 'a6423e7b205e9d60a')).toHaveLength(2)
  })

  test('may not be there yet', async () => {
    const root = join(tempFolder(), 'not', 'yet')
    const { read, until } = follow(root)
    expect((await read()).actions).toEqual([])
    put(join(root, 'projects', '-app', `${SESSION}.jsonl`), text(callLine({ id: 'a' })))
    await until(has('a'))
  })

  test('may lose a file and go on', async () => {
    const root = copyOfFixtures()
    const { read, until } = follow(root)
    await read()
    rmSync(join(root, 'manual-2.1.330'), { recursive: true })
    put(join(root, `${SESSION}.jsonl`), text(callLine({ id: 'a' })))
    expect((await until(has('a'))).actions).toHaveLength(50)
  })

  test('ends when it is told to', async () => {
    const { read, ended, stop } = follow(FIXTURES)
    await read()
    stop.abort()
    await ended
  })
})

test('a session that lives waits for a person: its open call is pending', async () => {
  const root = tempFolder()
  const open = text(promptLine('go'), callLine({ id: 'a' }))
  put(join(root, 'projects', '-app', `${SESSION}.jsonl`), open)
  const { read, until } = follow(root)
  await read()
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const procStart = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  const told = { pid: process.pid, sessionId: SESSION, procStart, updatedAt: Date.now() }
  const status = { status: 'waiting', waitingFor: 'permission prompt' }
  put(join(root, 'sessions', `${process.pid}.json`), JSON.stringify({ ...told, ...status }))
  const { sessions } = await until(s => s.actions[0]?.state === 'pending')
  expect(sessions[0]?.status).toBe('waiting')
})

test('read once: all of it, and then the end', async () => {
  let world = new World()
  for await (const batch of transcripts({ root: FIXTURES, loadPrice, follow: false }))
    for (const event of batch) world = fold(world, event)
  expect(snapshotOf(world).actions).toHaveLength(49)
})
