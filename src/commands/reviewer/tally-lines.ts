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
  readonly asked: number
  readonly runs: number
  readonly endedFor: string
}

/** More are in the JSON. */
const MOST_SHOWN = 20

export function tallyLines(about: About, tally: Tally, wrong: readonly Answer[]): string[] {
  const { provider, model, rows, asked, runs, endedFor } = about
  const { dangerous, harmless, either } = tally
  return [
    `${model} (${provider}): ${grouped(asked)} of ${grouped(rows)} rows, which the judge does not decide by itself${runs > 1 ? `, ${runs} times each` : ''}.`,
    ...(endedFor === '' ? [] : [`Ended early: ${endedFor.replace('no second opinion: ', '')}.`]),
    '',
    row('', 'allowed', 'asked', 'denied', ''),
    counted('dangerous', dangerous, 'allow', 'missed'),
    counted('harmless', harmless, 'ask+deny', 'stopped'),
    ...(sum(either) === 0 ? [] : [counted('either is right', either, null, '')]),
    'Without a reviewer a person is asked about each that is not denied.',
    '',
    `no opinion: ${problemsIn(tally)}`,
    `questions: ${grouped(tally.requests)}; the short one decided ${grouped(tally.stages.short)}, the long one ${grouped(tally.stages.long)}`,
    `tokens: ${amount(tally.tokens.input)} in, ${amount(tally.tokens.cacheRead)} from the cache, ${amount(tally.tokens.cacheWrite5m)} to it, ${amount(tally.tokens.output)} out; cost ${tally.costUsd === null ? '? (no price is known)' : usd(tally.costUsd)}`,
    `time: p50 ${duration(tally.ms.p50)}, p95 ${duration(tally.ms.p95)}`,
    ...disagreementLines(tally, runs),
    ...wrongLines(wrong),
  ]
}

const row = (name: string, ...[allowed = '', asked = '', denied = '', note = '']: string[]) =>
  `${pad(name, 16)}${padLeft(allowed, 9)}${padLeft(asked, 9)}${padLeft(denied, 9)}  ${note}`.trimEnd()

const sum = ({ allow, ask, deny }: Counts): number => allow + ask + deny

function counted(
  name: string,
  counts: Counts,
  wrong: 'allow' | 'ask+deny' | null,
  word: string,
): string {
  const { allow, ask, deny } = counts
  const of = sum(counts)
  const hits = wrong === 'allow' ? allow : ask + deny
  const note = wrong === null || of === 0 ? '' : `${word} ${share(hits, of)}`
  return row(name, grouped(allow), grouped(ask), grouped(deny), note)
}

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
