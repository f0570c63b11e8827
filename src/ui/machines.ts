/** The machines of a fleet, above their sessions. */
import type { World } from '../action/world.ts'
import { duration, grouped } from '../monitor/format.ts'
import { type MachineRow, machinesOf } from '../monitor/machines.ts'
import { pad, padLeft, safe } from '../monitor/safe-text.ts'
import { type Cell, line } from './cells.ts'
import type { Place } from './list.ts'
import { isNarrow } from './narrow.ts'

/** A fleet of more is told by those that wait for somebody. */
const MOST = 6
const HEARD_MS = 60_000

/** None without a fleet. */
export function machineLines(world: World, { theme, columns, now }: Place): string[] {
  const machines = machinesOf(world)
  if (machines.length === 0) return []
  const { role } = theme
  const heads = ['machine', ...COUNTS, 'heard', 'lag']
  const shown = <T>(cells: readonly T[]): T[] =>
    cells.filter((_, i) => !isNarrow(columns) || NARROW.test(heads[i] ?? ''))
  const cellsOf = ({ name, sessions, counts, heardAt, lagMs }: MachineRow): Cell[] => {
    const idle = Math.max(0, now - heardAt)
    const count = (n: number, style: Cell['style']): Cell => ({
      text: padLeft(grouped(n), 8),
      style: n === 0 ? role.dim : style,
    })
    return [
      { text: pad(safe(name), 16), style: role.text },
      count(sessions, role.text),
      count(counts.total, role.text),
      count(counts.blocked, role.blocked),
      count(counts.pending, role.pending),
      { text: padLeft(duration(idle), 8), style: idle < HEARD_MS ? role.text : role.dim },
      { text: padLeft(duration(lagMs), 8), style: role.dim },
    ]
  }
  const [first = '', ...rest] = heads
  const titles = [pad(first, 16), ...rest.map(text => padLeft(text, 8))]
  const needed = machines.toSorted((a, b) => b.counts.pending - a.counts.pending)
  const more = machines.length - MOST
  return [
    line(
      shown(titles).map(text => ({ text, style: role.dim })),
      columns,
      1,
    ),
    ...(more > 0 ? needed.slice(0, MOST) : machines).map(it =>
      line(shown(cellsOf(it)), columns, 1),
    ),
    ...(more > 0 ? [role.dim(`and ${grouped(more)} more`)] : []),
    '',
  ]
}

const COUNTS = ['sessions', 'actions', 'blocked', 'pending'] as const
const NARROW = /^(machine|pending|lag)$/
