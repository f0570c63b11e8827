/** What a policy says of rules, held against the rules: every example is tried out when it is read. */
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PolicyRule } from '../../src/config/policy.ts'
import { PolicyFiles } from '../../src/config/policy-files.ts'
import { checkRules } from '../../src/judge/check-rules.ts'
import { load } from '../config/layers.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { judged } from './facts.ts'

/** A policy file with one rule. */
function ruleFile(rule: object): string {
  return `rules:\n  - ${JSON.stringify({ id: 'own', tier: 'ask', reason: 'y', ...rule })}\n`
}

function problemOf(user: string): string {
  const { errors } = load({ user })
  expect(errors.length).toBeLessThan(2)
  return errors[0]?.replace(/^.*\/(?=config\.yaml:)/, '') ?? ''
}

describe('examples that come out as they say', () => {
  test.each([
    { command: 'npm publish', match: ['npm publish', 'cd lib && npm  publish --tag next'] },
    { command: 'npm publish', no_match: ['npm publisher', 'echo npm publish', 'npm view publish'] },
    { command: 'rm -rf *', match: ['rm -rf *'], no_match: ['rm -rf a'] },
    { command: 'Get-Item', tool: 'PowerShell', match: ['Get-Item x'] },
    { tier: 'allow', command: 'make', match: ['make -j8 all; make test'], no_match: ['make; ls'] },
    { path: '/srv/*/keys/**', match: ['/srv/a/keys/b/c.pem'], no_match: ['/srv/a/b/keys/c'] },
    { path: '/srv/shared/**', no_match: ['/srv/shared/../keys/a.pem'] },
    { url: 'https://*.corp.example/**', match: ['https://wiki.corp.example/a?b'] },
    {
      url: 'https://*.corp.example/**',
      no_match: ['https://x.example#.corp.example/', 'https://x.example\\.corp.example/'],
    },
    { tool: 'mcp__github__merge', match: ['mcp__github__merge'], no_match: ['mcp__github__get'] },
    { tool: '*', match: ['WebFetch'] },
  ])('%j', rule => {
    expect(problemOf(ruleFile(rule))).toBe('')
  })
})

describe('one line says what is wrong, where, and how to mend it', () => {
  const MISTAKES = [
    [
      `rules:
  - id: no-publish
    tier: hard_deny
    reason: by CI only
    command: npm publish
    match:
      - npm publish --tag next
      - npm run publish
`,
      "config.yaml:8:9: rules.0.match.1: is not found by command 'npm publish'; mend the command, or move it to no_match",
    ],
    [
      ruleFile({ command: 'npm', no_match: ['npm test'] }),
      "config.yaml:2:71: rules.0.no_match.0: is found by command 'npm'; mend the command, or move it to match",
    ],
    [
      ruleFile({ tier: 'allow', command: 'make', match: ['make $(x)'] }),
      "rules.0.match.0: is not found by command 'make', since 'allow' takes only commands that all begin so, with no $ ` < > ( ) { }; mend the command, or move it to no_match",
    ],
    [
      ruleFile({ path: '/srv/*', match: ['/srv/a/b'] }),
      "rules.0.match.0: is not found by path '/srv/*'; mend the path, or move it to no_match",
    ],
    [
      ruleFile({ tool: 'mcp__a__b', match: ['mcp__a'] }),
      "rules.0.match.0: is not found by tool 'mcp__a__b'; mend the tool, or move it to no_match",
    ],
    [
      ruleFile({ tool: 'Edit', command: 'make' }),
      'rules.0.command: Edit is given no command; mend the tool',
    ],
    [
      ruleFile({ command: 'cd lib && npm publish' }),
      'rules.0.command: begins no command; write the words of one command, and a rule for each other',
    ],
    [
      ruleFile({ command: '*' }),
      "rules.0.command: is words, not a glob; 'tool: Bash' is every command",
    ],
    [
      ruleFile({ match: 'npm publish' }),
      'rules.0.match: must be a list of examples; what the rule is over stands under command, path or url',
    ],
    [
      ruleFile({ match: ['npm publish'] }),
      'rules.0: finds nothing yet: say command, path, url or tool',
    ],
    [
      ruleFile({ command: 'make', path: '/srv/**' }),
      'rules.0: may be over one thing only: keep command, path or url, and write a rule for each other',
    ],
    [
      ruleFile({ tier: 'allow', tool: 'Bash' }),
      'rules.0: allows everything; name the command, path or url that it is for',
    ],
    [
      ruleFile({ tier: 'allow', url: 'https://**' }),
      'rules.0: allows everything; name the command, path or url that it is for',
    ],
    [
      ruleFile({ id: 'publish', command: 'make' }),
      "rules.0.id: 'publish' is a built-in rule; give this one another id",
    ],
    [
      'rules_off: [new-package, new-pakage]\n',
      "config.yaml:1:26: rules_off.1: no built-in rule is called 'new-pakage'; the nearest is 'new-package', and 'signalbox rules' lists all",
    ],
    [
      'rules_off: [guard-acts]\n',
      "rules_off.0: 'guard-acts' guards Signalbox itself and cannot be switched off; take it out",
    ],
  ] as const

  test.each(MISTAKES.map(([user, says]) => [says, user]))('%s', (says, user) => {
    expect(problemOf(user)).toMatch(/^config\.yaml:\d+:\d+: [^\n]+$/)
    expect(problemOf(user)).toContain(says)
    expect(load({ user }).policy.rules).toEqual([])
  })
})

test("a repository's examples are held against it too, and an administrator's lock all", () => {
  const text = ruleFile({ command: 'make', match: ['cmake'] })
  const enabled = 'auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }\n'
  const inProject = load({ repository: text, user: enabled })
  expect(inProject.errors[0]).toMatch(/\.signalbox\.yaml:2:\d+: rules\.0\.match\.0: is not found/)
  expect(inProject.policy.enabled).toBeNull()
  const managed = load({ managed: text, user: enabled })
  expect(managed.policy.enabled).toBeNull()
  expect(managed.policy.locked).toContain('override')
})

test('while the gate runs, the rules before the mistake stay, and it is told', () => {
  const config = tempFolder()
  const path = put(join(config, 'config.yaml'), ruleFile({ command: 'make', match: ['make a'] }))
  const files = new PolicyFiles(
    { config, managed: join(config, 'no'), managedOwner: 0 },
    checkRules,
  )
  put(path, ruleFile({ command: 'ninja', match: ['make a'] }))
  files.look()
  expect(files.current.errors).toEqual([
    expect.stringMatching(/rules\.0\.match\.0: is not found by command 'ninja'/),
  ])
  expect(files.current.policy.rules).toMatchObject([{ pattern: { text: 'make' } }])
})

/** Words with what a shell reads in its own way between them. */
const COMMAND = fc
  .array(
    fc.constantFrom(
      'make',
      'make a',
      'make  a',
      'cmake',
      'echo',
      '&&',
      '|',
      ';',
      '$(make)',
      '(',
      ')',
      '"',
      "'",
      '\n',
      '>',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map(words => words.join(' '))
  .filter(it => it.trim() !== '')
const TIER = fc.constantFrom('hard_deny' as const, 'allow' as const)

test('what an example says when it is read is what the judge does with it', () => {
  fc.assert(
    fc.property(COMMAND, TIER, (example, tier) => {
      const file = ruleFile({ tier, command: 'make', match: [example] })
      const { errors, policy } = load({ user: file })
      const rules: readonly PolicyRule[] = load({
        user: ruleFile({ tier, command: 'make' }),
      }).policy.rules
      const found = judged(example, { policy: { ...policy, rules, rulesOff: [] } }).rule === 'own'
      if (tier === 'hard_deny') expect(errors.length === 0).toBe(found)
      // What a built-in rule asks about comes before an exception, or not at all.
      else if (found) expect(errors).toEqual([])
      const left = load({ user: ruleFile({ tier, command: 'make', no_match: [example] }) })
      expect(left.errors.length).toBe(1 - errors.length)
    }),
    { numRuns: 200 },
  )
})
