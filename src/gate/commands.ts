/** What the keys ask for. Every command and what it came to is in the journal, with who asked. */
import type { Command, CommandReply, CommandRequest, ScreenName } from '../action/command.ts'
import type { TrustPlace } from '../config/edit-policy.ts'
import type { Policy, TrustEntry } from '../config/policy.ts'
import { UsageError } from '../config/usage-error.ts'
import { changeBetween, examine } from './examine.ts'
import type { Gate } from './gate.ts'
import type { Call, Session } from './session.ts'

/** Takes a command's effect back. @returns what was undone, for people */
type Undo = () => string

/** Thrown by a command that cannot be done: the text is for the user. */
class Refused extends Error {}

const MAX_UNDO = 50

export class Commands {
  readonly #gate: Gate
  readonly #undo: Undo[] = []

  constructor(gate: Gate) {
    this.#gate = gate
  }

  async run({ screen, command }: CommandRequest): Promise<CommandReply> {
    const reply = await this.#try(command, screen)
    this.#gate.write({ type: 'command', screen, command, ...reply })
    return reply
  }

  async #try(command: Command, screen: ScreenName): Promise<CommandReply> {
    try {
      return { done: true, text: await this.#do(command, screen) }
    } catch (error) {
      if (error instanceof Refused || error instanceof UsageError)
        return { done: false, text: error.message }
      throw error
    }
  }

  async #do(command: Command, screen: ScreenName): Promise<string> {
    switch (command.type) {
      case 'approve':
        return this.#approve(command, screen)
      case 'deny':
        return this.#deny(command, screen)
      case 'override':
        return this.#override(command, screen)
      case 'revoke':
        if (!this.#gate.grants.revoke(command.grant))
          throw new Refused('that grant is already over')
        return `took back grant ${command.grant}`
      case 'trust':
        return this.#trust(command)
      case 'untrust':
        return this.#untrust(command)
      case 'propose':
        return this.#propose(command, screen)
      case 'pause':
        return this.#pause(command)
      case 'resume':
        return this.#resume(command)
      case 'undo':
        return this.#undoLast()
      default:
        return command satisfies never
    }
  }

  async #approve({ session: id, action }: Of<'approve'>, screen: ScreenName): Promise<string> {
    const { session, call } = this.#callOf(id, action)
    this.#allowed(session, 'approve')
    const held = this.#gate.pending.find(id, action)
    if (held === undefined) throw new Refused(`nothing waits for ${action} any more`)
    const { tool, input, agent, judgement, where } = call
    const now = await examine(this.#gate.parts, session, { tool, input, agent }, where)
    if (now.judgement.tier === 'hard_deny' && judgement.tier !== 'hard_deny')
      throw new Refused(`not approved: ${changeBetween(judgement, now.judgement)}`)
    const changed = changeBetween(judgement, now.judgement)
    const outcome = { answer: 'allow', words: '', screen, changed } as const
    if (!this.#gate.pending.settle(id, action, outcome))
      throw new Refused(`nothing waits for ${action} any more`)
    const next =
      held.held === 'Checkpoint' ? ': the same call runs when the agent tries it again' : ''
    return changed === '' ? `approved${next}` : `approved${next}; since it was asked: ${changed}`
  }

  #deny({ session, action, words }: Of<'deny'>, screen: ScreenName): string {
    const told = words === '' ? 'The user said no.' : `The user said no: ${words}`
    const outcome = { answer: 'deny', words: told, screen, changed: '' } as const
    if (!this.#gate.pending.settle(session, action, outcome))
      throw new Refused(`nothing waits for ${action} any more`)
    return 'denied'
  }

  #override({ session: id, action, minutes, uses }: Of<'override'>, screen: ScreenName): string {
    const { session, call } = this.#callOf(id, action)
    this.#allowed(session, 'override')
    if (call.judgement.tier === 'hard_deny')
      throw new Refused(`rule ${call.judgement.rule} cannot be overridden`)
    const { parts, grants } = this.#gate
    const now = parts.clock()
    const grant = grants.give(call, action, now + minutes * 60_000, uses, now)
    this.#gate.granted(grant, call)
    this.#remember(() => {
      if (!grants.revoke(grant.id)) throw new Refused('that override was used already')
      return 'took the override back'
    })
    const retry = { answer: 'allow', words: '', screen, changed: '' } as const
    const retried = this.#gate.denials.settle(id, action, retry)
    const times = uses === 'once' ? 'once' : 'each time'
    const how = retried ? 'the agent is told to try again' : 'when the agent tries it again'
    return `the same call runs ${times} within ${minutes} min; ${how}`
  }

  #trust({ slot, entry, project = '', note, expires = '' }: Of<'trust'>): string {
    this.#policyAllows(project, 'trust')
    const place = { slot, entry, project }
    const before = this.#listed(place)
    const takeBack = this.#gate.parts.policies.trust({ ...place, note, expires })
    this.#gate.write({ type: 'trusted', ...place, note, expires })
    this.#remember(() => {
      takeBack()
      if (before === undefined) {
        this.#gate.write({ type: 'untrusted', ...place })
        return `no longer trusts ${entry}`
      }
      const was = { note: before.note, expires: before.expires }
      this.#gate.write({ type: 'trusted', ...place, ...was })
      return `trusts ${entry} as before`
    })
    return before === undefined
      ? `trusts ${entry} (${slot})`
      : `trusts ${entry} (${slot}), with another note or expiry`
  }

  /** For a person here to look at: it holds nothing that a shell would read in another way. */
  #propose({ session, slot, entry, note }: Of<'propose'>, { name }: ScreenName): string {
    if (!/^[\w*~][\w.*:@/#+~-]*$/.test(entry)) throw new Refused('that is no entry of trust')
    const why = note === '' ? '' : `, because: ${note}`
    const add = `signalbox trust add '${entry}' --as ${slot}`
    const text = `${name} proposes to trust ${entry}${why}. If you agree: ${add}`
    this.#gate.write({ type: 'alert', session, action: '', what: 'policy', text })
    return `proposed to trust ${entry}: somebody at the machine decides`
  }

  #untrust({ slot, entry, project = '' }: Of<'untrust'>): string {
    this.#policyAllows(project, 'trust')
    const place = { slot, entry, project }
    const known = this.#listed(place)
    const takeBack = this.#gate.parts.policies.untrust(place)
    this.#gate.write({ type: 'untrusted', ...place })
    this.#remember(() => {
      takeBack()
      const { note = '', expires = '' } = known ?? {}
      this.#gate.write({ type: 'trusted', ...place, note, expires })
      return `trusts ${entry} again`
    })
    return `no longer trusts ${entry} (${slot})`
  }

  #listed({ slot, entry, project }: TrustPlace): TrustEntry | undefined {
    const { trust } = this.#gate.parts.policies.of(project ?? '')
    return trust.find(
      it => it.slot === slot && it.entry === entry && it.project === (project ?? ''),
    )
  }

  #pause({ session: id, hard }: Of<'pause'>): string {
    const session = id === undefined ? null : this.#sessionOf(id)
    const before = session === null ? this.#gate.pausedAll : session.paused
    this.#setPause(session, { hard })
    this.#remember(() => {
      this.#setPause(session, before)
      return before === null ? 'resumed' : 'paused as before'
    })
    const what = session === null ? 'all sessions ask' : 'this session asks'
    const mode = hard ? '; its client leaves auto mode with the next action you approve' : ''
    return `${what} about every action from now on${mode}`
  }

  #resume({ session: id }: Of<'resume'>): string {
    const session = id === undefined ? null : this.#sessionOf(id)
    const before = session === null ? this.#gate.pausedAll : session.paused
    const wasAsking = session?.asking ?? ''
    if (before === null && wasAsking === '') throw new Refused('it is not paused')
    this.#setPause(session, null)
    if (before !== null)
      this.#remember(() => {
        this.#setPause(session, before)
        return 'paused as before'
      })
    if (session !== null && this.#gate.pausedAll !== null)
      return 'this session is resumed; all are paused still: resuming once more resumes them'
    return session === null ? 'all sessions are resumed' : 'resumed'
  }

  #setPause(session: Session | null, pause: { readonly hard: boolean } | null): void {
    if (session === null) this.#gate.pausedAll = pause
    else session.paused = pause
    const id = session?.id ?? null
    if (session !== null && pause === null) this.#gate.stopAsking(session)
    if (pause === null) this.#gate.write({ type: 'resumed', session: id })
    else this.#gate.write({ type: 'paused', session: id, hard: pause.hard, why: '' })
  }

  #undoLast(): string {
    const undo = this.#undo.pop()
    if (undo === undefined) throw new Refused('there is nothing to undo')
    return undo()
  }

  #remember(undo: Undo): void {
    this.#undo.push(undo)
    if (this.#undo.length > MAX_UNDO) this.#undo.shift()
  }

  #sessionOf(id: string): Session {
    const session = this.#gate.sessions.get(id)
    if (session === undefined)
      throw new Refused(
        'the gate has not met this session yet: it has no hooks, or did nothing so far',
      )
    return session
  }

  #callOf(id: string, action: string): { session: Session; call: Call } {
    const session = this.#sessionOf(id)
    const call = session.call(action)
    if (call === undefined) throw new Refused(`the gate was not asked about ${action}`)
    return { session, call }
  }

  #allowed(session: Session, what: Policy['locked'][number]): void {
    this.#policyAllows(session.scope, what)
  }

  #policyAllows(project: string, what: Policy['locked'][number]): void {
    if (this.#gate.parts.policies.of(project).locked.includes(what))
      throw new Refused(`the managed policy does not allow it (${what})`)
  }
}

type Of<T extends Command['type']> = Extract<Command, { type: T }>
