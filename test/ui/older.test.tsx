/** Where the list does not go back far enough, the screen says so, and what has the rest. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { Monitor } from '../../src/monitor/monitor.ts'
import { asked, decided, T0 } from '../helpers/events.ts'
import { historyRead } from '../helpers/gate-events.ts'
import { renderApp, type Shown } from './harness.ts'

const HOUR = 3_600_000
const WIDE = { columns: 120, rows: 30 }
const OLDER = "older ones are not kept here: 'signalbox watch --once' has them"

/** An action every minute for two hours; the screen keeps the last forty or fewer. */
const minutes: Event[] = Array.from({ length: 120 }, (_, i) => [
  asked(`a${i}`, i * 60_000, { message: `m${i}` }),
  decided(`a${i}`, i * 60_000 + 5),
]).flat()

async function screen(most: number, ...keys: readonly string[]): Promise<Shown> {
  const clock = (): number => T0 + 2 * HOUR
  const monitor = new Monitor({ place: '/p', readInput: () => null, clock, most })
  monitor.take([historyRead, ...minutes])
  monitor.publish()
  const shown = await renderApp(monitor, WIDE)
  await shown.press(...keys)
  return shown
}

describe('a list that does not go back to the beginning', () => {
  test('says so at its top', async () => {
    const shown = await screen(40, 'g')
    expect(shown.screen()).toMatch(new RegExp(`8\\d ${OLDER}`))
    expect(shown.screen()).toContain('approved 120')
  })

  test('and not elsewhere, nor where all is kept', async () => {
    expect((await screen(40)).screen()).not.toContain('not kept')
    expect((await screen(40, 'g', 'j')).screen()).not.toContain('not kept')
    expect((await screen(400, 'g')).screen()).not.toContain('not kept')
  })

  test.each(['<', 'N'])('%s says it where it finds nothing more', async key => {
    const shown = await screen(40, 'g', key)
    expect(shown.foot()).toContain('older ones are not kept here')
  })

  test('a filter that finds none of what is left says it, too', async () => {
    const shown = await screen(40, '/', 'run a5', '\r')
    expect(shown.screen()).toContain(OLDER)
  })

  test('the line of time is empty where nothing is kept', async () => {
    const bars = (shown: Shown): string =>
      shown.lines().find(line => line.includes(' per 5 min')) ?? shown.lines()[6] ?? ''
    const [few, all] = [bars(await screen(40)), bars(await screen(400))]
    expect(few).toMatch(/\d +[^ ]/)
    expect(few.replace(/ per .*/, '').match(/ {10}/)).not.toBeNull()
    expect(all.replace(/ per .*/, '').match(/ {10}/)).toBeNull()
  })

  test('the insights say what they do not count', async () => {
    const words = "older ones are not kept here, 'signalbox report' counts them"
    expect((await screen(40, 'i')).screen()).toContain(words)
    expect((await screen(400, 'i')).screen()).not.toContain(words)
  })
})
