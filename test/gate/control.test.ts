/** What the keys do to a running session: approve, deny, override, trust, pause, undo. */
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ReviewerKey } from '../../src/config/policy.ts'
import { bash, SCREEN, startGate, type TestGate } from './world.ts'

const open: TestGate[] = []
afterEach(() => {
  for (const gate of open.splice(0)) gate.stop()
})

const ENABLED = {
  by: 'Ada',
  on: '2026-11-24',
  origin: { layer: 'user', file: '', line: 1 },
} as const
const HEADLESS = { 'x-signalbox-entrypoint': 'sdk-cli', 'x-signalbox-attended': '0' }

async function decidingGate(): Promise<TestGate> {
  const policy = { enabled: ENABLED, roles: { default: 'decide', projects: {} } } as const
  const gate = await startGate({ policy })
  open.push(gate)
  await gate.hook('SessionStart')
  return gate
}

const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise(resolve => setTimeout(resolve, 5))
}

describe('an interactive session', () => {
  async function asked(): Promise<{ gate: TestGate; dialog: ReturnType<TestGate['hook']> }> {
    const gate = await decidingGate()
    expect((await gate.hook('PreToolUse', bash('UNSURE', 't1'))).decision).toBe('ask')
    const { tool_use_id: _, ...request } = bash('UNSURE', 't1')
    const dialog = gate.hook('PermissionRequest', request)
    await until(() => gate.gate.pending.size === 1)
    return { gate, dialog }
  }

  test('approve closes the client’s dialog', async () => {
    const { gate, dialog } = await asked()
    const reply = await gate.command({ type: 'approve', session: 's1', action: 't1' })
    expect(reply).toEqual({ done: true, text: 'approved' })
    expect((await dialog).decision).toBe('allow')
    expect(gate.entries().map(entry => entry.type)).toEqual(
      expect.arrayContaining(['judged', 'asked', 'answered', 'command']),
    )
    expect(gate.entries()).toContainEqual(
      expect.objectContaining({ type: 'answered', answer: 'allow', screen: SCREEN }),
    )
  })

  test('deny refuses with the user’s words', async () => {
    const { gate, dialog } = await asked()
    await gate.command({ type: 'deny', session: 's1', action: 't1', words: 'use the staging host' })
    expect(await dialog).toMatchObject({
      decision: 'deny',
      reason: expect.stringContaining('use the staging host'),
    })
  })

  test('an answer in the client ends the question', async () => {
    const { gate, dialog } = await asked()
    await gate.hook('PostToolUse', bash('UNSURE', 't1'))
    expect((await dialog).decision).toBe('abstain')
    const late = await gate.command({ type: 'approve', session: 's1', action: 't1' })
    expect(late).toMatchObject({ done: false, text: expect.stringContaining('nothing waits') })
  })

  test('a session that ends takes its questions along', async () => {
    const { gate, dialog } = await asked()
    await gate.hook('SessionEnd')
    expect((await dialog).decision).toBe('abstain')
    expect(gate.gate.pending.size).toBe(0)
  })
})

describe('a headless session', () => {
  test('without a screen, what needs a person is refused as unavailable', async () => {
    const gate = await decidingGate()
    const refused = await gate.hook('PreToolUse', bash('UNSURE', 't1'), HEADLESS)
    expect(refused).toMatchObject({
      decision: 'deny',
      reason: expect.stringContaining('unavailable, not unsafe'),
    })
    expect(gate.entries()).toContainEqual(
      expect.objectContaining({ type: 'judged', answer: 'deny', by: 'unattended' }),
    )
  })

  test('with a screen, the call is held until it is answered', async () => {
    const gate = await decidingGate()
    gate.gate.attach(SCREEN)
    const held = gate.hook('PreToolUse', bash('UNSURE', 't1'), HEADLESS)
    await until(() => gate.gate.pending.size === 1)
    await new Promise(resolve => setTimeout(resolve, 1200)) // blanks keep the line alive by now
    await gate.command({ type: 'approve', session: 's1', action: 't1' })
    expect((await held).decision).toBe('allow')
  })
})

describe('override', () => {
  test('lets the same call through once', async () => {
    const gate = await decidingGate()
    expect((await gate.hook('PreToolUse', bash('DENY', 't1'))).decision).toBe('deny')
    const reply = await gate.command({ type: 'override', session: 's1', action: 't1' })
    expect(reply.done).toBe(true)
    expect((await gate.hook('PreToolUse', bash('DENY other', 't2'))).decision).toBe('deny')
    expect((await gate.hook('PreToolUse', bash('DENY', 't3'))).decision).toBe('allow')
    expect((await gate.hook('PreToolUse', bash('DENY', 't4'))).decision).toBe('deny')
  })

  test('within the window, a denial of the client is answered with a retry', async () => {
    const gate = await startGate()
    open.push(gate)
    gate.gate.attach(SCREEN)
    await gate.hook('PreToolUse', bash('npm publish', 't1'))
    const denial = gate.hook('PermissionDenied', {
      ...bash('npm publish', 't1'),
      reason: '[Publish]',
    })
    await until(() => gate.gate.denials.size === 1)
    await gate.command({ type: 'override', session: 's1', action: 't1' })
    expect((await denial).text).toContain('"retry":true')
    expect((await gate.hook('PreToolUse', bash('npm publish', 't2'))).decision).toBe('allow')
    expect((await gate.hook('PreToolUse', bash('npm publish', 't3'))).decision).toBe('abstain')
  })

  test('not what a hard rule denies', async () => {
    const gate = await decidingGate()
    await gate.hook('PreToolUse', bash('HARD', 't1'))
    const reply = await gate.command({ type: 'override', session: 's1', action: 't1' })
    expect(reply).toMatchObject({
      done: false,
      text: expect.stringContaining('cannot be overridden'),
    })
  })

  test('undo takes it back', async () => {
    const gate = await decidingGate()
    await gate.hook('PreToolUse', bash('DENY', 't1'))
    await gate.command({ type: 'override', session: 's1', action: 't1' })
    await gate.command({ type: 'undo' })
    expect((await gate.hook('PreToolUse', bash('DENY', 't2'))).decision).toBe('deny')
  })
})

describe('trust and pause', () => {
  test('a trusted resource unblocks, and undo blocks again', async () => {
    const gate = await decidingGate()
    const push = async (id: string) =>
      (await gate.hook('PreToolUse', bash('DENY acme.example', id))).decision
    expect(await push('t1')).toBe('deny')
    await gate.command({ type: 'trust', slot: 'domains', entry: 'acme.example' })
    expect(await push('t2')).toBe('allow')
    await gate.command({ type: 'undo' })
    expect(await push('t3')).toBe('deny')
  })

  test('what the managed policy locks is refused with that reason', async () => {
    const gate = await startGate({ policy: { locked: ['trust'] } })
    open.push(gate)
    const reply = await gate.command({ type: 'trust', slot: 'domains', entry: 'acme.example' })
    expect(reply).toEqual({ done: false, text: 'the managed policy does not allow it (trust)' })
  })

  test('a pause asks about the very next action, resume ends it', async () => {
    const gate = await decidingGate()
    const next = async (id: string) => (await gate.hook('PreToolUse', bash('ls', id))).decision
    await gate.command({ type: 'pause', session: 's1' })
    expect(await next('t1')).toBe('ask')
    await gate.command({ type: 'resume', session: 's1' })
    expect(await next('t2')).toBe('allow')
    await gate.command({ type: 'pause' })
    expect(await next('t3')).toBe('ask')
    await gate.command({ type: 'undo' })
    expect(await next('t4')).toBe('allow')
  })

  test('a hard pause takes the client out of auto mode with the next approval', async () => {
    const gate = await decidingGate()
    await gate.hook('PreToolUse', bash('ls', 't0'))
    await gate.command({ type: 'pause', session: 's1', hard: true })
    await gate.hook('PreToolUse', bash('ls', 't1'))
    const { tool_use_id: _, ...request } = bash('ls', 't1')
    const dialog = gate.hook('PermissionRequest', request)
    await until(() => gate.gate.pending.size === 1)
    await gate.command({ type: 'approve', session: 's1', action: 't1' })
    expect((await dialog).text).toContain('"mode":"default"')
  })
})

describe('after the fact', () => {
  test('an input that another hook changed is an alert, and the session asks from then on', async () => {
    const gate = await decidingGate()
    await gate.hook('PreToolUse', bash('ls', 't1'))
    await gate.hook('PostToolUse', bash('rm -rf /', 't1'))
    expect(gate.entries()).toContainEqual(
      expect.objectContaining({ type: 'alert', what: 'changed-input', action: 't1' }),
    )
    expect((await gate.hook('PreToolUse', bash('ls', 't2'))).decision).toBe('ask')
  })

  test('a result in the transcript of which the gate was not asked is ungated', async () => {
    const gate = await decidingGate()
    const transcript_path = join(gate.folder, 'transcript.jsonl')
    const result = (id: string, more = ''): string =>
      `{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"${id}"}]}${more}}\n`
    writeFileSync(transcript_path, result('before-us'))
    await gate.hook('PreToolUse', { ...bash('ls', 't1'), transcript_path })
    appendFileSync(transcript_path, result('t1') + result('t2', ',"toolDenialKind":"cancelled"'))
    await gate.hook('PreToolUse', { ...bash('ls', 't3'), transcript_path })
    expect(gate.entries().filter(entry => entry.type === 'alert')).toEqual([])
    appendFileSync(transcript_path, result('behind-our-back'))
    expect((await gate.hook('PreToolUse', { ...bash('ls', 't4'), transcript_path })).decision).toBe(
      'ask',
    )
    expect(gate.entries()).toContainEqual(
      expect.objectContaining({ type: 'alert', what: 'ungated', action: 'behind-our-back' }),
    )
  })

  test('an action that the gate was not asked about is ungated', async () => {
    const gate = await decidingGate()
    await gate.hook('PostToolUse', bash('ls', 'never-asked'))
    expect(gate.entries()).toContainEqual(
      expect.objectContaining({ type: 'alert', what: 'ungated', action: 'never-asked' }),
    )
  })
})

describe('a gate that comes after one that died', () => {
  test('keeps pauses, grants and open calls', async () => {
    const first = await decidingGate()
    await first.hook('PreToolUse', bash('DENY', 't1'))
    await first.command({ type: 'override', session: 's1', action: 't1' })
    await first.command({ type: 'pause' })
    const { folder } = first
    const second = await startGate({
      folder,
      policy: { enabled: ENABLED, roles: { default: 'decide', projects: {} } },
    })
    open.push(second)
    await second.hook('SessionStart')
    expect((await second.hook('PreToolUse', bash('ls', 't2'))).decision).toBe('ask')
    await second.command({ type: 'resume' })
    expect((await second.hook('PreToolUse', bash('DENY', 't3'))).decision).toBe('allow')
  })
})

test('the status says which variable the key of the reviewer should be in, and is not', async () => {
  const lacksWith = async (env: NodeJS.ProcessEnv, key: ReviewerKey): Promise<string> => {
    const reviewer = { ...REVIEWER, key }
    const gate = await startGate({ env, policy: { reviewer } })
    open.push(gate)
    return gate.gate.status().reviewerLacks
  }
  const variable = { from: 'environment', name: 'MY_KEY' } as const
  expect(await lacksWith({}, variable)).toBe('MY_KEY')
  expect(await lacksWith({ MY_KEY: ' ' }, variable)).toBe('MY_KEY')
  expect(await lacksWith({ MY_KEY: 'sk-1' }, variable)).toBe('')
  // It is not run for that.
  expect(await lacksWith({}, { from: 'command', command: 'exit 1' })).toBe('')
})

const REVIEWER = {
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  baseUrl: '',
  timeoutMs: 3000,
  budget: { sessionUsd: 1, dayUsd: 5, sessionTokens: 1e6, dayTokens: 1e7 },
  origin: { layer: 'user', file: '', line: 1 },
} as const
