/** What can be trusted as it is written, and what cannot and why. */
import { describe, expect, test } from 'vitest'
import type { Resource } from '../../src/action/judgement.ts'
import { entryProblem, formOf, hostOf } from '../../src/config/entry-form.ts'
import { narrowestEntry, widerEntries } from '../../src/config/entry-scope.ts'
import { lookalike } from '../../src/config/lookalike.ts'

describe('entries as people write them', () => {
  test.each([
    'github.com/acme',
    'github.com/acme/app',
    'gitlab.com/acme/team/app',
    '*.corp.example',
    '*.acme.internal',
    'corp.example',
    'build02.acme.example',
    'build02',
    'deploy@host',
    'deploy@build02.acme.example:2222',
    '10.0.0.5',
    '[::1]:8443',
    's3://bucket',
    's3://bucket/prefix',
    'gs://bucket/a/b',
    'https://npm.acme.example',
    'https://npm.acme.internal:8443/team',
    'ghcr.io/acme',
    'k8s:context',
    'k8s:context/namespace',
    'slack:workspace/#channel',
    'jira:PROJECT',
    'mcp:server',
    'postgres://db.acme.example/app',
    '/srv/shared',
    '~/notes',
    'münchen.example',
    'xn--cme-5cd.example',
    'acme.github.io',
  ])('%s', entry => {
    expect(entryProblem(entry)).toBeNull()
    expect(formOf(entry)).not.toBeNull()
  })
})

describe('what is refused, with a way to mend it', () => {
  test.each([
    ['', /empty/],
    ['*', /everything/],
    ['*.com', /as wide as all of \.com/],
    ['*.co.uk', /as wide as all of \.co\.uk/],
    ['*.github.io', /as wide as all of/],
    ['*.internal', /as wide as all of/],
    ['com', /below it/],
    ['s3://', /names none/],
    ['github.com', /name whose, like github\.com\/acme/],
    ['https://github.com/', /name whose/],
    ['*.github.com', /anybody/],
    ['slack.com', /anybody/],
    ['github.com/acme/*', /leave that out: 'github\.com\/acme'/],
    ['github.com/ac*', /'\*'/],
    ['git*.example', /first part/],
    ['s3://bucket*', /'\*'/],
    ['git@github.com:acme/app.git', /write github\.com\/acme\/app$/],
    ['https://me:secret@npm.acme.example', /password/],
    ['https://a.example/x?y=1', /'\?'/],
    ['github.com/acme/../evil', /'\.\.'/],
    ['acme.dev.', /dot/],
    ['a b', /space/],
    ['acme\u200b.dev', /invisible/],
    ['10.0.0.0/8', /range/],
    ['mcp:', /names nothing/],
    ['mcp:*', /'\*'/],
    ['k8s:*', /'\*'/],
    ['/', /too wide/],
    ['/etc', /too wide/],
    ['/home/ada', /too wide/],
    ['~', /too wide/],
    ['host:99999', /no such port/],
    ['аcme.dev', /really xn--cme-5cd\.dev/],
    ['javascript://x', /no form/],
    ['acme_.-.dev', /no host name/],
  ])('%s', (entry, says) => {
    expect(entryProblem(entry)).toMatch(says)
  })
})

describe('hosts that look like another', () => {
  test('mixed scripts, and letters that look like Latin ones', () => {
    expect(lookalike('аcme.dev')).toMatchObject({ punycode: 'xn--cme-5cd.dev', deceptive: true })
    expect(lookalike('xn--cme-5cd.dev')).toMatchObject({ unicode: 'аcme.dev', deceptive: true })
    expect(lookalike('*.сосо.dev')).toMatchObject({ deceptive: true })
  })

  test('one language is none, but its punycode is told', () => {
    expect(lookalike('münchen.example')).toMatchObject({
      punycode: 'xn--mnchen-3ya.example',
      deceptive: false,
    })
    expect(lookalike('例え.jp')).toMatchObject({ deceptive: false })
    expect(lookalike('acme.dev')).toBeNull()
  })

  test('the host of an entry', () => {
    expect(hostOf('https://npm.acme.example:8443/x')).toBe('npm.acme.example')
    expect(hostOf('deploy@host:22')).toBe('host')
    expect(hostOf('s3://bucket/x')).toBe('')
  })
})

describe('the choices for a resource, narrowest first', () => {
  const CHOICES: readonly (readonly [Resource['kind'], string, string, readonly string[]])[] = [
    ['git', 'github.com/acme/app.git', 'github.com/acme/app', ['github.com/acme']],
    [
      'git',
      'git.acme.example/team/app',
      'git.acme.example/team/app',
      ['git.acme.example/team', 'git.acme.example', '*.acme.example'],
    ],
    ['domain', 'a.b.corp.example', 'a.b.corp.example', ['*.b.corp.example', '*.corp.example']],
    ['domain', 'evil.example', 'evil.example', []],
    ['domain', 'acme.github.io', 'acme.github.io', []],
    [
      'bucket',
      's3://acme/builds/2026/a.tgz',
      's3://acme/builds/2026',
      ['s3://acme/builds', 's3://acme'],
    ],
    ['bucket', 's3://acme', 's3://acme', []],
    [
      'registry',
      'https://npm.acme.example/team',
      'https://npm.acme.example/team',
      ['https://npm.acme.example'],
    ],
    ['service', 'slack:acme/#dev', 'slack:acme/#dev', ['slack:acme']],
    ['service', 'jira:OPS', 'jira:OPS', []],
    [
      'host',
      'deploy@build02.acme.example',
      'deploy@build02.acme.example',
      ['build02.acme.example', '*.acme.example'],
    ],
    ['cluster', 'k8s:prod/web/Deployment/x', 'k8s:prod/web', ['k8s:prod']],
    [
      'database',
      'postgres://me:pw@db.acme.example/app?ssl=1',
      'postgres://db.acme.example/app',
      ['postgres://db.acme.example'],
    ],
    ['mcp', 'mcp:github/create_issue', 'mcp:github', []],
    ['path', '/srv/shared/data/a.csv', '/srv/shared/data', ['/srv/shared']],
  ]

  test.each(CHOICES)('%s %s', (kind, id, narrowest, wider) => {
    const resource: Resource = { kind, id, trust: 'external' }
    expect(narrowestEntry(resource)).toBe(narrowest)
    expect(entryProblem(narrowest)).toBeNull()
    expect(widerEntries(resource)).toEqual(wider)
  })
})
