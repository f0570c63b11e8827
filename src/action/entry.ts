/**
 * The journal's entries: all that the gate was asked, decided and was told, one JSON object a line.
 * `seq` counts from 1; `prev` is the hash of the line before (see src/gate/chain.ts), so that a
 * line cannot be taken out or changed unseen. Readers pass over types they do not know.
 */
import * as v from 'valibot'
import { METERED } from './check.ts'
import { RESOURCE_KINDS, TIERS, TRUSTS, VERDICTS } from './judgement.ts'
import { REVIEW, REVIEW_ACCOUNT } from './review.ts'
import { SLOTS } from './slot.ts'

export const ROLES = ['watch', 'guard', 'decide'] as const
export type Role = (typeof ROLES)[number]

/** What the gate said to the client's `PreToolUse`; `abstain` leaves the client's own flow to decide. */
export const ANSWERS = ['allow', 'ask', 'deny', 'abstain'] as const
export type Answer = (typeof ANSWERS)[number]

/** By whom an answer was decided (a part of DESIGN's "decided by"). */
export const ANSWERERS = ['judge', 'user', 'unattended', 'outage', 'reviewer'] as const

const at = v.number()
const session = v.string()
/** The client's `tool_use_id`. */
const action = v.string()
const screen = v.object({ name: v.string(), pid: v.number(), tty: v.string() })

export const JUDGEMENT = v.object({
  verdict: v.picklist(VERDICTS),
  rule: v.string(),
  tier: v.picklist(TIERS),
  reason: v.string(),
  evidence: v.string(),
  resources: v.pipe(
    v.array(
      v.object({ kind: v.picklist(RESOURCE_KINDS), id: v.string(), trust: v.picklist(TRUSTS) }),
    ),
    v.readonly(),
  ),
  clear: v.pipe(v.array(v.string()), v.readonly()),
})

const PRECONDITIONS = v.object({
  /** Auto mode was enabled, by whom and when; `''` when not. */
  enabled: v.string(),
  model: v.string(),
  modelAllowed: v.boolean(),
  platform: v.string(),
  platformAllowed: v.boolean(),
})

export const ENTRY_BODY = v.variant('type', [
  v.object({ type: v.literal('gate-started'), at, pid: v.number(), version: v.string() }),
  v.object({ type: v.literal('gate-stopped'), at, pid: v.number(), why: v.string() }),
  /** The last line was half written (`bytes` of it were set aside in `file`). */
  v.object({ type: v.literal('healed'), at, file: v.string(), bytes: v.number() }),
  /** Files of days before `before` (ISO date) were deleted; `head` is the hash that they ended with. */
  v.object({
    type: v.literal('pruned'),
    at,
    before: v.string(),
    files: v.number(),
    head: v.string(),
  }),

  /** A session was first seen, or its role, mode or preconditions changed. */
  v.object({
    type: v.literal('session'),
    at,
    session,
    role: v.picklist(ROLES),
    /** Why it has this role, for people. */
    why: v.string(),
    permissionMode: v.string(),
    cwd: v.string(),
    transcript: v.string(),
    attended: v.boolean(),
    preconditions: PRECONDITIONS,
  }),
  v.object({ type: v.literal('session-ended'), at, session, reason: v.string() }),
  /** A person's words, the `index`-th of the session; judged entries say how many there were. */
  v.object({ type: v.literal('words'), at, session, index: v.number(), text: v.string() }),

  /** The client asked about an action; what the judge said and what the gate answered. */
  v.object({
    type: v.literal('judged'),
    at,
    session,
    action,
    /** `''` is the session's main agent. */
    agent: v.string(),
    tool: v.string(),
    /** The tool's input, with secrets as placeholders; cut texts end in `…`. */
    input: v.unknown(),
    inputHash: v.string(),
    cwd: v.string(),
    permissionMode: v.string(),
    role: v.picklist(ROLES),
    judgement: JUDGEMENT,
    answer: v.picklist(ANSWERS),
    by: v.picklist(ANSWERERS),
    /** The grant that let it through, or `''`. */
    grant: v.string(),
    /** Milliseconds that the gate took, without a person's time. */
    ms: v.number(),
    /** The facts the judge was given, for replay. */
    facts: v.unknown(),
  }),
  /** A model was asked about an action, or should have been; what it said and what that cost. */
  v.object({
    type: v.literal('reviewed'),
    at,
    session,
    action,
    agent: v.string(),
    ...REVIEW.entries,
    ...REVIEW_ACCOUNT.entries,
  }),
  /** A person is asked about an action; `until` is when the client stops waiting, Unix ms. */
  v.object({
    type: v.literal('asked'),
    at,
    session,
    action,
    until: v.number(),
    why: v.string(),
    /**
     * Holding the client's `PreToolUse` (headless) or its `PermissionRequest`. By a checkpoint nothing
     * is held: the call was refused, and the next one like it goes through once it is approved.
     */
    held: v.picklist(['PreToolUse', 'PermissionRequest', 'Checkpoint']),
  }),
  /** What became of the question. `elsewhere`: in the client, or it no longer waits. */
  v.object({
    type: v.literal('answered'),
    at,
    session,
    action,
    answer: v.picklist(['allow', 'deny', 'elsewhere', 'timeout']),
    words: v.string(),
    screen: v.nullable(screen),
    /** What changed in the facts while it waited, for people; `''` when nothing. */
    changed: v.string(),
  }),
  /** The client's own check refused an action. */
  v.object({
    type: v.literal('client-denied'),
    at,
    session,
    action,
    reason: v.string(),
    outage: v.boolean(),
    /** The judge's own opinion of it; null when there is none. */
    judgement: v.nullable(JUDGEMENT),
    /** Until when an override is answered with a retry, Unix ms; 0 when nobody is at a screen. */
    until: v.number(),
  }),
  /** A call ended: what really ran, from the client's `PostToolUse`. */
  v.object({
    type: v.literal('ran'),
    at,
    session,
    action,
    ok: v.boolean(),
    runMs: v.nullable(v.number()),
    inputHash: v.string(),
  }),

  /** A request to the model that is over, as a checkpoint saw it; also those that no transcript has. */
  v.object({ type: v.literal('request'), at, ...v.omit(METERED, ['listen', 'byHand']).entries }),

  v.object({
    type: v.literal('granted'),
    at,
    grant: v.string(),
    session,
    action,
    /** How the call looks, for people. */
    summary: v.string(),
    until: v.number(),
    uses: v.picklist(['once', 'always']),
  }),
  v.object({
    type: v.literal('grant-ended'),
    at,
    grant: v.string(),
    session,
    why: v.picklist(['used', 'expired', 'revoked', 'session-ended']),
  }),
  v.object({
    type: v.literal('paused'),
    at,
    session: v.nullable(session),
    hard: v.boolean(),
    why: v.string(),
  }),
  v.object({ type: v.literal('resumed'), at, session: v.nullable(session) }),
  v.object({
    type: v.literal('trusted'),
    at,
    slot: v.picklist(SLOTS),
    entry: v.string(),
    project: v.string(),
    note: v.string(),
    expires: v.string(),
  }),
  v.object({
    type: v.literal('untrusted'),
    at,
    slot: v.picklist(SLOTS),
    entry: v.string(),
    project: v.string(),
  }),
  /** A command and what it came to, also when it was refused. */
  v.object({
    type: v.literal('command'),
    at,
    screen,
    command: v.looseObject({ type: v.string() }),
    done: v.boolean(),
    text: v.string(),
  }),
  /** Something that somebody should look at. */
  v.object({
    type: v.literal('alert'),
    at,
    session,
    action,
    what: v.picklist(['ungated', 'changed-input', 'breaker', 'policy', 'integrity', 'journal']),
    text: v.string(),
  }),
  /** The policy that is in force from here on; `error` when a file was refused and the last good one stays. */
  v.object({ type: v.literal('policy'), at, hash: v.string(), error: v.string() }),
])
export type EntryBody = v.InferOutput<typeof ENTRY_BODY>
export type Entry = EntryBody & { readonly seq: number; readonly prev: string }

/** The body of one kind of entry. */
export type EntryOf<T extends EntryBody['type']> = Extract<EntryBody, { type: T }>

/** @returns the entry of one line, or null when it is of a kind that is not known. Throws on no JSON. */
export function parseEntry(json: string): Entry | null {
  const value: unknown = JSON.parse(json)
  const body = v.safeParse(ENTRY_BODY, value)
  const chained = v.safeParse(v.object({ seq: v.number(), prev: v.string() }), value)
  return body.success && chained.success ? { ...body.output, ...chained.output } : null
}

/** What `signalbox doctor` tries out the gate with; a client's sessions are UUIDs. */
export const PROBE = { session: 'doctor', action: 'toolu_doctor' } as const

/** It is of no agent; whatever else is told of that session is shown. */
export const isProbe = (entry: Entry): boolean =>
  (entry.type === 'session' || entry.type === 'judged') &&
  entry.session === PROBE.session &&
  (entry.type === 'session' || entry.action === PROBE.action)
