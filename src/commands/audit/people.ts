/** Who let through what was stopped, how often and when. */
import * as v from 'valibot'
import type { Finding } from '../../monitor/finding.ts'
import type { Recorded, Watcher } from './record.ts'

const GIVEN = v.object({
  type: v.picklist(['approve', 'override']),
  session: v.string(),
  action: v.string(),
})

interface Given {
  readonly at: number
  readonly isOverride: boolean
  readonly rule: string
  readonly where: string
  readonly action: string
}

const DAY_MS = 86_400_000
/** So many overrides of one rule by one person in so many days are no exceptions any more. */
const MANY = 5
const DAYS = 7
/** Of days and of rules, in one line. */
const MOST_NAMED = 7

export class People implements Watcher {
  readonly #since: number
  readonly #rules = new Map<string, string>()
  readonly #given = new Map<string, Given[]>()

  /** @param since Unix ms */
  constructor(since: number) {
    this.#since = since
  }

  see({ entry, where }: Recorded): void {
    if (entry.type === 'judged')
      this.#rules.set(`${entry.session} ${entry.action}`, entry.judgement.rule)
    if (entry.type !== 'command' || !entry.done || entry.at < this.#since) return
    const command = v.safeParse(GIVEN, entry.command)
    if (!command.success) return
    const { type, session, action } = command.output
    const rule = this.#rules.get(`${session} ${action}`) ?? ''
    const known = this.#given.get(entry.screen.name) ?? []
    this.#given.set(entry.screen.name, known)
    known.push({ at: entry.at, isOverride: type === 'override', rule, where, action })
  }

  findings(): Finding[] {
    return [...this.#given].flatMap(([person, given]) => [
      ...often(person, given),
      summary(person, given),
    ])
  }
}

/** Rules that one person went past again and again. */
function often(person: string, given: readonly Given[]): Finding[] {
  const byRule = Map.groupBy(
    given.filter(it => it.isOverride && it.rule !== ''),
    it => it.rule,
  )
  return [...byRule].flatMap(([rule, all]): Finding[] => {
    const most = mostWithin(all, DAYS * DAY_MS)
    const [first, last] = [most.at(0), most.at(-1)]
    if (most.length < MANY || first === undefined || last === undefined) return []
    return [
      {
        kind: 'overrides-of-one-rule',
        severity: 'medium',
        what: `${person} overrode the rule ${rule} ${most.length} times within ${DAYS} days (${dates(first.at, last.at)})`,
        where: last.where,
        mend: `the rule or the trust may be wrong: 'signalbox rules' says what ${rule} stops, 'signalbox simulate --trust ENTRY' what an entry would let through`,
        fix: ['why', last.action],
      },
    ]
  })
}

/** The most that happened within so long; they are in the order of time. */
function mostWithin(all: readonly Given[], ms: number): readonly Given[] {
  let most: readonly Given[] = []
  for (const [i, { at }] of all.entries()) {
    const end = all.findIndex(it => it.at >= at + ms)
    const some = all.slice(i, end < 0 ? all.length : end)
    if (some.length > most.length) most = some
  }
  return most
}

function summary(person: string, given: readonly Given[]): Finding {
  const overrides = given.filter(it => it.isOverride).length
  const last = given.at(-1)
  const days = [...Map.groupBy(given, it => dateOf(it.at))].map(
    ([day, some]) => `${day}: ${some.length}`,
  )
  const rules = [...Map.groupBy(given, it => it.rule || 'unknown')]
    .map(([rule, { length }]) => ({ rule, length }))
    .sort((a, b) => b.length - a.length)
    .map(({ rule, length }) => `${rule} ${length}`)
  return {
    kind: 'overrides',
    severity: 'info',
    what: `${person} overrode ${times(overrides, 'block')} and approved ${times(given.length - overrides, 'question')} (${some(days.toReversed())}); rules: ${some(rules)}`,
    where: last?.where ?? '',
    mend: 'nothing, where that person was meant to',
    ...(last !== undefined && { fix: ['why', last.action] }),
  }
}

const times = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

/** UTC, as the journal's files are named. */
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

const dates = (from: number, to: number): string =>
  dateOf(from) === dateOf(to) ? dateOf(from) : `${dateOf(from)} to ${dateOf(to)}`
