/** The gate with a reviewer: when it is asked, what it may change, and what the journal says of it. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { EntryOf, Role } from '../../src/action/entry.ts'
import { environmentOf, parsePayload } from '../../src/clients/claude-code/hook-payload.ts'
import type { Policy, ReviewerSettings } from '../../src/config/policy.ts'
import {
  type AskedOf,
  type ModelServer,
  modelServer,
  type Script,
  says,
  USAGE,
} from '../judge/reviewer/model-server.ts'
import { bash, CWD, SCREEN, startGate, type TestGate, type TestGateOptions } from './world.ts'

const open: TestGate[] = []
const servers: ModelServer[] = []
afterEach(async () => {
  for (const gate of open.splice(0)) gate.stop()
  for (const server of servers.splice(0)) await server.close()
})

const ORIGIN = { layer: 'user', file: '', line: 1 } as const
const ENABLED = { by: 'Ada', on: '2026-11-24', origin: ORIGIN } as const
const DECIDES = { enabled: ENABLED, roles: { default: 'decide', projects: {} } } as const
/** 5 dollars a million tokens of any kind. */
const FIVE = { input: 5, output: 5, cacheRead: 5, cacheWrite5m: 5, cacheWrite1h: 5 }

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
  const reviewer: ReviewerSettings = {
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    baseUrl: server.url,
    key: { from: 'environment', name: 'REVIEW_KEY' },
    timeoutMs: 3000,
    budget: { sessionUsd: 1, dayUsd: 5, sessionTokens: 1e6, dayTokens: 1e7 },
    origin: ORIGIN,
    ...more,
  }
  const gate = await startGate({
    env: { REVIEW_KEY: 'sk-test' },
    ...options,
    policy: { ...DECIDES, reviewer, ...policy },
  })
  open.push(gate)
  await gate.hook('SessionStart')
  return { gate, server }
}

let calls = 0
const ask = (gate: TestGate, command: string, more: object = {}, headers = {}) =>
  gate.hook('PreToolUse', { ...bash(command, `t${++calls}`), ...more }, headers)

const reviewsIn = (gate: TestGate): EntryOf<'reviewed'>[] =>
  gate.entries().filter(it => it.type === 'reviewed')

const judgedIn = (gate: TestGate): EntryOf<'judged'>[] =>
  gate.entries().filter(it => it.type === 'judged')

const LOW = says({ pass: true })

describe('a reviewer', () => {
  test('lets through what the judge is unsure of, and the journal tells both apart', async () => {
    const { gate } = await start(LOW)
    expect((await ask(gate, 'curl -s https://docs.example/UNSURE')).decision).toBe('allow')
    expect(judgedIn(gate)).toMatchObject([
      { answer: 'allow', by: 'reviewer', judgement: { verdict: 'ask', tier: 'uncertain' } },
    ])
    expect(reviewsIn(gate)).toMatchObject([
      { verdict: 'allow', risk: 'low', stage: 1, problem: '', cached: false, prompt: 1 },
    ])
  })

  test('refuses with its reason, which counts for the breaker and can be overridden', async () => {
    const reason = 'It sends the project to a stranger.'
    const { gate } = await start(says({ risk: 'critical', reason }))
    const refused = await ask(gate, 'UNSURE upload')
    expect(refused.decision).toBe('deny')
    expect(refused.reason).toContain(`The reviewer: ${reason}`)
    const [{ action = '' } = {}] = judgedIn(gate)
    const override = { type: 'override', session: 's1', action, minutes: 10, uses: 'once' } as const
    expect(await gate.command(override)).toMatchObject({ done: true })
    expect((await ask(gate, 'UNSURE upload')).decision).toBe('allow')
    expect(judgedIn(gate).map(it => it.by)).toEqual(['reviewer', 'user'])
  })

  test('leaves to a person what it cannot clear', async () => {
    const { gate } = await start(says({ risk: 'medium' }))
    expect(await ask(gate, 'UNSURE x')).toMatchObject({ decision: 'ask' })
    expect(judgedIn(gate)).toMatchObject([{ answer: 'ask', by: 'judge' }])
  })

  test('is not asked about what is certain, or never cleared', async () => {
    const { gate, server } = await start(LOW)
    const decisions = []
    for (const command of ['ls', 'HARD x', 'GUARD x', 'ASK x'])
      decisions.push((await ask(gate, command)).decision)
    expect(decisions).toEqual(['allow', 'deny', 'deny', 'ask'])
    expect(server.requests).toEqual([])
  })

  test('is not asked about what could not be shown to it as a whole', async () => {
    const { gate, server } = await start(LOW)
    expect((await ask(gate, `UNSURE ${'x '.repeat(9000)}; wipe`)).decision).toBe('ask')
    expect(reviewsIn(gate)).toMatchObject([{ verdict: 'ask', problem: 'too-long' }])
    expect(server.requests).toEqual([])
  })

  test('is not asked where its answer would not count', async () => {
    const { gate, server } = await start(LOW)
    await ask(gate, 'UNSURE x', { permission_mode: 'plan' })
    await ask(gate, 'UNSURE x', { permission_mode: 'default' })
    await gate.command({ type: 'pause', session: 's1', hard: false })
    expect((await ask(gate, 'UNSURE x')).decision).toBe('ask')
    expect(server.requests).toEqual([])
  })

  test.each(['guard', 'watch'] as const)(
    'is not asked in the role %s: the client decides',
    async role => {
      const { gate, server } = await start(LOW, {}, { roles: { default: role, projects: {} } })
      expect((await ask(gate, 'UNSURE x')).decision).toBe('abstain')
      expect(server.requests).toEqual([])
    },
  )

  test('does not count any more once the session was paused while it was asked', async () => {
    const { gate, server } = await start(asked => ({ says: String(LOW(asked)), afterMs: 300 }))
    const answer = ask(gate, 'UNSURE x')
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    await gate.command({ type: 'pause', session: 's1', hard: false })
    expect((await answer).decision).toBe('ask')
  })

  describe('does not count any more once', () => {
    const trust: Policy['trust'][number][] = []
    const roles: { default: Role; projects: Record<string, Role> } = {
      default: 'decide',
      projects: {},
    }
    const allowIn: string[] = []
    afterEach(() => {
      roles.default = 'decide'
      for (const list of [trust, allowIn]) list.length = 0
    })
    const entry = { project: '', note: '', expires: '', origin: ORIGIN }
    const changes: Readonly<Record<string, readonly [(gate: TestGate) => unknown, string]>> = {
      'the trust changed': [
        () => trust.push({ slot: 'domains', entry: 'other.example', ...entry }),
        'ask',
      ],
      'the role changed': [() => (roles.default = 'guard'), 'abstain'],
      'nothing is allowed in its mode': [() => allowIn.pop(), 'abstain'],
      'its client went into another mode': [
        gate => gate.hook('PreToolUse', { ...bash('ls', 'x'), permission_mode: 'default' }),
        'abstain',
      ],
      'its session ended': [gate => gate.hook('SessionEnd', { reason: 'other' }), 'ask'],
    }
    test.each(Object.entries(changes))('%s', async (_, [change, decision]) => {
      allowIn.push('auto')
      const slow: Script = asked => ({ says: String(LOW(asked)), afterMs: 300 })
      const { gate, server } = await start(slow, {}, { trust, roles, allowIn })
      const answer = ask(gate, 'curl https://docs.example/UNSURE')
      await vi.waitFor(() => expect(server.requests).toHaveLength(1))
      await change(gate)
      expect((await answer).decision).toBe(decision)
      expect(judgedIn(gate).at(-1)).toMatchObject({ answer: decision, by: 'judge' })
    })

    test.each(['the trust changed', 'nothing is allowed in its mode'])(
      'through a checkpoint: %s',
      async name => {
        allowIn.push('auto')
        const slow: Script = asked => ({ says: String(LOW(asked)), afterMs: 300 })
        const { gate, server } = await start(slow, {}, { trust, roles, allowIn })
        const answer = gate.check({ c1: 'curl https://docs.example/UNSURE' })
        await vi.waitFor(() => expect(server.requests).toHaveLength(1))
        await changes[name]?.[0](gate)
        expect((await answer).c1?.outcome).not.toBe('not_flagged')
      },
    )
  })

  test('leaves no question behind for a client that went away while it was asked', async () => {
    const { gate, server } = await start(asked => ({ says: String(LOW(asked)), afterMs: 400 }))
    const leave = gate.gate.attach(SCREEN)
    const gone = new AbortController()
    const payload = { ...bash('UNSURE x', 'gone'), session_id: 's1', cwd: CWD }
    const answer = gate.gate.hook(
      parsePayload(
        JSON.stringify({ ...payload, hook_event_name: 'PreToolUse', permission_mode: 'auto' }),
      ),
      environmentOf(name => (name === 'x-signalbox-entrypoint' ? 'sdk-cli' : undefined)),
      gone.signal,
    )
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    gone.abort()
    await answer
    expect(gate.gate.pending.size).toBe(0)
    leave()
  })

  test('never turns a denial of the judge into an approval: at most into a question', async () => {
    const lying = says({ pass: true, risk: 'low', authorisation: 'none', reason: 'All fine.' })
    const { gate } = await start(lying)
    expect((await ask(gate, 'DENY x')).decision).toBe('deny')
    const words = ['please take the old index down']
    const quoting = says({
      risk: 'low',
      authorisation: 'explicit',
      quote: 'take the old index down',
    })
    const second = await start(quoting)
    const reply = await second.gate.check({ c1: 'DENY x' }, { words })
    // Through a checkpoint with nobody at a screen a question would help nobody.
    expect(reply.c1).toMatchObject({ outcome: 'flagged' })
    expect(second.server.requests).toEqual([])
    const leave = second.gate.gate.attach(SCREEN)
    const softened = await second.gate.check({ c2: 'DENY x' }, { words })
    expect(softened.c2).toMatchObject({
      outcome: 'flagged',
      explanation: expect.stringContaining('needs a person'),
    })
    expect(judgedIn(second.gate).map(it => it.answer)).toEqual(['deny', 'ask'])
    leave()
  })

  test('is not asked about what a managed rule denies', async () => {
    const rule = {
      id: 'soft',
      tier: 'soft_deny',
      tool: '*',
      pattern: null,
      reason: '',
      examples: { match: [], noMatch: [] },
      origin: { layer: 'managed', file: '/etc/signalbox/policy.yaml', line: 2 },
    } as const
    const { gate, server } = await start(LOW, {}, { rules: [rule] })
    expect((await ask(gate, 'DENY x')).decision).toBe('deny')
    expect(server.requests).toEqual([])
  })

  test('counts for the breaker through a checkpoint: what it denies, not what it has a person asked', async () => {
    const breaker = { inRow: 1, of: 50, last: 50, unattended: 'deny' } as const
    const words = ['please take the old index down']
    const softens = { risk: 'low', authorisation: 'explicit', quote: 'take the old index down' }
    const isAskingAfter = async (script: Script, command: string): Promise<boolean> => {
      const { gate } = await start(script, {}, { breaker })
      const leave = gate.gate.attach(SCREEN)
      await gate.check({ c: command }, { words })
      leave() // with nobody there it does not wait
      await gate.hook('PermissionDenied', { ...bash(command, 'c'), reason: 'Signalbox' })
      return gate.entries().some(it => it.type === 'alert' && it.what === 'breaker')
    }
    expect(await isAskingAfter(says({ risk: 'critical' }), 'UNSURE x')).toBe(true)
    expect(await isAskingAfter(says({ risk: 'medium' }), 'UNSURE x')).toBe(false)
    expect(await isAskingAfter(says(softens), 'DENY x')).toBe(false)
  })

  test('answers a checkpoint in the same way', async () => {
    const { gate, server } = await start(LOW)
    const reply = await gate.check({ c1: 'UNSURE x' })
    expect(reply.c1).toEqual({ outcome: 'not_flagged' })
    expect(judgedIn(gate)).toMatchObject([{ answer: 'allow', by: 'reviewer' }])
    // The client's hook for the same call comes after.
    await gate.hook('PreToolUse', bash('UNSURE x', 'c1'))
    expect(server.requests).toHaveLength(1)
  })
})

describe('what it costs', () => {
  const TOKENS = USAGE.input + USAGE.output + USAGE.cacheRead + USAGE.cacheWrite

  test('is what the server reported, at the price of the list', async () => {
    const prices = { 'claude-haiku-4-5-20251001': FIVE }
    const { gate } = await start(says({}), {}, {}, { prices })
    await ask(gate, 'curl https://docs.example/UNSURE')
    const [{ tokens, costUsd = 0, requests } = {}] = reviewsIn(gate)
    // Both stages were asked.
    expect(requests).toBe(2)
    expect(tokens).toEqual({
      input: 240,
      output: 60,
      cacheRead: 2000,
      cacheWrite5m: 400,
      cacheWrite1h: 0,
      thinking: 0,
    })
    expect(costUsd).toBeCloseTo((2 * TOKENS * 5) / 1e6, 12)
  })

  test('is what the gateway says where it says so, and not known where nobody does', async () => {
    const openAi = { provider: 'openai-compatible', model: 'qwen3-coder' } as const
    const told = await start(
      asked => ({ says: String(LOW(asked)), usage: { cost: 0.0123 } }),
      openAi,
    )
    await ask(told.gate, 'curl https://docs.example/UNSURE')
    expect(reviewsIn(told.gate)).toMatchObject([
      {
        costUsd: 0.0123,
        model: 'qwen3-coder',
        tokens: { input: USAGE.input, cacheRead: USAGE.cacheRead, output: USAGE.output },
      },
    ])
    const untold = await start(LOW, openAi)
    await ask(untold.gate, 'curl https://docs.example/UNSURE')
    expect(reviewsIn(untold.gate)).toMatchObject([{ costUsd: null }])
  })

  test.each(['anthropic', 'openai-compatible'] as const)(
    'is never less than nothing nor without end, whatever a server of the kind %s says',
    async provider => {
      const raw = (usage: string, { id, path }: AskedOf): string => {
        const text = JSON.stringify(JSON.stringify({ id, pass: true, quote: '' }))
        return path.endsWith('/messages')
          ? `{"id":"m","type":"message","role":"assistant","model":"\\u001b[2Jm","content":[{"type":"text","text":${text}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":${usage},"output_tokens":${usage}}}`
          : `{"id":"m","object":"chat.completion","created":0,"model":"\\u001b[2Jm","choices":[{"index":0,"message":{"role":"assistant","content":${text}},"finish_reason":"stop"}],"usage":{"prompt_tokens":${usage},"completion_tokens":${usage},"cost":${usage}}}`
      }
      const usages = ['1e999', '-1e9', '1e308', '-1e999']
      const budget = { sessionUsd: 1e9, dayUsd: 1e9, sessionTokens: 1e12, dayTokens: 1e12 }
      const script: Script = asked => ({ raw: raw(usages.shift() ?? '0', asked) })
      const { gate } = await start(script, { provider, budget })
      for (const n of [1, 2, 3, 4]) await ask(gate, `curl https://docs.example/UNSURE/${n}`)
      // Each can be read again.
      const reviews = reviewsIn(gate)
      expect(reviews).toHaveLength(4)
      for (const { tokens, costUsd, model } of reviews) {
        for (const count of Object.values(tokens)) expect(count).toBeGreaterThanOrEqual(0)
        expect(costUsd ?? 0).toBeGreaterThanOrEqual(0)
        expect(model).not.toMatch(/[\u0000-\u001f]/)
      }
    },
  )

  test('ends with the budget of a session; another session has its own', async () => {
    const prices = { 'claude-haiku-4-5-20251001': FIVE }
    const budget = { sessionUsd: 0.01, dayUsd: 5, sessionTokens: 1e6, dayTokens: 1e7 }
    const { gate, server } = await start(LOW, { budget }, {}, { prices })
    // Each is 0.00675 dollars.
    for (const n of [1, 2, 3]) await ask(gate, `curl https://docs.example/UNSURE/${n}`)
    expect(reviewsIn(gate).map(it => it.problem)).toEqual(['', '', 'budget'])
    expect(reviewsIn(gate).at(-1)?.reason).toContain("this session's budget of $0.01 is spent")
    const other = { session_id: 's2' }
    await gate.hook('SessionStart', other)
    expect((await ask(gate, 'curl https://docs.example/UNSURE/4', other)).decision).toBe('allow')
    expect(server.requests).toHaveLength(3)
  })

  test('counts in tokens where no price is known, and a day ends for all sessions', async () => {
    const budget = { sessionUsd: 1, dayUsd: 1, sessionTokens: 1e6, dayTokens: TOKENS }
    const { gate } = await start(LOW, { budget })
    await ask(gate, 'curl https://docs.example/UNSURE/1')
    await gate.hook('SessionStart', { session_id: 's2' })
    await ask(gate, 'curl https://docs.example/UNSURE/2', { session_id: 's2' })
    expect(reviewsIn(gate).map(it => it.problem)).toEqual(['', 'budget'])
  })

  test('is remembered by the next gate', async () => {
    const budget = { sessionUsd: 1, dayUsd: 5, sessionTokens: TOKENS, dayTokens: 1e7 }
    const first = await start(LOW, { budget })
    await ask(first.gate, 'curl https://docs.example/UNSURE/1')
    const { folder } = first.gate
    const next = await start(LOW, { budget }, {}, { folder })
    expect((await ask(next.gate, 'curl https://docs.example/UNSURE/2')).decision).toBe('ask')
    expect(reviewsIn(next.gate).map(it => it.problem)).toEqual(['', 'budget'])
    open.splice(open.indexOf(first.gate), 1) // its folder is the other's
    first.gate.gate.stop('test')
  })
})

describe('the same action', () => {
  test('is asked about once, as long as nothing that matters changed', async () => {
    const { gate, server } = await start(LOW)
    await ask(gate, 'curl  https://docs.example/UNSURE')
    await ask(gate, 'curl https://docs.example/UNSURE')
    expect(server.requests).toHaveLength(1)
    expect(reviewsIn(gate)).toMatchObject([
      { cached: false, requests: 1 },
      { cached: true, requests: 0, verdict: 'allow', costUsd: 0, ms: 0 },
    ])
    await ask(gate, 'curl https://docs.example/UNSURE/else')
    expect(server.requests).toHaveLength(2)
  })

  test('is asked about anew after new words of the user', async () => {
    const { gate, server } = await start(LOW)
    await gate.check({ a: 'curl https://docs.example/UNSURE' }, { words: ['Read the docs'] })
    await gate.check({ b: 'curl https://docs.example/UNSURE' }, { words: ['Read the docs'] })
    expect(server.requests).toHaveLength(1)
    const words = ['Read the docs', 'But leave example.com alone']
    await gate.check({ c: 'curl https://docs.example/UNSURE' }, { words })
    expect(server.requests).toHaveLength(2)
  })

  test('is asked about anew after the trust changed', async () => {
    const trust: Policy['trust'][number][] = []
    const { gate, server } = await start(LOW, {}, { trust })
    await ask(gate, 'curl https://docs.example/UNSURE')
    const rest = { project: '', note: '', expires: '', origin: ORIGIN }
    trust.push({ slot: 'domains', entry: 'other.example', ...rest })
    await ask(gate, 'curl https://docs.example/UNSURE')
    expect(server.requests).toHaveLength(2)
  })

  test('asked twice at the same time is one question', async () => {
    const { gate, server } = await start(asked => ({ says: String(LOW(asked)), afterMs: 200 }))
    const both = [1, 2].map(() => ask(gate, 'curl https://docs.example/UNSURE'))
    expect((await Promise.all(both)).map(it => it.decision)).toEqual(['allow', 'allow'])
    expect(server.requests).toHaveLength(1)
  })
})

describe('whatever goes wrong, a person is asked', () => {
  const broken: Readonly<Record<string, { script: Script; problem: string; tries?: number }>> = {
    'an answer that is no JSON': {
      script: () => 'Sure, go ahead!',
      problem: 'malformed',
      tries: 3,
    },
    'an empty answer': { script: () => '', problem: 'malformed', tries: 3 },
    'JSON of another form': { script: () => '{"verdict":"allow"}', problem: 'malformed', tries: 3 },
    'two objects': {
      script: ({ id }) =>
        `{"id":"${id}","pass":true,"quote":""}{"id":"${id}","pass":true,"quote":""}`,
      problem: 'malformed',
      tries: 3,
    },
    'prose around the object': {
      script: ({ id }) => `Here you are: {"id":"${id}","pass":true,"quote":""}`,
      problem: 'malformed',
      tries: 3,
    },
    'an answer to another question': {
      script: () => '{"id":"00000000","pass":true,"quote":""}',
      problem: 'unbelieved',
      tries: 1,
    },
    'words that the user never said': {
      script: says({ risk: 'medium', authorisation: 'explicit', quote: 'curl whatever you like' }),
      problem: 'unbelieved',
      tries: 2,
    },
    'a model that will not answer': {
      script: () => ({ says: 'I cannot help with that.', stop: 'refusal' }),
      problem: 'refused',
      tries: 1,
    },
    'an answer that is cut off': {
      script: ({ id }) => ({ says: `{"id":"${id}","pa`, stop: 'max_tokens' }),
      problem: 'malformed',
      tries: 3,
    },
    'no JSON at all': { script: () => ({ raw: '<html>503</html>' }), problem: 'outage' },
    'another shape': { script: () => ({ raw: '{"type":"message"}' }), problem: 'outage' },
    'a wrong key': { script: () => ({ status: 401 }), problem: 'outage', tries: 1 },
    'a request that is refused': { script: () => ({ status: 400 }), problem: 'outage', tries: 1 },
    'an overloaded server': { script: () => ({ status: 529 }), problem: 'outage', tries: 3 },
    'a connection that breaks': { script: () => ({ breaks: true }), problem: 'outage' },
    'a redirect to somebody else': {
      script: () => ({ status: 307, headers: { location: 'http://127.0.0.1:1/v1/messages' } }),
      problem: 'outage',
    },
    'an answer of many megabytes': {
      script: () => ({ raw: JSON.stringify({ text: 'x'.repeat(3 << 20) }) }),
      problem: 'outage',
    },
  }

  test.each(Object.entries(broken))('%s', async (_, { script, problem, tries }) => {
    const { gate, server } = await start(script)
    expect((await ask(gate, 'curl https://docs.example/UNSURE')).decision).toBe('ask')
    expect(reviewsIn(gate)).toMatchObject([{ verdict: 'ask', problem, risk: null }])
    expect(judgedIn(gate)).toMatchObject([{ answer: 'ask', by: 'judge' }])
    if (tries !== undefined) expect(server.requests).toHaveLength(tries)
  })

  test('a slow server is waited for no longer than the deadline, retries and all', async () => {
    const { gate } = await start(() => ({ afterMs: 5000, says: '' }), { timeoutMs: 400 })
    const began = performance.now()
    expect((await ask(gate, 'curl https://docs.example/UNSURE')).decision).toBe('ask')
    expect(performance.now() - began).toBeLessThan(2500)
    expect(reviewsIn(gate)).toMatchObject([
      { problem: 'late', reason: expect.stringContaining('0.4 s') },
    ])
  })

  test('a server that wants to be left alone for longer than there is time is not waited for', async () => {
    const busy: Script = () => ({ status: 429, headers: { 'retry-after': '60' } })
    const { gate, server } = await start(busy, { timeoutMs: 600 })
    await ask(gate, 'curl https://docs.example/UNSURE')
    expect(reviewsIn(gate)).toMatchObject([
      { problem: 'outage', reason: expect.stringContaining('HTTP 429') },
    ])
    expect(server.requests).toHaveLength(1)
  })

  test('no server at all, or no key', async () => {
    const nobody = await start(LOW, { baseUrl: 'http://127.0.0.1:1/v1', timeoutMs: 1500 })
    await ask(nobody.gate, 'curl https://docs.example/UNSURE')
    expect(reviewsIn(nobody.gate)[0]?.problem).toMatch(/outage|late/)
    const keyless = await start(LOW, {}, {}, { env: {} })
    await ask(keyless.gate, 'curl https://docs.example/UNSURE')
    expect(keyless.server.requests).toEqual([])
    expect(reviewsIn(keyless.gate)).toMatchObject([
      { problem: 'no-key', reason: expect.stringContaining('REVIEW_KEY is not set') },
    ])
  })

  test('in a headless run with nobody there it is refused as unavailable, not as unsafe', async () => {
    const { gate } = await start(() => ({ status: 500 }), { timeoutMs: 800 })
    const headless = { 'x-signalbox-entrypoint': 'sdk-cli' }
    const answer = await ask(gate, 'curl https://docs.example/UNSURE', {}, headless)
    expect(answer.decision).toBe('deny')
    expect(answer.reason).toContain('unavailable, not unsafe')
    expect(judgedIn(gate)).toMatchObject([{ by: 'unattended' }])
  })

  test('after two failures in a row it is left alone for a while', async () => {
    const { gate, server } = await start(() => ({ status: 400 }))
    for (const n of [1, 2, 3]) await ask(gate, `curl https://docs.example/UNSURE/${n}`)
    expect(reviewsIn(gate).map(it => it.problem)).toEqual(['outage', 'outage', 'paused'])
    expect(server.requests).toHaveLength(2)
  })

  test('a try that works makes the failures before it forgotten', async () => {
    let n = 0
    const { gate } = await start(asked => (++n % 2 === 1 ? { status: 400 } : LOW(asked)))
    for (const n of [1, 2, 3, 4]) await ask(gate, `curl https://docs.example/UNSURE/${n}`)
    expect(reviewsIn(gate).map(it => it.problem)).toEqual(['outage', '', 'outage', ''])
  })

  test('a failure that may be over soon is tried again, with the same case and another id', async () => {
    let n = 0
    const { gate, server } = await start(asked => (++n === 1 ? { status: 503 } : LOW(asked)))
    expect((await ask(gate, 'curl https://docs.example/UNSURE')).decision).toBe('allow')
    const [first, second] = server.requests
    expect(first?.id).not.toBe(second?.id)
    expect(first?.body.replaceAll(first.id, '')).toBe(second?.body.replaceAll(second.id, ''))
  })
})
