/** The Insights screen: what happened over a range of time, as plots, and what was blocked most. */
import type { World } from '../action/world.ts'
import { textsOf } from '../action/world.ts'
import { amount, duration, grouped, usd } from '../monitor/format.ts'
import {
  type Insights,
  LATENCY_STEPS,
  RANGES,
  type ReviewSeries,
  type Series,
} from '../monitor/insights.ts'
import { pad, padLeft, safe, width } from '../monitor/safe-text.ts'
import type { Cell } from './cells.ts'
import { listOf, type Place, type Said } from './list.ts'
import { type Panel, type PlotLine, panelLines } from './plot.ts'
import type { Theme } from './theme.ts'

/** Beside each other from so many columns on. */
const TWO = 72
const LEAST_PANEL = 4

export function insightsLines(
  world: World,
  insights: Insights | null,
  cursor: number,
  none: Said,
  place: Place,
): string[] {
  if (insights === null) return [place.theme.role.dim('counting')]
  const { theme, columns, height } = place
  const panels = panelsOf(insights, theme)
  const isWide = columns >= TWO
  const list = Math.max(3, Math.min(insights.resources.length + 1, Math.floor(height / 3)))
  const rows = isWide ? panels.length / 2 : panels.length
  const each = Math.max(LEAST_PANEL, Math.floor((height - list - 1) / rows))
  const shown = isWide
    ? besides(panels, columns, each, theme)
    : panels.flatMap(panel => panelLines(panel, columns, each, theme))
  const plots = shown.slice(0, Math.max(0, height - list - 1))
  const heads = [padLeft('blocked', 7), pad('kind', 10), 'what nobody trusts, and the newest of it']
  return [
    ...plots,
    ...Array<string>(Math.max(0, height - list - 1 - plots.length)).fill(''),
    '',
    ...listOf(heads, resourceCells(world, insights, theme), cursor, none, {
      ...place,
      height: list,
    }),
  ]
}

function resourceCells(world: World, { resources }: Insights, { role }: Theme): Cell[][] {
  return resources.map(({ resource, blocks, row }) => [
    { text: padLeft(grouped(blocks), 7), style: role.blocked },
    { text: pad(safe(resource.kind), 10), style: role.dim },
    { text: safe(resource.id) || '(no name)', style: role.text },
    { text: safe(`| ${textsOf(world, row).summary}`), style: role.dim },
  ])
}

function besides(panels: readonly Panel[], columns: number, each: number, theme: Theme): string[] {
  const half = Math.floor((columns - 2) / 2)
  const lines: string[] = []
  for (let i = 0; i < panels.length; i += 2) {
    const [left, right] = [panels[i], panels[i + 1]].map(panel =>
      panel === undefined ? [] : panelLines(panel, half, each, theme),
    )
    for (let row = 0; row < each; row++) {
      const text = left?.[row] ?? ''
      lines.push(`${text}${' '.repeat(Math.max(0, half - width(text)))}  ${right?.[row] ?? ''}`)
    }
  }
  return lines
}

function panelsOf(insights: Insights, { role }: Theme): Panel[] {
  const { step, stepMs, steps } = RANGES[insights.range] ?? RANGES[1]
  const times = {
    from: timeOf(insights.until - steps * stepMs, stepMs),
    to: timeOf(insights.until, stepMs),
  }
  const plot = (
    label: string,
    values: Series,
    style: PlotLine['style'],
    sum: string,
  ): PlotLine => ({
    label,
    values,
    style,
    sum,
  })
  const count = (label: string, values: Series, style: PlotLine['style']): PlotLine =>
    plot(label, values, style, grouped(sumOf(values)))
  const { latency, reviews } = insights
  const reviewed = (values: Series, sum: string): PlotLine =>
    plot('reviewer', values, role.mark, sum)
  return [
    {
      title: `cost by ${step}`,
      lines: [
        plot('USD', insights.costUsd, role.cost, usd(sumOf(insights.costUsd))),
        ...(reviews === null ? [] : [reviewed(reviews.costUsd, costOf(reviews))]),
      ],
      ...times,
    },
    {
      title: `tokens by ${step}`,
      lines: [
        plot('in+cache', insights.tokensIn, role.text, amount(sumOf(insights.tokensIn))),
        plot('out', insights.tokensOut, role.accent, amount(sumOf(insights.tokensOut))),
        ...(reviews === null ? [] : [reviewed(reviews.tokens, amount(sumOf(reviews.tokens)))]),
      ],
      ...times,
    },
    {
      title: `actions by ${step}`,
      lines: [
        count('approved', insights.approved, role.approved),
        count('blocked', insights.blocked, role.blocked),
        count('asked', insights.asked, role.pending),
      ],
      ...times,
    },
    {
      title: 'how many took how long',
      lines: [
        plot('decision', latency.decision, role.approved, medianOf(latency.decision)),
        plot('tools', latency.tool, role.text, medianOf(latency.tool)),
        plot('model', latency.model, role.accent, medianOf(latency.model)),
        ...(reviews === null ? [] : [reviewed(latency.reviewer, medianOf(latency.reviewer))]),
      ],
      from: '<2ms',
      to: '>10min',
    },
  ]
}

/** The sums of all plots, for who cannot see them. */
export function insightSums(insights: Insights | null, theme: Theme): string[] {
  if (insights === null) return []
  return panelsOf(insights, theme).map(({ title, lines }) => {
    const sums = lines.map(({ label, sum }) => `${label} ${sum}`)
    return `${title}: ${sums.join(', ')}`
  })
}

/** `?` where none of it has a known price, `+` where some has none. */
function costOf({ costUsd, costIsPartial }: ReviewSeries): string {
  const sum = sumOf(costUsd)
  if (!costIsPartial) return usd(sum)
  return sum === 0 ? '?' : `${usd(sum)}+`
}

const sumOf = (series: Series): number => series.reduce((sum, value) => sum + value, 0)

/** In which step the middle one is, as its upper end. */
function medianOf(series: Series): string {
  let left = Math.ceil(sumOf(series) / 2)
  if (left === 0) return '-'
  const step = series.findIndex(n => {
    left -= n
    return left <= 0
  })
  const end = LATENCY_STEPS[step] ?? 0
  return Number.isFinite(end) ? `<${duration(end)}` : '>10min'
}

const two = (n: number): string => String(n).padStart(2, '0')

function timeOf(at: number, stepMs: number): string {
  const day = new Date(at)
  const date = `${two(day.getMonth() + 1)}-${two(day.getDate())}`
  if (stepMs >= 86_400_000) return date
  const time = `${two(day.getHours())}:${two(day.getMinutes())}`
  return stepMs >= 3_600_000 ? `${date} ${time}` : time
}
