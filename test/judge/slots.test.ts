/** What an entry of trust means: by its slot, and by what it names. */
import { describe, expect, test } from 'vitest'
import { RESOURCE_KINDS, type ResourceKind } from '../../src/action/judgement.ts'
import { SLOT_OF, SLOTS, type Slot } from '../../src/action/slot.ts'
import { Checker, parseLine } from '../../src/commands/check-lines.ts'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { narrowestEntry, widerEntries } from '../../src/config/entry-scope.ts'
import { slotFor, slotProblem } from '../../src/config/entry-slot.ts'
import { covers } from '../../src/judge/trust.ts'
import { FACTS, judged, trustEntry } from './facts.ts'

/** Resources that one entry of each slot would name, were it not for its slot. */
const HERE: Readonly<Record<ResourceKind, string>> = {
  git: 'a.acme.example/team/app',
  domain: 'a.acme.example',
  bucket: 's3://acme/builds/x',
  registry: 'a.acme.example/team/app',
  service: 'a.acme.example',
  host: 'deploy@a.acme.example',
  cluster: 'k8s:dev/web',
  database: 'postgres://a.acme.example:5432/app',
  mcp: 'mcp:files',
  path: '/srv/shared/x',
}
const ENTRIES: readonly (readonly [Slot, string, readonly ResourceKind[]])[] = [
  ['source_control', 'a.acme.example', ['git', 'domain']],
  ['source_control', '*.acme.example', ['git', 'domain']],
  ['source_control', 'a.acme.example/team', ['git']],
  ['source_control', 'https://a.acme.example/team', ['git']],
  ['domains', 'a.acme.example', ['git', 'domain', 'registry', 'service', 'host', 'database']],
  ['domains', '*.acme.example', ['git', 'domain', 'registry', 'service', 'host', 'database']],
  ['buckets', 's3://acme', ['bucket']],
  ['services', 'a.acme.example', ['domain', 'service']],
  ['registries', 'a.acme.example', ['domain', 'registry']],
  ['registries', 'a.acme.example/team', ['registry']],
  ['hosts', 'a.acme.example', ['domain', 'host', 'database']],
  ['hosts', 'deploy@a.acme.example', ['host']],
  ['clusters', 'k8s:dev', ['cluster']],
  ['databases', 'a.acme.example', ['database']],
  ['databases', 'postgres://a.acme.example', ['database']],
  ['mcp', 'mcp:files', ['mcp']],
  ['paths', '/srv/shared', ['path']],
]

describe('slot × kind', () => {
  test.each(ENTRIES)('%s: %s', (slot, entry, kinds) => {
    expect(slotProblem(slot, entry)).toBeNull()
    const covered = RESOURCE_KINDS.filter(kind =>
      covers({ slot, entry }, { kind, id: HERE[kind] }, FACTS),
    )
    expect(covered).toEqual(kinds)
  })

  test.each(SLOTS.flatMap(slot => ENTRIES.map(([own, entry]) => [slot, own, entry] as const)))(
    'under %s, an entry of %s (%s) means no other kind',
    (slot, _, entry) => {
      const allowed = new Set(ENTRIES.filter(([it]) => it === slot).flatMap(([, , kinds]) => kinds))
      for (const kind of RESOURCE_KINDS)
        if (!allowed.has(kind))
          expect(covers({ slot, entry }, { kind, id: HERE[kind] }, FACTS)).toBe(false)
    },
  )
})

describe('exactly what is named', () => {
  test.each([
    ['domains', 'acme.dev', 'domain', 'acme.dev', true],
    ['domains', 'acme.dev', 'domain', 'acme.dev.evil.com', false],
    ['domains', 'acme.dev', 'domain', 'evil-acme.dev', false],
    ['domains', 'acme.dev', 'domain', 'www.acme.dev', false],
    ['domains', 'acme.dev:8443', 'domain', 'acme.dev:8443', true],
    ['domains', 'acme.dev:8443', 'domain', 'acme.dev', false],
    ['domains', '*.acme.dev', 'domain', 'www.acme.dev', true],
    ['domains', '*.acme.dev', 'domain', 'wwwacme.dev', false],
    ['domains', '*.acme.dev', 'domain', 'acme.dev.evil.com', false],
    ['domains', '*.com', 'domain', 'evil.com', false],
    ['domains', '*.github.io', 'domain', 'evil.github.io', false],
    ['domains', '*', 'domain', 'evil.com', false],
    ['domains', 'https://api.acme.dev', 'domain', 'api.acme.dev', true],
    ['domains', 'wss://api.acme.dev', 'domain', 'api.acme.dev', true],
    ['source_control', 'github.com', 'git', 'github.com/evil/x', false],
    ['source_control', 'github.com/acme', 'git', 'github.com/acme/app', true],
    ['source_control', 'GitHub.com/Acme', 'git', 'github.com/acme/app', true],
    ['source_control', 'ssh://github.com/acme', 'git', 'github.com/acme/app', true],
    ['source_control', 'github.com/acme', 'git', 'github.com/acme2/app', false],
    ['source_control', 'github.com/acme', 'domain', 'github.com', false],
    ['source_control', 'git.acme.dev/team', 'domain', 'git.acme.dev', false],
    ['buckets', 's3://b/pre', 'bucket', 's3://b/pre/x', true],
    ['buckets', 's3://b/pre', 'bucket', 's3://b/prefix/x', false],
    ['buckets', 's3://b', 'bucket', 'gs://b/x', false],
    ['registries', 'https://npm.acme.dev', 'registry', 'npm.acme.dev', true],
    ['registries', 'https://npm.acme.dev', 'registry', 'npm.acme.dev.evil.com', false],
    ['registries', 'ghcr.io/acme', 'registry', 'ghcr.io/acme/app', true],
    ['registries', 'ghcr.io/acme', 'registry', 'ghcr.io/acme2/app', false],
    ['registries', 'oci://ghcr.io/acme', 'registry', 'ghcr.io/acme/app', true],
    ['services', 'slack:acme', 'service', 'slack:acme/#dev', true],
    ['services', 'slack:acme', 'service', 'slack:acme2/#dev', false],
    ['services', 'linear:OPS', 'service', 'linear:OPS', true],
    ['hosts', 'deploy@host', 'host', 'deploy@host', true],
    ['hosts', 'deploy@host', 'host', 'root@host', false],
    ['clusters', 'k8s:dev', 'cluster', 'k8s:dev/ns', true],
    ['clusters', 'k8s:dev/ns', 'cluster', 'k8s:dev', false],
    ['clusters', 'K8S:dev', 'cluster', 'k8s:dev', true],
    [
      'databases',
      'postgres://db.dev/app',
      'database',
      'postgresql://me:pw@db.dev:5432/app?x',
      true,
    ],
    ['databases', 'postgres://db.dev/app', 'database', 'postgres://db.dev/app2', false],
    ['databases', 'postgres://db.dev/app', 'database', 'mysql://db.dev/app', false],
    ['databases', 'postgres://db.dev:5433', 'database', 'postgres://db.dev:5432/app', false],
    ['databases', 'db.dev/app', 'database', 'mysql://db.dev/app', true],
    ['databases', 'postgres://db.dev', 'database', 'postgres://db.dev.evil.com/app', false],
    ['databases', 'postgres://db.dev', 'database', 'postgres://db.dev@evil.com/app', false],
    ['mcp', 'mcp:files', 'mcp', 'mcp:files', true],
    ['mcp', 'mcp:file', 'mcp', 'mcp:files', false],
    ['paths', '~/shared', 'path', '/home/dev/shared/x', true],
    ['paths', '/srv/shared', 'path', '/srv/shared2', false],
  ] as const)('%s %s and %s %s: %s', (slot, entry, kind, id, covered) => {
    expect(covers({ slot, entry }, { kind, id }, FACTS)).toBe(covered)
  })
})

/** Real commands, so that the identity is what the judge makes of them. */
const COMMANDS: readonly (readonly [ResourceKind, object])[] = [
  ['git', { cmd: 'git push https://git.acme.example/team/app HEAD:topic' }],
  ['domain', { cmd: 'curl -d @README.md https://git.acme.example/x' }],
  ['host', { cmd: 'scp README.md deploy@git.acme.example:/srv/' }],
  ['registry', { cmd: 'npm publish --registry https://git.acme.example/' }],
  ['bucket', { cmd: 'aws s3 cp README.md s3://acme/x' }],
  ['cluster', { cmd: 'kubectl --context dev apply -f x.yaml' }],
  ['mcp', { tool: 'mcp__files__write_file', input: {} }],
]
const IN_SLOT: readonly (readonly [Slot, string, readonly ResourceKind[]])[] = [
  ['source_control', 'git.acme.example', ['git', 'domain']],
  ['domains', '*.acme.example', ['git', 'domain', 'host', 'registry']],
  ['hosts', 'git.acme.example', ['domain', 'host']],
  ['hosts', 'deploy@git.acme.example', ['host']],
  ['registries', 'https://git.acme.example', ['domain', 'registry']],
  ['services', 'https://git.acme.example', ['domain']],
  ['buckets', 's3://acme', ['bucket']],
  ['clusters', 'k8s:dev', ['cluster']],
  ['mcp', 'mcp:files', ['mcp']],
  ['databases', 'git.acme.example', []],
  ['paths', '/srv', []],
]

describe('check --jsonl', () => {
  const trustOf = async (action: object, trusted: object) => {
    const ctx = { cwd: '/home/dev/app', home: '/home/dev', trusted }
    const line = parseLine(JSON.stringify({ id: 1, ...action, ctx }))
    const { judgement } = await new Checker('/', '2026-11-24').judge(line)
    return judgement
  }

  test.each(IN_SLOT)('%s: %s', async (slot, entry, kinds) => {
    const trusted: ResourceKind[] = []
    for (const [kind, action] of COMMANDS) {
      const { resources } = await trustOf(action, { [slot]: [entry] })
      const touched = resources.find(it => it.kind === kind)
      expect(touched, kind).toBeDefined()
      if (touched?.trust === 'trusted') trusted.push(kind)
    }
    expect(trusted).toEqual(kinds)
  })

  test('a slot that is none is an error of its row', () => {
    const ctx = { trusted: { domain: ['a.example'] } }
    expect(() => parseLine(JSON.stringify({ id: 1, cmd: 'ls', ctx }))).toThrow(
      /^ctx\.trusted\.domain: is no slot of trust; the slots are source_control, domains, /,
    )
  })

  test('what clears it is what trust add would take; with the slot where the name misleads', async () => {
    const push = await trustOf({ cmd: 'git push https://git.acme.example/a/b HEAD:x' }, {})
    expect(push.clear).toContain('trust git.acme.example/a/b')
    const publish = await trustOf({ cmd: 'docker push images.acme.example/team/app' }, {})
    expect(publish.clear).toContain('trust images.acme.example/team/app --as registries')
  })
})

describe('what is sensitive', () => {
  const on = (entry: string, project = '') => {
    const { slot: _, ...it } = trustEntry({ entry, project })
    const policy = { ...builtInPolicy, sensitive: { ...builtInPolicy.sensitive, iacScopes: [it] } }
    return judged('kubectl --context eu-1 apply -f x.yaml', { policy }).rule
  }
  test('is named as a command names it, or in the form of an entry, and may be one project’s', () => {
    expect([on('eu-1'), on('k8s:eu-1')]).toEqual(['prod-deploy', 'prod-deploy'])
    expect(on('k8s:eu-1', FACTS.projectRoot)).toBe('prod-deploy')
    expect(on('k8s:eu-1', '/home/dev/other')).not.toBe('prod-deploy')
    expect(on('k8s:eu-2')).not.toBe('prod-deploy')
  })
})

describe('what is sensitive data', () => {
  const rule = (entry: string, cmd: string) => {
    const { slot: _, ...it } = trustEntry({ entry, project: '' })
    const { slot: __, ...own } = trustEntry({ entry: 's3://partner', project: '' })
    const sensitive = { ...builtInPolicy.sensitive, data: [it] }
    const trust = [{ ...own, slot: 'buckets' as const }]
    return judged(cmd, { policy: { ...builtInPolicy, sensitive, trust } }).rule
  }
  const COPY = 'aws s3 cp s3://acme-customers/a.csv s3://partner/a.csv'

  test('is not copied on, also to what is trusted: a bucket, or all that lies in it', () => {
    expect(rule('s3://acme-customers', COPY)).toBe('sensitive-data')
    const inTwo = 'aws s3 cp s3://acme-customers/a.csv a.csv && aws s3 cp a.csv s3://partner/a.csv'
    expect(rule('s3://acme-customers', inTwo)).toBe('sensitive-data')
    expect(rule('s3://acme-other', COPY)).not.toBe('sensitive-data')
  })

  test('may still be read', () => {
    const read = 'aws s3 cp s3://acme-customers/a.csv a.csv'
    expect(rule('s3://acme-customers', read)).not.toBe('sensitive-data')
  })
})

describe('the entries that a resource suggests', () => {
  const IDS: Readonly<Record<ResourceKind, readonly string[]>> = {
    git: ['github.com/acme/app', 'git.acme.example/team/app', 'git.acme.example:8443/a/b'],
    domain: ['a.b.corp.example', 'api.acme.example:8443', 'acme.github.io', '10.0.0.5'],
    bucket: ['s3://acme/builds/a.tgz', 'gs://acme'],
    registry: ['docker.io/library/nginx', 'ghcr.io/acme/app', 'npm.acme.example', 'r.acme.dev/a/b'],
    service: ['slack:acme/#dev', 'jira:OPS', 'web-search', 'api.linear.app'],
    host: ['deploy@build02.acme.example', 'build02', '203.0.113.9'],
    cluster: ['k8s:prod/web', 'k8s:prod'],
    database: ['postgres://me:pw@db.acme.example/app?ssl=1', 'db.acme.example'],
    mcp: ['mcp:github'],
    path: ['/srv/shared/data/a.csv'],
  }
  test.each(RESOURCE_KINDS.flatMap(kind => IDS[kind].map(id => [kind, id] as const)))(
    '%s %s: each fits its slot, and means the resource',
    (kind, id) => {
      const slot = SLOT_OF[kind]
      const resource = { kind, id, trust: 'external' } as const
      for (const entry of [narrowestEntry(resource), ...widerEntries(resource)]) {
        expect(slotProblem(slot, entry), entry).toBeNull()
        expect(covers({ slot, entry }, resource, FACTS), entry).toBe(true)
      }
    },
  )

  test.each(RESOURCE_KINDS)('a %s suggests its own slot first', kind => {
    expect(
      covers({ slot: SLOT_OF[kind], entry: HERE[kind] }, { kind, id: HERE[kind] }, FACTS),
    ).toBe(true)
    expect(slotFor(HERE[kind])).not.toBeNull()
  })
})
