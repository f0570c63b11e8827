/** The journal: a chain of lines that survives what happens to processes and files. */
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { EntryBody } from '../../src/action/entry.ts'
import { dayFiles, Journal } from '../../src/gate/journal.ts'
import { verifyJournal } from '../../src/gate/verify.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sb-journal-'))
  folders.push(made)
  return made
}

const DAY = Date.parse('2026-11-24T12:00:00Z')
const resumed = (session: string): EntryBody => ({ type: 'resumed', at: DAY, session })

function linesOf(path: string): string[] {
  return dayFiles(path).flatMap(file =>
    readFileSync(join(path, file), 'utf8').split('\n').slice(0, -1),
  )
}

function written(path: string, ...sessions: string[]): void {
  const journal = new Journal(path, () => DAY)
  for (const session of sessions) journal.append(resumed(session))
  journal.close()
}

const typesIn = (path: string): string[] => linesOf(path).map(line => JSON.parse(line).type)

describe('the chain', () => {
  test('goes on over restarts', () => {
    const path = folder()
    written(path, 'a', 'b')
    written(path, 'c')
    expect(linesOf(path).map(line => JSON.parse(line).seq)).toEqual([1, 2, 3])
    expect(verifyJournal(path).breaks).toEqual([])
  })

  test('goes on over days, one file each, and over clocks that jump back', () => {
    const path = folder()
    let now = DAY
    const journal = new Journal(path, () => now)
    for (const days of [0, 1, 0, 2]) {
      now = DAY + days * 86_400_000
      journal.append(resumed(`day ${days}`))
    }
    journal.close()
    expect(dayFiles(path)).toEqual(['2026-11-24.jsonl', '2026-11-25.jsonl', '2026-11-26.jsonl'])
    expect(verifyJournal(path).breaks).toEqual([])
  })

  test('is the user’s alone', () => {
    const path = join(folder(), 'journal')
    written(path, 'a')
    expect(statSync(path).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(path))
      expect(statSync(join(path, file)).mode & 0o777).toBe(0o600)
  })
})

describe('healing', () => {
  test('a half-written last line is set aside, with a record of it', () => {
    const path = folder()
    written(path, 'a', 'b')
    const file = join(path, '2026-11-24.jsonl')
    appendFileSync(file, '{"seq":3,"type":"resu')
    written(path, 'c')
    expect(typesIn(path)).toEqual(['resumed', 'resumed', 'healed', 'resumed'])
    expect(verifyJournal(path).breaks).toEqual([])
    expect(readFileSync(`${file}.torn`, 'utf8')).toBe('{"seq":3,"type":"resu')
  })

  test('whatever the last bytes are, no whole line is lost', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }).filter(bytes => !bytes.includes(10)),
        bytes => {
          const path = folder()
          written(path, 'a', 'b')
          appendFileSync(join(path, '2026-11-24.jsonl'), bytes)
          written(path, 'c')
          expect(typesIn(path).filter(type => type === 'resumed')).toHaveLength(3)
          expect(verifyJournal(path).breaks).toEqual([])
        },
      ),
      { numRuns: 50 },
    )
  })

  test('lines that are missing at the end are an alert', () => {
    const path = folder()
    written(path, 'a', 'b', 'c')
    const [first = ''] = linesOf(path)
    writeFileSync(join(path, '2026-11-24.jsonl'), `${first}\n`)
    written(path, 'd')
    expect(typesIn(path)).toEqual(['resumed', 'alert', 'resumed'])
  })

  test('a day file that holds nothing whole does not break the chain', () => {
    const path = folder()
    written(path, 'a')
    writeFileSync(join(path, '2026-11-25.jsonl'), 'half')
    written(path, 'b')
    expect(verifyJournal(path).breaks).toEqual([])
  })
})

test('old days are pruned, with a record of the hash they ended with', () => {
  const path = folder()
  let now = DAY
  const journal = new Journal(path, () => now)
  journal.append(resumed('old'))
  const { hash } = journal.head
  now = DAY + 10 * 86_400_000
  journal.append(resumed('new'))
  journal.prune(5)
  expect(dayFiles(path)).toHaveLength(2) // the clock may be ahead: the first day after is not over
  now += 86_400_000
  journal.prune(5)
  journal.close()
  expect(dayFiles(path)).toEqual(['2026-12-04.jsonl', '2026-12-05.jsonl'])
  expect(linesOf(path).map(line => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ type: 'pruned', files: 1, head: hash }),
  )
})
