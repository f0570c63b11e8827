/** The heading of a group of actions: what it is, how many were approved and blocked, what it cost. */
import { basename } from 'node:path'
import type { World } from '../action/world.ts'
import { textsOf } from '../action/world.ts'
import { clean } from '../monitor/cost.ts'
import { clock, duration, grouped, plural, usd } from '../monitor/format.ts'
import { glyphs } from '../monitor/glyphs.ts'
import { type Group, type Grouping, OPINION } from '../monitor/groups.ts'
import { clip, pad, padLeft, safe } from '../monitor/safe-text.ts'
import { unmistakable } from '../monitor/trust.ts'
import { type Cell, line } from './cells.ts'
import { labelled } from './lists.ts'
import { isNarrow } from './narrow.ts'
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

/** How wide its figures are; those without room are not there. */
function widthsFor(columns: number) {
  if (columns < 60) return { total: 7, approved: 0, blocked: 5, pending: 4, cost: 0, ago: 0 }
  const ago = columns < 80 ? 0 : 7
  return { total: columns >= 100 ? 15 : 7, approved: 8, blocked: 7, pending: 5, cost: 10, ago }
}

/** Above the headings. */
export function groupHeads(by: Grouping, columns: number): string {
  const w = widthsFor(columns)
  const narrow = isNarrow(columns)
  const heads = [
    padLeft('actions', w.total),
    padLeft('approved', w.approved),
    padLeft(narrow ? 'x' : 'blocked', w.blocked),
    padLeft(narrow ? '?' : 'waits', w.pending),
    padLeft('cost', w.cost),
    padLeft('ago', w.ago),
  ].filter(head => head !== '')
  const figures = heads.join(' ')
  return clip(`  ${pad(by, Math.max(8, columns - figures.length - 3))} ${figures}`, columns)
}

function figuresOf({ group, now }: Heading, columns: number, { role }: Theme): Cell[] {
  const w = widthsFor(columns)
  const figure = (sign: string, n: number, style: Cell['style'], width: number): Cell => ({
    text: padLeft(`${sign} ${grouped(n)}`, width),
    style: n === 0 ? role.dim : style,
  })
  const total = group.rows.length
  const cells = [
    {
      text: padLeft(columns >= 100 ? plural(total, 'action') : grouped(total), w.total),
      style: role.text,
    },
    figure('+', group.approved, role.approved, w.approved),
    figure('x', group.blocked, role.blocked, w.blocked),
    figure('?', group.pending, role.pending, w.pending),
    { text: padLeft(costOf(group), w.cost), style: role.cost },
    { text: padLeft(ageOf(now - group.lastAt), w.ago), style: role.dim },
  ]
  return cells.filter(({ text }) => text !== '')
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
