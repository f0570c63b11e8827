/** Entries that a policy file may hold, and that mean more than anybody's own. */
import { describe, expect, test } from 'vitest'
import {
  ANYBODYS,
  REGISTRIES,
  TENANTS,
  wideFindings,
  wideRules,
} from '../../../src/commands/audit/wide.ts'
import { slotProblem } from '../../../src/config/entry-slot.ts'
import { nowhere } from '../../../src/judge/nowhere.ts'
import { load } from '../../config/layers.ts'

function found(user: string) {
  const { policy, errors } = load({ user })
  // A finding about an entry that no file may hold would never be seen.
  expect(errors).toEqual([])
  return wideFindings(policy.trust, nowhere('/home/dev'))
}

const trusting = (slot: string, entry: string) => found(`trust:\n  ${slot}: ["${entry}"]\n`)

describe('the names of every customer of a cloud', () => {
  test.each([
    ['domains', '*.core.windows.net', 'core.windows.net'],
    ['domains', '*.windows.net', 'core.windows.net'],
    ['domains', '*.r2.cloudflarestorage.com', 'r2.cloudflarestorage.com'],
    ['domains', '*.eu-west-1.amazonaws.com', 'eu-west-1.amazonaws.com'],
    ['databases', '*.rds.amazonaws.com', 'rds.amazonaws.com'],
    ['registries', '*.dkr.ecr.us-east-1.amazonaws.com', 'dkr.ecr.us-east-1.amazonaws.com'],
    ['registries', '*.azurecr.io', 'azurecr.io'],
    ['services', '*.atlassian.net', 'atlassian.net'],
    ['domains', 'https://*.firebaseio.com', 'firebaseio.com'],
  ])('%s: %s', (slot, entry, below) => {
    expect(trusting(slot, entry)).toMatchObject([
      {
        kind: 'entry-too-wide',
        severity: 'high',
        what: `${entry} under ${slot} is too wide: every customer has a name below ${below}`,
        where: expect.stringMatching(/config\.yaml:2$/),
        fix: ['trust', 'remove', entry, '--as', slot],
      },
    ])
  })
})

test.each([
  [
    'domains',
    '*.google.com',
    'storage.cloud.google.com is below it, where anybody can have a place',
  ],
  ['source_control', '*.azure.com', 'every customer has a name below documents.azure.com'],
  ['domains', 'api.github.com', 'anybody can have something on api.github.com'],
  ['domains', 'cdn.discordapp.com', 'anybody can have something on cdn.discordapp.com'],
  ['registries', 'public.ecr.aws', 'anybody can have something on public.ecr.aws'],
  ['paths', '/mnt/c', 'it is a whole disk'],
  ['paths', '/Volumes/Backup', 'it is a whole disk'],
])('a host or a disk of everybody: %s: %s', (slot, entry, why) => {
  expect(trusting(slot, entry)).toMatchObject([
    { severity: 'high', what: `${entry} under ${slot} is too wide: ${why}` },
  ])
})

test.each([
  ['registries', 'registry.npmjs.org', 'everybody’s registry'],
  ['domains', 'pypi.org', 'everybody’s registry'],
  ['paths', '/usr/local', 'everybody on this machine runs'],
  ['paths', '/etc/systemd', 'everybody on this machine runs'],
])('what is everybody’s, and less grave: %s: %s', (slot, entry, why) => {
  expect(trusting(slot, entry)).toMatchObject([
    { severity: 'medium', what: expect.stringContaining(why.replace('’', "'")) },
  ])
})

test('the home folder, where it is not in its usual place', () => {
  const { policy } = load({ user: 'trust:\n  paths: [/srv/people, /srv/people/dev/notes]\n' })
  expect(wideFindings(policy.trust, nowhere('/srv/people/dev'))).toMatchObject([
    { severity: 'high', what: expect.stringContaining('/srv/people under paths') },
  ])
})

test('an entry for a project that is all projects', () => {
  expect(
    found('projects:\n  /home/dev:\n    trust: { domains: [a.example], paths: [/srv/shared] }\n'),
  ).toMatchObject([
    {
      severity: 'medium',
      fix: ['trust', 'remove', 'a.example', '--as', 'domains', '--project', '/home/dev'],
    },
    { severity: 'medium' },
  ])
})

test.each([
  ['source_control', 'github.com/acme'],
  ['domains', '*.corp.example'],
  ['domains', 'acme.core.windows.net'],
  ['domains', '*.acme.blob.core.windows.net'],
  ['domains', 'acme.atlassian.net'],
  ['domains', '*.apps.example'],
  ['domains', '*.mydb.abc123.eu-west-1.rds.amazonaws.com'],
  ['registries', 'npm.pkg.github.com/acme'],
  ['registries', 'public.ecr.aws/acme'],
  ['registries', '123456789012.dkr.ecr.eu-west-1.amazonaws.com'],
  ['buckets', 's3://builds'],
  ['clusters', 'k8s:staging'],
  ['mcp', 'mcp:docs'],
  ['paths', '/srv/shared'],
  ['paths', '~/notes'],
  ['paths', '/mnt/data'],
  ['paths', '/etc/acme'],
])('not %s: %s', (slot, entry) => {
  expect(trusting(slot, entry)).toEqual([])
})

test('no name is listed here that no file may hold anyway', () => {
  const entries = [...TENANTS.map(it => `*.${it}`), ...ANYBODYS, ...REGISTRIES]
  expect(entries.filter(it => slotProblem('domains', it) !== null)).toEqual([])
})

describe('an allow rule', () => {
  const rules = (tier: string, command: string) => {
    const yaml = `rules:\n  - { id: ours, tier: ${tier}, command: ${command}, reason: x }\n`
    const { policy, errors } = load({ user: yaml })
    expect(errors).toEqual([])
    return wideRules(policy.rules)
  }

  test.each(['git', 'bash', 'python3', 'python3.12', '/usr/bin/env', 'kubectl', 'sudo'])(
    'for all of %s',
    command => {
      expect(rules('allow', command)).toMatchObject([
        {
          kind: 'rule-too-wide',
          severity: 'high',
          what: `the rule 'ours' allows every command that begins with ${command}: that is nearly everything`,
          where: expect.stringMatching(/config\.yaml:2$/),
        },
      ])
      expect(rules('ask', command)).toEqual([])
    },
  )

  test.each(['git log', 'make', 'cargo test', 'python3 tools/build.py', 'just', 'gitk'])(
    'not for %s',
    command => {
      expect(rules('allow', command)).toEqual([])
    },
  )
})
