/** The line above a list: which screen it is, and what its keys do (in braces, see `Keymap.words`). */
import { listPosition } from '../monitor/cursor.ts'
import { duration, grouped, plural } from '../monitor/format.ts'
import { RANGES } from '../monitor/insights.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { pendingItems } from '../monitor/pending.ts'
import { clip, safe, verbatim, width } from '../monitor/safe-text.ts'
import { timeOfChosen } from '../monitor/timeline.ts'
import { isFollowing } from '../monitor/view.ts'
import { auditTitle } from './audit.ts'
import { isNarrow } from './narrow.ts'
import { olderSums, olderText } from './older.ts'
import type { Theme } from './theme.ts'

export function titleOf(state: MonitorState, columns: number): string {
  const { view, world, policy } = state
  switch (view.screen) {
    case 'live':
      return liveTitle(state, columns)
    case 'sessions':
      return 'sessions: {details} shows its actions, {fold} {unfold} fold, {clear} goes back'
    case 'machines':
      return 'machines: {details} shows its actions, {clear} goes back'
    case 'pending':
      return `${grouped(pendingItems(world).length)} waiting for you: {approve} approves, {deny} denies, {details} shows, {clear} goes back`
    case 'trust':
      return `${grouped(policy.trust.length)} trusted: {edit} edits, {remove} removes, {details} shows, {clear} goes back`
    case 'notices':
      return 'notices, newest first: {details} shows, {clear} goes back'
    case 'insights':
      return `insights, ${insightsWords(state)}: {shorter} {longer} shorter, longer; {trust} trusts, {clear} goes back`
    case 'audit':
      return auditTitle(state.audit)
  }
}

function insightsWords({ view, world, insights }: MonitorState): string {
  const older = olderSums(world, insights)
  return `${RANGES[view.range]?.label ?? ''}${older === '' ? '' : ` (${older})`}`
}

/** `49 actions in 5 sessions, frozen, -2h14m, . for now` */
function liveTitle(state: MonitorState, columns: number): string {
  const { view, rows, world, groups } = state
  const filtered = view.filter.trim() !== ''
  const of = filtered ? ` of ${grouped(world.actions.length)}` : ''
  const filter = filtered ? `, filter ${verbatim(safe(view.filter))}` : ''
  if (filtered && isNarrow(columns)) return `${grouped(rows.length)}${of}${filter}`
  const older = olderText(world)
  // At the oldest that there is.
  if (older !== '' && !isFollowing(view) && listPosition(state, 1).index === 0) return older
  const keys = groups === null ? '' : ': {details} unfolds, {fold-all} all'
  const what = rows.length === 1 && !filtered ? 'action' : 'actions'
  return `${grouped(rows.length)}${of} ${what}${groupsText(state)}, ${whereText(state, columns)}${filter}${keys}`
}

function groupsText({ view, groups }: MonitorState): string {
  if (groups === null) return ''
  const { length } = groups.groups
  return ` in ${plural(length, view.group)}`
}

/** `frozen at 12, -2h14m, . for now`; where it is narrow only the way to now. Headings go with time. */
function whereText(state: MonitorState, columns: number): string {
  if (isFollowing(state.view)) return 'following'
  const ago = duration(Math.max(0, state.now - timeOfChosen(state)))
  const toNow = `${state.view.heading === null ? `-${ago}, ` : ''}{last} for now`
  if (columns < 60) return toNow
  const at = state.groups === null ? ` at ${grouped(listPosition(state, 1).index + 1)}` : ''
  return `frozen${at}, ${toNow}`
}

export function rule(theme: Theme, label: string, columns: number): string {
  const text = clip(`--${label}`, columns)
  return (
    theme.role.rule('--'.slice(0, columns)) +
    theme.role.dim(text.slice(2)) +
    theme.role.rule('-'.repeat(Math.max(0, columns - width(text))))
  )
}
