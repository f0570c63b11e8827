/** The machines screen: what each of a fleet does, how late it is heard, and the sessions of the selected one. */
import type { Session, World } from '../action/world.ts'
import { isActive } from '../monitor/counters.ts'
import { duration, grouped, plural, sparkline, usd } from '../monitor/format.ts'
import {
  type MachineRow,
  machineAt,
  machinesOf,
  type RelayState,
  relayOf,
  sessionsOfMachine,
} from '../monitor/machines.ts'
import { clip, pad, padLeft, safe } from '../monitor/safe-text.ts'
import type { View } from '../monitor/view.ts'
import { type Cell, line } from './cells.ts'
import { type Column, cellsOf, columnsFor, headsOf, left, right } from './columns.ts'
import { listOf, type Place, type Said } from './list.ts'
import { isNarrow } from './narrow.ts'
import type { Role } from './theme.ts'

export function machineLines(
  world: World,
  view: Pick<View, 'machine'>,
  none: Said,
  place: Place,
): string[] {
  const machines = machinesOf(world)
  const at = machineAt(machines, view.machine)
  const chosen = machines[at]
  if (chosen === undefined) return listOf([], [], 0, none, place)
  // The list goes first: of what is below it, as much as there is room for.
  const room = Math.max(0, place.height - 2 - machines.length)
  const below = aboutLines(world, chosen, place).slice(0, Math.max(place.height >> 1, room))
  const height = Math.max(2, place.height - below.length)
  const shown = columnsFor(COLUMNS, place.columns)
  const { now, theme } = place
  const rows = machines.map(it => {
    const told = { ...it, now, relay: relayOf(world, it.name, now).state }
    return cellsOf(shown, told, theme)
  })
  const list = listOf(headsOf(shown), rows, at, none, { ...place, height })
  const filler = Array<string>(Math.max(0, height - list.length)).fill('')
  return [...list, ...filler, ...below]
}

interface Told extends MachineRow {
  readonly relay: RelayState
  readonly now: number
}

const COLUMNS: readonly Column<Told>[] = [
  left('machine', 14, 0, it => safe(it.name)),
  left(
    'relay',
    8,
    0,
    it => it.relay,
    it => RELAY_ROLES[it.relay],
  ),
  right('sessions', 8, 100, it => grouped(it.sessions)),
  right('actions', 7, 60, it => grouped(it.counts.total)),
  right('blocked', 7, 70, it => grouped(it.counts.blocked), 'blocked'),
  right('pending', 7, 0, it => grouped(it.counts.pending), 'pending'),
  right('cost', 9, 120, it => usd(it.costUsd), 'cost'),
  right('heard', 7, 70, heardText),
  right('lag', 7, 0, it => duration(it.lagMs)),
  right('lag p95', 7, 100, it => duration(it.lagP95Ms), 'dim'),
]

function heardText({ heardAt, now }: Told): string {
  return heardAt === 0 ? '-' : duration(Math.max(0, now - heardAt))
}

const RELAY_ROLES: Readonly<Record<RelayState, Role>> = {
  here: 'approved',
  behind: 'failed',
  silent: 'failed',
  stopped: 'mark',
  unheard: 'dim',
}

/** Of the selected machine. */
function aboutLines(world: World, machine: MachineRow, place: Place): string[] {
  const { theme, columns, now } = place
  const { role } = theme
  const { name, lagMs, lagP95Ms, costUsd } = machine
  const sessions = sessionsOfMachine(world, name)
  const live = sessions.filter(it => isActive(world, it, now)).length
  const lags = world.machines.get(name)?.lags ?? []
  const lag =
    lagMs === null
      ? 'it told nothing yet'
      : `${duration(lagMs)} the newest, p95 ${duration(lagP95Ms)} of ${lags.length}`
  const fact = (label: string, text: string, bars = ''): string =>
    line(
      [
        { text: pad(label, 6), style: role.dim },
        { text, style: role.text },
        { text: bars, style: role.accent },
      ],
      columns,
    )
  const heading = `${safe(name)}  ${live} live of ${plural(sessions.length, 'session')}  ${usd(costUsd)}`
  return [
    '',
    role.accent(clip(heading, columns)),
    fact('relay', relayWords(relayOf(world, name, now))),
    fact('lag', lag, lags.length < 2 ? '' : sparkline(lags)),
    ...sessions.map(it => sessionLine(world, it, place)),
  ]
}

function relayWords({ state, forMs }: ReturnType<typeof relayOf>): string {
  switch (state) {
    case 'here':
      return 'here, and the broker has all'
    case 'behind':
      return `behind: its oldest entry has waited ${duration(forMs)} for the broker`
    case 'silent':
      return `silent for ${duration(forMs)}: what happens there is not heard`
    case 'stopped':
      return `stopped ${duration(forMs)} ago: what happens there is not heard`
    case 'unheard':
      return 'no sign of it since this screen began'
  }
}

function sessionLine(world: World, session: Session, { theme, columns, now }: Place): string {
  const { role } = theme
  const { id, counts, title, cwd, lastAt } = session
  const live = isActive(world, session, now)
  const cell = (n: number, word: string, style: Cell['style']): Cell => ({
    text: `${padLeft(grouped(n), 5)} ${word}`,
    style: n === 0 ? role.dim : style,
  })
  return line(
    [
      { text: pad(safe(id.slice(0, 8)), 8), style: live ? role.text : role.dim },
      ...(isNarrow(columns) ? [] : [cell(counts.total, 'actions', role.text)]),
      cell(counts.blocked, 'blocked', role.blocked),
      cell(counts.pending, 'pending', role.pending),
      { text: `${duration(Math.max(0, now - lastAt))} ago`, style: role.dim },
      { text: safe(title || cwd), style: role.dim },
    ],
    columns,
  )
}
