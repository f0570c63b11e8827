/** What a key asks the gate to do, and what it answers. One JSON object each, over the control socket. */
import * as v from 'valibot'
import { SLOTS } from './slot.ts'

/** Who asks: shown with every command on every screen. */
/** No screen needs more; what a forged one says must not fill the journal. */
const short = v.pipe(v.string(), v.maxLength(100))

const SCREEN = v.object({
  name: short,
  pid: v.number(),
  /** `/dev/pts/3`, or `''` without a terminal. */
  tty: short,
})
export type ScreenName = v.InferOutput<typeof SCREEN>

const session = v.string()
/** The client's `tool_use_id`. */
const action = v.string()
const slot = v.picklist(SLOTS)

export const COMMAND = v.variant('type', [
  /** Says yes to a pending action. */
  v.object({ type: v.literal('approve'), session, action }),
  /** Says no to a pending action, with words for the agent. */
  v.object({
    type: v.literal('deny'),
    session,
    action,
    words: v.optional(v.pipe(v.string(), v.maxLength(2000)), ''),
  }),
  /**
   * Lets the next identical call (same tool, input, folder and agent) through: once, or for as long
   * as the grant lasts.
   */
  v.object({
    type: v.literal('override'),
    session,
    action,
    minutes: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(24 * 60)), 10),
    uses: v.optional(v.picklist(['once', 'always']), 'once'),
  }),
  /** Takes a grant back that was not used yet. */
  v.object({ type: v.literal('revoke'), grant: v.string() }),
  /** Adds an entry to the user's policy. */
  v.object({
    type: v.literal('trust'),
    slot,
    entry: v.string(),
    /** The folder it is good for; everywhere without it. */
    project: v.optional(v.string()),
    note: v.optional(v.pipe(v.string(), v.maxLength(500)), ''),
    /** ISO date */
    expires: v.optional(v.string()),
  }),
  /** Asks the people of a machine to trust it, and changes nothing. `session`: seen in which. */
  v.object({
    type: v.literal('propose'),
    session,
    slot,
    entry: v.pipe(v.string(), v.maxLength(300)),
    note: v.optional(v.pipe(v.string(), v.maxLength(500)), ''),
  }),
  v.object({
    type: v.literal('untrust'),
    slot,
    entry: v.string(),
    project: v.optional(v.string()),
  }),
  /** Asks about every action; `session` absent: of all sessions. `hard`: the client's mode too. */
  v.object({
    type: v.literal('pause'),
    session: v.optional(session),
    hard: v.optional(v.boolean(), false),
  }),
  v.object({ type: v.literal('resume'), session: v.optional(session) }),
  /** Takes back the last trust, untrust, override, pause or resume. */
  v.object({ type: v.literal('undo') }),
])
export type Command = v.InferOutput<typeof COMMAND>
/** As callers write it, before defaults. */
export type CommandInput = v.InferInput<typeof COMMAND>

export const COMMAND_REQUEST = v.object({ screen: SCREEN, command: COMMAND })
export type CommandRequest = v.InferOutput<typeof COMMAND_REQUEST>

/** `text` is one line for the user: what was done, or why it could not be. */
export const COMMAND_REPLY = v.object({ done: v.boolean(), text: v.string() })
export type CommandReply = v.InferOutput<typeof COMMAND_REPLY>

/** What the gate says of itself (`GET /status` on the control socket). */
export const GATE_STATUS = v.object({
  pid: v.number(),
  version: v.string(),
  /** 0: from before there was a number. */
  protocol: v.optional(v.number(), 0),
  // What a gate of another version says in another form is not known, and no reason to know none of it.
  /** Unix ms */
  startedAt: v.fallback(v.number(), 0),
  screens: v.fallback(v.array(SCREEN), []),
  sessions: v.fallback(v.number(), 0),
  pending: v.fallback(v.number(), 0),
  /** The first thing that is wrong with a policy file, or `''`. */
  policyError: v.fallback(v.string(), ''),
  /** The variable that the reviewer's key should be in and is not, or `''`. */
  reviewerLacks: v.fallback(v.string(), ''),
  journal: v.fallback(v.object({ file: v.string(), seq: v.number(), head: v.string() }), {
    file: '',
    seq: 0,
    head: '',
  }),
})
export type GateStatus = v.InferOutput<typeof GATE_STATUS>
