/** The lists of what waits, what is trusted, and what happened at the gate. */

import { textsOf, type World } from '../action/world.ts'
import type { TrustEntry } from '../config/policy.ts'
import { clock, duration } from '../monitor/format.ts'
import type { PolicyFacts } from '../monitor/link.ts'
import { whoseText } from '../monitor/machines.ts'
import { type NoticeLine, noticeLines } from '../monitor/notices.ts'
import { type PendingItem, pendingItems, sessionIdOf } from '../monitor/pending.ts'
import { pad, padLeft, safe, wrapWords } from '../monitor/safe-text.ts'
import { namedKey, unmistakable } from '../monitor/trust.ts'
import { type Cell, line } from './cells.ts'
import { listOf, type Place, type Said } from './list.ts'
import { isNarrow } from './narrow.ts'
import type { Theme } from './theme.ts'

export function pendingLines(
  world: World,
  selected: number | null,
  none: Said,
  place: Place,
): string[] {
  const items = pendingItems(world, selected)
  const at = items.findIndex(item => item.row === selected)
  const wide = place.columns >= 80
  const narrow = isNarrow(place.columns)
  const heads = [
    padLeft('waits', 7),
    padLeft('left', 7),
    ...(wide ? [pad(world.machines.size > 0 ? 'machine' : 'session', 8)] : []),
    ...(narrow ? [] : [pad('tool', 8), pad('answer', 9)]),
    narrow ? 'action, and why' : 'action, and why you are asked',
  ]
  const rows = items.map(item => pendingCells(world, item, wide, place))
  return listOf(heads, rows, at, none, place)
}

function pendingCells(world: World, item: PendingItem, wide: boolean, place: Place): Cell[] {
  const { role } = place.theme
  const left = item.until === null ? null : Math.max(0, item.until - place.now)
  const over = item.answer === 'over'
  const tool = world.tools.at(world.actions.columns.tool[item.row] ?? 0)
  const words =
    left === 0 ? 'too late' : { here: 'here', client: 'in client', over: 'over' }[item.answer]
  const why = item.why === '' ? '' : `| ${item.why}`
  return [
    { text: padLeft(duration(place.now - item.since), 7), style: role.pending },
    {
      text: padLeft(left === null || over ? '-' : duration(left), 7),
      style: left !== null && left < 30_000 ? role.failed : role.text,
    },
    ...(wide
      ? [{ text: pad(safe(whoseText(world, sessionIdOf(world, item.row))), 8), style: role.dim }]
      : []),
    ...(isNarrow(place.columns)
      ? []
      : [
          { text: pad(safe(tool), 8), style: role.accent },
          { text: pad(words, 9), style: item.answer === 'here' ? role.approved : role.dim },
        ]),
    { text: safe(`${textsOf(world, item.row).summary} ${why}`), style: role.text },
  ]
}

/** Where an entry is written. */
const originOf = ({ origin: { layer, file, line: at } }: TrustEntry): string =>
  file === '' ? layer : `${layer} ${file}:${at}`

const isExpired = ({ expires }: TrustEntry, now: number): boolean =>
  expires !== '' && Date.parse(expires) <= now

const usedText = (used: number | undefined, now: number): string =>
  padLeft(used === undefined ? '-' : duration(now - used), 8)

export function trustListLines(
  { trust }: PolicyFacts,
  usedAt: ReadonlyMap<string, number>,
  selected: number,
  none: Said,
  place: Place,
): string[] {
  const { role } = place.theme
  const wide = place.columns >= 100
  const narrow = isNarrow(place.columns)
  const name = wide ? 34 : narrow ? Math.max(8, place.columns - 11) : 22
  const rows = trust.map((entry): Cell[] => {
    const used = usedAt.get(namedKey(entry))
    const expired = isExpired(entry, place.now)
    return [
      { text: pad(safe(unmistakable(entry.entry)), name), style: expired ? role.dim : role.text },
      ...(wide ? [{ text: pad(entry.slot, 14), style: role.dim }] : []),
      ...(narrow ? [] : [{ text: usedText(used, place.now), style: role.dim }]),
      {
        text: pad(expired ? 'over' : safe(entry.expires || 'never'), 10),
        style: expired ? role.failed : role.dim,
      },
      { text: pad(entry.origin.layer, 8), style: role.accent },
      {
        text: safe([entry.project || 'everywhere', entry.note].filter(Boolean).join(' | ')),
        style: role.text,
      },
    ]
  })
  const heads = [
    pad('entry', name),
    ...(wide ? [pad('slot', 14)] : []),
    ...(narrow ? [] : [padLeft('used ago', 8)]),
    pad('expires', 10),
    pad('from', 8),
    'where | note',
  ]
  return listOf(heads, rows, selected, none, place)
}

/** All of one entry, for the pane. */
export function trustDetails(
  { trust }: PolicyFacts,
  usedAt: ReadonlyMap<string, number>,
  selected: number,
  { theme, columns, now }: Place,
): string[] {
  const entry = trust[selected]
  if (entry === undefined) return []
  const used = usedAt.get(namedKey(entry))
  const facts: readonly (readonly [string, string])[] = [
    ['entry', unmistakable(entry.entry)],
    ['slot', entry.slot],
    ['from', originOf(entry)],
    ['good', entry.project === '' ? 'everywhere' : `in ${entry.project}`],
    ['note', entry.note || '-'],
    ['expires', entry.expires || 'never'],
    [
      'used',
      used === undefined ? 'not in the journal that is read' : `${duration(now - used)} ago`,
    ],
  ]
  return facts.flatMap(([label, text]) => labelled(label, text, theme, columns))
}

export function noticeListLines(
  world: World,
  selected: number,
  none: Said,
  place: Place,
): string[] {
  const rows = noticeLines(world).map(it => noticeCells(it, place.theme, place.columns))
  const heads = [
    'time    ',
    isNarrow(place.columns) ? 'what' : 'what, and which screen asked for it',
  ]
  return listOf(heads, rows, selected, none, place)
}

export function noticeDetails(world: World, selected: number, { theme, columns }: Place): string[] {
  const notice = noticeLines(world)[selected]
  if (notice === undefined) return []
  return [
    ...labelled('at', new Date(notice.at).toISOString(), theme, columns),
    ...(notice.who === '' ? [] : labelled('screen', notice.who, theme, columns)),
    ...labelled('what', notice.text, theme, columns),
  ]
}

/** Where there is no room for both, what happened goes before who asked for it. */
function noticeCells(
  { at, who, text, loud }: NoticeLine,
  { role }: Theme,
  columns: number,
): Cell[] {
  const asker = { text: safe(who), style: role.accent }
  const what = { text: safe(text), style: loud ? role.failed : role.text }
  const time = { text: clock(at), style: role.dim }
  return isNarrow(columns) ? [time, what, asker] : [time, asker, what]
}

/** The newest notice, above the foot. */
export function noticeLine(notice: NoticeLine, theme: Theme, columns: number): string {
  return line(noticeCells(notice, theme, columns), columns, 1)
}

/** `label    text`, the text in as many lines as it needs. */
export function labelled(label: string, text: string, theme: Theme, columns: number): string[] {
  return wrapWords(safe(text), Math.max(8, columns - 10)).map((part, i) =>
    line(
      [
        { text: (i === 0 ? label : '').padEnd(9), style: theme.role.dim },
        { text: part, style: theme.role.text },
      ],
      columns,
      1,
    ),
  )
}
