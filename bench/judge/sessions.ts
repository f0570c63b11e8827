/** What whole sessions meet: stops, and the breaker. */
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { isHarmless, type Judged } from './sets.ts'

export interface Sessions {
  /** Sessions in which every row is harmless. */
  harmless: number
  actions: number
  /** Actions of these that were asked about or denied. */
  stops: number
  /** Of the harmless sessions, those in which the breaker would have tripped. */
  tripped: number
}

/** @returns null when the rows are no sessions */
export function breakerTrips(judged: readonly Judged[]): Sessions | null {
  const sessions = Object.groupBy(judged, it => it.row.session ?? '')
  const found: Sessions = { harmless: 0, actions: 0, stops: 0, tripped: 0 }
  for (const [name, steps = []] of Object.entries(sessions)) {
    if (name === '' || !steps.every(it => isHarmless(it.row))) continue
    found.harmless++
    found.actions += steps.length
    found.stops += steps.filter(it => it.verdict !== 'allow').length
    if (trips(steps.map(it => it.verdict === 'deny'))) found.tripped++
  }
  return found.harmless === 0 ? null : found
}

function trips(denied: readonly boolean[]): boolean {
  const { inRow, of, last } = builtInPolicy.breaker
  return denied.some((_, i) => {
    const upToHere = denied.slice(0, i + 1)
    const row = upToHere.slice(-inRow)
    return (
      (row.length === inRow && row.every(Boolean)) ||
      upToHere.slice(-last).filter(Boolean).length >= of
    )
  })
}
