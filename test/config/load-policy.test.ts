/** The layers of a policy, from real files. */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import {
  type LoadedPolicy,
  loadPolicy,
  type PolicySources,
  policyHash,
  withoutExpired,
} from '../../src/config/load-policy.ts'
import { put, tempFolder } from '../helpers/folder.ts'

const ME = process.getuid?.() ?? 0

interface Texts {
  readonly user?: string
  readonly managed?: string
  readonly repository?: string
}

function sourcesOf({ user, managed, repository }: Texts): Required<PolicySources> {
  const folder = tempFolder()
  const sources = {
    config: join(folder, 'config'),
    managed: join(folder, 'etc', 'policy.yaml'),
    managedOwner: ME,
    projectRoot: join(folder, 'project'),
  }
  mkdirSync(sources.projectRoot)
  if (user !== undefined) put(join(sources.config, 'config.yaml'), user)
  if (managed !== undefined) {
    put(sources.managed, managed)
    chmodSync(join(folder, 'etc'), 0o755)
    chmodSync(sources.managed, 0o644)
  }
  if (repository !== undefined) put(join(sources.projectRoot, '.signalbox.yaml'), repository)
  return sources
}

function load(texts: Texts): LoadedPolicy {
  return loadPolicy(sourcesOf(texts))
}

/** Gives the managed file, or its folder, another mode. */
function withMode(place: '.' | '..', mode: number): (sources: PolicySources) => PolicySources {
  return sources => {
    chmodSync(place === '.' ? sources.managed : dirname(sources.managed), mode)
    return sources
  }
}

describe('no file', () => {
  test('is what is built in: nothing is enabled', () => {
    const { policy, errors, notes } = load({})
    expect(policy).toEqual(builtInPolicy)
    expect([errors, notes]).toEqual([[], []])
  })

  test('keys without a value are no keys', () => {
    expect(load({ user: 'trust:\nprojects:\n  /srv/app:\nmodels:\nbreaker:\n' }).policy).toEqual(
      builtInPolicy,
    )
  })
})

describe("the user's file", () => {
  const user = `theme: dark
auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }
trust:
  - github.com/acme
  - entry: "*.corp.example"
    note: ours
    expires: 2027-01-01
projects:
  /srv/app/:
    role: decide
    trust: [staging.acme.example]
roles: { default: watch }
models: [my-model*]
platforms: [anthropic, { platform: "https://gw.example", role: decide }]
rules:
  - { id: no-publish, tier: hard_deny, tool: Bash, match: npm publish, reason: by CI only }
rules_off: [some-rule]
sensitive: { data: ["s3://customers"], remote_targets: [prod.example], iac_scopes: ["k8s:prod"] }
breaker: { in_row: 5, unattended: stop }
allow_in: [auto, default]
waits: { denied_seconds: 3 }
journal: { keep_days: 7 }
`

  test('is all of it read, each line with its place', () => {
    const sources = sourcesOf({ user })
    const { policy, origins, errors, notes } = loadPolicy(sources)
    const file = join(sources.config, 'config.yaml')
    const at = (line: number) => ({ layer: 'user', file, line })
    expect([errors, notes]).toEqual([[], []])
    expect(policy).toEqual({
      enabled: { by: 'Ada', on: '2026-11-24', origin: at(2) },
      models: ['my-model*'],
      platforms: [
        { platform: 'anthropic', role: null },
        { platform: 'https://gw.example', role: 'decide' },
      ],
      roles: { default: 'watch', projects: { '/srv/app': 'decide' } },
      trust: [
        { entry: 'github.com/acme', project: '', note: '', expires: '', origin: at(4) },
        {
          entry: '*.corp.example',
          project: '',
          note: 'ours',
          expires: '2027-01-01',
          origin: at(5),
        },
        {
          entry: 'staging.acme.example',
          project: '/srv/app',
          note: '',
          expires: '',
          origin: at(11),
        },
      ],
      sensitive: {
        data: ['s3://customers'],
        remoteTargets: ['prod.example'],
        iacScopes: ['k8s:prod'],
      },
      rules: [
        {
          id: 'no-publish',
          tier: 'hard_deny',
          tool: 'Bash',
          match: 'npm publish',
          reason: 'by CI only',
          origin: at(16),
        },
      ],
      rulesOff: [{ id: 'some-rule', origin: at(17) }],
      breaker: { inRow: 5, of: 10, last: 50, unattended: 'stop' },
      allowIn: ['auto', 'default'],
      waits: { deniedSeconds: 3, askSeconds: 540 },
      journal: { keepDays: 7 },
      locked: [],
    })
    expect(origins['models.0']).toEqual(at(13))
    expect(origins['breaker.inRow']).toEqual(at(19))
    expect(origins['breaker.of']).toMatchObject({ layer: 'built-in' })
  })

  test('trust that is over is taken out for the judge, on the day after', () => {
    const { policy } = load({ user })
    expect(withoutExpired(policy, '2027-01-01').trust).toHaveLength(3)
    expect(withoutExpired(policy, '2027-01-02').trust).toHaveLength(2)
  })

  test('the hash is of what it says, not of where', () => {
    expect(policyHash(load({ user }).policy)).toBe(
      policyHash(load({ user: `# x\n${user}` }).policy),
    )
    expect(policyHash(load({ user }).policy)).not.toBe(policyHash(load({}).policy))
  })
})

describe('a file that does not fit', () => {
  test.each([
    ['trust: [*]\n', /config\.yaml:1:\d+: /],
    [
      'trust:\n  - github.com/acme\n  - "*.com"\n',
      /config\.yaml:3:5: trust\.1: '\*\.com' is as wide/,
    ],
    [
      'trust:\n  - { entry: a.example, expires: soon }\n',
      /:2:34: trust\.0\.expires: must be a date/,
    ],
    [
      'trust:\n  - { entry: a.example, until: 2027-01-01 }\n',
      /:2:\d+: trust\.0\.until: is not known/,
    ],
    ['projects:\n  app: { role: guard }\n', /:2:\d+: projects\.app: must be an absolute path/],
    ['rules:\n  - { id: a, tier: deny, match: x, reason: y }\n', /rules\.0\.tier: must be one of/],
    ['rules:\n  - { id: a, tier: ask, match: x }\n', /rules\.0\.reason: is missing/],
    ['locked: [trust]\n', /:1:1: locked: is not known here/],
    ['auto_mode: true\n', /auto_mode: must hold enabled_by/],
    ['breaker: { in_row: 0 }\n', /breaker\.in_row: must be a whole number from 1/],
    ['a: &a [1]\nb: *c\n', /Unresolved alias/],
  ])('%j gives one error with its place, and nothing is approved', (text, says) => {
    const { errors, policy } = load({
      user: text,
      managed: 'auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }\n',
    })
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(says)
    expect(policy.enabled).toBeNull()
  })
})

describe('the managed file', () => {
  const managed = `auto_mode: { enabled_by: Root, enabled_on: 2026-11-01 }
models: [claude-opus-5*, claude-sonnet-5*]
platforms: [anthropic]
rules:
  - { id: no-publish, tier: hard_deny, match: npm publish, reason: by CI only }
trust: [github.com/acme]
breaker: { in_row: 2 }
`

  test('wins, and the user cannot widen it', () => {
    const { policy, notes, errors } = load({
      managed,
      user: `auto_mode: { enabled_by: Me, enabled_on: 2026-11-24 }
models: [claude-opus-5-5, gpt-x*]
platforms: [anthropic, bedrock]
rules:
  - { id: no-publish, tier: allow, match: npm publish, reason: I like to }
rules_off: [no-publish]
breaker: { in_row: 50 }
trust: [b.example]
`,
    })
    expect(errors).toEqual([])
    expect(policy.enabled?.by).toBe('Root')
    expect(policy.models).toEqual(['claude-opus-5-5'])
    expect(policy.platforms).toEqual([{ platform: 'anthropic', role: null }])
    expect(policy.rules).toMatchObject([{ tier: 'hard_deny', origin: { layer: 'managed' } }])
    expect(policy.rulesOff).toEqual([])
    expect(policy.breaker.inRow).toBe(2)
    expect(policy.trust.map(it => it.entry)).toEqual(['github.com/acme', 'b.example'])
    expect(notes.map(note => /:(\d+): /.exec(note)?.[1]).sort()).toEqual([
      '1',
      '2',
      '3',
      '5',
      '6',
      '7',
    ])
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
        'locked: [trust, roles, rules]\ntrust: [github.com/acme]\nroles: { default: guard }\n',
      user: `trust: [b.example]
projects: { /srv/app: { role: decide, trust: [c.example] } }
roles: { default: decide }
rules:
  - { id: a, tier: allow, match: make, reason: fine }
  - { id: b, tier: ask, match: make deploy, reason: careful }
rules_off: [x]
platforms: [{ platform: anthropic, role: decide }]
`,
    })
    expect(policy.trust.map(it => it.entry)).toEqual(['github.com/acme'])
    expect(policy.roles).toEqual({ default: 'guard', projects: {} })
    expect(policy.rules.map(it => it.id)).toEqual(['b'])
    expect(policy.rulesOff).toEqual([])
    expect(policy.platforms).toEqual([{ platform: 'anthropic', role: null }])
    expect(notes.length).toBeGreaterThanOrEqual(6)
  })

  test("'off' is for everybody", () => {
    const user = 'auto_mode: { enabled_by: Me, enabled_on: 2026-11-24 }\n'
    expect(load({ managed: 'auto_mode: off\n', user }).policy.enabled).toBeNull()
    expect(load({ managed: 'auto_mode: false\n', user }).policy.enabled).toBeNull()
    expect(load({ managed: 'trust: []\n', user }).policy.enabled?.by).toBe('Me')
  })

  test.each([
    ['of another owner', (s: PolicySources) => ({ ...s, managedOwner: ME + 1 }), /not to user \d+/],
    ['that others can write', withMode('.', 0o664), /go-w/],
    ['in a folder that others can write', withMode('..', 0o777), /folder can be written/],
  ])('a file %s is not read: all is locked', (_, spoil, says) => {
    const user = 'auto_mode: { enabled_by: Me, enabled_on: 2026-11-24 }\ntrust: [b.example]\n'
    const { errors, policy } = loadPolicy(spoil(sourcesOf({ managed, user })))
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
        'rules:\n  - { id: ask-migrate, tier: ask, match: make migrate, reason: shared db }\n',
    })
    expect(errors).toEqual([])
    expect(policy.rules).toMatchObject([
      { id: 'ask-migrate', tool: '*', origin: { layer: 'repository', line: 2 } },
    ])
  })

  test.each([
    ['trust: [evil.example]\n', /\.signalbox\.yaml:1:1: trust: may not be set by a repository/],
    ['rules: []\nroles: { default: decide }\n', /\.signalbox\.yaml:2:1: roles: may not/],
    [
      'rules:\n  - { id: a, tier: allow, match: make, reason: x }\n',
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
    expect(loadPolicy(sources).errors[0]).toMatch(/is a link/)
  })

  test("cannot take the place of a user's rule", () => {
    const { policy, notes } = load({
      user: 'rules:\n  - { id: a, tier: hard_deny, match: x, reason: y }\n',
      repository: 'rules:\n  - { id: a, tier: ask, match: x, reason: y }\n',
    })
    expect(policy.rules).toMatchObject([{ tier: 'hard_deny' }])
    expect(notes[0]).toMatch(/there is a rule 'a' already/)
  })
})
