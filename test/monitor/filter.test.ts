import { describe, expect, test } from 'vitest'
import { compileFilter } from '../../src/monitor/filter.ts'
import { actionJson } from '../../src/monitor/snapshot.ts'
import { answered, asked, blocked, decided, T0, worldOf } from '../helpers/events.ts'

const WORLD = worldOf(
  { type: 'session', session: 's1', at: T0, cwd: '/home/dev/shop', title: 'Fix the Cart' },
  { type: 'session', session: 's2', at: T0, cwd: '/home/dev/api', title: '' },
  { type: 'agent', session: 's1', agent: 'a1', name: 'Explore' },
  answered('m1', 0, { model: 'claude-opus-4-6' }),
  answered('m2', 0, { model: 'claude-sonnet-5', session: 's2' }),
  asked('push', 1, { summary: 'git push --force origin' }),
  blocked('push', 2, { reason: 'Force push to main' }),
  asked('test', 3, { summary: 'npm test' }),
  decided('test', 4, { outcome: 'failed' }),
  asked('read', 5, { tool: 'Read', summary: '/src/cart.ts', agent: 'a1' }),
  decided('read', 6, { agent: 'a1' }),
  asked('out', 7, { tool: 'WebFetch', summary: 'https://x.test', session: 's2' }),
  blocked('out', 8, { session: 's2', decidedBy: 'outage', reason: 'no verdict' }),
  asked('ask', 9, { tool: 'AskUserQuestion', summary: 'which?', session: 's2', waits: 'answer' }),
)

const ALL = ['push', 'test', 'read', 'out', 'ask']

function passing(filter: string): string[] {
  const passes = compileFilter(WORLD, filter)
  const rows = Array.from({ length: WORLD.actions.length }, (_, row) => row)
  return rows.filter(row => passes === null || passes(row)).map(row => actionJson(WORLD, row).id)
}

describe('a filter', () => {
  const TABLE: readonly (readonly [string, readonly string[]])[] = [
    ['', ALL],
    ['   ', ALL],
    ['state:blocked', ['push', 'out']],
    ['state:b', ['push', 'out']],
    ['state:blocked,pending', ['push', 'out', 'ask']],
    ['STATE:Blocked', ['push', 'out']],
    ['by:classifier', ['push']],
    ['by:outage', ['out']],
    ['outcome:failed', ['test']],
    ['outcome:failed,succeeded', ['test', 'read']],
    ['tool:bash', ['push', 'test']],
    ['tool:fetch', ['out']],
    ['session:s2', ['out', 'ask']],
    ['session:cart', ['push', 'test', 'read']],
    ['session:"fix the cart"', ['push', 'test', 'read']],
    ['agent:explore', ['read']],
    ['agent:a1', ['read']],
    ['project:shop', ['push', 'test', 'read']],
    ['model:sonnet', ['out', 'ask']],
    ['push', ['push']],
    ['cart', ['read']],
    ['webfetch', ['out']],
    ['text:force', ['push']],
    ['"force push"', ['push']],
    ['force push', ['push']],
    ['!state:blocked', ['test', 'read', 'ask']],
    ['!state:blocked tool:bash', ['test']],
    ['!push !cart', ['test', 'out', 'ask']],
    ['state:blocked session:s2', ['out']],
    ['https://x.test', ['out']],
    ['nothing like it', []],
    ['state:nonsense', []],
    ['state:', ALL],
    ['"unclosed', []],
  ]

  test.each(TABLE)('%j', (filter, ids) => {
    expect(passing(filter)).toEqual(ids)
  })
})
