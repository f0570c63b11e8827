/** The gate with a reviewer: when it is asked, what it may change, and what the journal says of it. */
import { afterEach, describe, expect, test } from 'vitest'
import type { EntryOf } from '../../src/action/entry.ts'
import type { Policy, ReviewerSettings } from '../../src/config/policy.ts'
import {
  type ModelServer,
  modelServer,
  type Script,
  says,
  USAGE,
} from '../judge/reviewer/model-server.ts'
import { bash, startGate, type TestGate, type TestGateOptions } from './world.ts'

const open: { stop(): void }[] = []
const servers: ModelServer[] = []
afterEach(async () => {
  for (const gate of open.splice(0)) gate.stop()
  for (const server of servers.splice(0)) await server.close()
})

const ENABLED = {
  by: 'Ada',
  on: '2026-11-24',
  origin: { layer: 'user', file: '', line: 1 },
} as const

const settingsFor = (url: string, more: Partial<ReviewerSettings> = {}): ReviewerSettings => ({
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  baseUrl: url,
  key: { from: 'environment', name: 'REVIEW_KEY' },
  timeoutMs: 3000,
  budget: { sessionUsd: 1, dayUsd: 5, sessionTokens: 1e6, dayTokens: 1e7 },
  origin: { layer: 'user', file: '', line: 1 },
  ...more,
})

interface Started {
  readonly gate: TestGate
  readonly server: ModelServer
}

async function start(
  script: Script,
  more: Partial<ReviewerSettings> = {},
  policy: Partial<Policy> = {},
  options: TestGateOptions = {},
): Promise<Started> {
  const server = await modelServer(script)
  servers.push(server)
  const gate = await startGate({
    env: { REVIEW_KEY: 'sk-test' },
    ...options,
    policy: {
      enabled: ENABLED,
      roles: { default: 'decide', projects: {} },
      reviewer: settingsFor(server.url, more),
      ...policy,
    },
  })
  open.push(gate)
  await gate.hook('SessionStart')
  return { gate, server }
}

const ask = (gate: TestGate, command: string, id = 't1') =>
  gate.hook('PreToolUse', bash(command, id))

const reviewsIn = (gate: TestGate): EntryOf<'reviewed'>[] =>
  gate.entries().filter(it => it.type === 'reviewed')

describe('a reviewer', () => {
  test('lets through what the judge is unsure of, and says so', async () => {
    const { gate, server } = await start(says({ low: true }))
    expect(await ask(gate, 'curl -s https://docs.example/UNSURE')).toMatchObject({
      decision: 'allow',
      reason: expect.stringContaining('The reviewer: '),
    })
    expect(server.requests).toHaveLength(1)
    const judged = gate.entries().find(it => it.type === 'judged')
    expect(judged).toMatchObject({
      answer: 'allow',
      by: 'reviewer',
      judgement: { verdict: 'ask', tier: 'uncertain' },
    })
    expect(reviewsIn(gate)).toMatchObject([
      {
        verdict: 'allow',
        stage: 1,
        problem: '',
        model: 'claude-haiku-4-5-20251001',
        tokens: { input: USAGE.input, output: USAGE.output, cacheRead: 1000, cacheWrite5m: 200 },
      },
    ])
  })
})
