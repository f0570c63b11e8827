/** `reviewer:` of a policy: what may be written, what is told when it may not, and who settles it. */
import { describe, expect, test } from 'vitest'
import { load } from './layers.ts'

const wrong = (user: string): string =>
  load({ user }).errors[0]?.replace(/^.*config\.yaml/, '') ?? ''

describe('a reviewer', () => {
  test('is none where nobody names one', () => {
    expect(load({}).policy.reviewer).toBeNull()
  })

  test('of Anthropic needs a model, and the rest has defaults', () => {
    const { policy } = load({ user: 'reviewer: { provider: anthropic, model: claude-haiku-5-5 }' })
    expect(policy.reviewer).toMatchObject({
      provider: 'anthropic',
      model: 'claude-haiku-5-5',
      baseUrl: '',
      key: { from: 'environment', name: 'ANTHROPIC_API_KEY' },
      timeoutMs: 15_000,
      budget: { sessionUsd: 1, dayUsd: 5, sessionTokens: 1_000_000, dayTokens: 5_000_000 },
      origin: { layer: 'user', line: 1 },
    })
  })

  test('of another kind needs a URL; without a key none is sent', () => {
    const user = `reviewer:
  provider: openai-compatible
  model: qwen3-coder
  base_url: http://127.0.0.1:11434/v1/
  timeout: 30
  budget: { day_tokens: 200000 }
`
    expect(load({ user }).policy.reviewer).toMatchObject({
      baseUrl: 'http://127.0.0.1:11434/v1',
      key: { from: 'nowhere' },
      timeoutMs: 30_000,
      budget: { sessionUsd: 1, dayTokens: 200_000 },
    })
  })

  test('may have its key printed by a command', () => {
    const user = 'reviewer: { provider: anthropic, model: m, api_key_command: pass show api }'
    expect(load({ user }).policy.reviewer?.key).toEqual({
      from: 'command',
      command: 'pass show api',
    })
  })

  test.each([
    ['provider: openai-compatible, model: m', /base_url.*is missing/],
    ['provider: mystery, model: m', /provider.*must be anthropic or openai-compatible/],
    ['provider: anthropic', /reviewer.*model/],
    ['provider: anthropic, model: m, api_key: sk-ant-123', /api_key/],
    ['provider: anthropic, model: m, api_key_env: sk-ant-123', /api_key_env.*not the key itself/],
    [
      'provider: anthropic, model: m, api_key_env: A, api_key_command: b',
      /api_key_env.*cannot stand beside api_key_command/,
    ],
    ['provider: anthropic, model: m, timeout: 0', /timeout.*must be seconds from 1 to 120/],
    ['provider: anthropic, model: m, base_url: "ftp://x"', /base_url.*must be a base URL/],
    ['provider: anthropic, model: m, base_url: "http://models.example"', /must be https:/],
    ['provider: anthropic, model: m, base_url: "http://[2001:db8::1]/v1"', /must be https:/],
    ['provider: anthropic, model: m, base_url: "http://[fc::1]/v1"', /must be https:/],
    ['provider: anthropic, model: m, base_url: "https://u:p@x.example"', /must be a base URL/],
    ['provider: anthropic, model: m, budget: { day_usd: -1 }', /day_usd.*must be US dollars/],
  ])('%s: is refused in one line', (text, says) => {
    const line = wrong(`reviewer: { ${text} }`)
    expect(line).toMatch(says)
    expect(line).toMatch(/^:1:\d+: /)
    expect(line).not.toContain('\n')
    // What may be a key is not repeated.
    expect(line).not.toContain('sk-ant')
  })

  test.each([
    'http://localhost:8080',
    'http://[::1]:8080/v1',
    'http://[fd12:3456::1]:8080/v1',
    'http://10.1.2.3:8000/v1',
    'http://192.168.0.4:1234',
    'http://172.20.0.2:8000',
    'http://ollama:11434/v1',
    'http://box.local/v1',
    'https://models.corp.example/v1',
  ])('may be at %s', url => {
    const user = `reviewer: { provider: openai-compatible, model: m, base_url: "${url}" }`
    expect(load({ user }).errors).toEqual([])
  })

  test('cannot be set by a repository', () => {
    const repository = 'reviewer: { provider: anthropic, model: m }'
    expect(load({ repository }).errors[0]).toContain('may not be set by a repository')
  })
})

describe('the managed policy', () => {
  const user = 'reviewer: { provider: anthropic, model: mine }'

  test('settles which one is asked', () => {
    const managed = 'reviewer: { provider: anthropic, model: theirs }'
    const { policy, notes } = load({ user, managed })
    expect(policy.reviewer).toMatchObject({ model: 'theirs', origin: { layer: 'managed' } })
    expect(notes[0]).toContain('the reviewer is settled by the managed policy')
  })

  test('can forbid any', () => {
    const { policy, notes } = load({ user, managed: 'locked: [reviewer]' })
    expect(policy.reviewer).toBeNull()
    expect(notes[0]).toContain("'reviewer' is locked by the managed policy")
  })
})
