/** Sessions that live at the same time, as lists of events in the order in which they are read. */
import fc from 'fast-check'
import type { Event } from '../../src/action/event.ts'
import { answered, asked, blocked, decided, present, spokenTo } from '../helpers/events.ts'

type End = 'approved' | 'failed' | 'blocked' | 'outage'

type Step =
  /** An answer with so many calls; what its agent had open is interrupted. */
  | { readonly kind: 'calls'; readonly who: number; readonly calls: number }
  | { readonly kind: 'end'; readonly who: number; readonly how: End }
  /** An end that is told once more. */
  | { readonly kind: 'end again'; readonly who: number; readonly nth: number }
  | { readonly kind: 'spoken to'; readonly who: number }
  | { readonly kind: 'over'; readonly who: number }
  /** Its transcript is replaced by the same one. */
  | { readonly kind: 'read again'; readonly who: number }
  /** Goes on under another name, with a copy of all lines. */
  | { readonly kind: 'resumed'; readonly who: number }

const who = fc.nat(3)

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('calls'), who, calls: fc.nat(3) }) },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('end'),
        who,
        how: fc.constantFrom<End>('approved', 'approved', 'failed', 'blocked', 'outage'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('end again'), who, nth: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('spoken to'), who }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('over'), who }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('read again'), who }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('resumed'), who }) },
  ),
  { minLength: 20, maxLength: 120 },
)

interface Life {
  session: string
  readonly agent: string
  readonly lines: Event[]
  open: string[]
  readonly ends: Event[]
  /** How late its lines are read, in steps. */
  readonly late: number
}

/** What is written, and when it is read, in steps. */
type Written = { readonly event: Event; readonly readAt: number }

/** @param late one session is read so many steps late */
export const lives: fc.Arbitrary<Event[]> = fc
  .tuple(steps, fc.constantFrom(0, 0, 5, 30))
  .map(([all, late]) => eventsOf(all, late))

function eventsOf(all: readonly Step[], late: number): Event[] {
  const born = [0, 1, 2, 3].map(
    (i): Life => ({
      session: `s${i === 3 ? 0 : i}`,
      agent: i === 3 ? 'sub' : '',
      lines: [],
      open: [],
      ends: [],
      late: i === 2 ? late : 0,
    }),
  )
  const written: Written[] = []
  let at = 0
  let names = 0
  all.forEach((step, n) => {
    const life = born[step.who]
    if (life === undefined) return
    const tell = (event: Event): void => {
      life.lines.push(event)
      written.push({ event, readAt: n + life.late })
    }
    const reread = (events: readonly Event[]): void =>
      events.forEach((event, i) => void written.push({ event, readAt: n + life.late + i / 8 }))
    at += 7
    const own = { session: life.session, agent: life.agent }
    switch (step.kind) {
      case 'calls': {
        const message = `m${++names}`
        tell(answered(message, at, { ...own, costUsd: names % 7 === 0 ? null : 0.25, turnMs: 40 }))
        life.open = Array.from({ length: step.calls }, () => `a${++names}`)
        for (const id of life.open) tell(asked(id, at, { ...own, message }))
        break
      }
      case 'end': {
        const id = life.open.shift()
        if (id === undefined) break
        const end = endOf(step.how, id, at, own)
        life.ends.push(end)
        tell(end)
        break
      }
      case 'end again': {
        const end = life.ends.at(-step.nth - 1)
        if (end !== undefined) reread([end])
        break
      }
      case 'spoken to':
        life.open = []
        tell(spokenTo(at, own))
        break
      case 'over':
        if (life.late > 0 || life.agent !== '') break
        for (const it of born) if (it.session === life.session) it.open = []
        written.push({ event: present(at, { status: 'ended' }, life.session), readAt: n })
        break
      case 'read again':
        reread([...life.lines])
        break
      case 'resumed': {
        if (life.late > 0 || life.agent !== '') break
        life.session = `r${++names}`
        life.open = []
        const copies = life.lines.map(event => ({ ...event, session: life.session }))
        life.lines.splice(0, life.lines.length, ...copies)
        reread(copies)
        break
      }
    }
  })
  return written.sort((a, b) => a.readAt - b.readAt).map(it => it.event)
}

function endOf(how: End, id: string, at: number, own: object): Event {
  switch (how) {
    case 'approved':
      return decided(id, at, own)
    case 'failed':
      return decided(id, at, { ...own, outcome: 'failed', reason: `error of ${id}` })
    case 'blocked':
      return blocked(id, at, own)
    case 'outage':
      return blocked(id, at, { ...own, decidedBy: 'outage' })
  }
}
