/** Clocks that jump: permissions end no later, the journal stays in order, and nothing of it goes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { EntryBody } from '../../src/action/entry.ts'
import { Grants } from '../../src/gate/grants.ts'
import { dayFiles, Journal } from '../../src/gate/journal.ts'
import { verifyJournal } from '../../src/gate/verify.ts'
import { JournalFile } from '../../src/sources/journal-file.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.parse('2026-11-24T12:00:00Z')

const folders: string[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sb-clock-'))
  folders.push(made)
  return made
}

describe('a grant', () => {
  const CALL = { session: 's', agent: '', tool: 'Bash', inputHash: 'h', cwd: '/' }
  const given = () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const grants = new Grants(() => {})
    grants.give(CALL, 't1', NOW + 10 * 60_000, 'always', NOW)
    return grants
  }

  test('of ten minutes ends after ten, though the clock was set back by hours', () => {
    const grants = given()
    vi.advanceTimersByTime(9 * 60_000)
    expect(grants.find(CALL, NOW - 5 * HOUR)).not.toBeNull()
    vi.advanceTimersByTime(60_000)
    expect(grants.find(CALL, NOW - 5 * HOUR)).toBeNull()
  })

  test('ends at once when the clock is set past its end', () => {
    expect(given().find(CALL, NOW + HOUR)).toBeNull()
  })

  test('taken over by a gate whose clock was set back: no longer than it was given for', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const grants = new Grants(() => {})
    const grant = {
      ...CALL,
      id: 'g',
      action: 't1',
      until: NOW + 10 * 60_000,
      uses: 'once',
    } as const
    grants.restore(grant, NOW, NOW - 5 * HOUR)
    vi.advanceTimersByTime(10 * 60_000)
    expect(grants.find(CALL, NOW - 5 * HOUR)).toBeNull()
  })
})

describe('the journal', () => {
  const resumed = (session: string): EntryBody => ({ type: 'resumed', at: NOW, session })
  const write = (path: string, at: number, session: string): void => {
    const journal = new Journal(path, () => at)
    journal.append(resumed(session))
    journal.prune(90)
    journal.close()
  }

  test('a clock that is ten years ahead for a moment costs no day of it', () => {
    const path = folder()
    write(path, NOW - DAY, 'a')
    write(path, NOW, 'b')
    write(path, NOW + 3650 * DAY, 'c')
    write(path, NOW, 'd')
    write(path, NOW + DAY, 'e')
    expect(dayFiles(path)).toEqual(['2026-11-23.jsonl', '2026-11-24.jsonl', '2026-11-25.jsonl'])
    const days = dayFiles(path).map(day => readFileSync(join(path, day), 'utf8'))
    for (const session of 'abcde') expect(days.join('')).toContain(`"session":"${session}"`)
    expect(days.join('')).toContain('the clock was ahead')
    expect(verifyJournal(path).breaks).toEqual([])
  })

  test('a clock that is back at the year 2000 moves no day', () => {
    const path = folder()
    for (let day = 0; day < 3; day++) write(path, NOW + day * DAY, `${day}`)
    write(path, Date.parse('2000-01-01'), 'back')
    expect(dayFiles(path)).toEqual(['2026-11-24.jsonl', '2026-11-25.jsonl', '2026-11-26.jsonl'])
    expect(verifyJournal(path).breaks).toEqual([])
  })

  test('a screen that follows a day goes on with it under its new name, and tells nothing twice', () => {
    const path = folder()
    write(path, NOW, 'a')
    write(path, NOW + 3650 * DAY, 'b')
    const told: unknown[] = []
    const last = join(path, dayFiles(path).at(-1) ?? '')
    const file = new JournalFile(
      last,
      () => null,
      event => told.push(event),
    )
    file.read(1 << 20)
    write(path, NOW, 'c')
    expect(dayFiles(path).map(day => file.moved(join(path, day)))).toEqual([false, true])
    file.read(1 << 20)
    expect(told.filter(it => (it as { type: string }).type === 'resumed')).toMatchObject([
      { session: 'b' },
      { session: 'c' },
    ])
  })
})
