/** What the gate tells a checkpoint of each call, and what hooks and keys do beside it. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { CheckReply } from '../../src/action/check.ts'
import type { EntryOf } from '../../src/action/entry.ts'
import { bash, startGate, type TestGate, type TestGateOptions } from './world.ts'

const open: TestGate[] = []
afterEach(() => {
  for (const gate of open.splice(0)) gate.stop()
})

const origin = { layer: 'user', file: '', line: 1 } as const
const enabled = { by: 'Ada', on: '2026-11-24', origin }

async function gateFor(
  policy: TestGateOptions['policy'] = { enabled },
  factsMs = 0,
): Promise<TestGate> {
  const gate = await startGate({ policy, factsMs })
  open.push(gate)
  return gate
}

const ALL = {
  ls: 'ls',
  unsure: 'UNSURE x',
  ask: 'ASK x',
  deny: 'DENY x',
  hard: 'HARD x',
  guard: 'GUARD',
}
const outcomes = (reply: CheckReply): Record<string, string> =>
  Object.fromEntries(Object.entries(reply).map(([id, it]) => [id, it.outcome]))

function entriesOf<T extends 'judged' | 'asked' | 'answered' | 'session'>(
  gate: TestGate,
  type: T,
): EntryOf<T>[] {
  return gate.entries().filter((it): it is Extract<typeof it, { type: T }> => it.type === type)
}

test('of a call that ended no files are kept, however it was told', async () => {
  const gate = await gateFor()
  await gate.hook('SessionStart')
  const factsOf = (action: string) => gate.gate.sessions.get('s1')?.call(action)?.facts
  await gate.hook('PreToolUse', bash('ls', 'hooked'))
  await gate.check({ checked: 'ls' })
  expect([factsOf('hooked'), factsOf('checked')]).toEqual([expect.any(Object), expect.any(Object)])
  await gate.hook('PostToolUse', bash('ls', 'hooked'))
  await gate.check({}, { ran: ['checked'] })
  expect([factsOf('hooked'), factsOf('checked')]).toEqual([null, null])
})

describe('what the client is told', () => {
  test('where the API does not check, Signalbox decides', async () => {
    const gate = await gateFor()
    const reply = await gate.check(ALL)
    expect(outcomes(reply)).toEqual({
      ls: 'not_flagged',
      unsure: 'flagged',
      ask: 'flagged',
      deny: 'flagged',
      hard: 'flagged',
      guard: 'flagged',
    })
    expect(reply.deny).toMatchObject({
      explanation: 'Signalbox [soft] dangerous What would clear it: override',
    })
    expect(reply.unsure).toMatchObject({ explanation: expect.stringMatching(/^needs a person: /) })
    const answers = entriesOf(gate, 'judged').map(it => [it.action, it.answer, it.by])
    expect(answers).toContainEqual(['ls', 'allow', 'judge'])
    expect(answers).toContainEqual(['unsure', 'ask', 'judge'])
    expect(answers).toContainEqual(['deny', 'deny', 'judge'])
  })

  test('before auto mode is enabled nothing is approved, and what is dangerous is refused', async () => {
    const gate = await gateFor({})
    const reply = await gate.check(ALL)
    expect(outcomes(reply)).toEqual({
      ls: 'unavailable',
      unsure: 'unavailable',
      ask: 'unavailable',
      deny: 'flagged',
      hard: 'flagged',
      guard: 'flagged',
    })
    expect(reply.ls).toMatchObject({ reason: expect.stringContaining('not enabled') })
    expect(entriesOf(gate, 'judged')[0]).toMatchObject({ answer: 'deny', by: 'outage' })
  })

  test.each([
    ['a model that is not listed', { model: 'claude-opus-4-1' }, {}, /does not list the model/],
    ['no model', { model: '' }, {}, /model is not known/],
    ['a platform that nobody listed', { byHand: false }, {}, /does not list the platform https/],
    [
      'one that an administrator did not list',
      {},
      { platformsAreManaged: true },
      /does not list the platform https/,
    ],
    ['another mode', { permissionMode: 'plan' }, {}, /in the mode plan/],
  ])('%s: no verdict, with the reason', async (_, more, policy, reason) => {
    const gate = await gateFor({ enabled, ...policy })
    const reply = await gate.check({ ls: 'ls', deny: 'DENY x' }, more)
    expect(outcomes(reply)).toEqual({ ls: 'unavailable', deny: 'flagged' })
    expect(reply.ls).toMatchObject({ reason: expect.stringMatching(reason) })
  })

  test('who only watches says nothing, but guards itself', async () => {
    const gate = await gateFor({ enabled, roles: { default: 'watch', projects: {} } })
    const { guard, ...others } = outcomes(await gate.check(ALL))
    expect(guard).toBe('flagged')
    expect(new Set(Object.values(others))).toEqual(new Set(['left']))
  })

  test('what the API said stays, and is only made stricter', async () => {
    const gate = await gateFor()
    const answered = {
      ls: 'not_flagged',
      deny: 'not_flagged',
      hard: 'flagged',
      unsure: '',
    } as const
    const calls = { ls: 'ls', deny: 'DENY x', hard: 'HARD x', unsure: 'UNSURE x' }
    expect(outcomes(await gate.check(calls, { answered }))).toEqual({
      ls: 'left',
      deny: 'flagged',
      hard: 'left',
      unsure: 'left',
    })
    expect(entriesOf(gate, 'asked')).toEqual([])
  })

  test('questions to the user are the client’s own', async () => {
    const gate = await gateFor()
    const calls = [{ action: 'q', tool: 'AskUserQuestion', input: {} }]
    expect(outcomes(await gate.check({}, { calls }))).toEqual({ q: 'skipped' })
  })
})

test('of two calls with one id the stricter result counts', async () => {
  const gate = await gateFor()
  const call = (command: string) => ({ action: 'a', tool: 'Bash', input: { command } })
  for (const calls of [
    [call('DENY x'), call('ls')],
    [call('ls'), call('DENY x')],
  ])
    expect(outcomes(await gate.check({}, { calls }))).toEqual({ a: 'flagged' })
})

test('each call is judged in the folder of its own request', async () => {
  const gate = await gateFor({ enabled }, 20)
  await Promise.all([
    gate.check({ a1: 'ls', a2: 'ls' }, { cwd: '/home/dev/one' }),
    gate.check({ b1: 'ls', b2: 'ls' }, { cwd: '/home/dev/two', agent: 'b' }),
  ])
  const folders = entriesOf(gate, 'judged').map(it => [it.action, it.cwd])
  expect(Object.fromEntries(folders)).toEqual({
    a1: '/home/dev/one',
    a2: '/home/dev/one',
    b1: '/home/dev/two',
    b2: '/home/dev/two',
  })
})

test('a verdict that comes too late is none, and spends nothing', async () => {
  const gate = await gateFor()
  await gate.check({ a: 'UNSURE x' })
  await gate.command({ type: 'approve', session: 's1', action: 'a' })
  const gone = AbortSignal.abort()
  const request = gate.request({ b: 'UNSURE x' })
  expect(outcomes(await gate.gate.check(request, gone))).toEqual({ b: 'unavailable' })
  expect(entriesOf(gate, 'judged').at(-1)).toMatchObject({ answer: 'deny', by: 'outage' })
  expect(outcomes(await gate.check({ c: 'UNSURE x' }))).toEqual({ c: 'not_flagged' })
})

test('an approval is for the very text that a tool sends, its description too', async () => {
  const gate = await gateFor()
  const call = (action: string, description: string) => ({
    action,
    tool: 'mcp__tracker__create_issue',
    input: { command: 'UNSURE', title: 'a', description },
  })
  await gate.check({}, { calls: [call('a', 'one')] })
  await gate.command({ type: 'approve', session: 's1', action: 'a' })
  expect(outcomes(await gate.check({}, { calls: [call('b', 'two')] }))).toEqual({ b: 'flagged' })
  expect(outcomes(await gate.check({}, { calls: [call('c', 'one')] }))).toEqual({
    c: 'not_flagged',
  })
})

describe('a person', () => {
  test('approves what was refused: the same call goes through once', async () => {
    const gate = await gateFor()
    await gate.check({ a: 'UNSURE x' })
    expect(entriesOf(gate, 'asked')[0]).toMatchObject({ action: 'a', held: 'Checkpoint' })
    const reply = await gate.command({ type: 'approve', session: 's1', action: 'a' })
    expect(reply).toMatchObject({ done: true, text: expect.stringContaining('tries it again') })
    await vi.waitFor(async () => {
      expect(entriesOf(gate, 'answered')).toHaveLength(1)
    })
    expect(outcomes(await gate.check({ other: 'UNSURE y' }))).toEqual({ other: 'flagged' })
    expect(outcomes(await gate.check({ agents: 'UNSURE x' }, { agent: 'a1' }))).toEqual({
      agents: 'flagged',
    })
    expect(outcomes(await gate.check({ b: 'UNSURE x' }))).toEqual({ b: 'not_flagged' })
    expect(entriesOf(gate, 'judged').at(-1)).toMatchObject({ answer: 'allow', by: 'user' })
    expect(outcomes(await gate.check({ c: 'UNSURE x' }))).toEqual({ c: 'flagged' })
  })

  test('overrides a refusal, but none that nothing clears', async () => {
    const gate = await gateFor()
    await gate.check({ soft: 'DENY x', hard: 'HARD x' })
    const override = { type: 'override', session: 's1', minutes: 10, uses: 'once' } as const
    expect((await gate.command({ ...override, action: 'hard' })).done).toBe(false)
    expect((await gate.command({ ...override, action: 'soft' })).done).toBe(true)
    expect(outcomes(await gate.check({ again: 'DENY x' }))).toEqual({ again: 'not_flagged' })
  })

  test('still is asked when the agent goes on, and no longer when the session is over', async () => {
    const gate = await gateFor()
    await gate.hook('SessionStart')
    await gate.check({ a: 'UNSURE x' })
    await gate.hook('Stop')
    await gate.hook('PermissionDenied', { ...bash('UNSURE x', 'a'), reason: 'needs a person' })
    expect(entriesOf(gate, 'answered')).toEqual([])
    await gate.hook('SessionEnd', { reason: 'other' })
    await vi.waitFor(() => {
      expect(entriesOf(gate, 'answered')[0]).toMatchObject({ answer: 'elsewhere' })
    })
  })

  test('pauses: everything needs them, until they resume', async () => {
    const gate = await gateFor()
    await gate.check({ a: 'ls' })
    await gate.command({ type: 'pause', session: 's1', hard: false })
    const reply = await gate.check({ b: 'ls' })
    expect(reply.b).toMatchObject({
      outcome: 'flagged',
      explanation: expect.stringMatching(/^needs a person: .*paused/),
    })
    await gate.command({ type: 'resume', session: 's1' })
    expect(outcomes(await gate.check({ c: 'ls' }))).toEqual({ c: 'not_flagged' })
  })
})

describe('the hook of a call that was checked', () => {
  const hooked = async (gate: TestGate, id: string, command: string): Promise<string> =>
    (await gate.hook('PreToolUse', bash(command, id))).decision

  test('leaves it to the client, whose own counters and words are used', async () => {
    const gate = await gateFor()
    await gate.hook('SessionStart')
    await gate.check({ a: 'ls', b: 'DENY x' })
    expect(await hooked(gate, 'a', 'ls')).toBe('abstain')
    expect(await hooked(gate, 'b', 'DENY x')).toBe('abstain')
    expect(entriesOf(gate, 'judged')).toHaveLength(2)
  })

  test('asks where somebody sits at the client', async () => {
    const gate = await gateFor()
    await gate.hook('SessionStart')
    await gate.check({ a: 'UNSURE x' })
    expect(await hooked(gate, 'a', 'UNSURE x')).toBe('ask')
  })

  test('with another input, or never checked, is not approved by the hook', async () => {
    const gate = await gateFor()
    await gate.hook('SessionStart')
    await gate.check({ a: 'ls' })
    expect(await hooked(gate, 'a', 'DENY x')).toBe('deny')
    // Its answer broke off before the checkpoint could say anything of it.
    expect(await hooked(gate, 'never', 'ls')).toBe('abstain')
  })

  test('still refuses what nothing clears', async () => {
    const gate = await gateFor()
    await gate.hook('SessionStart')
    await gate.check({ a: 'HARD x' })
    expect(await hooked(gate, 'a', 'HARD x')).toBe('deny')
  })

  test('knows the API behind the checkpoint for the platform', async () => {
    const gate = await gateFor()
    const headers = { 'x-signalbox-base-url': 'http://127.0.0.1:8477' }
    await gate.hook('SessionStart', {}, headers)
    expect(entriesOf(gate, 'session').at(-1)?.preconditions).toMatchObject({
      platform: 'http://127.0.0.1:8477',
      platformAllowed: false,
    })
    await gate.check({ a: 'ls' })
    await gate.hook('PreToolUse', bash('ls', 'a'), headers)
    expect(entriesOf(gate, 'session').at(-1)).toMatchObject({
      role: 'decide',
      preconditions: { platform: 'https://gateway.example', platformAllowed: true },
    })
  })
})

test('what no checkpoint would send has no verdict', async () => {
  const gate = await gateFor()
  await expect(gate.check({}, { session: 7 as unknown as string })).rejects.toThrow()
  expect(gate.entries().some(it => it.type === 'alert' && it.what === 'integrity')).toBe(true)
})
