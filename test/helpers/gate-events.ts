/** What the journal tells, with what a test is about as arguments. */
import { noTokens } from '../../src/action/action.ts'
import type { EntryBody, EntryOf } from '../../src/action/entry.ts'
import type { Event } from '../../src/action/event.ts'
import type { GateEventOf } from '../../src/action/gate-event.ts'
import { T0 } from './events.ts'

export const SCREEN = { name: 'desk', pid: 4711, tty: '/dev/pts/3' }

const S = 's1'

type Said = EntryOf<'judged'>['judgement']

export const judgement = (more: Partial<Said> = {}): Said => ({
  verdict: 'deny',
  rule: 'push-external',
  tier: 'soft_deny',
  reason: 'pushes to a repository that is not trusted',
  evidence: 'git push backup',
  resources: [{ kind: 'git', id: 'github.com/evil/app', trust: 'external' }],
  clear: ['trust github.com/evil', 'override'],
  ...more,
})

const enabled = {
  enabled: 'dana on 2026-11-01',
  model: 'claude-opus-4-6',
  modelAllowed: true,
  platform: 'anthropic',
  platformAllowed: true,
}

export function gated(at: number, more: Partial<GateEventOf<'gated'>> = {}): GateEventOf<'gated'> {
  return {
    type: 'gated',
    at: T0 + at,
    session: S,
    role: 'guard',
    why: "the client's own check works",
    permissionMode: 'auto',
    cwd: '/home/dev/app',
    attended: true,
    preconditions: enabled,
    ...more,
  }
}

export function judged(
  id: string,
  at: number,
  more: Partial<GateEventOf<'judged'>> = {},
): GateEventOf<'judged'> {
  return {
    type: 'judged',
    at: T0 + at,
    session: S,
    action: id,
    agent: '',
    tool: 'Bash',
    summary: `run ${id}`,
    line: { file: '/j/2026-11-23.jsonl', offset: 0, length: 1 },
    inputHash: `hash of ${id}`,
    cwd: '/home/dev/app',
    permissionMode: 'auto',
    role: 'guard',
    judgement: judgement(),
    answer: 'deny',
    by: 'judge',
    grant: '',
    ms: 3,
    ...more,
  }
}

export const allowed = (id: string, at: number, more: Partial<GateEventOf<'judged'>> = {}): Event =>
  judged(id, at, {
    answer: 'allow',
    judgement: judgement({ verdict: 'allow', rule: 'read-only', tier: 'allow', clear: [] }),
    ...more,
  })

type Of<T extends EntryBody['type']> = Partial<EntryOf<T>>

/** A reviewer that found an action harmless. */
export const reviewed = (
  id: string,
  at: number,
  more: Of<'reviewed'> = {},
): EntryOf<'reviewed'> => ({
  type: 'reviewed',
  at: T0 + at,
  session: S,
  action: id,
  agent: '',
  verdict: 'allow',
  risk: 'low',
  authorisation: 'none',
  reason: 'of low risk, and nothing speaks against it',
  stage: 1,
  problem: '',
  cached: false,
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  prompt: 1,
  given: 'all of it',
  requests: 1,
  tokens: { ...noTokens(), input: 120, output: 30, cacheRead: 1000 },
  costUsd: 0.0021,
  ms: 1200,
  ...more,
})

/** Nobody was asked, or nothing was heard. */
export const unreviewed = (
  id: string,
  at: number,
  problem: EntryOf<'reviewed'>['problem'],
  more: Of<'reviewed'> = {},
): EntryOf<'reviewed'> =>
  reviewed(id, at, {
    verdict: 'ask',
    risk: null,
    authorisation: null,
    reason: `no second opinion: ${problem}`,
    stage: 0,
    problem,
    requests: 0,
    tokens: noTokens(),
    costUsd: 0,
    ms: 0,
    ...more,
  })

/** What the judge is unsure of. */
export const unsure = judgement({
  verdict: 'ask',
  rule: 'unknown-program',
  tier: 'uncertain',
  reason: 'no rule knows what it does',
  evidence: '',
  resources: [],
  clear: ['override'],
})

export const asks = (id: string, at: number, more: Of<'asked'> = {}): Event => ({
  type: 'asked',
  at: T0 + at,
  session: S,
  action: id,
  until: T0 + at + 60_000,
  why: 'no rule knows it',
  held: 'PermissionRequest',
  ...more,
})

export const answers = (id: string, at: number, more: Of<'answered'> = {}): Event => ({
  type: 'answered',
  at: T0 + at,
  session: S,
  action: id,
  answer: 'allow',
  words: '',
  screen: SCREEN,
  changed: '',
  ...more,
})

export const clientDenies = (id: string, at: number, more: Of<'client-denied'> = {}): Event => ({
  type: 'client-denied',
  at: T0 + at,
  session: S,
  action: id,
  reason: 'looks dangerous',
  outage: false,
  judgement: null,
  until: 0,
  ...more,
})

export const ran = (id: string, at: number, more: Of<'ran'> = {}): Event => ({
  type: 'ran',
  at: T0 + at,
  session: S,
  action: id,
  ok: true,
  runMs: 40,
  inputHash: `hash of ${id}`,
  ...more,
})

export const journalRead = (at: number): Event => ({ type: 'journal-read', at: T0 + at })

/** All transcripts were read. */
export const historyRead: Event = { type: 'progress', doneBytes: 0, totalBytes: 0 }

export const commanded = (at: number, more: Of<'command'> = {}): Event => ({
  type: 'command',
  at: T0 + at,
  screen: SCREEN,
  command: { type: 'pause' },
  done: true,
  text: 'paused all sessions',
  ...more,
})

export const alerts = (at: number, more: Of<'alert'> = {}): Event => ({
  type: 'alert',
  at: T0 + at,
  session: S,
  action: '',
  what: 'breaker',
  text: '3 denials in a row: every action is asked from here on',
  ...more,
})

export const paused = (
  at: number,
  session = '',
  more: Partial<GateEventOf<'paused'>> = {},
): Event => ({
  type: 'paused',
  at: T0 + at,
  session,
  hard: false,
  why: 'desk',
  ...more,
})

export const resumed = (at: number, session = ''): Event => ({
  type: 'resumed',
  at: T0 + at,
  session,
})

export const granted = (grant: string, at: number, more: Of<'granted'> = {}): Event => ({
  type: 'granted',
  at: T0 + at,
  grant,
  session: S,
  action: 'a',
  summary: 'Bash git push backup',
  until: T0 + at + 600_000,
  uses: 'once',
  ...more,
})

/** Lines of a journal, chained by number alone. */
export function entryLines(...bodies: readonly EntryBody[]): string {
  return bodies.map((body, i) => `${JSON.stringify({ ...body, seq: i + 1, prev: '' })}\n`).join('')
}

/** The entry that tells of a session. */
export const sessionEntry = (at: number, more: Of<'session'> = {}): EntryBody => {
  const { type: _, ...facts } = gated(at)
  return { type: 'session', ...facts, transcript: '/t.jsonl', ...more }
}

/** The entry that tells of a judged action. */
export const judgedEntry = (
  id: string,
  at: number,
  input: unknown,
  more: Of<'judged'> = {},
): EntryBody => {
  const { summary: _, line: _line, ...entry } = judged(id, at)
  return { ...entry, input, facts: {}, ...more }
}

/** A request to the model that a checkpoint saw. */
export const requested = (
  message: string,
  at: number,
  more: Partial<GateEventOf<'request'>> = {},
): Event => ({
  type: 'request',
  at: T0 + at,
  session: S,
  agent: '',
  model: 'claude-opus-4-6',
  upstream: 'https://gateway.example',
  request: `req of ${message}`,
  message,
  status: 200,
  error: '',
  retry: 0,
  tokens: { ...noTokens(), input: 10, output: 100 },
  costUsd: 0.5,
  firstMs: 300,
  ms: 2000,
  actions: [],
  checked: 'signalbox',
  origin: 'checkpoint',
  querySource: '',
  ...more,
})
