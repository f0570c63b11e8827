/** A project with a remote, a trusted organisation and a person's words. */
import type { Judgement } from '../../src/action/judgement.ts'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { slotFor } from '../../src/config/entry-slot.ts'
import type { Policy, TrustEntry } from '../../src/config/policy.ts'
import { judge } from '../../src/judge/judge.ts'
import { emptyLedger } from '../../src/judge/ledger.ts'
import type { Facts, Ledger, ToolCall } from '../../src/judge/types.ts'

export const FACTS: Facts = {
  cwd: '/home/dev/app',
  projectRoot: '/home/dev/app',
  home: '/home/dev',
  branch: 'feature',
  defaultBranch: 'main',
  remotes: { origin: 'git@github.com:acme/app.git' },
  remotesNow: { origin: 'git@github.com:acme/app.git' },
  words: [],
  createdByAgent: [],
  files: {},
  guarded: ['/home/dev/.config/signalbox', '/home/dev/.local/state/signalbox', '/run/sb'],
}

/** Each entry in the slot that its form tells. */
export function trusting(...entries: readonly string[]): Policy {
  const trust = entries.map(entry => trustEntry({ entry, slot: slotFor(entry) ?? 'domains' }))
  return { ...builtInPolicy, trust }
}

export function trustEntry(part: Partial<TrustEntry>): TrustEntry {
  const origin = { layer: 'user', file: '', line: 0 } as const
  return {
    slot: 'source_control',
    entry: '',
    project: '',
    note: '',
    expires: '',
    origin,
    ...part,
  }
}

export function bash(command: string): ToolCall {
  return { tool: 'Bash', input: { command }, agent: '' }
}

export interface Given {
  readonly facts?: Partial<Facts>
  readonly policy?: Policy
  readonly ledger?: Ledger
}

export function judged(call: string | ToolCall, given: Given = {}): Judgement {
  return judge(
    typeof call === 'string' ? bash(call) : call,
    { ...FACTS, ...given.facts },
    given.policy ?? builtInPolicy,
    given.ledger ?? emptyLedger,
  )
}

export function verdict(call: string | ToolCall, given: Given = {}): string {
  return judged(call, given).verdict
}
