/** Generated sessions: what each of their files tells, in the order of the file. */
import fc from 'fast-check'
import type { Event } from '../../src/action/event.ts'
import { answered, asked, blocked, decided, spokenTo } from '../helpers/events.ts'

export type File = readonly Event[]

const CALL = fc.record({
  end: fc.constantFrom('approved', 'failed', 'by user', 'blocked', 'unattended', 'outage', 'none'),
  /** Whether the result is written before the call's own line. */
  early: fc.integer({ min: 0, max: 2 }).map(n => n === 0),
  asksPerson: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
})
type Call = typeof CALL extends fc.Arbitrary<infer T> ? T : never

const STEP = fc.oneof(
  fc.constant({ kind: 'prompt' } as const),
  fc.record({
    kind: fc.constant('answer' as const),
    calls: fc.array(CALL, { maxLength: 3 }),
    model: fc.constantFrom('priced', 'unpriced'),
    outputs: fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 3 }),
  }),
)
type Step = typeof STEP extends fc.Arbitrary<infer T> ? T : never

interface Who {
  readonly session: string
  readonly agent: string
}

/** An event that still lacks its time. */
type Untimed = (at: number) => Event

function endOf(who: Who, id: string, end: Call['end']): Untimed[] {
  switch (end) {
    case 'none':
      return []
    case 'failed':
      return [at => decided(id, at, { ...who, outcome: 'failed' })]
    case 'by user':
      return [at => decided(id, at, { ...who, decidedBy: 'user' })]
    case 'approved':
      return [at => decided(id, at, who)]
    case 'blocked':
      return [at => blocked(id, at, who)]
    default:
      return [at => blocked(id, at, { ...who, decidedBy: end })]
  }
}

function linesOf(who: Who, step: Step, name: string): Untimed[] {
  if (step.kind === 'prompt') return [at => spokenTo(at, who)]
  const message = `msg_${name}`
  const { model } = step
  const costOf = (output: number): number | null => (model === 'priced' ? output / 64 : null)
  const accounts = step.outputs.map(
    (output): Untimed =>
      at =>
        answered(message, at, { ...who, model, tokens: { output }, costUsd: costOf(output) }),
  )
  const calls = step.calls.map((call, i) => {
    const id = `toolu_${name}_${i}`
    const waits = call.asksPerson ? 'answer' : 'none'
    const ask: Untimed = at => asked(id, at, { ...who, message, waits })
    const end = endOf(who, id, call.end)
    return call.early ? { before: [...end, ask], after: [] } : { before: [ask], after: end }
  })
  return [...accounts, ...calls.flatMap(c => c.before), ...calls.flatMap(c => c.after)]
}

/** Up to three sessions with so many agents each; every event has a time of its own. */
export function files({ agents }: { agents: number }): fc.Arbitrary<File[]> {
  const file = fc.array(STEP, { maxLength: 6 })
  const session = fc.array(file, { minLength: 1, maxLength: agents })
  return fc.array(session, { minLength: 1, maxLength: 3 }).map(sessions =>
    sessions.flatMap((steps, s) =>
      steps.map((own, a) => {
        const who = { session: `s${s}`, agent: a === 0 ? '' : `agent${a}` }
        const untimed = own.flatMap((step, i) => linesOf(who, step, `${s}_${a}_${i}`))
        return untimed.map((line, i) => line(i * 100 + s * 10 + a + 1))
      }),
    ),
  )
}
