/** Identical commands that got different verdicts, and what made the difference. */
import type { EntryOf } from '../../action/entry.ts'
import type { Judgement } from '../../action/judgement.ts'
import { summaryOf } from '../../clients/claude-code/tools.ts'
import { judgeOn } from '../../judge/judge.ts'
import type { Replayed } from '../../judge/replay.ts'
import type { Facts } from '../../judge/types.ts'
import type { Finding } from '../../monitor/finding.ts'
import type { Recorded, Watcher } from './record.ts'

/** So many are listed, the newest; the rest is only counted. */
const MOST = 10

interface Seen {
  readonly key: string
  readonly action: string
  readonly at: number
  readonly summary: string
  readonly judgement: Pick<Judgement, 'verdict' | 'rule'>
  readonly where: string
}

interface Pair {
  readonly before: Seen
  readonly after: Seen
}

/** Finds the pairs. What they were judged from is more than can be kept, and is read once more. */
export class Verdicts {
  readonly #since: number
  readonly #last = new Map<string, Seen>()
  readonly #pairs = new Map<string, Pair>()

  /** @param since Unix ms */
  constructor(since: number) {
    this.#since = since
  }

  see({ entry, where }: Recorded): void {
    if (entry.type !== 'judged' || entry.at < this.#since) return
    const { tool, inputHash, cwd, at, judgement } = entry
    const same = JSON.stringify([tool, inputHash, cwd])
    const { verdict, rule } = judgement
    const summary = `${tool} "${brief(summaryOf(tool, entry.input))}"`
    const after = {
      key: keyOf(entry),
      action: entry.action,
      at,
      summary,
      judgement: { verdict, rule },
      where,
    }
    const before = this.#last.get(same)
    this.#last.set(same, after)
    if (before === undefined || before.judgement.verdict === verdict) return
    this.#pairs.delete(same) // the newest pair comes last
    this.#pairs.set(same, { before, after })
  }

  /** Looks at the journal again, for what the pairs were judged from. */
  explained(): Watcher & { readonly isNeeded: boolean } {
    return new Explained([...this.#pairs.values()])
  }
}

class Explained implements Watcher {
  readonly isNeeded: boolean
  readonly #pairs: readonly Pair[]
  readonly #wanted: ReadonlySet<string>
  readonly #given = new Map<string, Replayed>()

  constructor(pairs: readonly Pair[]) {
    this.isNeeded = pairs.length > 0
    this.#pairs = pairs
    this.#wanted = new Set(pairs.flatMap(it => [it.before.key, it.after.key]))
  }

  see({ entry, replayed }: Recorded): void {
    if (entry.type !== 'judged' || replayed === null) return
    const key = keyOf(entry)
    if (this.#wanted.has(key)) this.#given.set(key, replayed)
  }

  findings(): Finding[] {
    const found = this.#pairs.flatMap(pair => {
      const [before, after] = [this.#given.get(pair.before.key), this.#given.get(pair.after.key)]
      const why = before && after ? differenceOf(before, after) : NOT_RECORDED
      return why === null ? [] : [findingOf(pair, why)]
    })
    const shown = found.toReversed().slice(0, MOST)
    const more = found.length - shown.length
    const last = shown.at(-1)
    if (more === 0 || last === undefined) return shown
    return [...shown.slice(0, -1), { ...last, what: `${last.what}; and ${more} more commands` }]
  }
}

interface Why {
  readonly text: string
  readonly isKnown: boolean
}

const NOT_RECORDED: Why = { text: 'they were recorded without their facts', isKnown: false }

/** @returns null where the user's words, the trust or the rules made the difference: that is what they are for */
function differenceOf(before: Replayed, after: Replayed): Why | null {
  const verdict = ({ entry, facts, policy, ledger, today }: Replayed): string =>
    judgeOn(today)(entry, facts, policy, ledger).verdict
  const was = verdict(before)
  // Today both get the same: trust, rules or the program were changed since one of them.
  if (was === verdict(after)) return null
  const { facts } = after
  const isIt = (change: Partial<Replayed>): boolean => verdict({ ...after, ...change }) === was
  const { words } = before.facts
  if (isIt({ facts: { ...facts, words } }) || isIt({ today: before.today })) return null
  if (isIt({ ledger: before.ledger }))
    return { text: 'the session had done something else before', isKnown: true }
  for (const [name, say] of FACTS)
    if (isIt({ facts: { ...facts, [name]: before.facts[name] } }))
      return { text: say(before.facts, facts), isKnown: true }
  if (isIt({ ledger: before.ledger, facts: { ...before.facts, words: facts.words } }))
    return { text: 'several things around it were others', isKnown: true }
  if (isIt({ ledger: before.ledger, facts: before.facts })) return null // with words among them
  return { text: 'why is not known', isKnown: false }
}

/** In the order of what people change. */
const FACTS: readonly (readonly [keyof Facts, (was: Facts, is: Facts) => string])[] = [
  ['branch', (was, is) => `the branch was ${was.branch}, then ${is.branch}`],
  ['remotes', () => "the project's own remotes were others"],
  ['remotesNow', () => 'the remotes were others'],
  ['defaultBranch', () => 'the default branch was another'],
  ['files', (was, is) => `files were others: ${filesBetween(was, is)}`],
  ['createdByAgent', () => 'the agent had made it in one of them'],
  ['projectRoot', (was, is) => `the project was ${was.projectRoot}, then ${is.projectRoot}`],
  ['guarded', () => 'what Signalbox guards was at another place'],
  ['home', () => 'the home folder was another'],
]

function filesBetween({ files: was }: Facts, { files: is }: Facts): string {
  const all = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const others = all.filter(path => JSON.stringify(was[path]) !== JSON.stringify(is[path]))
  const more = others.length > 3 ? `, and ${others.length - 3} more` : ''
  return `${others.slice(0, 3).join(', ')}${more}`
}

function findingOf({ before, after }: Pair, { text, isKnown }: Why): Finding {
  const said = ({ judgement: { verdict, rule }, at }: Seen): string =>
    `${verdict} (${rule}) ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}`
  return {
    kind: 'verdicts-differ',
    severity: isKnown ? 'low' : 'medium',
    what: `${after.summary} got ${said(before)}, and ${said(after)}: ${text}`,
    where: after.where,
    mend: `look whether both are right; the first is ${before.where}`,
    fix: ['why', after.action],
  }
}

const keyOf = ({ session, action, at }: EntryOf<'judged'>): string => `${session} ${action} ${at}`

function brief(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
