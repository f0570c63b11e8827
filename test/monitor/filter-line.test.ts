/** Typing a filter: what Tab completes, what the arrows recall. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  candidatesFor,
  type FilterLine,
  filterKey,
  lineOf,
  withUsed,
} from '../../src/monitor/filter-line.ts'
import { answered, asked, worldOf } from '../helpers/events.ts'

const world = worldOf(
  answered('m', 0, { model: 'claude-opus-4-6' }),
  asked('a', 1, { tool: 'Bash' }),
  asked('b', 2, { tool: 'WebFetch' }),
  { type: 'session', session: 's1', at: 3, cwd: '/home/dev/my app' },
)
const SAVED = { risky: 'state:blocked by:judge' }
const help = {
  history: ['state:blocked', 'tool:bash'],
  candidates: (typed: string) => candidatesFor(world, SAVED, typed),
}

/** The line after these keys; what is no key's name is typed. */
function typedAfter(typed: string, ...keys: string[]): string {
  return keys.reduce<FilterLine>(
    (line, key) => filterKey(line, key, key.length === 1 ? key : '', help),
    lineOf(typed),
  ).typed
}

describe('Tab', () => {
  test.each([
    ['st', ['tab'], 'state:'],
    ['state:b', ['tab'], 'state:blocked'],
    ['!state:b', ['tab'], '!state:blocked'],
    ['curl tool:w', ['tab'], 'curl tool:WebFetch'],
    ['state:blocked,p', ['tab'], 'state:blocked,pending'],
    ['project:', ['tab'], 'project:"/home/dev/my app"'],
    ['@ri', ['tab'], 'state:blocked by:judge'],
    ['nothing-is-called-so', ['tab'], 'nothing-is-called-so'],
    ['st', ['tab', 'tab'], 'state:undecided'],
    ['st', ['tab', 'tab', 'tab'], 'state:pending'],
    ['t', ['tab'], 'tool:'],
    ['t', ['tab', 'tab'], 'text:'],
    ['t', ['tab', 'tab', 'tab'], 'tool:'],
    ['t', ['tab', 'b'], 'tool:b'],
    ['t', ['tab', 'b', 'tab'], 'tool:Bash'],
  ])('after %j, %j is %j', (typed, keys, completed) => {
    expect(typedAfter(typed, ...keys)).toBe(completed)
  })

  test('leaves what stands before the word as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (before, word) => {
        const typed = `${before} ${word}`
        for (const it of candidatesFor(world, SAVED, typed))
          expect(typeof it === 'string' && it !== '').toBe(true)
        if (!before.includes('"'))
          expect(typedAfter(typed, 'tab').startsWith(`${before} `)).toBe(true)
      }),
    )
  })
})

describe('the arrows', () => {
  test.each([
    [['up'], 'tool:bash'],
    [['up', 'up'], 'state:blocked'],
    [['up', 'up', 'up'], 'state:blocked'],
    [['up', 'down'], 'mine'],
    [['down'], 'mine'],
    [['up', 'x', 'down'], 'tool:bashx'],
  ])('%j is %j', (keys, recalled) => {
    expect(typedAfter('mine', ...keys)).toBe(recalled)
  })

  test('recall each filter once, the newest last', () => {
    expect(withUsed(['a', 'b'], ' a ')).toEqual(['b', 'a'])
    expect(withUsed(['a'], '  ')).toEqual(['a'])
  })
})
