/** Events with what a test is about as arguments, and worlds made of them. */
import type { Wait } from '../../src/action/action.ts'
import { noTokens, type Tokens } from '../../src/action/action.ts'
import type { Event, Presence } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import type { ActionJson, SessionJson, Snapshot } from '../../src/monitor/snapshot.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'

/** Times in tests are milliseconds after this. */
export const T0 = Date.parse('2026-11-23T10:00:00.000Z')

interface Who {
  readonly session?: string
  readonly agent?: string
}

export interface Asked extends Who {
  readonly tool?: string
  readonly summary?: string
  readonly message?: string
  readonly waits?: Wait
}

export function asked(id: string, at: number, more: Asked = {}): Event {
  return {
    type: 'requested',
    session: 's1',
    agent: '',
    tool: 'Bash',
    summary: `run ${id}`,
    message: '',
    waits: 'none',
    ...more,
    id,
    at: T0 + at,
    line: { file: '/f.jsonl', offset: 0, length: 1 },
  }
}

export type DecidedEvent = Extract<Event, { type: 'decided' }>
type Told = Partial<Pick<DecidedEvent, 'state' | 'outcome' | 'decidedBy' | 'reason'>> & Who

export function decided(id: string, at: number, told: Told = {}): DecidedEvent {
  const base = { type: 'decided', session: 's1', agent: '', id, at: T0 + at } as const
  return {
    ...base,
    state: 'approved',
    outcome: 'succeeded',
    decidedBy: 'mode',
    reason: '',
    ...told,
  }
}

export const blocked = (id: string, at: number, told: Told = {}): DecidedEvent =>
  decided(id, at, {
    state: 'blocked',
    outcome: 'none',
    decidedBy: 'classifier',
    reason: 'looks dangerous',
    ...told,
  })

export interface Answered extends Who {
  readonly model?: string
  readonly tokens?: Partial<Tokens>
  readonly costUsd?: number | null
  readonly turnMs?: number | null
}

export function answered(id: string, at: number, more: Answered = {}): Event {
  const { session = 's1', agent = '', model = 'claude-opus-4-6' } = more
  const { costUsd = 0.25, turnMs = null } = more
  const tokens = { ...noTokens(), input: 10, output: 20, ...more.tokens }
  return {
    type: 'message',
    session,
    agent,
    id,
    at: T0 + at,
    model,
    tokens,
    costUsd,
    turnMs,
  }
}

export const spokenTo = (at: number, { session = 's1', agent = '' }: Who = {}): Event => ({
  type: 'turn',
  session,
  agent,
  at: T0 + at,
})

export const present = (at: number, presence: Presence, session = 's1'): Event => ({
  type: 'presence',
  session,
  at: T0 + at,
  ...presence,
})

export function worldOf(...events: Event[]): World {
  let world = new World()
  for (const event of events) world = fold(world, event)
  return world
}

export const seenAs = (...events: Event[]): Snapshot => snapshotOf(worldOf(...events))

export function actionIn(snapshot: Snapshot, id: string, session?: string): ActionJson {
  const found = snapshot.actions.filter(
    a => a.id === id && (session === undefined || a.session === session),
  )
  const [action, ...more] = found
  if (action === undefined || more.length > 0) throw new Error(`${found.length} actions are ${id}`)
  return action
}

export function sessionIn(snapshot: Snapshot, id = 's1'): SessionJson {
  const session = snapshot.sessions.find(s => s.id === id)
  if (session === undefined) throw new Error(`no session ${id}`)
  return session
}
