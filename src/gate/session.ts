/** What the gate knows of one session of the client. */
import type { CheckRequest, CheckResult } from '../action/check.ts'
import type { Answer, Role } from '../action/entry.ts'
import type { Judgement } from '../action/judgement.ts'
import {
  type HookEnvironment,
  type HookPayload,
  isAttended,
} from '../clients/claude-code/hook-payload.ts'
import { SessionFacts } from '../clients/claude-code/session-facts.ts'
import type { Earlier } from '../judge/reviewer/case.ts'
import type { Facts, Ledger } from '../judge/types.ts'
import { NO_RUN, type Run } from './breaker.ts'
import type { CallKey } from './grants.ts'
import type { Outcome } from './pending.ts'

/** Where a call is made, as its own request or hook says: another one may say something else meanwhile. */
export interface Where {
  readonly cwd: string
  /** Folders beside the project that a person gave the client. */
  readonly folders: readonly string[]
  /** What the client tells of its own machine, where that is not this one. */
  readonly elsewhere: Pick<CheckRequest, 'home' | 'git'> | null
  readonly words: readonly string[]
}

/** One tool call that the client asked about. */
export interface Call extends CallKey {
  readonly where: Where
  /** The client's `tool_use_id`. */
  readonly action: string
  readonly input: unknown
  readonly judgement: Judgement
  /** Null for a call that an earlier gate was asked about, and for one that ended: files take room. */
  facts: Facts | null
  readonly answer: Answer
  /** The grant that let it through, or `''`. */
  readonly grant: string
  /** What the client was told of it by a checkpoint; `''` when nothing. */
  readonly checked: CheckResult['outcome'] | ''
  /** What a person answered while an earlier gate asked, which it may not have told any more. */
  readonly settled: Outcome | null
  /** A result was seen. */
  ended: boolean
}

/** So many calls of a session are remembered for overrides. */
const MAX_CALLS = 500

export class Session {
  readonly id: string
  /** Where the session began; the judge's project. */
  readonly projectRoot: string
  /** Under which of the policy's projects it is: its own, or `/clients/HASH` on another machine. */
  readonly scope: string
  cwd: string
  transcript = ''
  facts = new SessionFacts('')
  permissionMode = ''
  attended = false
  env: HookEnvironment
  role: Role = 'guard'
  paused: { readonly hard: boolean } | null = null
  /** Why every action is asked until somebody resumes it; `''` when not. */
  asking = ''
  run: Run = NO_RUN
  clientCannotCheck = false
  /** A checkpoint answers its client's check: what that never told of is not approved. */
  isChecked = false
  ledger: Ledger
  /** Remotes at its start, by name. */
  readonly baseline: Readonly<Record<string, string>>
  /** How many of the person's words are in the journal. */
  wordsTold = 0
  /** The session entry that was journalled last. */
  told = ''
  readonly #calls = new Map<string, Call>()
  #forgotten = 0
  /** Every call that the gate was asked about. */
  readonly #asked = new Set<string>()

  constructor(start: {
    id: string
    cwd: string
    projectRoot: string
    scope: string
    env: HookEnvironment
    ledger: Ledger
    baseline: Readonly<Record<string, string>>
  }) {
    this.id = start.id
    this.cwd = start.cwd
    this.projectRoot = start.projectRoot
    this.scope = start.scope
    this.env = start.env
    this.ledger = start.ledger
    this.baseline = start.baseline
  }

  /** Takes in what every payload says. */
  saw(payload: HookPayload, env: HookEnvironment): void {
    this.env = env
    this.attended = isAttended(env)
    if (payload.cwd !== '') this.cwd = payload.cwd
    // Of a call it is always told: where it is not, nobody knows, and nothing is allowed.
    if (payload.permission_mode !== '' || 'tool_name' in payload)
      this.permissionMode = payload.permission_mode
    if (payload.transcript_path !== '' && payload.transcript_path !== this.transcript) {
      this.transcript = payload.transcript_path
      const { model } = this.facts
      this.facts = new SessionFacts(this.transcript)
      this.facts.model = model
      // What ran before the gate met the session was nobody's to ask about.
      this.facts.look()
      this.facts.takeRan()
    }
    if (payload.hook_event_name === 'SessionStart' && payload.model !== '')
      this.facts.model = payload.model
  }

  /** Takes in what a request of its main agent says. */
  heard({ agent, cwd, permissionMode, model, words }: CheckRequest): void {
    if (agent !== '') return
    if (cwd !== '') this.cwd = cwd
    if (permissionMode !== '') this.permissionMode = permissionMode
    if (this.facts.model === '') this.facts.model = model
    if (this.transcript !== '') return
    // For the record; each request is judged by the words that it brings itself.
    for (const text of words) if (!this.facts.words.includes(text)) this.facts.words.push(text)
  }

  /** For a call that a hook tells of. */
  whereHooked(cwd: string): Where {
    const words = this.transcript === '' ? [] : this.facts.words
    return { cwd: cwd || this.cwd, folders: [], elsewhere: null, words }
  }

  /** For a call in the answer to a request. A person's words are the transcript's, where there is one. */
  whereChecked({ cwd, folders, elsewhere, home, git, words }: CheckRequest): Where {
    return {
      cwd: cwd || this.cwd,
      folders,
      elsewhere: elsewhere ? { home, git } : null,
      words: this.transcript === '' ? words : this.facts.words,
    }
  }

  /** Calls that ran although the gate was not asked, since the last look. */
  ungated(): string[] {
    return this.facts.takeRan().filter(action => !this.#asked.has(action))
  }

  add(call: Call): void {
    this.#asked.add(call.action)
    this.#calls.delete(call.action)
    this.#calls.set(call.action, call)
    const [oldest] = this.#calls.keys()
    if (this.#calls.size > MAX_CALLS && oldest !== undefined) {
      this.#calls.delete(oldest)
      this.#forgotten++
    }
  }

  call(action: string): Call | undefined {
    return this.#calls.get(action)
  }

  /** What the agent did before, for a reviewer. */
  earlier(): Earlier {
    const calls = [...this.#calls.values()].map(({ tool, input, answer }) => ({
      tool,
      input,
      answer,
    }))
    return { calls, forgotten: this.#forgotten }
  }

  /** The newest call with this input that has no result: a permission request names no id. */
  openCall(agent: string, tool: string, inputHash: string): Call | undefined {
    return [...this.#calls.values()]
      .reverse()
      .find(c => !c.ended && c.agent === agent && c.tool === tool && c.inputHash === inputHash)
  }
}
