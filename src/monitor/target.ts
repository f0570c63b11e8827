/** What a key that acts is about: the action or the session under the cursor. */

import type { MonitorState } from './monitor.ts'
import { pendingItems, sessionIdOf } from './pending.ts'
import { sessionOfKey } from './sessions.ts'

export interface Target {
  readonly row: number | null
  /** `''` when there is none. */
  readonly session: string
  /** Chosen by hand, or taken because there is only one. */
  readonly pick: 'chosen' | 'only'
}

const NOTHING: Target = { row: null, session: '', pick: 'chosen' }

export function targetOf(state: MonitorState, act: string): Target {
  const { view, world, rows } = state
  const of = (row: number, pick: Target['pick'] = 'chosen'): Target => ({
    row,
    session: sessionIdOf(world, row),
    pick,
  })
  switch (view.screen) {
    case 'live': {
      if (view.selected !== null)
        return view.selected < world.actions.length ? of(view.selected) : NOTHING
      if (view.heading !== null) return { ...NOTHING, session: sessionOfHeading(state) }
      const newest = rows.at(-1)
      if (newest === undefined) return NOTHING
      if (act === 'approve' || act === 'deny') return onlyPending(state, of)
      // The newest changes under the hand: a session it may stand for, an action it may not.
      return { ...of(newest), row: null }
    }
    case 'pending':
      return view.pending === null ? onlyPending(state, of) : of(view.pending)
    case 'sessions':
      return { ...NOTHING, session: sessionOfKey(world, view.session) }
    case 'insights': {
      const row = state.insights?.resources[view.cursor]?.row
      return row === undefined ? NOTHING : of(row)
    }
    case 'machines':
    case 'trust':
    case 'notices':
    case 'audit':
      return NOTHING
  }
}

/** What is selected is a session only where the list is grouped by them, and it is shown. */
function sessionOfHeading({ view, groups }: MonitorState): string {
  if (view.heading === null || view.group !== 'session') return ''
  return groups !== null && groups.headingOf(view.heading) >= 0 ? view.heading : ''
}

function onlyPending(
  { world }: MonitorState,
  of: (row: number, pick: Target['pick']) => Target,
): Target {
  const [first, ...more] = pendingItems(world)
  return first === undefined || more.length > 0 ? NOTHING : of(first.row, 'only')
}
