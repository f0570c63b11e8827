/** The line above a list: which screen it is, and what its keys do. */
import { grouped } from '../monitor/format.ts'
import { RANGES } from '../monitor/insights.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { pendingItems } from '../monitor/pending.ts'
import { clip, width } from '../monitor/safe-text.ts'
import { auditTitle } from './audit.ts'
import type { Theme } from './theme.ts'

/** Null on the live screen, which says more. */
export function titleOf(state: MonitorState): string | null {
  const { view, world, policy } = state
  switch (view.screen) {
    case 'live':
      return null
    case 'sessions':
      return 'sessions: Enter shows its actions, ← → fold, Esc goes back'
    case 'pending':
      return `${grouped(pendingItems(world).length)} waiting for you: a approves, d denies, Enter shows, Esc goes back`
    case 'trust':
      return `${grouped(policy.trust.length)} trusted: e edits, x removes, Enter shows, Esc goes back`
    case 'notices':
      return 'notices, newest first: Enter shows, Esc goes back'
    case 'insights':
      return `insights, ${RANGES[view.range]?.label ?? ''}: [ ] shorter, longer; t trusts, Esc goes back`
    case 'audit':
      return auditTitle(state.audit)
  }
}

export function rule(theme: Theme, label: string, columns: number): string {
  const text = clip(`--${label}`, columns)
  return (
    theme.role.rule('--'.slice(0, columns)) +
    theme.role.dim(text.slice(2)) +
    theme.role.rule('-'.repeat(Math.max(0, columns - width(text))))
  )
}
