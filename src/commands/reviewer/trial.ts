/** Rows put to the reviewer, several times over if wanted, within the budget of a day. */
import type { Verdict } from '../../action/judgement.ts'
import type { Review, ReviewAccount, ReviewProblem } from '../../action/review.ts'
import type { ReviewerSettings } from '../../config/policy.ts'
import { UsageError } from '../../config/usage-error.ts'
import type { Spent } from '../../judge/reviewer/budget.ts'
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
  /** What the gate's own reviews have cost: the budget of a day is one for all. */
  readonly spent: readonly Spent[]
  readonly stop: AbortSignal
  readonly progress: (done: number, of: number) => void
}

const SIDE_BY_SIDE = 2

/** Those that a reviewer is asked about at all. */
export const reviewable = (rows: readonly LabelledRow[]): LabelledRow[] =>
  rows.filter(({ looked }) => isReviewable(looked.explained.judgement, new Set()))

/** @throws UsageError when nothing could be asked */
export async function tryOut(rows: readonly LabelledRow[], options: TrialOptions): Promise<Trial> {
  const answers: Answer[] = []
  const ends: Review[] = []
  const isOver = (): boolean => ends.length > 0 || options.stop.aborted
  for (let run = 1; run <= options.runs && !isOver(); run++) {
    const reviewer = fresh(options, answers)
    const left = [...rows.entries()]
    const next = async (): Promise<void> => {
      for (let at = left.shift(); at !== undefined && !isOver(); at = left.shift()) {
        const [i, row] = at
        const answer = await ask(reviewer, row, `row ${i}`, run, options)
        // Its end was ours, and not the model's.
        if (options.stop.aborted && answer.review.problem !== '') return
        if (ENDS.has(answer.review.problem)) {
          ends.push(answer.review)
          return
        }
        answers.push(answer)
        options.progress(answers.length, rows.length * options.runs)
      }
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next))
  }
  if (options.stop.aborted) return { answers, endedFor: 'it was stopped' }
  const [ended] = ends
  const failed = answers[0]?.review ?? ended
  if (failed && answers.every(({ review }) => FAILS.has(review.problem)))
    throw new UsageError(cannotAsk(options.settings, failed))
  return { answers, endedFor: ended ? plainReason(ended) : '' }
}

/** After these there is no use in going on. */
const ENDS: ReadonlySet<ReviewProblem> = new Set(['budget', 'paused', 'no-key'])
/** Where there is nothing else, the model was not there to be tried. */
const FAILS: ReadonlySet<ReviewProblem> = new Set(['outage', 'late', 'malformed'])

// It is this command that asks here, and not the gate.
const plainReason = ({ reason }: Review): string =>
  reason.replace('no second opinion: ', '').replace(' where the gate was started', '')

function cannotAsk({ model, baseUrl, provider, origin }: ReviewerSettings, failed: Review): string {
  const who = `${model} at ${baseUrl || provider}`
  const why = plainReason(failed)
  return `${origin.file}:${origin.line}: the reviewer cannot be asked (${who}): ${why}; ${mendOf(failed.problem, why)}`
}

function mendOf(problem: ReviewProblem, why: string): string {
  switch (problem) {
    case 'no-key':
      return 'set it in this shell, or see that the command prints it'
    case 'budget':
      return "wait for tomorrow, or raise 'budget'"
    case 'late':
      return "see whether the server is busy, or raise 'timeout'"
    case 'malformed':
      return 'this model does not answer as it is asked to: try another one'
    case 'outage':
      return /HTTP 40[13]/.test(why)
        ? 'see whether the key is right'
        : "see whether 'base_url' and 'model' are right and the server runs"
    case '':
    case 'unbelieved':
    case 'refused':
    case 'paused':
    case 'too-long':
      return 'try again later'
  }
}

/** Nothing is kept from one run to the next but what it cost. */
function fresh({ settings, spent, ...parts }: TrialOptions, before: readonly Answer[]): Reviewer {
  const reviewer = new Reviewer({ ...parts, clock: Date.now })
  for (const one of spent) reviewer.spent(one)
  for (const { account } of before)
    reviewer.spent({ session: 'before', at: Date.now(), ...account })
  return reviewer
}

async function ask(
  reviewer: Reviewer,
  row: LabelledRow,
  session: string,
  run: number,
  { settings, redact, stop }: TrialOptions,
): Promise<Answer> {
  const { looked, earlier } = row
  const told = caseOf({ ...looked, redact, earlier })
  const { dayUsd: sessionUsd, dayTokens: sessionTokens } = settings.budget
  const wide = { ...settings, budget: { ...settings.budget, sessionUsd, sessionTokens } }
  // Each row is a session of its own: what two have in common is asked twice.
  const { review, account } = await reviewer.review(wide, session, told, stop)
  const { verdict } = reviewed(looked.explained.judgement, review)
  return { run, row, review, account, verdict }
}
