/** The sessions screen: each with its subagents, and where the selected one's money went. */
import { basename } from 'node:path'
import { STATES, totalTokens } from '../action/action.ts'
import type { Session, World } from '../action/world.ts'
import type { AgentSums } from '../monitor/agent-sums.ts'
import { agentLabel, breakdownOf, type Share } from '../monitor/breakdown.ts'
import { clean, costGap, costIsPartial, knownCost } from '../monitor/cost.ts'
import { isActive } from '../monitor/counters.ts'
import { clock, duration, grouped, tokensText, usd } from '../monitor/format.ts'
import { gateSession, grantsAt, pauseOf, unmet } from '../monitor/gate-view.ts'
import { glyphs } from '../monitor/glyphs.ts'
import { clip, pad, padLeft, safe, wrap } from '../monitor/safe-text.ts'
import { nodeAt, sessionTree, type TreeNode } from '../monitor/sessions.ts'
import { type View, windowOf } from '../monitor/view.ts'
import { type Cell, line } from './cells.ts'
import { type Place, type Said, saidLines } from './list.ts'
import { isNarrow } from './narrow.ts'
import type { Theme } from './theme.ts'

export function sessionLines(
  world: World,
  view: Pick<View, 'session' | 'tree'>,
  none: Said,
  place: Place,
): string[] {
  const { theme, columns, height, now } = place
  const nodes = sessionTree(world, view.tree)
  const selected = nodeAt(nodes, view.session)
  const chosen = nodes[selected]
  if (chosen === undefined) return saidLines(none, theme, columns)
  const costs = costLines(world, chosen, theme, columns, now).slice(0, Math.max(0, height - 4))
  const listHeight = Math.max(1, height - 1 - costs.length)
  const { top, end } = windowOf(nodes.length, selected, listHeight - 1, listHeight)
  const gated = world.gate.sessions.size > 0
  const heads = HEADS.filter(({ text }) => gated || text !== 'gate').map(({ text, width }) =>
    text === 'session' ? pad(text, firstWidth(world, columns)) : headOf(text, width(columns)),
  )
  const shown = <T>(cells: readonly T[]): T[] =>
    cells.filter((_, i) => !isNarrow(columns) || NARROW.test(heads[i] ?? ''))
  const rows = nodes.slice(top, end).map((node, i) => {
    const text = line(shown(nodeCells(world, node, { theme, columns, now })), columns, 1)
    return top + i === selected ? theme.selection(text) : text
  })
  const filler = Array<string>(Math.max(0, listHeight - rows.length)).fill('')
  return [
    line(
      shown(heads).map(text => ({ text, style: theme.role.dim })),
      columns,
      1,
    ),
    ...rows,
    ...filler,
    ...costs,
  ]
}

/** What is told where there is little room. */
const NARROW = /^ *(session|project|blocked|pending) *$/

function firstWidth(world: World, columns: number): number {
  if (columns >= 140) return 20
  const least = world.gate.sessions.size > 0 ? 100 : 80
  return columns >= least ? 16 : 12
}

const GATE_WIDTH = 12

const PROJECT = (columns: number): number => (isNarrow(columns) ? 10 : columns >= 140 ? 20 : 14)
const COUNT = (columns: number): number => (isNarrow(columns) ? 7 : 8)
const fixed = (n: number) => (): number => n

/** What matters most comes first: a narrow screen has no more. */
const HEADS: readonly { readonly text: string; readonly width: (columns: number) => number }[] = [
  { text: 'session', width: fixed(0) },
  { text: 'project', width: PROJECT },
  { text: 'status', width: fixed(8) },
  { text: 'blocked', width: COUNT },
  { text: 'pending', width: COUNT },
  { text: 'cost', width: fixed(9) },
  { text: 'gate', width: fixed(GATE_WIDTH) },
  { text: 'mode', width: fixed(8) },
  { text: 'actions', width: fixed(8) },
  { text: 'tokens', width: fixed(8) },
  { text: 'client', width: fixed(9) },
  { text: 'idle', width: fixed(7) },
  { text: 'row/all', width: fixed(7) },
  { text: 'model', width: fixed(18) },
  { text: 'folder', width: fixed(6) },
]

const WORDS = /^(project|status|gate|mode|row.all|model|folder)$/

const headOf = (text: string, width: number): string =>
  WORDS.test(text) ? pad(text, width) : padLeft(text, width)

type Look = Pick<Place, 'theme' | 'columns' | 'now'>

/** What a node has in each column; `''` where a subagent has nothing of its own. */
interface NodeWords {
  readonly name: string
  readonly status: string
  readonly isActive: boolean
  readonly mode: string
  readonly gate: readonly Cell[]
  readonly counts: AgentSums['counts']
  readonly cost: string
  readonly tokens: string
  readonly client: string
  readonly lastAt: number
  readonly streak: Session['streak'] | null
  readonly model: string
  readonly project: string
  readonly folder: string
}

function nodeCells(world: World, node: TreeNode, { theme, columns, now }: Look): Cell[] {
  const { role } = theme
  const words =
    node.kind === 'session' ? ofSession(world, node, theme, now) : ofAgent(world, node, theme)
  const { counts, streak } = words
  const count = (n: number, style: Cell['style'], room: number): Cell => ({
    text: padLeft(grouped(n), room),
    style: n === 0 ? role.dim : style,
  })
  return [
    { text: pad(words.name, firstWidth(world, columns)), style: role.text },
    { text: pad(words.project, PROJECT(columns)), style: role.text },
    { text: pad(words.status, 8), style: words.isActive ? role.approved : role.dim },
    count(counts.blocked, role.blocked, COUNT(columns)),
    count(counts.pending, role.pending, COUNT(columns)),
    { text: padLeft(words.cost, 9), style: role.cost },
    ...words.gate,
    { text: pad(words.mode, 8), style: role.accent },
    count(counts.total, role.text, 8),
    { text: padLeft(words.tokens, 8), style: role.text },
    { text: padLeft(words.client, 9), style: role.dim },
    { text: padLeft(duration(Math.max(0, now - words.lastAt)), 7), style: role.dim },
    {
      text: pad(streak === null ? '' : `${streak.inRow}/${streak.total}`, 7),
      style: (streak?.total ?? 0) > 0 ? role.blocked : role.dim,
    },
    { text: pad(safe(words.model || '?'), 18), style: role.text },
    { text: words.folder, style: role.dim },
  ]
}

type NodeOf<K extends TreeNode['kind']> = Extract<TreeNode, { kind: K }>

function ofSession(world: World, node: NodeOf<'session'>, theme: Theme, now: number): NodeWords {
  const { session, agents, unfolded } = node
  const below = agents === 0 ? '' : unfolded ? glyphs().unfolded : `${glyphs().folded} ${agents}`
  return {
    ...session,
    name: `${safe(session.id.slice(0, 8)).padEnd(8)} ${below}`,
    status: statusOf(session),
    isActive: isActive(world, session, now),
    mode: safe(session.permissionMode || '?'),
    gate: gateCell(world, session, theme),
    tokens: tokensText(totalTokens(session.tokens), session.uncounted),
    cost: usd(knownCost(session)) + (costIsPartial(session) ? '+?' : ''),
    client: session.clientCost ? usd(session.clientCost.totalUsd) : '-',
    project: safe(session.title || basename(session.cwd)),
    folder: safe(session.cwd),
  }
}

function ofAgent(world: World, node: NodeOf<'agent'>, theme: Theme): NodeWords {
  const { session, sums, isLast } = node
  const status = agentStatus(world, session, sums)
  return {
    ...sums,
    name: ` ${isLast ? glyphs().last : glyphs().branch}${safe(agentLabel(world, sums.agent))}`,
    status,
    isActive: status === 'busy' || status === 'waiting',
    mode: '',
    gate:
      world.gate.sessions.size > 0 ? [{ text: ' '.repeat(GATE_WIDTH), style: theme.role.dim }] : [],
    tokens: tokensText(sums.tokens, 0),
    cost: usd(clean(sums.costUsd)) + (sums.partial ? '+?' : ''),
    client: '',
    streak: null,
    project: '',
    folder: '',
  }
}

/** What an agent does is only known by what of it is open. */
function agentStatus(world: World, session: Session, { agent }: AgentSums): string {
  const open = world.open.get(agent) ?? []
  const waits = open.some(row => STATES[world.actions.columns.state[row] ?? 0] === 'pending')
  if (waits) return 'waiting'
  if (open.length > 0) return 'busy'
  const status = statusOf(session)
  return status === 'ended' || status === 'unknown' ? status : 'idle'
}

function gateCell(world: World, session: Session, theme: Theme): Cell[] {
  const { role } = theme
  if (world.gate.sessions.size === 0) return []
  const gated = gateSession(world, session.id)
  if (gated === null) return [{ text: pad('-', GATE_WIDTH), style: role.dim }]
  const pause = pauseOf(world, session.id)
  const how = pause === null ? '' : pause.hard ? ' PAUSE' : ' pause'
  const text = pad(gated.role + how, GATE_WIDTH)
  return [{ text, style: pause === null ? role.accent : role.mark }]
}

/** Role, preconditions, pause and grants of one session, in words. */
function gateWords(world: World, session: Session, now: number): string[] {
  const gated = gateSession(world, session.id)
  if (gated === null) return []
  const { preconditions } = gated
  const missing = unmet(gated)
  const pause = pauseOf(world, session.id)
  const grants = grantsAt(world, now).filter(grant => grant.session === session.id)
  const met = `enabled by ${preconditions.enabled}, ${preconditions.model} on ${preconditions.platform}`
  return [
    `role ${gated.role}: ${gated.why}${gated.attended ? '' : ' (unattended)'}`,
    missing.length === 0 ? met : `nothing is approved here: ${missing.join('; ')}`,
    ...(pause === null
      ? []
      : [
          `paused${pause.hard ? ' hard' : ''}${pause.of === 'all' ? ', as all are' : ''}: ${pause.why}`,
        ]),
    ...grants.map(grant => `grant ${grant.uses}, until ${clock(grant.until)}: ${grant.summary}`),
  ]
}

const statusOf = (session: Session): string => session.presence?.status ?? 'unknown'

function costLines(
  world: World,
  node: TreeNode,
  theme: Theme,
  columns: number,
  now: number,
): string[] {
  const { role } = theme
  const { session } = node
  const costs = breakdownOf(world, world.sessionIndex(session.id), agentOf(node))
  const gap = node.kind === 'session' ? costGap(session) : null
  const client = `${session.client} ${session.version}`
  const heading =
    node.kind === 'session'
      ? safe(`${session.id}  ${client}  began ${clock(session.firstAt)}  ${session.cwd}`)
      : safe(`${agentIdOf(world, node)}  of ${session.id}  began ${clock(node.sums.firstAt)}`)
  return [
    '',
    role.accent(clip(heading, columns)),
    ...(node.kind === 'session' ? gateWords(world, session, now) : []).map(text =>
      role.text(clip(safe(text), columns)),
    ),
    ...shareLines('model', costs.byModel, theme, columns),
    ...(node.kind === 'session' ? shareLines('agent', costs.byAgent, theme, columns) : []),
    ...shareLines('tool', costs.byTool, theme, columns),
    ...(gap === null ? [] : wrap(safe(gap), columns).map(role.mark)),
  ]
}

const agentOf = (node: TreeNode): number | undefined =>
  node.kind === 'agent' ? node.sums.agent : undefined

function agentIdOf(world: World, { sums }: NodeOf<'agent'>): string {
  const agent = world.agents[sums.agent]
  return [agent?.name, agent?.id].filter(Boolean).join(' ')
}

function shareLines(
  what: 'model' | 'agent' | 'tool',
  shares: readonly Share[],
  theme: Theme,
  columns: number,
): string[] {
  if (shares.length === 0) return []
  const { role } = theme
  const cells = shares.map(share => ({
    text: `${safe(share.name)} ${usd(share.costUsd)}${share.partial ? '+?' : ''} (${grouped(share.count)})`,
    style: role.text,
  }))
  return [line([{ text: `by ${pad(what, 6)}`, style: role.dim }, ...cells], columns)]
}
