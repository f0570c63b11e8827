/** The layers of a policy, from real files. */
import { chmodSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import {
  loadPolicy,
  type PolicySources,
  policyHash,
  withoutExpired,
} from '../../src/config/load-policy.ts'
import { checkRules } from '../../src/judge/check-rules.ts'
import { load, ME, sourcesOf } from './layers.ts'

/** Gives the managed file, or its folder, another mode. */
function withMode(place: '.' | '..', mode: number): (sources: PolicySources) => PolicySources {
  return sources => {
    chmodSync(place === '.' ? sources.managed : dirname(sources.managed), mode)
    return sources
  }
}

const NOTHING =
  'trust:\n  domains:\nprojects:\n  /srv/app:\n    trust:\nsensitive:\n  data:\nmodels:\nbreaker:\n'

describe('no file', () => {
  test('is what is built in: nothing is enabled', () => {
    const { policy, errors, notes } = load({})
    expect(policy).toEqual(builtInPolicy)
    expect([errors, notes]).toEqual([[], []])
  })

  test('keys without a value are no keys', () => {
    expect(load({ user: NOTHING }).policy).toEqual(builtInPolicy)
  })
})

describe("the user's file", () => {
  const user = `theme: dark
auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }
trust:
  domains:
    - entry: "*.corp.example"
      note: ours
      expires: 2027-01-01
  source_control: [github.com/acme]
projects:
  /srv/app/:
    role: decide
    trust: { hosts: [staging.acme.example] }
    sensitive: { iac_scopes: [{ entry: "k8s:app", note: live, expires: 2027-01-01 }] }
roles: { default: watch }
models: [my-model*]
platforms: [anthropic, { platform: "https://gw.example", role: decide }]
rules:
  - { id: no-publish, tier: hard_deny, tool: Bash, command: npm publish, reason: by CI only, no_match: [npm pack] }
rules_off: [new-package]
sensitive: { data: ["s3://customers"], remote_targets: [{ entry: prod.example }], iac_scopes: ["k8s:prod"] }
breaker: { in_row: 5, unattended: stop }
allow_in: [auto, default]
waits: { denied_seconds: 3 }
journal: { keep_days: 7 }
reviewer: { provider: anthropic, model: my-model, api_key_env: MY_KEY, timeout: 20 }
`

  test('is all of it read, each line with its place', () => {
    const sources = sourcesOf({ user })
    const { policy, origins, errors, notes } = loadPolicy(sources, checkRules)
    const file = join(sources.config, 'config.yaml')
    const at = (line: number) => ({ layer: 'user', file, line })
    const plain = { project: '', note: '', expires: '' }
    expect([errors, notes]).toEqual([[], []])
    expect(policy).toEqual({
      enabled: { by: 'Ada', on: '2026-11-24', origin: at(2) },
      models: ['my-model*'],
      platforms: [
        { platform: 'anthropic', role: null },
        { platform: 'https://gw.example', role: 'decide' },
      ],
      platformsAreManaged: false,
      roles: { default: 'watch', projects: { '/srv/app': 'decide' } },
      trust: [
        { slot: 'source_control', ...plain, entry: 'github.com/acme', origin: at(8) },
        {
          slot: 'domains',
          entry: '*.corp.example',
          project: '',
          note: 'ours',
          expires: '2027-01-01',
          origin: at(5),
        },
        {
          slot: 'hosts',
          ...plain,
          entry: 'staging.acme.example',
          project: '/srv/app',
          origin: at(12),
        },
      ],
      sensitive: {
        data: [{ ...plain, entry: 's3://customers', origin: at(20) }],
        remoteTargets: [{ ...plain, entry: 'prod.example', origin: at(20) }],
        iacScopes: [
          { ...plain, entry: 'k8s:prod', origin: at(20) },
          {
            entry: 'k8s:app',
            project: '/srv/app',
            note: 'live',
            expires: '2027-01-01',
            origin: at(13),
          },
        ],
      },
      rules: [
        {
          id: 'no-publish',
          tier: 'hard_deny',
          tool: 'Bash',
          pattern: { over: 'command', text: 'npm publish' },
          reason: 'by CI only',
          examples: { match: [], noMatch: ['npm pack'] },
          origin: at(18),
        },
      ],
      rulesOff: [{ id: 'new-package', origin: at(19) }],
      breaker: { inRow: 5, of: 10, last: 50, unattended: 'stop' },
      allowIn: ['auto', 'default'],
      waits: { deniedSeconds: 3, askSeconds: 540 },
      journal: { keepDays: 7 },
      redact: [],
      fleet: {
        share: 'reduced',
        remote: [],
        remoteMay: ['approve', 'deny', 'override', 'pause', 'resume', 'propose'],
      },
      reviewer: {
        provider: 'anthropic',
        model: 'my-model',
        baseUrl: '',
        key: { from: 'environment', name: 'MY_KEY' },
        timeoutMs: 20_000,
        budget: { sessionUsd: 1, dayUsd: 5, sessionTokens: 1_000_000, dayTokens: 5_000_000 },
        origin: at(25),
      },
      locked: [],
    })
    expect(origins['models.0']).toEqual(at(15))
    expect(origins['breaker.inRow']).toEqual(at(21))
    expect(origins['breaker.of']).toMatchObject({ layer: 'built-in' })
  })

  test('what is over is taken out for the judge, on the day after', () => {
    const { policy } = load({ user })
    const on = (day: string): number[] => {
      const { trust, sensitive } = withoutExpired(policy, day)
      return [trust.length, sensitive.iacScopes.length]
    }
    expect([on('2027-01-01'), on('2027-01-02')]).toEqual([
      [3, 2],
      [2, 1],
    ])
  })

  test('the hash is of what it says, not of where', () => {
    expect(policyHash(load({ user }).policy)).toBe(
      policyHash(load({ user: `# x\n${user}` }).policy),
    )
    expect(policyHash(load({ user }).policy)).not.toBe(policyHash(load({}).policy))
  })
})

describe('the managed file', () => {
  const managed = `auto_mode: { enabled_by: Root, enabled_on: 2026-11-01 }
models: [claude-opus-5*, claude-sonnet-5*]
platforms: [anthropic]
rules:
  - { id: no-publish, tier: hard_deny, command: npm publish, reason: by CI only }
trust: { source_control: [github.com/acme] }
breaker: { in_row: 2 }
`

  test('wins, and the user cannot widen it', () => {
    const { policy, notes, errors } = load({
      managed,
      user: `auto_mode: { enabled_by: Me, enabled_on: 2026-11-24 }
models: [claude-opus-5-5, gpt-x*]
platforms: [anthropic, bedrock]
rules:
  - { id: no-publish, tier: allow, command: npm publish, reason: I like to }
rules_off: [new-package]
breaker: { in_row: 50 }
trust: { domains: [b.example] }
`,
    })
    expect(errors).toEqual([])
    expect(policy.enabled?.by).toBe('Root')
    expect(policy.models).toEqual(['claude-opus-5-5'])
    expect(policy.platforms).toEqual([{ platform: 'anthropic', role: null }])
    expect(policy.rules).toMatchObject([{ tier: 'hard_deny', origin: { layer: 'managed' } }])
    expect(policy.rulesOff).toMatchObject([{ id: 'new-package', origin: { layer: 'user' } }])
    expect(policy.breaker.inRow).toBe(2)
    expect(policy.trust.map(it => it.entry)).toEqual(['github.com/acme', 'b.example'])
    expect(notes.map(note => /:(\d+): /.exec(note)?.[1]).sort()).toEqual(['1', '2', '3', '5', '7'])
  })

  test('a wide list of the user leaves the managed one as it is', () => {
    expect(load({ managed, user: 'models: ["*"]\n' }).errors[0]).toMatch(/only at its end/)
    expect(load({ managed, user: 'models: [claude-*]\n' }).policy.models).toEqual([
      'claude-opus-5*',
      'claude-sonnet-5*',
    ])
  })

  test('what is locked is the administrator’s alone', () => {
    const { policy, notes } = load({
      managed:
        'locked: [trust, roles, rules]\ntrust: { source_control: [github.com/acme] }\nroles: { default: guard }\n',
      user: `trust: { domains: [b.example], hosts: [d.example] }
projects: { /srv/app: { role: decide, trust: { domains: [c.example] } } }
roles: { default: decide }
rules:
  - { id: a, tier: allow, command: make, reason: fine }
  - { id: b, tier: ask, command: make deploy, reason: careful }
rules_off: [new-package]
platforms: [{ platform: anthropic, role: decide }]
`,
    })
    expect(policy.trust.map(it => it.entry)).toEqual(['github.com/acme'])
    expect(policy.roles).toEqual({ default: 'guard', projects: {} })
    expect(policy.rules.map(it => it.id)).toEqual(['b'])
    expect(policy.rulesOff).toEqual([])
    expect(policy.platforms).toEqual([{ platform: 'anthropic', role: null }])
    expect(notes.length).toBeGreaterThanOrEqual(7)
  })

  test("'off' is for everybody", () => {
    const user = 'auto_mode: { enabled_by: Me, enabled_on: 2026-11-24 }\n'
    expect(load({ managed: 'auto_mode: off\n', user }).policy.enabled).toBeNull()
    expect(load({ managed: 'auto_mode: false\n', user }).policy.enabled).toBeNull()
    expect(load({ managed: 'trust: {}\n', user }).policy.enabled?.by).toBe('Me')
  })

  test.each([
    ['of another owner', (s: PolicySources) => ({ ...s, managedOwner: ME + 1 }), /not to user \d+/],
    ['that others can write', withMode('.', 0o664), /go-w/],
    ['in a folder that others can write', withMode('..', 0o777), /folder can be written/],
  ])('a file %s is not read: all is locked', (_, spoil, says) => {
    const user =
      'auto_mode: { enabled_by: Me, enabled_on: 2026-11-24 }\ntrust: { domains: [b.example] }\n'
    const { errors, policy } = loadPolicy(spoil(sourcesOf({ managed, user })), checkRules)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(says)
    expect(policy.enabled).toBeNull()
    expect(policy.locked).toContain('trust')
    expect(policy.trust).toEqual([])
  })
})

describe("a repository's file", () => {
  test('tightens', () => {
    const { policy, errors } = load({
      repository:
        'rules:\n  - { id: ask-migrate, tier: ask, command: make migrate, reason: shared db }\n',
    })
    expect(errors).toEqual([])
    expect(policy.rules).toMatchObject([
      { id: 'ask-migrate', tool: '*', origin: { layer: 'repository', line: 2 } },
    ])
  })

  test.each([
    [
      'trust: { domains: [evil.example] }\n',
      /\.signalbox\.yaml:1:1: trust: may not be set by a repository/,
    ],
    ['rules: []\nroles: { default: decide }\n', /\.signalbox\.yaml:2:1: roles: may not/],
    [
      'rules:\n  - { id: a, tier: allow, command: make, reason: x }\n',
      /:2:\d+: rules\.0\.tier: may only tighten/,
    ],
    ['rules_off: [x]\n', /:1:1: rules_off: may not/],
  ])('%j is an error that names the line', (repository, says) => {
    const { errors } = load({ repository })
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(says)
  })

  test('a link is not followed, a folder is no file', () => {
    const sources = sourcesOf({})
    const path = join(sources.projectRoot, '.signalbox.yaml')
    symlinkSync('/dev/zero', path)
    expect(loadPolicy(sources, checkRules).errors[0]).toMatch(/is a link/)
  })

  test("cannot take the place of a user's rule", () => {
    const { policy, notes } = load({
      user: 'rules:\n  - { id: a, tier: hard_deny, command: x, reason: y }\n',
      repository: 'rules:\n  - { id: a, tier: ask, command: x, reason: y }\n',
    })
    expect(policy.rules).toMatchObject([{ tier: 'hard_deny' }])
    expect(notes[0]).toMatch(/there is a rule 'a' already/)
  })
})
