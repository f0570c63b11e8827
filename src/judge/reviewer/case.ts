/** What a reviewer is told of an action: facts, the user's words, and what the agent did before. */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { Answer } from '../../action/entry.ts'
import type { Risk } from '../../action/review.ts'
import type { Policy } from '../../config/policy.ts'
import type { Effect } from '../effects/effect.ts'
import { COMMAND } from '../effects/effects.ts'
import type { Explained } from '../judge.ts'
import type { Facts, Ledger, ToolCall } from '../types.ts'
import { leastRisk } from './least-risk.ts'

/** An earlier call of the session, and what was answered to it. Its result is not told. */
export interface EarlierCall {
  readonly tool: string
  readonly input: unknown
  readonly answer: Answer
}

/** Oldest first. */
export interface Earlier {
  readonly calls: readonly EarlierCall[]
  /** So many before those are not known any more. */
  readonly forgotten: number
}

export interface ToReview {
  readonly call: ToolCall
  readonly facts: Facts
  readonly policy: Policy
  readonly ledger: Ledger
  readonly explained: Explained
  readonly earlier: Earlier
  /** Puts placeholders in the place of secrets: what is told leaves this process. */
  readonly redact: <T>(value: T) => T
}

/** All of it is data. Its parts stand in the order in which they change less and less often. */
export interface Case {
  /** The same for a whole session, as long as the policy is. */
  readonly surroundings: object
  /** Grows at its end. */
  readonly words: readonly string[]
  /** Grows at its end. */
  readonly earlier: readonly unknown[]
  readonly action: unknown
  readonly leastRisk: Risk
  /** Nothing of the action, nor of what the user said last, is too long to be told. */
  readonly isWhole: boolean
  /** The same for two actions that do the same, with the same trust, after the same words. */
  readonly key: string
}

/** In JSON. Of longer texts neither the judge nor what redacts them reads the end. */
const MAX_INPUT = 16_000
const MAX_TEXT = 4000
const MAX_WORDS = 12_000
const MAX_EARLIER_TEXT = 300
const MAX_ITEMS = 100
/** Dropped in steps, so that what stays begins in the same way for a while. */
const EARLIER_STEP = 20
const MAX_EARLIER = 2 * EARLIER_STEP

export function caseOf(it: ToReview): Case {
  const { call, facts, explained, redact, ledger } = it
  const said = newest(facts.words)
  const surroundings = redact(surroundingsOf(it))
  // Cut only then: half of a secret does not look like one.
  const words = redact(said).map(text => text.slice(0, MAX_WORDS))
  const action = shortenedBut('input', redact(actionOf(it)))
  const earlier = window(it.earlier).map(({ tool, input, answer }) => {
    const redacted = redact(shorten(input, MAX_TEXT))
    return { tool, input: shorten(redacted, MAX_EARLIER_TEXT), answer }
  })
  const { secretsRead, boundaries, fetched } = ledger
  const { cwd, branch, files } = facts
  const known = { cwd, branch, files, secretsRead, boundaries, fetched }
  const does = [effectsIn(explained), explained.judgement.rule, asWritten(call)]
  const key = hashOf([surroundings, said, does, known])
  const isWhole =
    JSON.stringify(withoutRemark(call) ?? null).length <= MAX_INPUT &&
    said.every(text => text.length <= MAX_WORDS)
  const risk = leastRisk(explained, ledger)
  return { surroundings, words, earlier, action, leastRisk: risk, isWhole, key }
}

function surroundingsOf({ facts, policy }: ToReview): object {
  const { projectRoot, home, defaultBranch, remotes } = facts
  const trusted = policy.trust.map(({ slot, entry, project }) => ({ slot, entry, project }))
  const { data, remoteTargets, iacScopes } = policy.sensitive
  const sensitive = [...data, ...remoteTargets, ...iacScopes].map(it => it.entry)
  return { project: projectRoot, home, default_branch: defaultBranch, remotes, trusted, sensitive }
}

function actionOf({ call, facts, ledger, explained }: ToReview): object {
  const { judgement, seen } = explained
  return {
    tool: call.tool,
    input: withoutRemark(call),
    by: call.agent === '' ? 'the main agent' : 'a subagent',
    cwd: facts.cwd,
    branch: facts.branch,
    rule_engine: {
      says: judgement.verdict,
      rule: judgement.rule,
      because: judgement.reason,
      rests_on: judgement.evidence,
      resources: judgement.resources,
    },
    effects: effectsIn(explained),
    seen_through: seen.coverage === 'full' ? 'all of it' : `not all: ${seen.unknowns.join('; ')}`,
    session: {
      made_by_the_agent: ledger.createdByAgent.slice(-50),
      secrets_read: ledger.secretsRead,
      fetched: ledger.fetched,
      the_user_forbade: ledger.boundaries,
    },
  }
}

/** What an effect does not tell, such as a text that is piped into a program, may matter all the same. */
function asWritten(call: ToolCall): unknown {
  const { tool } = call
  const input = withoutRemark(call)
  const given = v.safeParse(WITH_COMMAND, input)
  if (!given.success) return { tool, input }
  const { command, ...rest } = given.output
  // Blanks between plain words mean nothing; in what is quoted or expanded they may.
  const isPlain = !/["'\\`$\n]/.test(command)
  return {
    tool,
    rest,
    command: isPlain ? command.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '') : command,
  }
}

const WITH_COMMAND = v.looseObject(COMMAND.entries)

/** A command's `description` is the agent's own remark: never evidence. */
function withoutRemark({ tool, input }: ToolCall): unknown {
  if (tool !== 'Bash' || typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== 'description'))
}

function effectsIn({ seen, resources }: Explained): readonly object[] {
  return seen.effects.map((effect, i) => {
    const { span: _, ...told }: Effect = effect
    const trust = resources[i]?.trust
    const evidence = effect.evidence.replace(/\s+/g, ' ').trim()
    return trust === undefined ? { ...told, evidence } : { ...told, evidence, trust }
  })
}

/** Whole messages, as many of the newest as there is room for; the newest one always. */
function newest(words: readonly string[]): readonly string[] {
  let left = MAX_WORDS
  const first = words.findLastIndex(text => {
    left -= text.length
    return left < 0
  })
  const kept = words.slice(first + 1)
  const last = words.at(-1)
  return kept.length > 0 || last === undefined ? kept : [last]
}

function window({ calls, forgotten }: Earlier): readonly EarlierCall[] {
  const over = Math.max(0, forgotten + calls.length - MAX_EARLIER)
  return calls.slice(Math.max(0, Math.ceil(over / EARLIER_STEP) * EARLIER_STEP - forgotten))
}

function shortenedBut(whole: string, value: object): object {
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([name, item]) => [name, name === whole ? item : shorten(item, MAX_TEXT)]),
  )
}

function shorten(value: unknown, most: number): unknown {
  if (typeof value === 'string')
    return value.length <= most
      ? value
      : `${value.slice(0, most)} [${value.length - most} characters more]`
  if (Array.isArray(value)) {
    const more = value.length > MAX_ITEMS ? [`[${value.length - MAX_ITEMS} more]`] : []
    return [...value.slice(0, MAX_ITEMS).map(item => shorten(item, most)), ...more]
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, shorten(item, most)]),
  )
}

export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)
