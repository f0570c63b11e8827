// Clients of a gate that is killed under them: what each was told, to be held against the journal.
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as rest } from 'node:timers/promises'
import type { CommandInput, CommandReply } from '../../../src/action/command.ts'
import type { FaultsHome } from './home.ts'

/** An answer that a client received of the gate. */
export interface Received {
  readonly action: string
  readonly session: string
  readonly command: string
  readonly decision: string
  readonly reason: string
}

export interface Story {
  readonly received: Received[]
  /** Commands whose reply a screen received, with its text. */
  readonly replied: { readonly command: CommandInput; readonly reply: CommandReply }[]
  /** What must not have happened, as the client saw it. */
  readonly wrong: string[]
  /** Overrides whose one call was let through, and those it was not. */
  readonly overrides: { used: number; lost: number }
}

export const newStory = (): Story => ({
  received: [],
  replied: [],
  wrong: [],
  overrides: { used: 0, lost: 0 },
})

/** What is asked, and what the judge says of it. */
export const COMMANDS = {
  allow: 'ls -la src',
  deny: 'git push --force origin main',
  ask: 'kubectl --context staging apply -f deploy.yaml',
} as const

const AGAIN_MS = 4
const SCREEN = { name: 'bench', pid: process.pid, tty: '' }

export class Clients {
  readonly story = newStory()
  readonly #home: FaultsHome
  readonly #batch: string
  #count = 0
  #over = false

  constructor(home: FaultsHome, batch: string) {
    this.#home = home
    this.#batch = batch
  }

  stop(): void {
    this.#over = true
  }

  /** Plain calls, one after the other, until `stop`. */
  async calls(): Promise<void> {
    const session = this.#name('s')
    while (!this.#over)
      for (const command of Object.values(COMMANDS)) await this.#call(session, command)
  }

  /** A call is denied, overridden once, and then made twice at the same time. */
  async overrides(): Promise<void> {
    while (!this.#over) {
      const session = this.#name('g')
      const command = `${COMMANDS.deny} # ${session}`
      const denied = await this.#call(session, command)
      if (denied === null) return
      const action = denied.action
      const reply = await this.#command({ type: 'override', session, action })
      if (reply === null) return
      // The gate that had denied it is gone, and so is what it could have been told.
      if (!reply.done) continue
      const both = await Promise.all([this.#call(session, command), this.#call(session, command)])
      if (both.includes(null)) return
      const through = both.filter(it => it?.decision === 'allow').length
      if (through > 1)
        this.story.wrong.push(`${session}: one override let ${through} calls through`)
      if (through === 0) this.story.overrides.lost++
      else this.story.overrides.used++
    }
  }

  /** While a session is paused, nothing is allowed in it. */
  async pauses(): Promise<void> {
    const session = this.#name('p')
    if ((await this.#call(session, COMMANDS.allow)) === null) return
    while (!this.#over) {
      const paused = await this.#command({ type: 'pause', session })
      for (let i = 0; i < 3 && paused?.done; i++) {
        const answer = await this.#call(session, COMMANDS.allow)
        if (answer?.decision === 'allow')
          this.story.wrong.push(`${answer.action}: allowed while its session was paused`)
      }
      await this.#command({ type: 'resume', session })
      await this.#call(session, COMMANDS.allow)
    }
  }

  /** A headless call is held until a screen approves it; its hook asks again when the gate goes. */
  async approvals(): Promise<void> {
    while (!this.#over) {
      const session = this.#name('h')
      const leave = await this.#attach()
      const action = this.#name('a')
      const asked = this.#call(session, COMMANDS.ask, action, 'sdk-cli')
      let approved = false
      while (!this.#over && !approved) {
        const reply = await Promise.race([
          this.#command({ type: 'approve', session, action }),
          asked.then(() => null),
        ])
        if (reply === null) break
        approved = reply.done
        if (!approved) await rest(AGAIN_MS)
      }
      const answer = await asked
      if (approved && answer !== null && answer.decision !== 'allow') {
        const { decision, reason } = answer
        this.story.wrong.push(`${action}: approved by a person, and answered ${decision} ${reason}`)
      }
      leave()
    }
  }

  #name(kind: string): string {
    return `${this.#batch}-${kind}${this.#count++}`
  }

  /** Asks until there is an answer, as the hook does. @returns null when the batch is over before */
  async #call(
    session: string,
    command: string,
    action = this.#name('t'),
    entrypoint = 'cli',
  ): Promise<Received | null> {
    const payload = JSON.stringify({
      hook_event_name: 'PreToolUse',
      session_id: session,
      transcript_path: this.#home.transcript,
      cwd: this.#home.dir,
      permission_mode: 'auto',
      tool_name: 'Bash',
      tool_input: { command },
      tool_use_id: action,
    })
    const answer = await this.#ask('hook.sock', '/hook', payload, entrypoint)
    if (answer === null) return null
    const received = { action, session, command, ...decisionIn(answer) }
    this.story.received.push(received)
    return received
  }

  async #command(command: CommandInput): Promise<CommandReply | null> {
    const body = JSON.stringify({ screen: SCREEN, command })
    const answer = await this.#ask('control.sock', '/command', body, '')
    if (answer === null) return null
    // The gate's own form; what is none fails loudly.
    const reply = JSON.parse(answer) as CommandReply
    this.story.replied.push({ command, reply })
    return reply
  }

  async #ask(socket: string, path: string, body: string, entrypoint: string) {
    while (!this.#over) {
      try {
        return await post(join(this.#home.sockets, socket), path, body, entrypoint)
      } catch {
        await rest(AGAIN_MS)
      }
    }
    return null
  }

  /** Somebody is at a screen from now on, whichever gate runs. */
  async #attach(): Promise<() => void> {
    let over = false
    const first = Promise.withResolvers<void>()
    const again = async (): Promise<void> => {
      while (!over && !this.#over) {
        await attached(join(this.#home.sockets, 'control.sock'), first.resolve, () => over)
        await rest(AGAIN_MS)
      }
      first.resolve()
    }
    void again()
    await first.promise
    return () => {
      over = true
    }
  }
}

/** @throws when the connection ends before the whole answer */
export function post(
  socketPath: string,
  path: string,
  body: string,
  entrypoint: string,
): Promise<string> {
  const headers = entrypoint === '' ? {} : { 'x-signalbox-entrypoint': entrypoint }
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: 'POST', headers, agent: false }, response => {
      text(response).then(resolve, reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const LOOK_MS = 20

function attached(socketPath: string, there: () => void, isOver: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const sent = request({ socketPath, path: '/attach?name=bench&pid=1&tty=', agent: false })
    const looking = setInterval(() => isOver() && sent.destroy(), LOOK_MS)
    sent.on('response', response => {
      there()
      response.on('error', () => {}).resume()
    })
    sent.on('error', () => {})
    sent.on('close', () => {
      clearInterval(looking)
      resolve()
    })
    sent.end()
  })
}

/** @throws on what is no whole JSON object */
export function decisionIn(answer: string): { decision: string; reason: string } {
  // The client's own shape; a bench that reads it wrongly finds nothing that fits the journal.
  const { hookSpecificOutput: output } = JSON.parse(answer) as {
    hookSpecificOutput?: { permissionDecision: string; permissionDecisionReason?: string }
  }
  return {
    decision: output?.permissionDecision ?? 'abstain',
    reason: output?.permissionDecisionReason ?? '',
  }
}
