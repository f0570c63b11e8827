/**
 * What a screen says where there is nothing to show yet, or something is amiss. A command in braces
 * stands for its key (`Keymap.words`).
 */
import { basename } from 'node:path'
import type { Progress } from '../action/event.ts'
import type { Skipped } from '../action/world.ts'
import { amount, grouped } from '../monitor/format.ts'
import type { Reach } from '../monitor/link.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { newestNotice } from '../monitor/notices.ts'
import { safe, verbatim, wrapWords } from '../monitor/safe-text.ts'
import { STARTS_GATE } from '../monitor/why-not.ts'
import type { Said } from './list.ts'
import { noticeLine } from './lists.ts'
import { isNarrow } from './narrow.ts'
import { olderText } from './older.ts'
import type { Theme } from './theme.ts'

export const isReading = ({ doneBytes, totalBytes }: Progress): boolean => doneBytes < totalBytes

const BAR = 10

/** `[######----] 62% of 1.2GB` */
export function progressText({ doneBytes, totalBytes }: Progress, columns: number): string {
  const part = doneBytes / Math.max(1, totalBytes)
  const full = Math.floor(part * BAR)
  const bar = `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] `
  return `${isNarrow(columns) ? '' : bar}${Math.floor(part * 100)}% of ${amount(totalBytes)}B`
}

const INIT = "'signalbox init' adds one, and first shows what it changes."
const CREDS = 'To act from here, start it with --creds FILE: machines list whom they obey.'

const INSTALLED =
  'A gate is installed: {waiting} shows what waits for you, {trusted} what is trusted.'
const GATE_WORDS: Readonly<Record<Reach, string>> = {
  none: `To answer, trust, override and pause from here, a gate is needed: ${INIT}`,
  closed: 'This screen only watches: it was started with --read-only.',
  away: INSTALLED,
  here: INSTALLED,
}

const RELAYS =
  '{machines} shows the machines; each is told of by a signalbox relay that runs there.'
const FLEET_WORDS: Readonly<Record<Reach, string>> = {
  none: `${RELAYS} ${CREDS}`,
  closed: GATE_WORDS.closed,
  away: RELAYS,
  here: RELAYS,
}

/** For who sees it for the first time: what is seen, what could be, and how to learn the rest. */
export function welcome({ reach, isFleet }: MonitorState, place: string, columns: number): Said {
  const keys = '{help} shows every key, {quit} quits.'
  if (isNarrow(columns)) {
    const gate = reach === 'none' && !isFleet ? ["'signalbox init' adds keys that act."] : []
    return ['Every action shows here as it happens.', ...gate, keys]
  }
  const where = place === '' ? '' : ` ${isFleet ? 'of' : 'in'} ${verbatim(safe(place))}`
  return [
    `Every action${where} shows here as it happens: approved, blocked or waiting.`,
    isFleet ? FLEET_WORDS[reach] : GATE_WORDS[reach],
    keys,
  ]
}

/** `session.jsonl:12 not JSON`; of a file as a whole first what is amiss, for names are long. */
export function skippedText(skipped: Skipped | undefined): string {
  if (skipped === undefined) return ''
  const { file, line, why } = skipped
  return line === 0 ? `${why}: ${basename(file)}` : `${basename(file)}:${line} ${why}`
}

/** For a list without lines. */
export function emptyOf(state: MonitorState, place: string, columns: number): Said {
  const { world, view, reach, isFleet } = state
  const reading = isReading(world.progress)
    ? [`reading history: ${progressText(world.progress, Number.POSITIVE_INFINITY)}`]
    : []
  const noGate = reach !== 'none' ? [] : [isFleet ? CREDS : `No gate is installed: ${INIT}`]
  switch (view.screen) {
    case 'live':
      if (world.actions.length > 0 && view.filter.trim() !== '')
        return [
          `none of ${grouped(world.actions.length)} actions passes the filter ${verbatim(safe(view.filter))}`,
          ...(olderText(world) === '' ? [] : [`${olderText(world)}.`]),
          '{clear} clears the filter, {filter} changes it.',
        ]
      return reading.length > 0 ? reading : ['no action yet', ...welcome(state, place, columns)]
    case 'sessions':
      return [
        ...reading,
        'no session yet',
        ...(place === '' ? [] : [`It is looked for in ${verbatim(safe(place))}.`]),
      ]
    case 'machines':
      return isFleet
        ? [
            ...reading,
            'no machine was heard of yet',
            'Each needs a signalbox relay that runs there.',
          ]
        : ['this screen is of one machine', "'signalbox watch --nats nats://HOST:4222' shows many."]
    case 'pending':
      return [...reading, 'nothing waits for you', ...noGate]
    case 'trust':
      if (isFleet) return ['what is trusted stands in the policy of each machine']
      return reach === 'none'
        ? ['nothing is trusted or refused from here', ...noGate]
        : ['nothing is trusted beyond the project itself', '{trust} on an action adds an entry.']
    case 'notices':
      return ['no notice of a gate yet', ...noGate]
    case 'insights':
      return [...reading, 'no gate blocked anything in this range for what it touches']
    case 'audit':
      return auditOf(state)
  }
}

function auditOf({ audit: { state, problem }, isFleet }: MonitorState): Said {
  if (problem !== '')
    return [
      verbatim(safe(`it could not be looked at: ${problem}`)),
      '{audit} opens this screen anew, and looks.',
    ]
  switch (state) {
    case 'not looked':
      return [
        isFleet
          ? 'no audit from this screen: each machine has its own'
          : 'no audit from this screen: it shows a recording',
      ]
    case 'looking':
      return ['looking through policy, settings and journal']
    case 'looked':
      return ['nothing was found']
  }
}

/** A moment is needed to find a gate that runs. */
const AWAY_MS = 2000

export const isAway = ({ reach, reachSince, now }: MonitorState): boolean =>
  reach === 'away' && now - reachSince >= AWAY_MS

/** What is amiss goes on as long as it must, and no longer. */
const MOST_LINES = 3

/** Above the foot: what is amiss, else the newest notice; none where there is neither. */
export function wordLines(state: MonitorState, theme: Theme, columns: number): string[] {
  const loud = loudLines(state, columns)
  const notice = newestNotice(state.world)
  if (loud.length > 0 || notice === null) return loud.map(theme.role.failed)
  return [noticeLine(notice, theme, columns)]
}

export const wordHeight = (state: MonitorState, columns: number): number =>
  loudLines(state, columns).length || Math.min(1, state.world.gate.notices.length)

function loudLines(state: MonitorState, columns: number): string[] {
  const loud = loudWord(state)
  return loud === null ? [] : wrapWords(loud, columns).slice(0, MOST_LINES)
}

function loudWord(state: MonitorState): string | null {
  if (isAway(state)) return `gate away: ${STARTS_GATE}`
  const note = state.world.notes.at(-1)
  return note === undefined ? null : safe(note)
}
