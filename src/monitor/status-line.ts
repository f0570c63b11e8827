/** One session in one short line, for a status bar. Nothing in it is text of an agent. */
import type { Session, World } from '../action/world.ts'
import { knownCost } from './cost.ts'
import { usd } from './format.ts'
import { gateSession, pauseOf } from './gate-view.ts'

/** ANSI colours of the terminal's own palette: what is behind a status bar is not known. */
const STYLES = { bad: '31', wait: '33', alarm: '1;31', plain: '' } as const
type Style = keyof typeof STYLES

export interface StatusLineOptions {
  readonly session: string
  /** The client's own total, US dollars; null: ours is shown. */
  readonly clientCostUsd: number | null
  readonly colours: boolean
}

/** `signalbox: 42 approved, 3 blocked, 1 pending · $1.23 · guard, paused` */
export function statusLine(world: World, options: StatusLineOptions): string {
  const paint = (text: string, style: Style): string =>
    options.colours && style !== 'plain' ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text
  const session = world.findSession(options.session)
  const parts = [countsOf(world, session), costOf(session, options), gateOf(world, options.session)]
  const shown = parts
    .map(part => part.map(({ text, style = 'plain' }) => paint(text, style)).join(', '))
    .filter(text => text !== '')
  return `signalbox: ${shown.join(' · ')}`
}

interface Part {
  readonly text: string
  readonly style?: Style
}

function countsOf(world: World, session: Session | undefined): Part[] {
  if (session === undefined || session.counts.total === 0) return [{ text: 'no actions yet' }]
  const { approved, blocked, pending, outages } = session.counts
  const ungated = ungatedIn(world, session.id)
  return [
    { text: `${approved} approved` },
    { text: `${blocked} blocked`, style: blocked > 0 ? 'bad' : 'plain' },
    ...(pending > 0 ? [{ text: `${pending} pending`, style: 'wait' } as const] : []),
    ...(outages > 0 ? [{ text: `${outages} outages`, style: 'wait' } as const] : []),
    ...(ungated > 0 ? [{ text: `${ungated} UNGATED`, style: 'alarm' } as const] : []),
  ]
}

function ungatedIn(world: World, session: string): number {
  const { agent } = world.actions.columns
  const isOwn = (row: number): boolean =>
    world.sessions[world.agents[agent[row] ?? 0]?.session ?? -1]?.id === session
  return [...world.gate.ungated.keys()].filter(isOwn).length
}

function costOf(session: Session | undefined, { clientCostUsd }: StatusLineOptions): Part[] {
  const cost = clientCostUsd ?? (session === undefined ? null : knownCost(session))
  return cost === null ? [] : [{ text: usd(cost) }]
}

function gateOf(world: World, session: string): Part[] {
  const gated = gateSession(world, session)
  if (gated === null) return []
  const pause = pauseOf(world, session)
  if (pause === null) return [{ text: gated.role }]
  return [{ text: gated.role }, { text: pause.hard ? 'paused hard' : 'paused', style: 'wait' }]
}
