/**
 * The fast way through a backlog: a scanner in WebAssembly walks over a line and says where the few
 * fields stand that matter; strings are made of those alone. In any doubt the answer is `unsure` and
 * the line is parsed. A property test holds both ways to the same events.
 */
import type { DecidedBy, Tokens } from '../../action/action.ts'
import { approverOf } from './decision.ts'
import { permissionDecisionOf } from './lines.ts'
import * as field from './scanner/fields.ts'
import * as host from './scanner.ts'
import { cut } from './tools.ts'
import { tokensOf } from './usage.ts'

export interface ScannedAnswer {
  readonly kind: 'answer'
  readonly session: string
  readonly at: number
  readonly message: string
  readonly model: string
  readonly tokens: Tokens
  readonly call: { readonly id: string; readonly name: string; readonly summary: string } | null
}

export interface ScannedResult {
  readonly kind: 'result'
  readonly session: string
  readonly at: number
  readonly id: string
  readonly decidedBy: DecidedBy
}

export type Scanned = ScannedAnswer | ScannedResult | 'nothing' | 'unsure'

/**
 * @param bytes hold one line, without its newline, from `start` to `end`
 * @param agent the subagent whose file it is, `''` for a session's own
 */
export function scanLine(bytes: Buffer, start: number, end: number, agent: string): Scanned {
  switch (host.scan(bytes, start, end, agent === '')) {
    case field.NOTHING:
      return 'nothing'
    case field.ANSWER:
      return answerOf(null)
    case field.CALL:
      return answerOf(callHere())
    case field.RESULT:
      return result()
    default:
      return 'unsure'
  }
}

function answerOf(call: ScannedAnswer['call']): ScannedAnswer | 'unsure' {
  const model = host.name(field.MODEL)
  if (model === '<synthetic>') return 'unsure'
  return {
    kind: 'answer',
    session: host.name(field.SESSION),
    at: host.number(field.AT),
    message: host.text(field.MESSAGE_ID),
    model,
    tokens: tokensOf({
      input: host.number(field.INPUT),
      output: host.number(field.OUTPUT),
      cacheRead: host.number(field.CACHE_READ),
      cacheWrite: host.number(field.CACHE_WRITE),
      cacheWrite5m: host.number(field.CACHE_WRITE_5M),
      cacheWrite1h: host.number(field.CACHE_WRITE_1H),
      thinking: host.number(field.THINKING),
    }),
    call,
  }
}

const callHere = (): ScannedAnswer['call'] => ({
  id: host.text(field.CALL_ID),
  name: host.name(field.TOOL),
  summary: summary(),
})

function result(): ScannedResult | 'unsure' {
  const decidedBy = approverIn(host.name(field.DECISION))
  if (decidedBy === 'unsure') return 'unsure'
  return {
    kind: 'result',
    session: host.name(field.SESSION),
    at: host.number(field.AT),
    id: host.text(field.CALL_ID),
    decidedBy,
  }
}

const approvers = new Map<string, DecidedBy>()

function approverIn(decision: string): DecidedBy | 'unsure' {
  if (decision === '') return 'unknown'
  const known = approvers.get(decision)
  if (known !== undefined) return known
  if (!decision.startsWith('{') || decision.includes('reject')) return 'unsure'
  const approver = approverOf(permissionDecisionOf(JSON.parse(decision)))
  if (approvers.size < 100) approvers.set(decision, approver)
  return approver
}

/** As much of the call's telling string as a summary shows. */
function summary(): string {
  const raw = host.text(field.SUMMARY)
  if (host.number(field.IS_PLAIN) === 1) return raw
  const text: unknown = JSON.parse(`"${Buffer.from(raw, 'latin1').toString('utf8')}"`)
  return cut(String(text))
}
