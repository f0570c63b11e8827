/** Hostile input ends in a question or a denial that says why. How long it takes: bench/judge/hostile.ts. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { judge } from '../../src/judge/judge.ts'
import { emptyLedger, learn } from '../../src/judge/ledger.ts'
import type { ToolCall } from '../../src/judge/types.ts'
import { FACTS } from '../judge/facts.ts'
import { HOSTILE_CASES } from './hostile-cases.ts'

const judged = (call: Omit<ToolCall, 'agent'>, words: readonly string[] = []) =>
  judge({ ...call, agent: '' }, { ...FACTS, words }, builtInPolicy, emptyLedger)
const bash = (command: string) => judged({ tool: 'Bash', input: { command } })

test.each(HOSTILE_CASES)('$name is not let through, and it is said why', ({ call, words }) => {
  const judgement = judged(call, words)
  expect(judgement.verdict).not.toBe('allow')
  expect(judgement.reason).toMatch(/\w{3}/)
  expect(judgement.reason.length).toBeLessThan(1000)
  expect(judged(call, words)).toEqual(judgement)
})

const BUILT_IN = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype']

describe('a name that every object has is a name like any other', () => {
  test.each(BUILT_IN)('%s', name => {
    for (const command of [
      name,
      `./${name} a`,
      `/usr/bin/${name} --${name}=${name} -${name}`,
      `git ${name} ${name}`,
      `git push ${name} ${name}`,
      `git clone ${name}://${name}/a/b`,
      `git clone https://${name}/a/b`,
      `${name}=x; echo $${name} > ${name}`,
      `npm run ${name}; docker ${name}; gh ${name} ${name}; kubectl ${name}; aws ${name}`,
      `node -e 'x.${name}(${name}); ${name}("a")'`,
      `${name}(){ ls; }; ${name}`,
    ])
      expect(bash(command).reason).not.toContain('looked through')
    for (const tool of [name, `mcp__${name}__${name}`])
      expect(judged({ tool, input: JSON.parse(`{"${name}": "x"}`) }).reason).not.toContain('looked')
  })

  test('a program that no table knows is asked about', () => {
    for (const name of BUILT_IN)
      expect(bash(`./x/${name}`).verdict).toBe(bash('./x/some-program').verdict)
  })
})

describe('words of the user', () => {
  const push = { tool: 'Bash', input: { command: 'git push --force origin main' } }
  test('1 MB, or 1,000 sentences, clear nothing', () => {
    for (const words of [['a.b-'.repeat(262_144)], Array(1000).fill('do look at it. ')])
      expect(judged(push, words).verdict).toBe('deny')
  })

  test('what is said below a long paste still counts', () => {
    const paste = 'x = 1\n'.repeat(10_000)
    const commit = { tool: 'Bash', input: { command: 'git push origin feature' } }
    expect(judged(commit, [`${paste}\nDo not push anything.`]).verdict).not.toBe('allow')
  })
})

test('a rule of the policy for all commands still refuses what is not parsed', () => {
  const origin = { layer: 'managed', file: '', line: 0 } as const
  const rule = {
    id: 'r',
    tier: 'hard_deny',
    tool: 'Bash',
    pattern: null,
    reason: '',
    examples: { match: [], noMatch: [] },
    origin,
  } as const
  const policy = { ...builtInPolicy, rules: [rule] }
  const call = { tool: 'Bash', input: { command: 'ls;'.repeat(300_000) }, agent: '' }
  expect(judge(call, FACTS, policy, emptyLedger).verdict).toBe('deny')
})

test('a long edit of what is guarded is denied like a short one', () => {
  const input = { file_path: '/run/sb/x', content: 'a\n'.repeat(500_000) }
  expect(judged({ tool: 'Write', input }).tier).toBe('hard_deny')
})

test('what stands behind the part that is looked at is asked about', () => {
  const write = (name: string, content: string) =>
    judged({ tool: 'Write', input: { file_path: `/home/dev/app/${name}`, content } }).verdict
  expect(write('a.sh', `${'ls\n'.repeat(2000)}rm -rf ~/x`)).not.toBe('allow')
  expect(write('Makefile', `a:\n${'\tls\n'.repeat(200)}\trm -rf ~/x\n`)).not.toBe('allow')
  expect(write('a.py', `x = [${'1,'.repeat(500)}]\n`)).not.toBe('allow')
  const prompt = `${'run `git status`\n'.repeat(300)}and run \`rm -rf ~/x\``
  expect(judged({ tool: 'Agent', input: { description: 'x', prompt } }).verdict).not.toBe('allow')
})

test('whatever the text is: a verdict, a reason, and the same the next time', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 })
  const pieces = fc.array(
    fc.constantFrom(
      '$(',
      ')',
      '`',
      "'",
      '"',
      '{',
      '}',
      '<<',
      '|',
      ';',
      '\n',
      ' ',
      'rm',
      'eval',
      '\0',
      '\ud800',
      ...BUILT_IN,
    ),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        pieces.map(it => it.join('')),
      ),
      command => {
        const call = { tool: 'Bash', input: { command }, agent: '' }
        const judgement = judge(call, FACTS, builtInPolicy, emptyLedger)
        expect(judgement.reason).not.toBe('')
        expect(judgement.reason).not.toContain('could not be looked through')
        expect(judge(call, FACTS, builtInPolicy, emptyLedger)).toEqual(judgement)
        learn(emptyLedger, call, FACTS, builtInPolicy)
      },
    ),
  )
})

test('whatever the input is, it is no crash', () => {
  const tool = fc.oneof(
    fc.constantFrom(
      'Bash',
      'Edit',
      'Write',
      'MultiEdit',
      'WebFetch',
      'Agent',
      'mcp__github__create_issue',
    ),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(tool, fc.anything({ withNullPrototype: true }), (name, input) => {
      expect(judged({ tool: name, input }).reason).not.toBe('')
    }),
  )
})
