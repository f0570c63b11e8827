/** What `audit` says of lines that go against a higher layer, from real files. */
import { describe, expect, test } from 'vitest'
import { layerFindings } from '../../../src/commands/audit/layers.ts'
import { judge } from '../../../src/judge/judge.ts'
import { emptyLedger } from '../../../src/judge/ledger.ts'
import { nowhere } from '../../../src/judge/nowhere.ts'
import { load } from '../../config/layers.ts'

function found(user: string, managed?: string, repository?: string): string[] {
  const given = {
    user,
    ...(managed !== undefined && { managed }),
    ...(repository && { repository }),
  }
  const loaded = load(given)
  expect(loaded.errors).toEqual([])
  return layerFindings(loaded).map(
    ({ severity, what, where }) => `${severity} ${where.split('/').at(-1)} ${what}`,
  )
}

const rule = (id: string, tier: string, command: string): string =>
  `rules:\n  - { id: ${id}, tier: ${tier}, command: ${command}, reason: ours }\n`

describe('lines that the managed policy passes over', () => {
  test.each([
    ['models: [claude-other-1]\n', 'models: [claude-opus-5*]\n', 'does not list the model'],
    ['roles: { default: decide }\n', 'roles: { default: guard }\n', 'roles.default is settled'],
    ['breaker: { in_row: 900 }\n', 'breaker: { in_row: 3 }\n', 'breaker.in_row is settled'],
    ['journal: { keep_days: 1 }\n', 'journal: { keep_days: 90 }\n', 'journal.keep_days is settled'],
    ['rules_off: [force-push]\n', 'locked: [rules]\n', "'rules' is locked by the managed policy"],
    [
      'auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }\n',
      'auto_mode: off\n',
      'whether auto mode is enabled is settled',
    ],
  ])('%j under %j', (user, managed, says) => {
    expect(found(user, managed)).toEqual([
      expect.stringMatching(/^medium config\.yaml:1 .*: this line does not count$/),
    ])
    expect(found(user, managed)[0]).toContain(says)
    expect(found(user)).toEqual([])
  })

  test('a rule of a name that the administrator took', () => {
    expect(found(rule('ours', 'ask', 'make'), rule('ours', 'hard_deny', 'make'))).toEqual([
      expect.stringMatching(/^medium config\.yaml:2 there is a rule 'ours' already/),
    ])
  })
})

test('a name that the same file, or a repository, takes twice is less grave', () => {
  const twice = `${rule('ours', 'ask', 'make')}  - { id: ours, tier: ask, command: just, reason: x }\n`
  expect(found(twice)).toEqual([expect.stringMatching(/^low config\.yaml:3 /)])
  expect(found('', twice)).toEqual([expect.stringMatching(/^low policy\.yaml:3 /)])
  expect(found(rule('ours', 'ask', 'make'), undefined, rule('ours', 'ask', 'just'))).toEqual([
    expect.stringMatching(/^low \.signalbox\.yaml:2 there is a rule 'ours' already/),
  ])
})

describe('an allow rule against a managed one', () => {
  const allow = rule('deploys', 'allow', 'make deploy')

  test('that denies softly: it wins', () => {
    expect(found(allow, rule('no-make', 'soft_deny', 'make'))).toEqual([
      expect.stringMatching(
        /^high config\.yaml:2 the rule 'deploys' allows what the managed rule 'no-make' \(.*policy\.yaml:2\) denies$/,
      ),
    ])
    const { policy } = load({ user: allow, managed: rule('no-make', 'soft_deny', 'make') })
    const call = { tool: 'Bash', input: { command: 'make deploy' }, agent: '' }
    expect(judge(call, nowhere('/home/dev'), policy, emptyLedger).verdict).toBe('allow')
    // The narrower of the two may be the managed one.
    expect(
      found(rule('makes', 'allow', 'make'), rule('no-deploys', 'soft_deny', 'make deploy')),
    ).toEqual([expect.stringContaining("high config.yaml:2 the rule 'makes' allows")])
  })

  test.each(['hard_deny', 'ask'])('that says %s: it counts for nothing', tier => {
    expect(found(allow, rule('no-make', tier, 'make'))).toEqual([
      expect.stringMatching(/^low config\.yaml:2 the rule 'deploys' is to allow .* and does not$/),
    ])
  })

  test('that is about something else', () => {
    expect(found(allow, rule('no-push', 'soft_deny', 'git push'))).toEqual([])
    expect(found(allow + rule('no-make', 'soft_deny', 'make').replace('rules:\n', ''))).toEqual([])
  })

  test('over paths, by their examples', () => {
    const over = (tier: string, path: string): string =>
      `rules:\n  - { id: r-${tier}, tier: ${tier}, path: "${path}", reason: ours, match: [/srv/ci/a.yml] }\n`
    expect(found(over('allow', '/srv/ci/*'), over('soft_deny', '/srv/**'))).toHaveLength(1)
  })
})

describe('a role for one project against the administrator’s default', () => {
  const project = 'projects:\n  /srv/app: { role: watch }\n'

  test('it counts, and so it is told', () => {
    expect(found(project, 'roles: { default: guard }\n')).toEqual([
      expect.stringMatching(
        /^medium config\.yaml:2 \/srv\/app has the role watch, where the managed policy says guard \(.*policy\.yaml:1\)$/,
      ),
    ])
  })

  test('not where it is the same, locked, or the default is the user’s own', () => {
    expect(found(project, 'roles: { default: watch }\n')).toEqual([])
    expect(found(project, 'locked: [roles]\nroles: { default: guard }\n')).toEqual([
      expect.stringContaining("'roles' is locked"),
    ])
    expect(found(`roles: { default: guard }\n${project}`)).toEqual([])
  })
})
