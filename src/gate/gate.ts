/** The state of the gate and everything that changes it: hooks (hooks.ts) and commands (commands.ts). */
import type { CheckReply, CheckRequest, Metered } from '../action/check.ts'
import type { CommandReply, CommandRequest, GateStatus, ScreenName } from '../action/command.ts'
import type { EntryBody, EntryOf } from '../action/entry.ts'
import { hookProblem, PROTOCOL } from '../action/protocol.ts'
import type { HookEnvironment, HookPayload } from '../clients/claude-code/hook-payload.ts'
import { NO_RUN } from './breaker.ts'
import { Checks } from './check.ts'
import { Commands } from './commands.ts'
import { type Grant, Grants } from './grants.ts'
import { Hooks } from './hooks.ts'
import type { GateParts } from './parts.ts'
import { Pending } from './pending.ts'
import { type Preconditions, preconditionsOf, roleOf } from './preconditions.ts'
import { leftOver, type Restored, restore, type UNREADABLE } from './restore.ts'
import { type Call, Session } from './session.ts'

const POLL_MS = 400
const EXPIRE_MS = 5000

export class Gate {
  readonly parts: GateParts
  readonly grants: Grants
  /** Questions to a person. */
  readonly pending = new Pending()
  /** Denials of the client that can still be answered with a retry. */
  readonly denials = new Pending()
  readonly sessions = new Map<string, Session>()
  readonly screens = new Set<ScreenName>()
  /** Every session, also those to come. */
  pausedAll: { readonly hard: boolean } | null = null
  readonly #startedAt: number
  readonly #hooks: Hooks
  readonly #checks: Checks
  readonly #commands: Commands
  /** Checkpoints that asked, by the base URL that their clients were given. */
  readonly #checkpoints = new Map<string, Pick<CheckRequest, 'upstream' | 'byHand'>>()
  readonly #restored: Restored
  readonly #beginning = new Map<string, Promise<Session>>()
  #policyError = ''
  #hookAt: number
  readonly #timers: NodeJS.Timeout[]

  /** @param history the entries that earlier gates wrote, oldest first */
  constructor(parts: GateParts, history: Iterable<EntryBody | typeof UNREADABLE>) {
    this.parts = parts
    this.#startedAt = parts.clock()
    this.#hookAt = this.#startedAt
    this.grants = new Grants((grant, why) => {
      this.write({ type: 'grant-ended', grant: grant.id, session: grant.session, why })
      if (why !== 'used') parts.clientRules.removeAll()
    })
    this.#restored = restore(history)
    this.pausedAll = this.#restored.pausedAll
    for (const { grant, givenAt } of this.#restored.grants)
      this.grants.restore(grant, givenAt, parts.clock())
    for (const spent of this.#restored.spent) parts.reviewer.spent(spent)
    this.#hooks = new Hooks(this)
    this.#checks = new Checks(this)
    const { checkpoint } = parts
    if (checkpoint !== null)
      this.#checkpoints.set(`http://${checkpoint.listen}`, { ...checkpoint, byHand: false })
    this.#commands = new Commands(this)
    this.write({ type: 'gate-started', pid: process.pid, version: parts.version })
    for (const entry of leftOver(this.#restored)) this.write(entry)
    parts.clientRules.removeAll()
    this.grants.expire(parts.clock())
    this.#timers = [
      setInterval(() => this.#hooks.lookAtPending(), POLL_MS).unref(),
      setInterval(() => this.grants.expire(parts.clock()), EXPIRE_MS).unref(),
    ]
  }

  /** When it was last needed, Unix ms: a session that died says no goodbye. */
  get neededAt(): number {
    return this.screens.size > 0 || this.pending.size > 0 ? this.parts.clock() : this.#hookAt
  }

  /**
   * Answers one hook of the client.
   * @param gone is aborted when the client no longer waits
   * @returns the JSON for the hook's output
   */
  hook(payload: HookPayload, env: HookEnvironment, gone: AbortSignal): Promise<string> {
    this.#hookAt = this.parts.clock()
    return this.#hooks.answer(payload, env, gone)
  }

  /** Answers a checkpoint that holds an answer of the model. @param gone it no longer waits */
  check(request: CheckRequest, gone: AbortSignal): Promise<CheckReply> {
    this.#hookAt = this.parts.clock()
    return this.#checks.answer(request, gone)
  }

  /** A request to the model is over. */
  metered({ byHand: _, listen: _listen, ...body }: Metered): void {
    this.write({ type: 'request', ...body })
  }

  command(request: CommandRequest): Promise<CommandReply> {
    return this.#commands.run(request)
  }

  /** A screen is there from now on. @returns what to call when it is not */
  attach(screen: ScreenName): () => void {
    this.screens.add(screen)
    return () => this.screens.delete(screen)
  }

  write(body: Unstamped): void {
    // The body is one of the union; the spread only adds the time that every member has.
    const entry = { at: this.parts.clock(), ...body } as EntryBody
    this.parts.journal.append(this.parts.redactor.entry(entry))
  }

  /** The session of a payload, with its role as of now; told to the journal when it changed. */
  async session(payload: HookPayload, env: HookEnvironment): Promise<Session> {
    const { session_id: id, cwd } = payload
    const session = this.sessions.get(id) ?? (await this.#beginOnce({ id, cwd }, env))
    session.saw(payload, env)
    session.facts.look()
    for (const action of session.ungated())
      this.askFrom(session, 'ungated', action, 'an action ran that the gate was not asked about')
    this.tell(session)
    return session
  }

  /** The session of a checkpoint's request, which may be the first that is heard of it. */
  async checkedSession(request: CheckRequest): Promise<Session> {
    const { session: id, cwd, listen, upstream, byHand, answered } = request
    this.#checkpoints.set(listen, { upstream, byHand })
    const env = { entrypoint: '', attended: '', pid: 0, baseUrl: listen, cloud: '', protocol: 0 }
    const known = this.sessions.get(id)
    const session = known ?? (await this.#beginOnce({ id, cwd }, env, request))
    session.heard(request)
    session.facts.look()
    session.isChecked = true
    if (answered === null) session.clientCannotCheck = true
    this.tell(session)
    return session
  }

  /** Tells of a grant that was given. */
  granted(grant: Grant, call: Call): void {
    const { id, session, action, until, uses } = grant
    const summary = this.parts.redactor.text(JSON.stringify(call.input)).slice(0, 200)
    this.write({ type: 'granted', grant: id, session, action, summary, until, uses })
  }

  /** Why every action of a session is asked; `''` when not. */
  whyAsking(session: Session): string {
    if (this.pausedAll !== null) return 'Signalbox: all sessions are paused'
    if (session.paused !== null) return 'Signalbox: this session is paused'
    // What such a hook tells may mean more than is understood here.
    const asking = hookProblem(session.env.protocol) || session.asking
    return asking === '' ? '' : `Signalbox asks about every action: ${asking}`
  }

  /** Whether only the model's name is missing for the gate to decide. */
  waitsForModel(session: Session): boolean {
    const policy = this.parts.policies.of(session.scope)
    const [model = ''] = policy.models
    const preconditions = this.#preconditions(session, model.replace('*', ''))
    const { scope, clientCannotCheck } = session
    return roleOf({ policy, preconditions, scope, clientCannotCheck }).role === 'decide'
  }

  /** Works out the role anew, and journals what changed. */
  tell(session: Session): void {
    const policy = this.parts.policies.of(session.scope)
    const preconditions = this.#preconditions(session, session.facts.model)
    const { scope, clientCannotCheck } = session
    const { role, why } = roleOf({ policy, preconditions, scope, clientCannotCheck })
    session.role = role
    const { permissionMode, cwd, transcript, attended } = session
    const body = { role, why, permissionMode, cwd, transcript, attended, preconditions }
    const told = JSON.stringify(body)
    if (told !== session.told) this.write({ type: 'session', session: session.id, ...body })
    session.told = told
    this.#tellWords(session)
    this.#tellPolicy()
  }

  /** From now on every action of the session is asked, until somebody resumes it. */
  askFrom(session: Session, what: EntryOf<'alert'>['what'], action: string, text: string): void {
    this.write({ type: 'alert', session: session.id, action, what, text })
    if (session.asking !== '') return
    session.asking = text
    this.write({ type: 'paused', session: session.id, hard: false, why: text })
  }

  stopAsking(session: Session): void {
    session.asking = ''
    session.run = NO_RUN
  }

  /** The client refused although a grant let the call through: only its own rule will do then. */
  writeClientRule(call: Call): void {
    const why = this.parts.clientRules.add(call.tool, call.input)
    const text =
      why === ''
        ? 'the client refused again, so an exact permission rule stands in its settings until it is used'
        : `the client refused again, and no exact rule can be written: ${why}`
    this.write({ type: 'alert', session: call.session, action: call.action, what: 'policy', text })
  }

  clientRuleUsed(call: Call): void {
    this.parts.clientRules.remove(call.tool, call.input)
  }

  status(): GateStatus {
    const { head } = this.parts.journal
    return {
      pid: process.pid,
      version: this.parts.version,
      protocol: PROTOCOL,
      startedAt: this.#startedAt,
      screens: [...this.screens],
      sessions: this.sessions.size,
      pending: this.pending.size,
      policyError: this.parts.policies.error,
      reviewerLacks: this.parts.reviewer.lacks(this.parts.policies.of('').reviewer),
      journal: { file: head.file, seq: head.seq, head: head.hash },
    }
  }

  stop(why: string): void {
    for (const timer of this.#timers) clearInterval(timer)
    this.pending.drop()
    this.denials.drop()
    this.parts.clientRules.removeAll()
    this.write({ type: 'gate-stopped', pid: process.pid, why })
    this.parts.journal.close()
  }

  /** Behind a checkpoint the platform is what stands behind that. */
  #preconditions(session: Session, model: string): Preconditions {
    const policy = this.parts.policies.of(session.scope)
    const through = this.#checkpoints.get(session.env.baseUrl)
    if (through === undefined) return preconditionsOf(policy, session.env, model)
    const env = { ...session.env, baseUrl: through.upstream }
    return preconditionsOf(policy, env, model, through.byHand)
  }

  /** Parallel calls may be the first that is seen of a session: it begins once. */
  #beginOnce(first: First, env: HookEnvironment, from?: CheckRequest): Promise<Session> {
    const { id } = first
    const begun = this.#beginning.get(id) ?? this.#begin(first, env, from)
    this.#beginning.set(id, begun)
    return begun.finally(() => this.#beginning.delete(id))
  }

  async #begin({ id, cwd }: First, env: HookEnvironment, from?: CheckRequest): Promise<Session> {
    const { root, baseline } =
      from?.elsewhere === true
        ? { root: from.git.root || cwd, baseline: from.git.remotes }
        : await this.parts.projectOf(cwd, id)
    const before = this.#restored.sessions.get(id)
    this.#restored.sessions.delete(id) // taken up once: what changes from here on is the session's own
    const { ledger, facts } = this.parts.recall(id, before?.told ?? [])
    const session = new Session({
      id,
      cwd,
      projectRoot: root,
      scope: from?.elsewhere === true ? `/clients/${id.split('/')[0] ?? ''}` : root,
      env,
      ledger,
      baseline,
    })
    session.paused = before?.paused ?? null
    session.asking = before?.asking ?? ''
    for (const call of before?.calls ?? [])
      session.add({ ...call, facts: facts.get(call.action) ?? null })
    this.sessions.set(session.id, session)
    return session
  }

  #tellWords(session: Session): void {
    const { words } = session.facts
    for (; session.wordsTold < words.length; session.wordsTold++) {
      const text = words[session.wordsTold] ?? ''
      this.write({ type: 'words', session: session.id, index: session.wordsTold, text })
    }
  }

  #tellPolicy(): void {
    const { error } = this.parts.policies
    if (error === this.#policyError) return
    this.#policyError = error
    this.write({ type: 'policy', hash: '', error })
  }
}

interface First {
  readonly id: string
  readonly cwd: string
}

/** An entry without its time. */
export type Unstamped = EntryBody extends infer Body
  ? Body extends EntryBody
    ? Omit<Body, 'at'>
    : never
  : never
