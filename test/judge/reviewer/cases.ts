/** Cases as the gate makes them, by the real judge. */
import { builtInPolicy } from '../../../src/config/built-in-policy.ts'
import type { Policy, ReviewerSettings } from '../../../src/config/policy.ts'
import { explainOn } from '../../../src/judge/judge.ts'
import { emptyLedger } from '../../../src/judge/ledger.ts'
import {
  type Case,
  caseOf,
  type EarlierCall,
  type ToReview,
} from '../../../src/judge/reviewer/case.ts'
import { type Reviewed, Reviewer } from '../../../src/judge/reviewer/reviewer.ts'
import type { Facts, ToolCall } from '../../../src/judge/types.ts'
import { FACTS as PROJECT } from '../facts.ts'

export const FACTS: Facts = {
  ...PROJECT,
  words: ['Please read the docs of the payment API and fix the client.'],
  guarded: [],
}

export const bashCall = (command: string, description = ''): ToolCall => ({
  tool: 'Bash',
  input: description === '' ? { command } : { command, description },
  agent: '',
})

export interface Given {
  readonly call: ToolCall
  readonly facts?: Partial<Facts>
  readonly policy?: Partial<Policy>
  readonly earlier?: readonly EarlierCall[]
  readonly forgotten?: number
  readonly ledger?: ToReview['ledger']
  readonly redact?: ToReview['redact']
}

export function caseFor({
  call,
  earlier: calls = [],
  forgotten = 0,
  ledger = emptyLedger,
  ...more
}: Given): Case {
  const facts = { ...FACTS, ...more.facts }
  const policy = { ...builtInPolicy, ...more.policy }
  const explained = explainOn('2026-12-01')(call, facts, policy, ledger)
  const earlier = { calls, forgotten }
  const redact = more.redact ?? (value => value)
  return caseOf({ call, facts, policy, ledger, explained, earlier, redact })
}

export const settingsFor = (
  url: string,
  more: Partial<ReviewerSettings> = {},
): ReviewerSettings => ({
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  baseUrl: url,
  key: { from: 'environment', name: 'REVIEW_KEY' },
  timeoutMs: 3000,
  budget: { sessionUsd: 1, dayUsd: 5, sessionTokens: 1e6, dayTokens: 1e7 },
  origin: { layer: 'user', file: '', line: 1 },
  ...more,
})

/** Asks a fresh reviewer, so that nothing is kept from before. */
export function reviewOnce(settings: ReviewerSettings, it: Case): Promise<Reviewed> {
  const env = { REVIEW_KEY: 'sk-test' }
  const reviewer = new Reviewer({ env, clock: Date.now, loadPrice: async () => () => null })
  return reviewer.review(settings, 's1', it, new AbortController().signal)
}
