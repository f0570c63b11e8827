import { appendFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { TranscriptFile } from '../../src/sources/transcript-file.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { callLine, promptLine, SESSION, text } from '../helpers/lines.ts'

const call = (id: string): string => callLine({ id }, { message: `msg_${id}` })
const newFile = (content: string | Uint8Array): string =>
  put(join(tempFolder(), 'x.jsonl'), content)

interface Read {
  /** The ids of the calls. */
  readonly calls: string[]
  /** `line why` of every skipped line. */
  readonly skipped: string[]
  readonly events: Event[]
}

function read(path: string, from = 0): Read {
  const events: Event[] = []
  new TranscriptFile(
    { path, agent: '', from, since: 0 },
    () => 0,
    e => events.push(e),
  ).read('exact')
  return {
    calls: events.flatMap(e => (e.type === 'requested' ? [e.id] : [])),
    skipped: events.flatMap(e => {
      if (e.type !== 'skipped') return []
      return [`${e.file === path ? '' : `${e.file} `}${e.line} ${e.why}`]
    }),
    events,
  }
}

describe('a bad line is skipped once, with its number and why', () => {
  it.each([
    ['not JSON', '{"type":"assistant","sessionId":'],
    ['not JSON', 'Segmentation fault'],
    ['not JSON', '}{'],
    ['NUL bytes', '\0'.repeat(4096)],
    ['NUL bytes', `\0\0${call('lost')}`],
  ])('%s', (why, bad) => {
    const seen = read(newFile(text(promptLine('hi'), call('a'), bad, call('b'))))
    expect(seen.skipped).toEqual([`3 ${why}`])
    expect(seen.calls).toEqual(['a', 'b'])
  })

  it('each of many', () => {
    const seen = read(newFile(text('bad', call('a'), 'bad', 'bad', call('b'), 'bad')))
    expect(seen.skipped).toEqual(['1 not JSON', '3 not JSON', '4 not JSON', '6 not JSON'])
    expect(seen.calls).toEqual(['a', 'b'])
  })

  it('with its number also when reading began in the middle', () => {
    const before = text(call('a'), call('b'), 'bad')
    const path = newFile(before + text(call('c'), 'bad', call('d'), 'bad'))
    const seen = read(path, before.length)
    expect(seen.skipped).toEqual(['5 not JSON', '7 not JSON'])
    expect(seen.calls).toEqual(['c', 'd'])
  })

  it('with its number also after empty lines', () => {
    const seen = read(newFile(text(call('a'), '', '', 'bad', call('b'))))
    expect(seen.skipped).toEqual(['4 not JSON'])
    expect(seen.calls).toEqual(['a', 'b'])
  })

  it('longer than 256 MB, of which nothing is kept', () => {
    const path = newFile('')
    truncateSync(path, 257 << 20) // a hole: it takes no room on the disk
    appendFileSync(path, text('', call('a'), 'bad'))
    const seen = read(path)
    expect(seen.skipped).toEqual(['1 the line is longer than 256 MB', '3 not JSON'])
    expect(seen.calls).toEqual(['a'])
  })
})

describe('an unusual line is no bad one', () => {
  it('of 50 MB', () => {
    const huge = callLine({ id: 'huge', input: { command: 'x'.repeat(50 << 20) } })
    const seen = read(newFile(text(call('a'), huge, call('b'))))
    expect(seen).toMatchObject({ calls: ['a', 'huge', 'b'], skipped: [] })
  })

  it('with bytes that are no UTF-8', () => {
    const [head = '', tail = ''] = text(callLine({ id: 'x', input: { command: 'a?b' } })).split('?')
    const bytes = Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0xc3]), Buffer.from(tail)])
    const seen = read(newFile(Buffer.concat([bytes, Buffer.from(text(call('b')))])))
    expect(seen).toMatchObject({ calls: ['x', 'b'], skipped: [] })
    expect(seen.events).toContainEqual(expect.objectContaining({ summary: 'a\ufffd\ufffdb' }))
  })

  it.each([
    ['an unknown type', JSON.stringify({ type: 'from-the-future', sessionId: SESSION })],
    ['no session', '{"type":"assistant"}'],
    ['no object', '42'],
    ['an array', '[]'],
    ['spaces', ' \t\r'],
    ['nothing', ''],
  ])('of %s', (_, line) => {
    const seen = read(newFile(text(call('a'), line, call('b'))))
    expect(seen).toMatchObject({ calls: ['a', 'b'], skipped: [] })
  })

  it('that ends in CRLF', () => {
    const seen = read(newFile(`${call('a')}\r\n${call('b')}\r\n`))
    expect(seen).toMatchObject({ calls: ['a', 'b'], skipped: [] })
  })
})
