/** What `audit` says of a policy that is valid, from real files. */
import { describe, expect, test } from 'vitest'
import { policyFindings } from '../../../src/commands/audit/policy.ts'
import { nowhere } from '../../../src/judge/nowhere.ts'
import { load } from '../../config/layers.ts'

const TODAY = '2026-11-24'

function found(user: string, managed?: string): string[] {
  const { policy, errors } = load(managed === undefined ? { user } : { user, managed })
  expect(errors).toEqual([])
  return policyFindings(policy, TODAY, nowhere('/home/dev')).map(
    ({ severity, what, where }) => `${severity} ${where.split('/').at(-1)} ${what}`,
  )
}

test('a policy that is in order is not spoken of', () => {
  expect(found('')).toEqual([])
  expect(
    found(`trust:
  source_control: [github.com/acme, github.com/other]
  domains: ["*.corp.example", { entry: docs.example, expires: 2026-11-24 }]
  paths: [~/notes]
`),
  ).toEqual([])
})

test('entries that are over, of trust and of what is sensitive', () => {
  expect(
    found(`trust:
  domains: [{ entry: docs.example, expires: 2026-11-23 }]
sensitive:
  data: [{ entry: "s3://customers", expires: 2026-01-01 }]
`),
  ).toEqual([
    'low config.yaml:2 docs.example ended on 2026-11-23: it counts for nothing',
    'low config.yaml:4 s3://customers ended on 2026-01-01: it counts for nothing',
  ])
})

test('a folder that is written so that it covers nothing', () => {
  expect(found('trust:\n  paths: [~/., /srv/./shared, ~/notes, /srv/other]\n')).toEqual([
    'low config.yaml:2 ~/. covers nothing as it is written',
    'low config.yaml:2 /srv/./shared covers nothing as it is written',
  ])
})

test('a rule that is switched off', () => {
  expect(found('rules_off: [new-package]\n')).toEqual([
    'medium config.yaml:1 the built-in rule new-package is off',
  ])
})

describe('an entry that says nothing more', () => {
  test.each([
    ['source_control: [github.com/acme/app, github.com/acme]', 'github.com/acme/app'],
    ['domains: [api.corp.example, "*.corp.example"]', 'api.corp.example'],
    ['buckets: ["s3://builds/app", "s3://builds"]', 's3://builds/app'],
    ['paths: [~/notes/today, ~/notes]', '~/notes/today'],
    ['domains: [docs.example, docs.example]', 'docs.example'],
    ['domains: [{ entry: docs.example, expires: 2027-01-01 }, docs.example]', 'docs.example'],
  ])('%s', (entries, entry) => {
    const [only = '', ...more] = found(`trust:\n  ${entries}\n`)
    expect(only).toContain(` ${entry} says nothing more than `)
    expect(more).toEqual([])
  })

  test.each([
    'source_control: [github.com/acme/app, github.com/acme2]',
    'domains: [corp.example, "*.corp.example"]',
    'buckets: ["s3://builds-app", "s3://builds"]',
    'registries: [npm.acme.example]\n  domains: [pypi.acme.example]',
  ])('but not %s', entries => {
    expect(found(`trust:\n  ${entries}\n`)).toEqual([])
  })

  test('in a project, than one that counts everywhere; not the other way round', () => {
    const project = 'projects:\n  /srv/app:\n    trust: { domains: [docs.example] }\n'
    expect(found(`trust:\n  domains: [docs.example]\n${project}`)).toEqual([
      expect.stringMatching(/^low config.yaml:5 docs.example says nothing more than .*:2\)$/),
    ])
    expect(found(`${project}  /srv/other:\n    trust: { domains: [docs.example] }\n`)).toEqual([])
  })

  test('than the administrator’s', () => {
    expect(
      found('trust:\n  domains: [a.corp.example]\n', 'trust:\n  domains: ["*.corp.example"]\n'),
    ).toEqual([
      expect.stringMatching(
        /^low config.yaml:2 a.corp.example says nothing more than .*policy.yaml:2\)$/,
      ),
    ])
  })
})
