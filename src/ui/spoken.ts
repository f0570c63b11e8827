/**
 * The screen for who hears it: what is selected, what waits, and what can be done, in plain lines
 * without columns. Nothing in it counts, so that it is read again only when there is news.
 */
import type { Session, World } from '../action/world.ts'
import { agentLabel } from '../monitor/breakdown.ts'
import { isActive } from '../monitor/counters.ts'
import { chosenLine, listPosition } from '../monitor/cursor.ts'
import { grouped, usd } from '../monitor/format.ts'
import type { Group } from '../monitor/groups.ts'
import { type MachineRow, machineAt, machinesOf, relayOf } from '../monitor/machines.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { noticeLines } from '../monitor/notices.ts'
import { actionName, pendingItems } from '../monitor/pending.ts'
import { plainLine } from '../monitor/plain.ts'
import { problemWords, reviewerProblem } from '../monitor/reviews.ts'
import { safe, verbatim } from '../monitor/safe-text.ts'
import { nodeAt, sessionTree, type TreeNode } from '../monitor/sessions.ts'
import { unmistakable } from '../monitor/trust.ts'
import { isFollowing } from '../monitor/view.ts'
import { actsOf, footWords } from './foot.ts'
import { nameOf } from './groups.ts'
import { insightSums } from './insights.ts'
import type { Keymap } from './keymap.ts'
import type { Size } from './layout.ts'
import { type Frame, helpShown, paneShown } from './screen.ts'
import { emptyOf, isAway, wordLines } from './states.ts'
import { ROLES, type Role, type Style, type Theme } from './theme.ts'
import { titleOf } from './title.ts'

const same: Style = text => text

/** Nothing is told by colour. */
const PLAIN: Theme = {
  id: 'plain',
  name: 'plain',
  role: Object.fromEntries(ROLES.map(role => [role, same])) as Record<Role, Style>, // one a role
  selection: same,
}

/** So wide that nothing is cut that matters. */
const WIDE = 200

/** Help and details are heard a fact a line. */
export const spokenSize = ({ columns, rows }: Size): Size => ({
  columns: Math.min(columns, 75),
  rows,
})

export function spokenLines(shown: Frame): string[] {
  const frame = { ...shown, theme: PLAIN }
  const { state, keymap } = frame
  const foot = footWords(state, frame.keymap, PLAIN, WIDE)?.join(' ') ?? keysOf(frame)
  if (state.view.help)
    return [keymap.words('help: {down} and {up} scroll, {clear} leaves'), ...helpShown(frame), foot]
  const amiss = isAway(state) || state.world.notes.length > 0
  return [
    keymap.words(whereOf(state)),
    ...(amiss ? [wordLines(state, PLAIN, WIDE).join(' ')] : []),
    reviewerWords(state),
    state.view.screen === 'pending' ? '' : waitingOf(state),
    ...selectedOf(frame),
    ...paneShown(frame).map(text => text.replace(/^-- | -+$/g, '').trimEnd()),
    foot,
  ].filter(text => text !== '')
}

function keysOf({ state, keymap }: Frame): string {
  const acts = keymap
    .on(state.view.screen)
    .filter(b => actsOf(state).some(act => act === b.command))
  const keys = acts.map(b => `${b.keys[0] ?? ''} ${b.foot ?? b.help}`)
  return [...keys, keymap.words('{help} help'), keymap.words('{quit} quit')].join(', ')
}

function whereOf(state: MonitorState): string {
  const { view, world } = state
  const mark = world.mark === '' ? '' : `${verbatim(safe(world.mark))}: `
  if (view.screen !== 'live') return mark + titleOf(state, WIDE)
  const filter = view.filter.trim() === '' ? '' : `, filter ${verbatim(safe(view.filter))}`
  const { index, length } = listPosition(state, 1)
  const what = state.groups === null ? 'action' : 'line'
  const at = isFollowing(view) ? 'following' : `${what} ${grouped(index + 1)} of ${grouped(length)}`
  return `${mark}live, ${at}${filter}`
}

/** What is amiss with the reviewer: on the screen it stands in the head. */
function reviewerWords({ world, now }: MonitorState): string {
  const problem = reviewerProblem(world, now)
  return problem === null ? '' : `${problemWords(problem)}: ${safe(problem.reason)}`
}

function waitingOf({ world }: MonitorState): string {
  const items = pendingItems(world)
  const newest = items.at(-1)
  if (newest === undefined) return 'nothing waits for you'
  const more = items.length > 1 ? `, and ${items.length - 1} more` : ''
  return `waits for you: ${actionName(world, newest.row)}${more}`
}

function selectedOf({ state, place, keymap }: Frame): string[] {
  const { view, world } = state
  const none = (): string[] => emptyOf(state, place, WIDE).map(text => keymap.words(text))
  switch (view.screen) {
    case 'live': {
      if (state.rows.length === 0) return none()
      if (isFollowing(view) && !view.details) return []
      const line = chosenLine(state)
      if (line?.kind === 'heading') return [`selected: ${headingWords(state, line.group)}`]
      return line === null ? [] : [`selected: ${plainLine(world, line.row)}`]
    }
    case 'pending':
      return pendingWords(world, view.pending, keymap) ?? none()
    case 'sessions': {
      const nodes = sessionTree(world, view.tree)
      const at = nodeAt(nodes, view.session)
      const node = nodes[at]
      return node === undefined ? none() : [nth(at, nodes) + nodeWords(world, node, state.now)]
    }
    case 'machines': {
      const machines = machinesOf(world)
      const at = machineAt(machines, view.machine)
      const machine = machines[at]
      return machine === undefined ? none() : [nth(at, machines) + machineWords(state, machine)]
    }
    case 'trust': {
      const { trust } = state.policy
      const entry = trust[view.cursor]
      if (entry === undefined) return none()
      const { slot, project, expires, note } = entry
      const words = [unmistakable(entry.entry), slot, project || 'everywhere', expires, note]
      return [nth(view.cursor, trust) + safe(words.filter(Boolean).join(', '))]
    }
    case 'notices': {
      const notices = noticeLines(world)
      const notice = notices[view.cursor]
      return notice === undefined ? none() : [nth(view.cursor, notices) + safe(notice.text)]
    }
    case 'insights': {
      const resources = state.insights?.resources ?? []
      const chosen = resources[view.cursor]
      const sums = insightSums(state.insights, PLAIN)
      if (chosen === undefined) return [...sums, ...none()]
      const blocked = `${safe(chosen.resource.id)}, blocked ${grouped(chosen.blocks)} times`
      return [...sums, nth(view.cursor, resources) + blocked]
    }
    case 'audit': {
      const { findings } = state.audit
      const finding = findings[view.cursor]
      if (finding === undefined) return none()
      const { severity, what, where } = finding
      return [nth(view.cursor, findings) + safe(`${severity}, ${what}, ${where}`)]
    }
  }
}

const nth = (index: number, all: readonly unknown[]): string =>
  `selected, ${grouped(index + 1)} of ${grouped(all.length)}: `

function pendingWords(world: World, selected: number | null, keymap: Keymap): string[] | null {
  const items = pendingItems(world, selected)
  const at = items.findIndex(item => item.row === selected)
  const item = items[at]
  if (item === undefined) return items.length === 0 ? null : ['nothing is selected']
  const how = {
    here: keymap.words('{approve} approves, {deny} denies'),
    client: 'to be answered in the client',
    over: 'no longer waits',
  }[item.answer]
  const why = item.why === '' ? '' : `, because: ${safe(item.why)}`
  return [`${nth(at, items)}${actionName(world, item.row)}${why}, ${how}`]
}

function headingWords({ world, view, groups, now }: MonitorState, group: Group): string {
  const unfolded = groups?.isUnfolded(group) ?? false
  const name = nameOf({ world, by: view.group, group, unfolded, now })
  const figures = `${grouped(group.rows.length)} actions, ${grouped(group.blocked)} blocked`
  return `${view.group} ${name}, ${figures}, ${unfolded ? 'unfolded' : 'folded'}`
}

function nodeWords(world: World, node: TreeNode, now: number): string {
  if (node.kind === 'session') return sessionWords(world, node.session, now)
  const { agent, counts } = node.sums
  return safe(`${agentLabel(world, agent)}, a subagent, ${grouped(counts.total)} actions`)
}

function machineWords({ world, now }: MonitorState, machine: MachineRow): string {
  const { name, sessions, counts } = machine
  const words = [
    safe(name),
    `relay ${relayOf(world, name, now).state}`,
    `${grouped(sessions)} sessions`,
    `${grouped(counts.blocked)} blocked`,
    `${grouped(counts.pending)} pending`,
  ]
  return words.join(', ')
}

function sessionWords(world: World, session: Session, now: number): string {
  const { id, permissionMode, counts, title, cwd } = session
  const words = [
    id.slice(0, 8),
    isActive(world, session, now) ? (session.presence?.status ?? 'live') : 'not live',
    `mode ${permissionMode || 'unknown'}`,
    `${grouped(counts.total)} actions`,
    `${grouped(counts.blocked)} blocked`,
    `${grouped(counts.pending)} pending`,
    usd(session.costUsd),
    title || cwd,
  ]
  return safe(words.join(', '))
}
