/** Folds what the client's own telemetry tells, and counts requests whoever tells of them. */
import type { ClientTold } from './event.ts'
import type { Answered } from './gate-event.ts'
import { hashId } from './hash-index.ts'
import { actionPlace } from './identity.ts'
import { isForgotten, seen } from './rows.ts'
import type { Spent } from './telemetry-state.ts'
import type { World } from './world.ts'

/** Under which a request, or an action, of a session is known. */
export const requestKey = (session: string, request: string): number =>
  hashId(`${session}\n${request}`)

/** Counts a request once, whoever tells of it, and in whichever order. */
export function countRequest(world: World, event: Answered): void {
  const { telemetry } = world
  telemetry.tellers.add(event.origin)
  if (event.request === '') {
    countNameless(world, event)
    return
  }
  const key = requestKey(event.session, event.request)
  const known = telemetry.requests.get(key)
  if (known === undefined && isForgotten(world, key, event.at)) return
  const { requests } = world.sessionOf(event.session)
  if (event.origin === 'telemetry') {
    telemetry.purposes.set(key, event.querySource)
    if (known?.telemetry) return // it was sent twice
    spend(world, event)
  }
  const again = known?.[event.origin] === true // a gateway that begins its ids anew
  const counted =
    known === undefined || again
      ? { at: event.at, checkpoint: false, telemetry: false, failed: false, retried: false }
      : known
  if (known === undefined || again) requests.total++
  if (isFailed(event) && !counted.failed) requests.failed++
  if (event.retry > 0 && !counted.retried) requests.retried++
  counted[event.origin] = true
  counted.failed ||= isFailed(event)
  counted.retried ||= event.retry > 0
  telemetry.requests.set(key, counted)
}

/** Which is which cannot be told: of two tellers the one that knows of more is right. */
function countNameless(world: World, event: Answered): void {
  const { telemetry } = world
  if (event.origin === 'telemetry') {
    const copy = hashId([event.session, event.at, event.model, event.querySource].join('\n'))
    if (telemetry.copies.has(copy) || isForgotten(world, copy, event.at)) return
    telemetry.copies.set(copy, event.at)
    spend(world, event)
  }
  const known = telemetry.nameless.get(event.session) ?? { checkpoint: 0, telemetry: 0 }
  const before = Math.max(known.checkpoint, known.telemetry)
  known[event.origin]++
  telemetry.nameless.set(event.session, known)
  if (known[event.origin] <= before) return
  const { requests } = world.sessionOf(event.session)
  requests.total++
  if (isFailed(event)) requests.failed++
  if (event.retry > 0) requests.retried++
}

const isFailed = ({ status, error }: Answered): boolean => status !== 200 || error !== ''

function spend(world: World, event: Answered): void {
  const { session, querySource, tokens } = event
  seen(world.sessionOf(session), event.at)
  const purposes = world.telemetry.spent.get(session) ?? new Map<string, Spent>()
  world.telemetry.spent.set(session, purposes)
  const sum = purposes.get(querySource) ?? nothing()
  purposes.set(querySource, sum)
  sum.requests++
  if (isFailed(event)) sum.failed++
  sum.tokens.input += tokens.input
  sum.tokens.output += tokens.output
  sum.tokens.cacheRead += tokens.cacheRead
  sum.tokens.cacheWrite += tokens.cacheWrite5m + tokens.cacheWrite1h
  sum.costUsd += event.costUsd ?? 0
  sum.ms += event.ms
}

const nothing = (): Spent => ({
  requests: 0,
  failed: 0,
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  costUsd: 0,
  ms: 0,
})

/** The client told how an action was decided, or how long it ran. */
export function foldClientTold(world: World, event: ClientTold): void {
  const { actions } = world.telemetry
  const key = requestKey(event.session, event.action)
  const known = actions.get(key) ?? { decision: null, source: '', classifier: '', runMs: null }
  actions.set(key, known)
  if (event.decision !== null) {
    known.decision = event.decision
    known.source = event.source
    known.classifier = event.classifier
  }
  known.runMs = event.runMs ?? known.runMs
  const owner = world.findSession(event.session)
  if (owner === undefined) return
  const { row } = actionPlace(world, hashId(event.action), world.sessionIndex(owner.id), null)
  if (row !== undefined) world.telemetry.touched.add(row)
}
