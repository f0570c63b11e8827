import type { Decision, Tokens, Wait } from './action.ts'
import type { GateEvent } from './gate-event.ts'
import type { RawWorld } from './world.ts'

/** Where the whole line of an action stands; its text is read from there when shown. */
export interface LineRef {
  readonly file: string
  /** Bytes from the start of the file. */
  readonly offset: number
  readonly length: number
}

/** Who acts: a session, and in it a subagent (`''` is the session's main agent). */
export interface Actor {
  readonly session: string
  readonly agent: string
}

/** What a source tells. Times are Unix milliseconds; the only clock that `fold` knows. */
export type Event =
  | ({ readonly type: 'requested' } & Actor & Requested)
  | ({ readonly type: 'decided' } & Actor & Decided)
  | ({ readonly type: 'message' } & Actor & Message)
  | ({ readonly type: 'turn' } & Actor & { readonly at: number })
  | ({ readonly type: 'session' } & { readonly session: string } & SessionFacts)
  | ({ readonly type: 'agent' } & Actor & { readonly name: string })
  | ({ readonly type: 'client-cost' } & { readonly session: string } & ClientCost)
  | ({ readonly type: 'presence'; readonly session: string; readonly at: number } & Presence)
  | ({ readonly type: 'client-told' } & ClientTold)
  | { readonly type: 'skipped'; readonly file: string; readonly line: number; readonly why: string }
  | { readonly type: 'backlog'; readonly part: RawWorld }
  | ({ readonly type: 'progress' } & Progress)
  | ({ readonly type: 'machine' } & MachineTold)
  | ({ readonly type: 'relay' } & RelaySign)
  /** More is written than can be read at once: how long ago what comes next was; 0 when all is read. */
  | { readonly type: 'behind'; readonly ms: number }
  | { readonly type: 'note'; readonly text: string }
  /** Nothing that came before counts. `mark` says on every frame what is shown, when not live. */
  | { readonly type: 'restart'; readonly mark: string }
  | GateEvent

/** An agent asks for a tool call. */
export interface Requested {
  readonly at: number
  readonly id: string
  readonly tool: string
  /** One line for people, already short. Text of an agent: never print it as it is. */
  readonly summary: string
  /** The model answer it came with, or `''`. */
  readonly message: string
  readonly waits: Wait
  readonly line: LineRef
}

/** What became of it. */
export interface Decided extends Decision {
  readonly at: number
  readonly id: string
}

/** One model answer, or a later, larger account of the same one. */
export interface Message {
  readonly at: number
  readonly id: string
  readonly model: string
  readonly tokens: Tokens
  /** US dollars; null when the model's price is not known. */
  readonly costUsd: number | null
  /** Since what the model answered to (a prompt, a tool's result); null when not seen. */
  readonly turnMs: number | null
}

/** A later fact replaces an earlier one, by `at`. */
export interface SessionFacts {
  readonly at: number
  readonly client?: string
  readonly version?: string
  readonly cwd?: string
  readonly title?: string
  readonly entrypoint?: string
  readonly permissionMode?: string
}

/** The client's own total for a session, per model. */
export interface ClientCost {
  readonly at: number
  readonly totalUsd: number
  readonly byModel: Readonly<Record<string, number>>
}

/** What the client's own telemetry says of an action: how it was decided, or how long it ran. */
export interface ClientTold {
  readonly at: number
  readonly session: string
  /** The client's `tool_use_id`. */
  readonly action: string
  readonly decision: 'accept' | 'reject' | null
  /** Who decided, in the client's words; `''` with no decision. */
  readonly source: string
  /** What the client's own classifier said, in its words; `''` when not told. */
  readonly classifier: string
  /** Milliseconds of the tool alone; null when not told. */
  readonly runMs: number | null
}

/** A machine of a fleet told something, through a broker. */
export interface MachineTold {
  readonly name: string
  /** `''` where it is about none. */
  readonly session: string
  /** When it happened there, and when the broker had it; Unix ms, by the clock of each. */
  readonly at: number
  readonly arrivedAt: number
}

/** The relay of a machine gave a sign of life. */
export interface RelaySign {
  readonly name: string
  /** When it was heard here, Unix ms. */
  readonly at: number
  /** How long its oldest entry has waited that the broker does not have, milliseconds; 0: none waits. */
  readonly waitingMs: number
  /** It was the last one: the relay was stopped. */
  readonly ends: boolean
}

/** How much of what was there at the start has been read, in bytes. */
export interface Progress {
  readonly doneBytes: number
  readonly totalBytes: number
}

/** What the client's process says of itself while it lives. */
export interface Presence {
  readonly status: 'busy' | 'idle' | 'waiting' | 'ended'
  /** In the client's words, with `waiting`: `permission prompt`, `input needed`, … */
  readonly waitingFor?: string
}
