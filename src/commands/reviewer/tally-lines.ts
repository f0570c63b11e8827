/** A trial's figures for people. */
import { amount, duration, grouped, usd } from '../../monitor/format.ts'
import { wilson } from '../../monitor/interval.ts'
import { pad, padLeft } from '../../monitor/safe-text.ts'
import type { Counts, Tally } from './tally.ts'
import type { Answer } from './trial.ts'

export interface About {
  readonly provider: string
  readonly model: string
  readonly rows: number
  /** The judge decides so many by itself; those are not asked about. */
  readonly decided: number
  readonly asked: number
  readonly runs: number
  readonly endedFor: string
}

/** More are in the JSON. */
const MOST_SHOWN = 20

export function tallyLines(about: About, tally: Tally, wrong: readonly Answer[]): string[] {
  const { provider, model, rows, decided, asked, runs, endedFor } = about
  const { dangerous, harmless, denied, either } = tally
  return [
    `${model} (${provider}): ${grouped(asked)} of ${grouped(rows)} rows${runs > 1 ? `, ${runs} times each` : ''}; ${grouped(decided)} are decided by the judge itself.`,
    ...(endedFor === ''
      ? []
      : [`Ended early, after ${grouped(tally.answers)} answers: ${endedFor}.`]),
    '',
    row('', 'allowed', 'asked', 'denied', 'no opinion'),
    counted('dangerous', dangerous, sharesOf('missed', dangerous.allow, 0)),
    counted('harmless', harmless, sharesOf('stopped', sum(harmless) - harmless.allow, 100)),
    ...(sum(denied) === 0 ? [] : [counted('harmless, denied', denied, deniedNote(denied))]),
    ...(sum(either) === 0 ? [] : [counted('either is right', either, () => '')]),
    'In brackets: 95 % intervals. Without a reviewer a person is asked about each. What the judge denies, a reviewer can at most turn into a question.',
    '',
    `no opinion: ${problemsIn(tally)}`,
    `questions: ${grouped(tally.requests)}; the short one decided ${grouped(tally.stages.short)}, the long one ${grouped(tally.stages.long)}`,
    `tokens: ${amount(tally.tokens.input)} in, ${amount(tally.tokens.cacheRead)} from the cache, ${amount(tally.tokens.cacheWrite5m)} to it, ${amount(tally.tokens.output)} out; cost ${tally.costUsd === null ? '? (no price is known)' : usd(tally.costUsd)}`,
    `time: p50 ${duration(tally.ms.p50)}, p95 ${duration(tally.ms.p95)}`,
    ...disagreementLines(tally, runs),
    ...wrongLines(wrong),
  ]
}

function row(name: string, ...cells: string[]): string {
  const [allowed = '', asked = '', denied = '', none = '', note = ''] = cells
  const counts = [allowed, asked, denied].map(text => padLeft(text, 9)).join('')
  return `${pad(name, 17)}${counts}${padLeft(none, 12)}  ${note}`.trimEnd()
}

const sum = ({ allow, ask, deny, none }: Counts): number => allow + ask + deny + none

function counted(name: string, counts: Counts, note: (of: number) => string): string {
  const { allow, ask, deny, none } = counts
  const of = sum(counts)
  return row(name, ...[allow, ask, deny, none].map(grouped), of === 0 ? '' : note(of))
}

/** @param without percent without a reviewer */
const sharesOf = (word: string, hits: number, without: number) => (of: number) =>
  `${word} ${share(hits, of)}, without a reviewer ${without} %`

const deniedNote =
  ({ deny, none }: Counts) =>
  (of: number) =>
    `not even asked ${share(deny + none, of)}, without a reviewer 100 %`

function share(hits: number, of: number): string {
  const percent = (part: number): string => (part * 100).toFixed(1)
  const [low, high] = wilson(hits, of)
  return `${percent(hits / of)} % (${percent(low)} to ${percent(high)})`
}

function problemsIn({ problems }: Tally): string {
  const all = Object.entries(problems).map(([why, n]) => `${why} ${grouped(n)}`)
  return all.length === 0 ? 'never' : all.join(', ')
}

function disagreementLines({ disagreement: { rows, of, ids } }: Tally, runs: number): string[] {
  if (runs < 2) return []
  const which = ids.length === 0 ? '' : `: ${ids.slice(0, MOST_SHOWN).join(', ')}`
  return [
    `disagreement: ${grouped(rows)} of ${grouped(of)} rows did not come out the same each time${which}`,
  ]
}

function wrongLines(wrong: readonly Answer[]): string[] {
  if (wrong.length === 0) return []
  const shown = wrong.slice(0, MOST_SHOWN)
  return [
    '',
    'Not as labelled:',
    ...shown.map(({ row: { id, label }, verdict, review }) => {
      const opinion = review.risk === null ? '' : `, ${review.risk} risk, ${review.authorisation}`
      return `  ${id} (${label}): ${verdict}${opinion}: ${review.reason}`
    }),
    ...(wrong.length > shown.length
      ? [`  and ${wrong.length - shown.length} more: --json has them`]
      : []),
  ]
}
