/** The impact of auto mode in plain words, and what cannot be concluded from what was seen. */
import { duration, grouped, usd } from './format.ts'
import type { Impact, ModeImpact, Reviewing, Share } from './impact.ts'

/** Below so many a rate says little. */
const FEW = 30

export const percent = (share: number): string =>
  `${(share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`

/** As `3 of 120, 2.5 % (0.9 % to 7.1 %)`. */
export function shareOf({ n, of, low, high }: Share): string {
  if (of === 0) return 'none to count'
  return `${grouped(n)} of ${grouped(of)}, ${percent(n / of)} (${percent(low)} to ${percent(high)})`
}

/** What was found, in the order of what an owner asks. */
export function foundIn(impact: Impact): string[] {
  const { saved, overridden, takenBack, pauses, latency, total } = impact
  if (total.actions === 0) return ['No action was recorded in this range.']
  const { classifier, gate, reviewer, tool, model } = latency
  const deciding = classifier.totalMs + gate.totalMs + reviewer.totalMs
  const all = deciding + tool.totalMs + model.totalMs
  return [
    ...(saved.actions === 0
      ? []
      : [
          `${grouped(saved.actions)} actions were approved by a check instead of a person${
            saved.ms === null
              ? '; how long answering them takes was not seen'
              : `: at the median wait of ${duration(total.waited.p50)}, some ${duration(saved.ms)} of waiting`
          }.`,
        ]),
    ...(all === 0
      ? []
      : [
          `Deciding took ${duration(deciding)}, ${percent(deciding / all)} of the time of deciding, tools and model together.`,
        ]),
    ...reviewedIn(impact.deciding.reviewer),
    ...(overridden.of === 0 ? [] : [`Blocks that a person overrode: ${shareOf(overridden)}.`]),
    ...(takenBack.of === 0
      ? []
      : [
          `Approved without a person, and then taken back: ${shareOf(takenBack)}; ${takenBack.interrupted} interrupted, ${takenBack.typed} typed.`,
        ]),
    `Pauses: ${pauses.inRow} after 3 refusals in a row, ${pauses.inAll} after 20 in all, ${pauses.breaker} by the breaker.`,
  ]
}

function reviewedIn(it: Reviewing): string[] {
  if (it.asked === 0) return []
  const decided = it.allowed + it.denied
  const others = [
    it.left === 0 ? '' : `${grouped(it.left)} were left to a person`,
    it.upheld === 0 ? '' : `${grouped(it.upheld)} stayed refused by the judge`,
    it.problems === 0 ? '' : `of ${grouped(it.problems)} it had no opinion`,
  ].filter(text => text !== '')
  return [
    `The reviewer decided ${grouped(decided)} of ${grouped(it.asked)} actions that it was asked about, and nobody was interrupted for them: ${grouped(it.allowed)} approved, ${grouped(it.denied)} blocked${others.length === 0 ? '' : `; ${others.join(', ')}`}.`,
  ]
}

/** What nobody may conclude from it. */
export function unknownIn(impact: Impact): string[] {
  const { modes, total, deciding, overridden, sessions, latency } = impact
  if (total.actions === 0) return []
  const few = modes.filter(it => it.actions < FEW)
  return [
    ...(sessions.gated < sessions.all
      ? [
          `${sessions.all - sessions.gated} of ${sessions.all} sessions had no gate: their waits, overrides and approvals by a check are only known as far as the transcript tells.`,
        ]
      : []),
    ...(modes.length > 1
      ? [
          'Modes were used for different work: a difference between them need not come from the mode.',
        ]
      : []),
    ...few.map(
      it =>
        `${it.mode}: only ${it.actions} actions; its rate of interruptions lies anywhere from ${percent(it.interruptions.low)} to ${percent(it.interruptions.high)}.`,
    ),
    ...(deciding.classifier === null
      ? [
          `What the client's own check costs is not visible${whyNotVisible(deciding.exported)}${
            deciding.untoldUsd > 0
              ? `; clients counted ${usd(deciding.untoldUsd)} beyond their transcripts, and it is at most that`
              : ''
          }.`,
        ]
      : []),
    ...(deciding.classifier === null &&
    latency.classifier.n > 0 &&
    latency.classifier.n < total.actions
      ? [
          "The client says when it refused, not when it approved: its check's time is from refusals, and from approvals that a gate timed.",
        ]
      : []),
    ...(overridden.of > 0 && overridden.of < FEW
      ? ['There were too few blocks to say how often they are wrong.']
      : []),
    'A block that nobody overrode need not have been right, and an approval that nobody took back need not either.',
  ]
}

const whyNotVisible = (exported: number): string =>
  exported === 0
    ? " without OpenTelemetry ('signalbox otlp')"
    : `: none of the ${grouped(exported)} requests that clients exported was for it`

/** Per 100 actions, with the interval. */
export function per100({ interruptions: it, actions }: ModeImpact): string {
  if (actions === 0) return '-'
  const of100 = (share: number): string => (share * 100).toFixed(1)
  return `${of100(it.n / actions)} (${of100(it.low)}-${of100(it.high)})`
}
