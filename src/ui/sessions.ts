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
import { clip, pad, safe, wrap } from '../monitor/safe-text.ts'
import { nodeAt, sessionTree, type TreeNode } from '../monitor/sessions.ts'
import { type View, windowOf } from '../monitor/view.ts'
import { line } from './cells.ts'
import { type Column, cellsOf, columnsFor, headsOf, left, right } from './columns.ts'
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
  const shown = columnsFor(columnsOf(world, columns), columns)
  const rows = nodes.slice(top, end).map((node, i) => {
    const text = line(cellsOf(shown, wordsOf(world, node, now), theme), columns, 1)
    return top + i === selected ? theme.selection(text) : text
  })
  const filler = Array<string>(Math.max(0, listHeight - rows.length)).fill('')
  return [
    line(
      headsOf(shown).map(text => ({ text, style: theme.role.dim })),
      columns,
      1,
    ),
    ...rows,
    ...filler,
    ...costs,
  ]
}

/** What a node has in each column; `''` where a subagent has nothing of its own. */
interface NodeWords {
  readonly name: string
  readonly project: string
  readonly status: string
  readonly isActive: boolean
  readonly blocked: string
  readonly pending: string
  readonly cost: string
  readonly gate: string
  readonly isPaused: boolean
  readonly mode: string
  readonly actions: string
  readonly tokens: string
  readonly client: string
  readonly idle: string
  readonly streak: string
  readonly model: string
  readonly folder: string
}

/** What matters most comes first: a narrow screen has no more. */
function columnsOf({ gate }: World, columns: number): readonly Column<NodeWords>[] {
  const isGated = gate.sessions.size > 0
  const narrow = isNarrow(columns)
  const first = columns >= 140 ? 20 : columns >= (isGated ? 100 : 80) ? 16 : 12
  const project = narrow ? 10 : columns >= 140 ? 20 : 14
  const count = narrow ? 7 : 8
  return [
    left('session', first, 0, it => it.name),
    left('project', project, 0, it => it.project),
    left(
      'status',
      8,
      60,
      it => it.status,
      it => (it.isActive ? 'approved' : 'dim'),
    ),
    right('blocked', count, 0, it => it.blocked, 'blocked'),
    right('pending', count, 0, it => it.pending, 'pending'),
    right('cost', 9, 60, it => it.cost, 'cost'),
    ...(isGated
      ? [
          left<NodeWords>(
            'gate',
            12,
            60,
            it => it.gate,
            it => (it.isPaused ? 'mark' : 'accent'),
          ),
        ]
      : []),
    left('mode', 8, 60, it => it.mode, 'accent'),
    right('actions', 8, 60, it => it.actions, 'text'),
    right('tokens', 8, 60, it => it.tokens, 'text'),
    right('client', 9, 60, it => it.client, 'dim'),
    right('idle', 7, 60, it => it.idle, 'dim'),
    left(
      'refused',
      7,
      60,
      it => it.streak,
      it => (/[1-9]/.test(it.streak) ? 'blocked' : 'dim'),
    ),
    left('model', 18, 60, it => it.model),
    left('folder', 0, 60, it => it.folder, 'dim'),
  ]
}

const wordsOf = (world: World, node: TreeNode, now: number): NodeWords =>
  node.kind === 'session' ? ofSession(world, node, now) : ofAgent(world, node, now)

/** What both kinds have. */
const figuresOf = (
  { counts, lastAt, model }: Pick<AgentSums, 'counts' | 'lastAt' | 'model'>,
  now: number,
) => ({
  blocked: grouped(counts.blocked),
  pending: grouped(counts.pending),
  actions: grouped(counts.total),
  idle: duration(Math.max(0, now - lastAt)),
  model: safe(model || '?'),
})

type NodeOf<K extends TreeNode['kind']> = Extract<TreeNode, { kind: K }>

function ofSession(world: World, node: NodeOf<'session'>, now: number): NodeWords {
  const { session, agents, unfolded } = node
  const below = agents === 0 ? '' : unfolded ? glyphs().unfolded : `${glyphs().folded} ${agents}`
  return {
    ...figuresOf(session, now),
    ...gateWord(world, session),
    name: `${safe(session.id.slice(0, 8)).padEnd(8)} ${below}`,
    project: safe(session.title || basename(session.cwd)),
    status: statusOf(session),
    isActive: isActive(world, session, now),
    cost: usd(knownCost(session)) + (costIsPartial(session) ? '+?' : ''),
    mode: safe(session.permissionMode || '?'),
    tokens: tokensText(totalTokens(session.tokens), session.uncounted),
    client: session.clientCost ? usd(session.clientCost.totalUsd) : '-',
    streak: `${session.streak.inRow}/${session.streak.total}`,
    folder: safe(session.cwd),
  }
}

function ofAgent(world: World, node: NodeOf<'agent'>, now: number): NodeWords {
  const { session, sums, isLast } = node
  const status = agentStatus(world, session, sums)
  const none = {
    project: '',
    gate: '',
    isPaused: false,
    mode: '',
    client: '',
    streak: '',
    folder: '',
  }
  return {
    ...none,
    ...figuresOf(sums, now),
    name: ` ${isLast ? glyphs().last : glyphs().branch}${safe(agentLabel(world, sums.agent))}`,
    status,
    isActive: status === 'busy' || status === 'waiting',
    cost: usd(clean(sums.costUsd)) + (sums.partial ? '+?' : ''),
    tokens: tokensText(sums.tokens, 0),
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

function gateWord(world: World, { id }: Session): Pick<NodeWords, 'gate' | 'isPaused'> {
  const gated = gateSession(world, id)
  if (gated === null) return { gate: '-', isPaused: false }
  const pause = pauseOf(world, id)
  const how = pause === null ? '' : pause.hard ? ' PAUSE' : ' pause'
  return { gate: gated.role + how, isPaused: pause !== null }
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

/** What the two numbers of the column are. */
const streakWords = ({ streak: { inRow, total } }: Session): string[] =>
  total === 0
    ? []
    : [`refused ${inRow} in a row, ${total} in all: the client pauses auto mode at 3 or 20`]

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
    ...(node.kind === 'session'
      ? [...gateWords(world, session, now), ...streakWords(session)]
      : []
    ).map(text => role.text(clip(safe(text), columns))),
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
