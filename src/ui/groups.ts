/** The heading of a group of actions: what it is, how many were approved and blocked, what it cost. */
import { basename } from 'node:path'
import type { World } from '../action/world.ts'
import { textsOf } from '../action/world.ts'
import { clean } from '../monitor/cost.ts'
import { clock, duration, grouped, usd } from '../monitor/format.ts'
import { glyphs } from '../monitor/glyphs.ts'
import { type Group, type Grouping, OPINION } from '../monitor/groups.ts'
import { clip, pad, padLeft, safe } from '../monitor/safe-text.ts'
import { unmistakable } from '../monitor/trust.ts'
import { type Cell, line } from './cells.ts'
import { labelled } from './lists.ts'
import type { Theme } from './theme.ts'

export interface Heading {
  readonly world: World
  readonly by: Grouping
  readonly group: Group
  readonly unfolded: boolean
  readonly now: number
}

/** Figures stand under each other; the name has what they leave. */
export function headingLine(heading: Heading, columns: number, theme: Theme): string {
  const { group, unfolded } = heading
  const sign = unfolded ? glyphs().unfolded : glyphs().folded
  const figures = figuresOf(heading, columns, theme)
  const taken = figures.reduce((sum, { text }) => sum + text.length + 1, 0)
  const room = Math.max(8, columns - taken - 2)
  const name = { text: pad(nameOf(heading), room), style: theme.role.accent }
  const empty = group.rows.length === 0
  return line([{ text: sign, style: theme.role.dim }, name, ...(empty ? [] : figures)], columns, 1)
}

/** Above the headings; the widths are those of their figures. */
export function groupHeads(by: Grouping, columns: number): string {
  const narrow = columns < 60
  const heads = [
    padLeft('actions', columns >= 100 ? 15 : 7),
    ...(narrow ? [] : [padLeft('approved', 8)]),
    padLeft(narrow ? 'x' : 'blocked', narrow ? 5 : 7),
    padLeft(narrow ? '?' : 'waits', narrow ? 4 : 5),
    ...(narrow ? [] : [padLeft('cost', 10)]),
    ...(columns < 80 ? [] : [padLeft('ago', 7)]),
  ].join(' ')
  return clip(`  ${pad(by, Math.max(8, columns - heads.length - 3))} ${heads}`, columns)
}

function figuresOf({ group, now }: Heading, columns: number, { role }: Theme): Cell[] {
  const wide = columns >= 100
  const figure = (sign: string, n: number, style: Cell['style'], width: number): Cell => ({
    text: padLeft(`${sign} ${grouped(n)}`, width),
    style: n === 0 ? role.dim : style,
  })
  const total = grouped(group.rows.length)
  const what = group.rows.length === 1 ? 'action' : 'actions'
  const narrow = columns < 60
  return [
    { text: padLeft(wide ? `${total} ${what}` : total, wide ? 15 : 7), style: role.text },
    ...(narrow ? [] : [figure('+', group.approved, role.approved, 8)]),
    figure('x', group.blocked, role.blocked, narrow ? 5 : 7),
    figure('?', group.pending, role.pending, narrow ? 4 : 5),
    ...(narrow ? [] : [{ text: padLeft(costOf(group), 10), style: role.cost }]),
    ...(columns < 80 ? [] : [{ text: padLeft(ageOf(now - group.lastAt), 7), style: role.dim }]),
  ]
}

const costOf = ({ costUsd, partial }: Group): string =>
  costUsd === null ? '?' : usd(clean(costUsd)) + (partial ? '+?' : '')

/** In whole seconds: a heading does not change with every frame. */
const ageOf = (ms: number): string => (ms < 1000 ? 'now' : duration(Math.floor(ms / 1000) * 1000))

/** Safe text. */
export function nameOf({ world, by, group: { key } }: Heading): string {
  switch (by) {
    case 'session': {
      const session = world.findSession(key)
      return safe(`${key.slice(0, 8)} ${session?.title || basename(session?.cwd ?? '')}`.trim())
    }
    case 'resource':
      return safe(key === '' ? 'nothing known' : unmistakable(key))
    case 'rule':
      return safe(key === '' ? 'no rule' : key)
    case 'none':
      return ''
  }
}

/** What there is to say of a group in the pane of the details. */
export function groupDetails(heading: Heading, theme: Theme, columns: number): string[] {
  const { world, by, group } = heading
  const { rows, approved, blocked, pending } = group
  const [first = 0, newest = 0] = [rows[0], rows.at(-1)]
  const at = world.actions.columns.requestedAt
  const counts = `${grouped(rows.length)}: approved ${grouped(approved)}, blocked ${grouped(blocked)}, pending ${grouped(pending)}`
  const opinion = by === 'rule' && group.key.endsWith(OPINION)
  return [
    ...labelled(by, nameOf(heading), theme, columns),
    ...(opinion
      ? labelled('', 'the client decided; the judge would have by this', theme, columns)
      : []),
    ...labelled('actions', counts, theme, columns),
    ...labelled('cost', costOf(group), theme, columns),
    ...labelled('time', `${clock(at[first] ?? 0)} to ${clock(at[newest] ?? 0)}`, theme, columns),
    ...labelled('newest', textsOf(world, newest).summary, theme, columns),
  ]
}
