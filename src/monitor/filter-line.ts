/** The line in which a filter is typed: a pure state machine over keys. */
import { DECIDERS, OUTCOMES, STATES } from '../action/action.ts'
import type { World } from '../action/world.ts'
import { FILTER_KEYS, filterValue } from './filter.ts'
import { typedOn } from './prompt.ts'

export interface FilterLine {
  readonly typed: string
  /** What Tab began with, and which candidate it took; null where it was not pressed last. */
  readonly completing: { readonly base: string; readonly index: number } | null
  /** How many filters ago the one that is shown was used; 0: it is new, and stands in `own`. */
  readonly ago: number
  readonly own: string
}

export interface FilterHelp {
  /** Filters that were used, the newest last. */
  readonly history: readonly string[]
  /** Words that the last one can become. */
  readonly candidates: (typed: string) => readonly string[]
}

export const lineOf = (typed: string): FilterLine => ({
  typed,
  completing: null,
  ago: 0,
  own: typed,
})

/** Tab and shift-tab complete, up and down recall; everything else is typed. */
export function filterKey(
  line: FilterLine,
  key: string,
  text: string,
  help: FilterHelp,
): FilterLine {
  switch (key) {
    case 'tab':
      return completed(line, help)
    case 'up':
      return recalled(line, line.ago + 1, help)
    case 'down':
      return recalled(line, line.ago - 1, help)
    default:
      return lineOf(typedOn(line.typed, key, text))
  }
}

function completed(line: FilterLine, { candidates }: FilterHelp): FilterLine {
  const { base, index } = completingOf(line, candidates)
  const words = candidates(base)
  const word = words[(index + 1) % Math.max(1, words.length)]
  if (word === undefined) return line
  const typed = base.slice(0, lastWordAt(base)) + word
  return { ...line, typed, completing: { base, index: index + 1 } }
}

/** From where Tab goes on: a field that was the only candidate leads on to its values. */
export function completingOf(
  { typed, completing }: FilterLine,
  candidates: FilterHelp['candidates'],
): { readonly base: string; readonly index: number } {
  const fresh = { base: typed, index: -1 }
  if (completing === null) return fresh
  return typed.endsWith(':') && candidates(completing.base).length === 1 ? fresh : completing
}

function recalled(line: FilterLine, ago: number, { history }: FilterHelp): FilterLine {
  const own = line.ago === 0 ? line.typed : line.own
  if (ago < 0 || ago > history.length) return line
  const typed = ago === 0 ? own : (history.at(-ago) ?? own)
  return { typed, completing: null, ago, own }
}

/** The history after one more filter was used; each stands in it once. */
export function withUsed(history: readonly string[], filter: string): readonly string[] {
  const used = filter.trim()
  if (used === '') return history
  return [...history.filter(it => it !== used), used].slice(-MOST_KEPT)
}

const MOST_KEPT = 100

/** Where the word begins that is being typed; quotes hold spaces together. */
function lastWordAt(typed: string): number {
  const words = [...typed.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)]
  const last = words.at(-1)
  return last === undefined || /\s$/.test(typed) ? typed.length : last.index
}

/** @param saved filters by the user's names */
export function candidatesFor(
  world: World,
  saved: Readonly<Record<string, string>>,
  typed: string,
): readonly string[] {
  const word = typed.slice(lastWordAt(typed))
  const [, not = '', key = '', colon = '', value = ''] = /^(!?)([^:]*)(:?)(.*)$/s.exec(word) ?? []
  if (colon === '') {
    const keys = FILTER_KEYS.map(name => `${not}${name}:`)
    const named = Object.entries(saved).map(([name, filter]) => ({ name: `@${name}`, filter }))
    const found = named.filter(({ name }) => name.startsWith(word) && word !== '')
    return [...keys.filter(it => it.startsWith(word)), ...found.map(it => it.filter)]
  }
  const before = value.slice(0, value.lastIndexOf(',') + 1)
  const begun = value.slice(before.length).replaceAll('"', '').toLowerCase()
  return valuesOf(world, key)
    .filter(it => it.toLowerCase().startsWith(begun) && it.toLowerCase() !== begun)
    .slice(0, MOST_SHOWN)
    .map(it => `${not}${key}:${before}${filterValue(it)}`)
}

const MOST_SHOWN = 50

/** What an action can have there, in this world. */
function valuesOf(world: World, key: string): readonly string[] {
  switch (key) {
    case 'state':
      return STATES
    case 'outcome':
      return OUTCOMES
    case 'by':
      return DECIDERS
    case 'tool':
      return world.tools.list.toSorted()
    case 'model':
      return world.models.list.toSorted()
    case 'session':
      return world.sessions.toSorted((a, b) => b.lastAt - a.lastAt).map(it => it.id)
    case 'machine':
      return [...world.machines.keys()].sort()
    case 'project':
      return unique(world.sessions.map(it => it.cwd))
    case 'agent':
      return unique(world.agents.map(it => it.name))
    default:
      return []
  }
}

const unique = (texts: readonly string[]): string[] =>
  [...new Set(texts)].filter(it => it !== '').sort()
