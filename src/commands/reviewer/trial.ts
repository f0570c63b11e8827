/** Rows put to the reviewer, several times over if wanted, within the budget of a day. */
import type { Verdict } from '../../action/judgement.ts'
import type { Review, ReviewAccount } from '../../action/review.ts'
import type { ReviewerSettings } from '../../config/policy.ts'
import { UsageError } from '../../config/usage-error.ts'
import { caseOf } from '../../judge/reviewer/case.ts'
import { Reviewer, type ReviewerPrice } from '../../judge/reviewer/reviewer.ts'
import { isReviewable, reviewed } from '../../judge/reviewer/verdict.ts'
import type { LabelledRow } from './rows.ts'

export interface Answer {
  readonly run: number
  readonly row: LabelledRow
  readonly review: Review
  readonly account: ReviewAccount
  /** What the gate would answer with it. */
  readonly verdict: Verdict
}

export interface Trial {
  readonly answers: readonly Answer[]
  /** Why it ended before all was asked, or `''`. */
  readonly endedFor: string
}

export interface TrialOptions {
  readonly settings: ReviewerSettings
  readonly env: NodeJS.ProcessEnv
  readonly loadPrice: () => Promise<ReviewerPrice>
  readonly redact: <T>(value: T) => T
  readonly runs: number
  readonly stop: AbortSignal
  readonly progress: (done: number, of: number) => void
}

const SIDE_BY_SIDE = 2

/** Those that a reviewer is asked about at all. */
export const reviewable = (rows: readonly LabelledRow[]): LabelledRow[] =>
  rows.filter(({ looked }) => isReviewable(looked.explained.judgement, new Set()))

/** @throws UsageError when the first questions already have no answer */
export async function tryOut(rows: readonly LabelledRow[], options: TrialOptions): Promise<Trial> {
  const answers: Answer[] = []
  let endedFor = ''
  for (let run = 1; run <= options.runs && endedFor === ''; run++) {
    const reviewer = fresh(options, answers)
    const left = [...rows]
    const next = async (): Promise<void> => {
      for (let row = left.shift(); row !== undefined && endedFor === ''; row = left.shift()) {
        if (options.stop.aborted) {
          endedFor = 'it was stopped'
          return
        }
        const answer = await ask(reviewer, row, run, options)
        const { problem, reason } = answer.review
        if (problem === 'budget' || problem === 'paused' || problem === 'no-key') {
          endedFor = reason
          return
        }
        if (answer.review.problem === 'late' && options.stop.aborted) return
        answers.push(answer)
        options.progress(answers.length, rows.length * options.runs)
      }
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next))
  }
  const none = answers.every(({ review }) => review.problem !== '')
  if (endedFor !== '' && none && !options.stop.aborted)
    throw new UsageError(cannotAsk(options.settings, answers[0]?.review.reason ?? endedFor))
  return { answers, endedFor }
}

const cannotAsk = ({ model, baseUrl, provider, origin }: ReviewerSettings, why: string): string =>
  `${origin.file}:${origin.line}: the reviewer cannot be asked (${model} at ${baseUrl || provider}): ${why.replace('no second opinion: ', '')}`

/** Nothing is kept from one run to the next but what it cost. */
function fresh({ settings, ...parts }: TrialOptions, before: readonly Answer[]): Reviewer {
  const reviewer = new Reviewer({ ...parts, clock: Date.now })
  for (const { account } of before)
    reviewer.spent({ session: 'before', at: Date.now(), ...account })
  return reviewer
}

async function ask(
  reviewer: Reviewer,
  row: LabelledRow,
  run: number,
  { settings, redact, stop }: TrialOptions,
): Promise<Answer> {
  const { explained } = row.looked
  const told = caseOf({ ...row.looked, redact, earlier: { calls: [], forgotten: 0 } })
  const { dayUsd: sessionUsd, dayTokens: sessionTokens } = settings.budget
  const wide = { ...settings, budget: { ...settings.budget, sessionUsd, sessionTokens } }
  // Each row is a session of its own: what two have in common is asked twice.
  const { review, account } = await reviewer.review(wide, row.id, told, stop)
  const { verdict } = reviewed(explained.judgement, review)
  return { run, row, review, account, verdict }
}
