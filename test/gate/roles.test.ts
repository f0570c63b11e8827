/** What the gate answers the client's `PreToolUse`, by role, mode and what the judge says. */
import { afterEach, describe, expect, test } from 'vitest'
import { bash, startGate, type TestGate, type TestGateOptions } from './world.ts'

const open: TestGate[] = []
afterEach(() => {
  for (const gate of open.splice(0)) gate.stop()
})

const ENABLED = {
  by: 'Ada',
  on: '2026-11-24',
  origin: { layer: 'user', file: '', line: 1 },
} as const
const DECIDES = {
  policy: { enabled: ENABLED, roles: { default: 'decide', projects: {} } },
} as const

async function gateFor(options: TestGateOptions): Promise<TestGate> {
  const gate = await startGate(options)
  open.push(gate)
  await gate.hook('SessionStart')
  return gate
}

async function answers(gate: TestGate, more: object = {}): Promise<Record<string, string>> {
  const said: Record<string, string> = {}
  for (const command of ['ls', 'UNSURE x', 'ASK x', 'DENY x', 'HARD x', 'GUARD x']) {
    const { decision } = await gate.hook('PreToolUse', {
      ...bash(command, `t-${command}`),
      ...more,
    })
    said[command] = decision
  }
  return said
}

describe('roles', () => {
  test('guard denies and asks where a rule says so; the rest is the client’s', async () => {
    expect(await answers(await gateFor({}))).toEqual({
      ls: 'abstain',
      'UNSURE x': 'abstain',
      'ASK x': 'ask',
      'DENY x': 'deny',
      'HARD x': 'deny',
      'GUARD x': 'deny',
    })
  })

  test('decide answers everything', async () => {
    const breaker = { inRow: 100, of: 100, last: 100, unattended: 'deny' } as const
    const gate = await gateFor({ policy: { ...DECIDES.policy, breaker } })
    expect(await answers(gate)).toEqual({
      ls: 'allow',
      'UNSURE x': 'ask',
      'ASK x': 'ask',
      'DENY x': 'deny',
      'HARD x': 'deny',
      'GUARD x': 'deny',
    })
  })

  test('decide allows nothing where a call does not tell its mode, whatever was told before', async () => {
    const gate = await gateFor(DECIDES)
    const asked = async (id: string, more: object = {}): Promise<string> =>
      (await gate.hook('PreToolUse', { ...bash('ls', id), ...more })).decision
    expect(await asked('a')).toBe('allow')
    expect(await asked('b', { permission_mode: undefined })).toBe('abstain')
    expect(await asked('c')).toBe('allow')
  })

  test('watch abstains, but for what guards the guard', async () => {
    const gate = await gateFor({ policy: { roles: { default: 'watch', projects: {} } } })
    expect(await answers(gate)).toEqual({
      ls: 'abstain',
      'UNSURE x': 'abstain',
      'ASK x': 'abstain',
      'DENY x': 'abstain',
      'HARD x': 'abstain',
      'GUARD x': 'deny',
    })
  })

  test.each(['default', 'plan', 'acceptEdits', ''])(
    'decide allows nothing in mode "%s", and refuses all the same',
    async permission_mode => {
      const gate = await gateFor(DECIDES)
      const in_mode = async (command: string) =>
        (await gate.hook('PreToolUse', { ...bash(command, `t-${command}`), permission_mode }))
          .decision
      expect(await in_mode('ls')).toBe('abstain')
      expect(await in_mode('DENY x')).toBe('deny')
    },
  )
})

describe('preconditions', () => {
  const roleIn = (gate: TestGate): unknown =>
    gate.entries().findLast(entry => entry.type === 'session')

  test('nothing is approved before somebody enabled auto mode', async () => {
    const gate = await gateFor({ policy: { roles: { default: 'decide', projects: {} } } })
    expect((await gate.hook('PreToolUse', bash('ls', 't1'))).decision).toBe('abstain')
    expect(roleIn(gate)).toMatchObject({
      role: 'guard',
      why: expect.stringContaining('signalbox init'),
    })
  })

  test('a model that is not listed approves nothing', async () => {
    const gate = await gateFor({ ...DECIDES, model: 'claude-3-opus' })
    expect((await gate.hook('PreToolUse', bash('ls', 't1'))).decision).toBe('abstain')
    expect(roleIn(gate)).toMatchObject({ why: expect.stringContaining('claude-3-opus') })
  })

  test('a gateway must be listed', async () => {
    const url = 'http://127.0.0.1:8399'
    const headers = { 'x-signalbox-base-url': `${url}/` }
    const closed = await gateFor(DECIDES)
    expect((await closed.hook('PreToolUse', bash('ls', 't1'), headers)).decision).toBe('abstain')
    const platforms = [{ platform: url, role: null }]
    const listed = await gateFor({ policy: { ...DECIDES.policy, platforms } })
    expect((await listed.hook('PreToolUse', bash('ls', 't1'), headers)).decision).toBe('allow')
  })

  test('where the client says that it cannot check, guard becomes decide', async () => {
    const gate = await gateFor({ policy: { enabled: ENABLED } })
    expect((await gate.hook('PreToolUse', bash('ls', 't1'))).decision).toBe('abstain')
    await gate.hook('PermissionDenied', { ...bash('ls', 't1'), reason: 'Classifier unavailable' })
    expect((await gate.hook('PreToolUse', bash('ls', 't2'))).decision).toBe('allow')
    expect(gate.entries()).toContainEqual(
      expect.objectContaining({ type: 'client-denied', action: 't1', outage: true }),
    )
  })
})

describe('the breaker', () => {
  test('three denials in a row turn a session to asking, until it is resumed', async () => {
    const gate = await gateFor(DECIDES)
    for (const id of ['a', 'b', 'c']) await gate.hook('PreToolUse', bash(`DENY ${id}`, id))
    const asked = await gate.hook('PreToolUse', bash('ls', 'd'))
    expect(asked).toMatchObject({
      decision: 'ask',
      reason: expect.stringContaining('3 actions in a row'),
    })
    expect(await gate.command({ type: 'resume', session: 's1' })).toMatchObject({ done: true })
    expect((await gate.hook('PreToolUse', bash('ls', 'e'))).decision).toBe('allow')
  })

  test('outages do not trip it', async () => {
    const gate = await gateFor(DECIDES)
    for (const id of ['a', 'b', 'c', 'd']) {
      await gate.hook('PreToolUse', bash('ls', id))
      await gate.hook('PermissionDenied', { ...bash('ls', id), reason: 'Classifier unavailable' })
    }
    expect((await gate.hook('PreToolUse', bash('ls', 'e'))).decision).toBe('allow')
  })
})

describe('what cannot be judged is asked', () => {
  test('no JSON', async () => {
    const gate = await gateFor(DECIDES)
    const { post } = await import('./world.ts')
    expect(await post(`${gate.folder}/hook.sock`, '/hook', '{"half', {})).toContain('"ask"')
  })

  test('a payload of 20 MB', async () => {
    const gate = await gateFor(DECIDES)
    const large = await gate.hook('PreToolUse', bash(`echo ${'x'.repeat(20 << 20)}`, 'big'))
    expect(large).toMatchObject({ decision: 'ask', reason: expect.stringContaining('too large') })
    expect((await gate.hook('PreToolUse', bash('ls', 'next'))).decision).toBe('allow')
  })
})
