import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { readInput } from '../../src/clients/claude-code/input.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { lineStartBefore, TranscriptFile } from '../../src/sources/transcript-file.ts'
import { worldOf } from '../helpers/events.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import {
  BY_MODE,
  callLine,
  promptLine,
  resultLine,
  SESSION,
  stampOf,
  text,
} from '../helpers/lines.ts'

const call = (id: string, command = id): string => callLine({ id, input: { command } })

/** A transcript on the disk and what was told of it so far. */
function watching(content: string | Uint8Array, from = 0) {
  const path = put(join(tempFolder(), `${SESSION}.jsonl`), content)
  const events: Event[] = []
  const range = { path, agent: '', from, since: 0 }
  const file = new TranscriptFile(
    range,
    () => null,
    event => events.push(event),
  )
  const read = (): boolean => file.read('exact')
  read()
  return {
    path,
    file,
    read,
    events,
    calls: () => events.flatMap(e => (e.type === 'requested' ? e.id : [])),
    skipped: () => events.flatMap(e => (e.type === 'skipped' ? `${e.line} ${e.why}` : [])),
  }
}

describe('what is appended', () => {
  test('is told once, in order', () => {
    const it = watching(text(promptLine('go'), call('a')))
    it.read()
    expect(it.calls()).toEqual(['a'])
    appendFileSync(it.path, text(call('b'), call('c')))
    it.read()
    expect(it.calls()).toEqual(['a', 'b', 'c'])
  })

  test('half a line waits for its other half', () => {
    const line = Buffer.from(text(call('a', 'größe')))
    const cut = line.indexOf(Buffer.from('ö')) + 1 // within the character
    const it = watching(line.subarray(0, cut))
    expect(it.events).toEqual([])
    appendFileSync(it.path, line.subarray(cut))
    it.read()
    expect(it.events).toContainEqual(expect.objectContaining({ id: 'a', summary: 'größe' }))
    expect(it.skipped()).toEqual([])
  })

  test('a budget stops early and says so', () => {
    const path = put(join(tempFolder(), 'x.jsonl'), text(promptLine('go'), call('a'), call('b')))
    const events: Event[] = []
    const range = { path, agent: '', from: 0, since: 0 }
    const file = new TranscriptFile(
      range,
      () => null,
      event => events.push(event),
    )
    let rounds = 0
    while (file.read('exact', Number.POSITIVE_INFINITY, 100)) rounds++
    expect(rounds).toBeGreaterThan(5)
    expect(events.filter(e => e.type === 'requested')).toHaveLength(2)
  })
})

describe('a file that is not what it was', () => {
  test('truncated: read anew', () => {
    const it = watching(text(promptLine('go'), call('a'), call('b')))
    truncateSync(it.path, 0)
    it.read()
    appendFileSync(it.path, text(call('c')))
    it.read()
    expect(it.calls()).toEqual(['a', 'b', 'c'])
  })

  test('truncated to half a line: the rest is not glued to it', () => {
    const it = watching(text(promptLine('go'), call('a')))
    truncateSync(it.path, 20)
    it.read()
    appendFileSync(it.path, text('', call('b')))
    it.read()
    expect(it.calls()).toEqual(['a', 'b'])
    expect(it.skipped()).toEqual(['1 not JSON'])
  })

  test('replaced by a rename: the new one is read from its start', () => {
    const it = watching(text(promptLine('go'), call('a')))
    const longer = text(promptLine('go again, with more words than before'), call('b'), call('c'))
    writeFileSync(`${it.path}.new`, longer)
    renameSync(`${it.path}.new`, it.path)
    it.read()
    expect(it.calls()).toEqual(['a', 'b', 'c'])
    expect(it.skipped()).toEqual([])
  })

  test('deleted: what was seen stays, and nothing is said', () => {
    const it = watching(text(promptLine('go'), call('a')))
    const before = it.events.length
    rmSync(it.path)
    expect(it.read()).toBe(false)
    expect(it.events).toHaveLength(before)
  })

  test('not readable: said once, with the reason, until it can be read again', () => {
    const it = watching(text(call('a')))
    rmSync(it.path)
    mkdirSync(it.path)
    it.read()
    it.read()
    expect(it.skipped()).toEqual(['0 cannot be read (EISDIR)'])
    rmSync(it.path, { recursive: true })
    writeFileSync(it.path, text(call('b')))
    it.read()
    expect(it.calls()).toEqual(['a', 'b'])
  })
})

test('the number of a bad line counts empty ones, also when reading began in the middle', () => {
  const head = text(promptLine('go'), '', call('a'), call('b'))
  const it = watching(head + text(call('c'), '', 'broken', '', 'worse'), Buffer.byteLength(head))
  expect(it.calls()).toEqual(['c'])
  expect(it.skipped()).toEqual(['7 not JSON', '9 not JSON'])
})

describe('what the lines tell is no other for it', () => {
  const CALL = callLine({ id: 'a' }, { at: 5000 })
  const RESULT = resultLine('a', 'ok', { at: 9000, decision: BY_MODE })

  test('when lines stand there twice, as a resumed session repeats them', () => {
    const once = snapshotOf(worldOf(...watching(text(promptLine('go'), CALL, RESULT)).events))
    const lines = [CALL, promptLine('go'), RESULT, CALL, RESULT]
    const twice = snapshotOf(worldOf(...watching(text(promptLine('go'), ...lines)).events))
    expect(twice.totals).toEqual(once.totals)
    expect(twice.actions[0]).toMatchObject({ state: 'approved', requestedAt: stampOf(5000) })
  })

  test('when the clock jumps back', () => {
    const early = resultLine('a', 'ok', { at: 1000, decision: BY_MODE })
    const next = callLine({ id: 'b' }, { at: 2000, message: 'msg_2' })
    const { actions } = snapshotOf(worldOf(...watching(text(CALL, early, next)).events))
    expect(actions.map(a => a.id)).toEqual(['b', 'a'])
    expect(actions[1]).toMatchObject({ state: 'approved', runMs: 0 })
    expect(actions[0]?.outcome).toBe('running')
  })
})

test('where a line stands is where its whole input is read from', () => {
  const it = watching(text(promptLine('größe'), '', call('a', 'x'.repeat(5000))))
  const [line] = it.events.flatMap(e => (e.type === 'requested' ? e.line : []))
  if (line === undefined) throw new Error('the call was not told')
  expect(
    readFileSync(it.path)
      .subarray(line.offset, line.offset + line.length)
      .toString(),
  ).toBe(call('a', 'x'.repeat(5000)))
  expect(readInput(line, 'a')).toEqual({ command: 'x'.repeat(5000) })
  expect(readInput(line, 'other')).toBeNull()
  rmSync(it.path)
  expect(readInput(line, 'a')).toBeNull()
})

test('what happened before --since is passed over, what is known of the session is not', () => {
  const content = text(
    promptLine('go'),
    callLine({ id: 'old' }, { at: 1000 }),
    callLine({ id: 'new' }, { at: 9000, message: 'msg_2' }),
  )
  const path = put(join(tempFolder(), 'x.jsonl'), content)
  const events: Event[] = []
  const since = Date.parse('2026-11-23T10:00:05.000Z')
  const range = { path, agent: '', from: 0, since }
  new TranscriptFile(
    range,
    () => null,
    e => events.push(e),
  ).read('exact')
  expect(events.flatMap(e => (e.type === 'requested' ? e.id : []))).toEqual(['new'])
  expect(events).toContainEqual(expect.objectContaining({ type: 'session', cwd: '/home/dev/app' }))
})

describe('the beginning of a line', () => {
  test('is after the newline before it', () => {
    const path = put(join(tempFolder(), 'x'), 'one\ntwo\nthree')
    expect([0, 2, 4, 6, 8, 13].map(at => lineStartBefore(path, at))).toEqual([0, 0, 4, 4, 8, 8])
  })

  test('is found however far away it is', () => {
    const path = put(join(tempFolder(), 'x'), `a\n${'b'.repeat(300_000)}`)
    expect(lineStartBefore(path, 300_000)).toBe(2)
    expect(lineStartBefore(put(join(tempFolder(), 'y'), 'b'.repeat(200_000)), 200_000)).toBe(0)
  })
})
