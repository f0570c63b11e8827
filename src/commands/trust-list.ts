/** `signalbox trust list`: every entry, where it is good, until when, and where it stands. */
import { hostOf } from '../config/entry-form.ts'
import { placeOf } from '../config/layers.ts'
import { dayOf } from '../config/load-policy.ts'
import { lookalike } from '../config/lookalike.ts'
import type { TrustEntry } from '../config/policy.ts'
import { pad, safe, width } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import type { Desk } from './desk.ts'
import { wordsAndFlagsOf } from './flags.ts'
import { current, noMore, projectNamed, slotNamed, where } from './trust-args.ts'

export function list(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, {
    project: 'string',
    as: 'string',
    json: 'boolean',
  })
  noMore(words)
  const slot = slotNamed(flags.as)
  const project = projectNamed(flags.project, desk)
  const { policy, errors, notes } = current(desk)
  const today = dayOf(desk.now)
  const rows = policy.trust
    .filter(it => slot === null || it.slot === slot)
    .filter(it => project === undefined || it.project === '' || it.project === project)
    .map(it => ({ ...it, expired: it.expires !== '' && it.expires < today }))
  if (flags.json) desk.print(terminalSafeJson({ entries: rows, errors, notes }))
  else {
    for (const line of table(rows)) desk.print(line)
    if (rows.length + errors.length === 0)
      desk.print(
        `nothing is trusted${slot === null ? '' : ` under ${slot}`}; 'signalbox trust add ENTRY' adds it`,
      )
    for (const line of [...errors, ...notes]) desk.print(`! ${safe(line)}`)
  }
  return errors.length > 0 ? 1 : 0
}

function table(rows: readonly (TrustEntry & { expired: boolean })[]): string[] {
  const cells = rows.map(it => [
    it.slot,
    safe(it.entry),
    safe(where(it.project)),
    it.expires === '' ? '' : `${it.expired ? 'EXPIRED' : 'until'} ${it.expires}`,
    safe(placeOf(it.origin)),
    safe([it.note, hostNote(it.entry)].filter(text => text !== '').join('; ')),
  ])
  const widths = [0, 1, 2, 3, 4].map(i => Math.max(0, ...cells.map(row => width(row[i] ?? ''))))
  const column = (cell: string, i: number): string => {
    const columns = widths[i]
    return columns === undefined ? cell : pad(cell, columns)
  }
  return cells.map(row => row.map(column).join('  ').trimEnd())
}

function hostNote(entry: string): string {
  const real = lookalike(hostOf(entry))
  return real === null ? '' : `really ${real.punycode}`
}
