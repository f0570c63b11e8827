/** What is said of a reader that does not keep up. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { Behind } from '../../src/sources/behind.ts'

const T0 = Date.parse('2026-11-24T12:00:00Z')

function reader(): { behind: Behind; said: () => Event[] } {
  const events: Event[] = []
  return { behind: new Behind(event => void events.push(event)), said: () => events.splice(0) }
}

describe('a reader', () => {
  test('that keeps up says nothing, however much there is to read', () => {
    const { behind, said } = reader()
    for (let ms = 0; ms < 5000; ms += 20) behind.waits('a', T0 + ms - 300, T0 + ms)
    behind.reached('a', T0 + 5000)
    expect(said()).toEqual([])
  })

  test('says how old what it reads is, a few times a second, and when it has caught up', () => {
    const { behind, said } = reader()
    behind.waits('a', T0, T0)
    behind.waits('a', T0 + 200, T0 + 2500)
    behind.waits('a', T0 + 300, T0 + 2600)
    behind.waits('a', T0 + 900, T0 + 3000)
    behind.reached('a', T0 + 3100)
    expect(said()).toEqual([2300, 2100, 0].map(ms => ({ type: 'behind', ms })))
  })

  test('of several files is as far behind as in the last of them', () => {
    const { behind, said } = reader()
    behind.waits('a', T0, T0)
    behind.waits('b', T0, T0)
    behind.waits('b', T0 + 4900, T0 + 5000)
    expect(said()).toEqual([{ type: 'behind', ms: 5000 }])
    behind.reached('a', T0 + 5100)
    behind.waits('b', T0 + 5300, T0 + 5400)
    expect(said()).toEqual([{ type: 'behind', ms: 0 }])
  })

  test('of a file that is old is not late by its age', () => {
    const { behind, said } = reader()
    const lastYear = T0 - 365 * 86_400_000
    behind.waits('a', lastYear, T0)
    behind.waits('a', lastYear + 1000, T0 + 1500)
    behind.reached('a', T0 + 1600)
    expect(said()).toEqual([1500, 0].map(ms => ({ type: 'behind', ms })))
  })
})
