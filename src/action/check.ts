/** What a checkpoint and the gate tell each other: calls to be judged, and what a request came to. */
import * as v from 'valibot'

/** The one path that a checkpoint does not pass on: whether it is here, and what is behind it. */
export const ABOUT_PATH = '/.well-known/signalbox'

const text = v.string()
const count = v.number()

/** Which checkpoint asks, and for whom. */
const THROUGH = {
  session: text,
  /** `''` is the session's main agent. */
  agent: text,
  model: text,
  /** The base URL that the client was given: the checkpoint's own. */
  listen: text,
  /** The API behind it, as a base URL. */
  upstream: text,
  /** Somebody started it with this very upstream, which lists that platform. */
  byHand: v.boolean(),
}

/** The calls of one answer of a model, to be judged before the client learns of them. */
export const CHECK_REQUEST = v.object({
  ...THROUGH,
  permissionMode: text,
  cwd: text,
  /** The client is on another machine: its disk is not this one. */
  elsewhere: v.boolean(),
  home: text,
  /** Folders beside the project that a person gave the client, absolute. */
  folders: v.array(text),
  git: v.object({
    root: text,
    branch: text,
    defaultBranch: text,
    /** Name → URL. */
    remotes: v.record(text, text),
  }),
  /** What a person said in this conversation, as far as the request tells; oldest first. */
  words: v.array(text),
  /** Calls of the turn before that were carried out. */
  ran: v.array(text),
  calls: v.array(v.object({ action: text, tool: text, input: v.unknown() })),
  /** What the API said of each; null when it does not check. */
  answered: v.nullable(v.record(text, v.picklist(['flagged', 'not_flagged', '']))),
})
export type CheckRequest = v.InferOutput<typeof CHECK_REQUEST>

/** `left`: nothing is said of it, and the client does what it does without an answer. */
const CHECK_RESULT = v.variant('outcome', [
  v.object({ outcome: v.literal('not_flagged') }),
  v.object({ outcome: v.literal('flagged'), explanation: text }),
  v.object({ outcome: v.literal('unavailable'), reason: text }),
  v.object({ outcome: v.literal('skipped') }),
  v.object({ outcome: v.literal('left') }),
])
export type CheckResult = v.InferOutput<typeof CHECK_RESULT>

/** By the call's id. */
export const CHECK_REPLY = v.record(text, CHECK_RESULT)
export type CheckReply = v.InferOutput<typeof CHECK_REPLY>

export const TOKENS = v.object({
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  thinking: count,
})

/** One request to the model that is over, as the checkpoint saw it. */
export const METERED = v.object({
  ...THROUGH,
  /** The API's ids of the request and of its answer; `''` where it gave none. */
  request: text,
  message: text,
  /** Of the HTTP answer; 0 when there was none. */
  status: count,
  /** The API's word for what went wrong, or what cut the answer short; `''` when nothing. */
  error: text,
  /** How often the client had tried it before. */
  retry: count,
  tokens: TOKENS,
  /** Milliseconds from the whole request to the first byte of the answer's body, and to its end. */
  firstMs: v.nullable(count),
  ms: count,
  /** The tool calls that it answered with. */
  actions: v.array(text),
  /** Who answered the client's check in it. */
  checked: v.picklist(['not asked', 'upstream', 'signalbox', 'both', 'nobody']),
})
export type Metered = v.InferOutput<typeof METERED>
