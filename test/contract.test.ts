/** The figures and names that scripts depend on, by the program as it is published. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ActionJson, Snapshot } from '../src/monitor/snapshot.ts'
import { onlySession, snapshotBy } from './helpers/cli.ts'
import { FIXTURES } from './helpers/folder.ts'

const fixture = (name: string): Promise<Snapshot> => snapshotBy(join(FIXTURES, name))

/** How many actions have each `state decidedBy`. */
function decisionsOf({ actions }: Snapshot): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { state, decidedBy } of actions) {
    const key = `${state} ${decidedBy}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

describe('watch --once --json', () => {
  test('the classifier of 2.1.150, with a subagent', async () => {
    const snapshot = await fixture('auto-classifier-2.1.150')
    const session = onlySession(snapshot)
    expect(snapshot.actions).toHaveLength(14)
    expect(snapshot.actions.filter(a => a.agent !== '')).toHaveLength(2)
    expect(session.actions).toEqual({
      total: 14,
      approved: 9,
      blocked: 5,
      pending: 0,
      undecided: 0,
      outages: 0,
      failed: 1,
    })
    expect(decisionsOf(snapshot)).toEqual({
      'approved unknown': 9,
      'blocked classifier': 3,
      'blocked unattended': 2,
    })
    expect(Math.abs((session.costUsd ?? 0) / 0.56625 - 1)).toBeLessThan(0.001)
    expect(session).toMatchObject({
      client: 'claude-code',
      version: '2.1.150',
      model: 'claude-opus-4-6',
      permissionMode: 'auto',
      clientCostUsd: null,
      blocksTotal: 5,
    })
  })

  test('behind a gateway on 2.1.330: outages are no blocks', async () => {
    const snapshot = await fixture('auto-gateway-2.1.330')
    const session = onlySession(snapshot)
    expect(decisionsOf(snapshot)).toEqual({ 'blocked outage': 7, 'approved mode': 5 })
    expect(session.actions).toMatchObject({ total: 12, approved: 5, blocked: 0, outages: 7 })
    expect(session.costUsd).toBeCloseTo(0.453, 6)
    expect(session.clientCostUsd).toBeCloseTo(0.453, 6)
    expect(session.costDifference).toBeNull()
    expect(session.blocksTotal).toBe(0)
  })

  test('manual mode on 2.1.330: the user decided three', async () => {
    const snapshot = await fixture('manual-2.1.330')
    expect(decisionsOf(snapshot)).toEqual({
      'approved mode': 2,
      'approved user': 2,
      'blocked user': 1,
    })
  })

  test('the server-side check of 2.1.330, answered by a gateway', async () => {
    const snapshot = await fixture('auto-server-2.1.330')
    const session = onlySession(snapshot)
    expect(decisionsOf(snapshot)).toEqual({
      'approved classifier': 8,
      'approved mode': 2,
      'blocked classifier': 3,
      'blocked unattended': 1,
    })
    expect(session.actions).toMatchObject({ approved: 10, blocked: 4, failed: 3 })
    expect(session.costUsd).toBeCloseTo(0.71725, 6)
    expect(session.clientCostUsd).toBeCloseTo(0.86825, 6)
    expect(session.costDifference).toContain('claude-sonnet-5')
    expect(session.costDifference).toContain('+$0.15100')
  })

  test('decisions of a hook that is not ours', async () => {
    expect(decisionsOf(await fixture('hook-decisions-2.1.330'))).toEqual({
      'approved foreign-hook': 3,
      'approved mode': 1,
    })
  })

  test('sessions whose ids collide are kept apart', async () => {
    const snapshot = await snapshotBy(FIXTURES)
    expect(snapshot.sessions).toHaveLength(5)
    expect(snapshot.actions).toHaveLength(49)
    expect(snapshot.totals.actions.total).toBe(49)
    expect(new Set(snapshot.actions.map(a => `${a.session} ${a.id}`)).size).toBe(49)
    const costs = snapshot.sessions.map(s => s.costUsd)
    expect(costs.sort()).toEqual([0.151, 0.18875, 0.453, 0.56625, 0.71725])
    expect(snapshot.totals.costUsd).toBe(2.07625)
  })

  test('a refused action tells who, why and when', async () => {
    const { actions } = await fixture('auto-server-2.1.330')
    const refused = actions.find(a => a.state === 'blocked' && a.agent !== '')
    expect(refused).toEqual({
      id: 'toolu_14_0',
      session: '5444551f-f892-4df3-98ee-721fde326574',
      agent: 'a0a63c86e61b47b93',
      tool: 'Bash',
      summary: 'kubectl delete ns prod',
      state: 'blocked',
      outcome: null,
      decidedBy: 'classifier',
      reason: 'deletes namespace prod',
      requestedAt: expect.stringMatching(/^2026-11-23T11:23:4\d\.\d{3}Z$/),
      decidedAt: expect.stringMatching(/^2026-11-23T11:23:4\d\.\d{3}Z$/),
      finishedAt: null,
      decisionMs: expect.any(Number),
      runMs: null,
      costUsd: 0.03775,
      rule: null,
      evidence: '',
      resources: [],
      clear: [],
      request: null,
      telemetry: null,
      ungated: null,
    } satisfies Record<keyof ActionJson, unknown>)
  })

  test('the names of all fields', async () => {
    const snapshot = await fixture('auto-server-2.1.330')
    const { sessions, actions, totals } = snapshot
    expect(namesOf(snapshot)).toBe('actions sessions skipped totals')
    const counts = 'approved blocked failed outages pending total undecided'
    const tokens = 'cacheRead cacheWrite1h cacheWrite5m input output thinking'
    expect(namesOf(sessions[0])).toBe(
      'actions blocksInRow blocksTotal client clientCostUsd cost costDifference costUsd id ' +
        'lastActivityAt model paused permissionMode preconditions project requests role ' +
        'startedAt status telemetry title tokens uncountedAnswers unpricedModels version',
    )
    expect(namesOf(sessions[0]?.actions)).toBe(counts)
    expect(namesOf(sessions[0]?.tokens)).toBe(tokens)
    for (const action of actions)
      expect(namesOf(action)).toBe(
        'agent clear costUsd decidedAt decidedBy decisionMs evidence finishedAt id outcome reason request ' +
          'requestedAt resources rule runMs session state summary telemetry tool ungated',
      )
    expect(namesOf(totals)).toBe(
      'actions actionsPerMinute activeSessions costToday costUsd latency requests reviews skippedLines tokens usdPerHour',
    )
    expect(namesOf(sessions[0]?.cost)).toBe('byAgent byModel byTool')
    expect(namesOf(sessions[0]?.cost.byTool[0])).toBe('costUsd count name partial')
    expect(namesOf(totals.latency)).toBe('decision firstByte run turn')
    expect(namesOf(totals.latency.run)).toBe('p50 p95 p99')
    expect(namesOf(totals.actions)).toBe(counts)
    expect(namesOf(totals.tokens)).toBe(tokens)
  })

  test('says where the cost went, as the sessions screen does', async () => {
    const [session] = (await fixture('auto-server-2.1.330')).sessions
    const { byModel, byAgent, byTool } = session?.cost ?? { byModel: [], byAgent: [], byTool: [] }
    expect(byModel).toEqual([
      { name: 'claude-opus-4-6', costUsd: expect.closeTo(0.71725), count: 19, partial: false },
    ])
    expect(byAgent.map(share => share.name)).toEqual(['main', 'general-purpose'])
    const sum = (shares: typeof byTool) => shares.reduce((total, share) => total + share.costUsd, 0)
    expect(sum(byAgent)).toBeCloseTo(0.71725)
    expect(sum(byTool)).toBeCloseTo(0.71725)
  })

  test('--limit keeps the newest actions and whole totals', async () => {
    const all = await snapshotBy(FIXTURES)
    const some = await snapshotBy(FIXTURES, '--limit', '3')
    expect(some.actions).toEqual(all.actions.slice(-3))
    expect(some.totals).toEqual(all.totals)
    expect((await snapshotBy(FIXTURES, '--limit', '0')).actions).toEqual([])
  })

  test('one transcript as the root is one session', async () => {
    const file = join(FIXTURES, 'manual-2.1.330', '98dc736c-31d8-4f33-a354-0f3906590db9.jsonl')
    expect((await snapshotBy(file)).actions).toHaveLength(5)
  })
})

const namesOf = (value: object | undefined): string =>
  Object.keys(value ?? {})
    .sort()
    .join(' ')
