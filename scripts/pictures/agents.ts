/** The story's agents: they ask the gate by the client's hooks, and wait for what it says. */
import type { HeldGate } from './held-gate.ts'
import type { Step } from './story.ts'
import { SESSIONS, transcriptOf } from './transcripts.ts'

export class Agents {
  /** What hooks that held a question were answered, oldest first. */
  readonly heard: string[] = []
  readonly #gate: () => HeldGate
  readonly #client: string
  readonly #waiting = new Set<Step>()

  /** @param client its folder */
  constructor(gate: () => HeldGate, client: string) {
    this.#gate = gate
    this.#client = client
  }

  /** An action is judged; where its user is asked, the question is there afterwards. */
  async does(step: Step): Promise<void> {
    await this.#gate().hook({ ...this.#told('PreToolUse', step), tool_use_id: step.id })
    if (step.went === 'waits') await this.#waits(step)
  }

  /** After a gate that went without an answer, as the client's hooks do it. */
  async askAgain(): Promise<void> {
    for (const step of this.#waiting) await this.#waits(step)
  }

  async #waits(step: Step): Promise<void> {
    this.#waiting.add(step)
    const gate = this.#gate()
    gate.hook(this.#told('PermissionRequest', step)).then(
      answer => {
        this.#waiting.delete(step)
        this.heard.push(answer.trim())
      },
      () => {}, // the gate went: it is asked again when there is one
    )
    await gate.isAsking({ session: SESSIONS[step.session].id, action: step.id })
  }

  #told(event: string, { session, tool, input }: Step): object {
    const { id, cwd } = SESSIONS[session]
    return {
      hook_event_name: event,
      session_id: id,
      transcript_path: transcriptOf(session, this.#client),
      cwd,
      permission_mode: 'auto',
      tool_name: tool,
      tool_input: input,
    }
  }
}
