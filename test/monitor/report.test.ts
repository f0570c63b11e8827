/** The sums of a report, against a slow count of the same lines that knows nothing of the program. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findTranscripts } from '../../src/clients/claude-code/layout.ts'
import { priceList } from '../../src/clients/claude-code/prices.ts'
import { GROUPS, type Group, reportOf } from '../../src/monitor/report.ts'
import { indexedWorld } from '../../src/sources/history-index.ts'
import { answered, asked, blocked, decided, T0, worldOf } from '../helpers/events.ts'
import { FIXTURES, tempFolder } from '../helpers/folder.ts'
import { judged, reviewed, unsure } from '../helpers/gate-events.ts'

const ALL = { since: 0, until: Number.POSITIVE_INFINITY, project: '' }

interface Line {
  readonly type?: string
  readonly sessionId?: string
  readonly message?: {
    readonly id?: string
    readonly model?: string
    readonly usage?: Record<string, number>
    readonly content?: readonly { readonly type?: string; readonly id?: string }[]
  }
}

/** Tokens by model and calls by session: each answer once, with its largest account. */
function slowCount() {
  const answers = new Map<string, { model: string; usage: Record<string, number> }>()
  const calls = new Map<string, string>()
  for (const { path } of findTranscripts(FIXTURES))
    for (const text of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      const { type, sessionId = '', message }: Line = JSON.parse(text)
      if (type !== 'assistant' || message?.model === '<synthetic>') continue
      const { id = '', model = '', usage = {} } = message ?? {}
      const known = answers.get(`${sessionId} ${id}`)
      if (known === undefined || (usage.output_tokens ?? 0) > (known.usage.output_tokens ?? 0))
        answers.set(`${sessionId} ${id}`, { model, usage })
      for (const block of message?.content ?? [])
        if (block.type === 'tool_use') calls.set(`${sessionId} ${block.id}`, sessionId)
    }
  return { answers: [...answers.values()], calls: [...calls.values()] }
}

const noPrice = async () => () => null

describe('a report on the recorded sessions', () => {
  test('has every answer and every call once', async () => {
    const world = await indexedWorld({ root: FIXTURES, folder: tempFolder(), loadPrice: noPrice })
    const slow = slowCount()
    const sum = (name: string): number =>
      slow.answers.reduce((all, it) => all + (it.usage[name] ?? 0), 0)
    for (const by of GROUPS) {
      const { total, lines } = reportOf(world, { by, ...ALL })
      expect(total.answers, by).toBeCloseTo(slow.answers.length, 6)
      expect(total.tokens.input, by).toBeCloseTo(sum('input_tokens'), 6)
      expect(total.tokens.output, by).toBeCloseTo(sum('output_tokens'), 6)
      expect(total.tokens.cacheRead, by).toBeCloseTo(sum('cache_read_input_tokens'), 6)
      const { cacheWrite5m, cacheWrite1h } = total.tokens
      expect(cacheWrite5m + cacheWrite1h, by).toBeCloseTo(sum('cache_creation_input_tokens'), 6)
      expect(total.actions.total, by).toBe(slow.calls.length)
      expect(lines.reduce((all, it) => all + it.actions.total, 0)).toBe(slow.calls.length)
    }
    const byModel = reportOf(world, { by: 'model', ...ALL }).lines
    for (const model of new Set(slow.answers.map(it => it.model)))
      expect(byModel.find(it => it.name === model)?.tokens.output).toBe(
        slow.answers
          .filter(it => it.model === model)
          .reduce((all, it) => all + (it.usage.output_tokens ?? 0), 0),
      )
  })
})

describe('the totals of the client', () => {
  test('are ours on every recorded session that has them, with what no transcript tells beside', async () => {
    const loadPrice = async () => priceList()
    const world = await indexedWorld({ root: FIXTURES, folder: tempFolder(), loadPrice })
    const { lines } = reportOf(world, { by: 'session', ...ALL })
    const told = world.sessions.flatMap(({ id, clientCost }) =>
      clientCost === null ? [] : [[id, clientCost.totalUsd] as const],
    )
    expect(told).toHaveLength(4)
    for (const [id, totalUsd] of told) {
      const line = lines.find(it => it.name === id)
      expect((line?.costUsd ?? 0) + (line?.untoldUsd ?? 0), id).toBeCloseTo(totalUsd, 9)
    }
    // Only where the client let a model of its own check, which no transcript has.
    const beyond = reportOf(world, { by: 'model', ...ALL }).lines.filter(it => it.untoldUsd > 0)
    expect(beyond.map(it => [it.name, it.untoldUsd, it.answers])).toEqual([
      ['claude-sonnet-5', 0.151, 0],
    ])
  })
})

describe('a report', () => {
  const DAY = 86_400_000
  const world = worldOf(
    answered('m1', 0, { costUsd: 0.3 }),
    asked('a', 1, { message: 'm1' }),
    asked('b', 2, { message: 'm1', tool: 'Read' }),
    decided('a', 5, { decidedBy: 'user' }),
    blocked('b', 9),
    answered('m2', DAY, { session: 's2', model: 'unknown', costUsd: null }),
    asked('c', DAY + 1, { session: 's2', message: 'm2' }),
    decided('c', DAY + 3, { session: 's2' }),
  )
  const names = (by: Group) => reportOf(world, { by, ...ALL }).lines.map(it => it.name)

  test('groups by what is asked for, the dearest first, days in their order', () => {
    expect(names('day')).toEqual(['2026-11-23', '2026-11-24'])
    expect(names('session')).toEqual(['s1', 's2'])
    expect(names('model')).toEqual(['claude-opus-4-6', 'unknown'])
    expect(names('tool')).toEqual(['Bash', 'Read'])
  })

  test('counts approvals, blocks and what a person was asked', () => {
    const { total } = reportOf(world, { by: 'day', ...ALL })
    expect(total.actions).toMatchObject({ total: 3, approved: 2, blocked: 1 })
    expect(total.prompts).toBe(1)
  })

  test('shares an answer among its calls, and says where a price is missing', () => {
    const [bash, read] = reportOf(world, { by: 'tool', ...ALL }).lines
    expect([bash?.costUsd, bash?.costIsPartial]).toEqual([0.15, true])
    expect([read?.costUsd, read?.answers]).toEqual([0.15, 0.5])
  })

  test('has only what lies between two times, and in a folder', () => {
    const until = T0 + DAY
    expect(reportOf(world, { by: 'session', ...ALL, until }).lines.map(it => it.name)).toEqual([
      's1',
    ])
    expect(reportOf(world, { by: 'session', ...ALL, since: until }).total.answers).toBe(1)
    expect(reportOf(world, { by: 'session', ...ALL, project: '/srv' }).lines).toEqual([])
  })
})

describe('a reviewer', () => {
  const world = worldOf(
    asked('a', 0),
    reviewed('a', 1),
    judged('a', 2, { answer: 'allow', by: 'reviewer', judgement: unsure }),
    reviewed('b', 60_000, { costUsd: null }),
  )

  test('is summed up beside the lines, and in none of them', () => {
    const { reviews, total } = reportOf(world, { by: 'day', ...ALL })
    expect(reviews).toMatchObject({ asked: 2, allowed: 1, costUsd: 0.0021, unpriced: 1 })
    expect([total.costUsd, total.tokens.input]).toEqual([0, 0])
  })

  test('counts as far as the range goes; none is none', () => {
    const range = { ...ALL, since: T0 + 50_000 }
    expect(reportOf(world, { by: 'day', ...range }).reviews).toMatchObject({ asked: 1 })
    expect(reportOf(worldOf(asked('a', 0)), { by: 'day', ...ALL }).reviews).toBeNull()
  })
})
