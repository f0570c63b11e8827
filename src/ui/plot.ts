/** Bars of block characters: one series in one or more lines, its label before it and a word behind. */
import { glyphs } from '../monitor/glyphs.ts'
import { pad, padLeft, safe } from '../monitor/safe-text.ts'
import { line } from './cells.ts'
import type { Style, Theme } from './theme.ts'

export interface PlotLine {
  readonly label: string
  readonly values: readonly number[]
  readonly style: Style
  /** What it comes to. */
  readonly sum: string
}

export interface Panel {
  readonly title: string
  readonly lines: readonly PlotLine[]
  /** Under the first bar, and under the last. */
  readonly from: string
  readonly to: string
}

const LABEL = 8
const SUM = 8

/** @param height lines in all; what does not fit is left out, the axis first */
export function panelLines(panel: Panel, columns: number, height: number, theme: Theme): string[] {
  const { role } = theme
  const room = Math.max(1, columns - LABEL - SUM - 2)
  const series = panel.lines.slice(0, Math.max(1, height - 1))
  const withAxis = height >= series.length + 2
  const each = Math.max(1, Math.floor((height - (withAxis ? 2 : 1)) / series.length))
  const axis = `${' '.repeat(LABEL + 1)}${role.dim(axisOf(panel, room))}`
  return [
    line([{ text: panel.title, style: role.accent }], columns),
    ...series.flatMap(it => plotLines(it, { room, each }, theme)),
    ...(withAxis ? [axis] : []),
  ].slice(0, height)
}

interface Shape {
  /** Characters of all bars. */
  readonly room: number
  /** Lines of one series. */
  readonly each: number
}

function plotLines(
  { label, values, style, sum }: PlotLine,
  { room, each }: Shape,
  { role }: Theme,
): string[] {
  const bars = barLines(values, room, each)
  return bars.map((text, i) => {
    const isLast = i === each - 1
    const head = role.dim(pad(safe(isLast ? label : ''), LABEL))
    const tail = role.text(padLeft(safe(isLast ? sum : ''), SUM))
    return `${head} ${style(text)} ${tail}`
  })
}

/**
 * Bars share the width; where there are more than fit, the last ones are shown. The highest fills all
 * lines, and whatever is more than nothing is seen.
 */
export function barLines(values: readonly number[], width: number, height: number): string[] {
  const shown = values.slice(-width)
  const most = Math.max(...shown, 0)
  const eighths = Array.from({ length: width }, (_, x) => {
    const value = shown[Math.floor((x * shown.length) / width)] ?? 0
    return most <= 0 || value <= 0 ? 0 : Math.max(1, Math.round((value / most) * height * 8))
  })
  const { levels } = glyphs()
  return Array.from({ length: height }, (_, i) => {
    const below = (height - 1 - i) * 8
    return eighths.map(it => levels[Math.max(0, Math.min(8, it - below))] ?? ' ').join('')
  })
}

function axisOf({ from, to }: Panel, width: number): string {
  const gap = width - from.length - to.length
  return gap < 1 ? from.slice(0, width) : `${from}${' '.repeat(gap)}${to}`
}
