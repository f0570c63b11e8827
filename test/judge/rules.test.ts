import { describe, expect, test } from 'vitest'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { effectsOf } from '../../src/judge/effects/effects.ts'
import { emptyLedger } from '../../src/judge/ledger.ts'
import { realPath } from '../../src/judge/paths.ts'
import { RULES } from '../../src/judge/rules/rules.ts'
import { trustOf } from '../../src/judge/trust.ts'
import { bash, FACTS, judged } from './facts.ts'

function finds(id: string, command: string): boolean {
  const rule = RULES.find(it => it.id === id)
  const { effects, made } = effectsOf(bash(command), FACTS, emptyLedger)
  // What is made later was not the agent's before.
  const views = effects.map((_, i) => ({
    facts: FACTS,
    policy: builtInPolicy,
    ledger: emptyLedger,
    effects,
    trust: (it: Parameters<typeof trustOf>[0]) => trustOf(it, FACTS, builtInPolicy),
    made: new Set(
      made
        .filter(({ after }) => after <= i)
        .map(({ name }) => (/^[a-z]+:/.test(name) ? name : realPath(name, FACTS.cwd, {}))),
    ),
  }))
  return effects.some((effect, i) => {
    const view = views[i]
    return view !== undefined && rule?.find(effect, view) != null
  })
}

describe.each(RULES)('$id', ({ id, tier, sentence, examples }) => {
  test('has a sentence for people', () => {
    expect(sentence).toMatch(/^[A-Z].*\.$/)
  })
  test.each(examples.finds)('finds %s', command => {
    expect(finds(id, command)).toBe(true)
    expect(judged(command).verdict).not.toBe('allow')
    if (tier !== 'ask') expect(judged(command).verdict).toBe('deny')
  })
  test.each(examples.leaves)('leaves %s', command => {
    expect(finds(id, command)).toBe(false)
  })
})

test('ids are unique', () => {
  expect(new Set(RULES.map(it => it.id)).size).toBe(RULES.length)
})
