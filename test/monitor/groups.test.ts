/** Groups are kept up as events arrive; they must always be what counting all anew would give. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { verdictOf } from '../../src/action/rows.ts'
import { World } from '../../src/action/world.ts'
import { costOfRow } from '../../src/monitor/cost.ts'
import { GroupedList } from '../../src/monitor/grouped-list.ts'
import { type Group, type Grouping, Groups, groupKey } from '../../src/monitor/groups.ts'
import { ActionList } from '../../src/monitor/list.ts'
import { answered, asked, blocked, decided, worldOf } from '../helpers/events.ts'
import { clientDenies, gated, historyRead, judged, judgement } from '../helpers/gate-events.ts'

const BY = ['session', 'resource', 'rule'] as const satisfies readonly Grouping[]

/** What may happen to one of a few actions, in any order: also a verdict before the call, or an end. */
const happening = fc.record({
  what: fc.constantFrom('asked', 'judged', 'denied', 'blocked', 'decided', 'answered', 'history'),
  id: fc.nat(30),
  at: fc.nat(900),
  session: fc.constantFrom('s1', 's2', 's3'),
  rule: fc.constantFrom('push-external', 'send-secret', 'read-only'),
  host: fc.constantFrom('', 'a.example', 'b.example'),
})
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

const batches = fc.array(fc.array(happening, { maxLength: 12 }), { maxLength: 6 })

function eventOf({ what, id, at: seconds, session, rule, host }: Happening): Event {
  const at = seconds * 1000
  const name = `${session}-${id}`
  const message = `m${session}-${id % 10}`
  const resources = host === '' ? [] : ([{ kind: 'domain', id: host, trust: 'external' }] as const)
  const said = { session, judgement: judgement({ rule, resources: [...resources] }) }
  switch (what) {
    case 'asked':
      return asked(name, at, { session, message })
    case 'judged':
      return judged(name, at, { ...said, answer: id % 2 === 0 ? 'deny' : 'abstain' })
    case 'denied':
      return clientDenies(name, at, said)
    case 'blocked':
      return blocked(name, at, { session })
    case 'decided':
      return decided(name, at, { session })
    case 'answered':
      return answered(message, at, { session, costUsd: id % 3 === 0 ? null : 0.5 })
    case 'history':
      return {
        type: 'backlog',
        part: structuredClone(worldOf(asked(name, at, { session, message })).toRaw()),
      }
  }
}

/** Looks after every batch, as the screen does between events. */
function throughout(
  all: readonly (readonly Happening[])[],
  look: (world: World, list: ActionList) => void,
): void {
  const list = new ActionList()
  let world = fold(new World(), historyRead)
  world = fold(world, gated(0))
  for (const batch of all) {
    for (const one of batch) world = fold(world, eventOf(one))
    look(world, list)
  }
}

/** Sums of floats differ in their last digits. */
const rounded = (usd: number | null): number | null => (usd === null ? null : Math.round(usd * 1e6))

function costOf(costs: readonly (number | null)[]): [usd: number | null, partial: boolean] {
  const known = costs.filter(cost => cost !== null)
  if (known.length === 0) return [null, false]
  return [rounded(known.reduce((sum, cost) => sum + cost, 0)), known.length < costs.length]
}

function countedAnew(world: World, rows: Uint32Array, by: Grouping): Map<string, unknown> {
  const groups = new Map<string, number[]>()
  for (const row of rows) {
    const key = groupKey(world, by, row)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const of = (members: number[], state: string): number =>
    members.filter(row => {
      const verdict = verdictOf(world, row)
      return verdict.state === state && verdict.decidedBy !== 'outage'
    }).length
  return new Map(
    Array.from(groups, ([key, members]) => [
      key,
      {
        rows: members,
        approved: of(members, 'approved'),
        blocked: of(members, 'blocked'),
        pending: of(members, 'pending'),
        cost: costOf(members.map(row => costOfRow(world, row))),
        lastAt: world.actions.columns.requestedAt[members.at(-1) ?? 0],
      },
    ]),
  )
}

const asCounted = (groups: readonly Group[]): Map<string, unknown> =>
  new Map(
    groups.map(({ key, rows, costUsd, partial, approved, blocked: no, pending, lastAt }) => {
      const cost = [rounded(costUsd), partial]
      return [key, { rows: [...rows], approved, blocked: no, pending, cost, lastAt }]
    }),
  )

const keysOf = (groups: readonly Group[]): string[] => groups.map(({ key }) => key)

describe.each(BY)('actions by %s', by => {
  test('are each in exactly one group, and counted there, after every batch', () => {
    fc.assert(
      fc.property(batches, fc.constantFrom('', 'state:blocked', '!by:judge'), (all, filter) => {
        throughout(all, (world, list) => {
          const rows = list.update(world, filter)
          const groups = list.groups.update(world, rows, by, false)
          expect(groups.flatMap(group => [...group.rows]).sort()).toEqual([...rows].sort())
          expect(asCounted(groups)).toEqual(countedAnew(world, rows, by))
        })
      }),
      { numRuns: 200 },
    )
  })

  test('keep the order of their groups while the user moves about', () => {
    fc.assert(
      fc.property(batches, all => {
        let before: string[] = []
        throughout(all, (world, list) => {
          const rows = list.update(world, '')
          const after = keysOf(list.groups.update(world, rows, by, true))
          const still = before.filter(key => after.includes(key))
          expect(after.filter(key => before.includes(key))).toEqual(still)
          before = after
        })
      }),
      { numRuns: 200 },
    )
  })

  test('are hidden exactly where their group is folded', () => {
    const folds = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(batches, folds, (all, open) => {
        throughout(all, (world, list) => {
          const rows = list.update(world, '')
          const groups = list.groups.update(world, rows, by, false)
          const isOpen = (group: Group): boolean =>
            open[groups.indexOf(group) % open.length] === true
          const shown = new GroupedList(groups, isOpen, row => list.groups.keyOf(world, row))
          const expected = groups.flatMap(group => [
            `heading ${group.key}`,
            ...(isOpen(group) ? Array.from(group.rows, row => `action ${row}`) : []),
          ])
          const lines = Array.from({ length: shown.length }, (_, i) => {
            const line = shown.lineAt(i)
            if (line?.kind === 'heading') return `heading ${line.group.key}`
            return `action ${line?.row}`
          })
          expect(lines).toEqual(expected)
          expect(shown.lineAt(shown.length)).toBeNull()
          expect(shown.lineAt(-1)).toBeNull()
        })
      }),
      { numRuns: 200 },
    )
  })

  test('are found at their line, or at the heading of their folded group', () => {
    fc.assert(
      fc.property(batches, fc.boolean(), (all, open) => {
        throughout(all, (world, list) => {
          const rows = list.update(world, '')
          const groups = list.groups.update(world, rows, by, false)
          const keyOf = (row: number): string => list.groups.keyOf(world, row)
          const shown = new GroupedList(groups, () => open, keyOf)
          for (const row of rows) {
            const line = shown.lineAt(shown.lineOf(world, row))
            if (open) expect(line).toEqual({ kind: 'action', row })
            else expect(line).toMatchObject({ kind: 'heading', group: { key: keyOf(row) } })
          }
        })
      }),
    )
  })
})

describe('the order of the groups', () => {
  const at = (seconds: number, session: string): Event =>
    asked(`${session}${seconds}`, seconds * 1000, { session })
  const order = (...events: Event[]): string[] => {
    const world = worldOf(...events)
    const rows = new ActionList().update(world, '')
    return keysOf(new Groups().update(world, rows, 'session', false))
  }

  test('is that in which they acted last', () => {
    expect(order(at(0, 'a'), at(1000, 'b'), at(2000, 'c'), at(3000, 'a'))).toEqual(['b', 'c', 'a'])
  })

  test('does not change between those that act at about the same time', () => {
    const busy = [at(0, 'quiet'), at(1000, 'a'), at(1001, 'b'), at(1002, 'c')]
    expect(order(...busy)).toEqual(['quiet', 'a', 'b', 'c'])
    expect(order(...busy, at(1003, 'a'), at(1004, 'b'))).toEqual(['quiet', 'a', 'b', 'c'])
  })
})

describe('what an action touches', () => {
  const key = (by: Grouping, ...events: Event[]): string =>
    groupKey(worldOf(historyRead, gated(0), asked('x', 10), ...events), by, 0)
  const resources = [
    { kind: 'path', id: '/home/dev/app', trust: 'project' },
    { kind: 'domain', id: 'evil.example', trust: 'external' },
  ] as const

  test('is of several what nobody trusts', () => {
    const said = judgement({ resources: [...resources] })
    expect(key('resource', judged('x', 11, { judgement: said }))).toBe('domain evil.example')
  })

  test('is else the first', () => {
    const said = judgement({ resources: [resources[0]] })
    expect(key('resource', judged('x', 11, { judgement: said }))).toBe('path /home/dev/app')
  })

  test('is not known of an action that no judge saw, nor is its rule', () => {
    expect(key('resource')).toBe('')
    expect(key('rule')).toBe('')
  })

  test('a rule that did not decide is told from one that did', () => {
    expect(key('rule', judged('x', 11))).toBe('push-external')
    expect(key('rule', judged('x', 11, { answer: 'abstain' }))).toBe('push-external, opinion only')
  })
})
