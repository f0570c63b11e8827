/** What a tool result says of the decision before it. Sources: VERIFIED live on 2.1.150 and 2.1.330. */
import { type DecidedBy, type Decision, NEVER_RAN } from '../../action/action.ts'
import type { PermissionDecision } from './lines.ts'

export interface ResultFacts {
  readonly isError: boolean
  /** The result's text; only read when it is an error. */
  readonly text: string
  readonly version: string
  /** From 2.1.205 on. */
  readonly toolDenialKind?: string | undefined
  readonly toolDenialBeforeRun?: boolean | undefined
  readonly permissionDecision?: Partial<PermissionDecision> | null | undefined
}

export function decisionOf(facts: ResultFacts): Decision {
  const denial = denialOf(facts)
  if (denial === 'cancelled')
    return { state: 'undecided', outcome: 'interrupted', decidedBy: 'unknown', reason: '' }
  if (denial === 'unsaid')
    return { state: 'undecided', outcome: 'interrupted', decidedBy: 'unknown', reason: UNSAID }
  if (denial === 'interrupted')
    return { state: 'approved', outcome: 'interrupted', decidedBy: 'unknown', reason: '' }
  if (denial !== null)
    return { state: 'blocked', outcome: 'none', decidedBy: denial, reason: reasonOf(facts.text) }
  return {
    state: 'approved',
    outcome: facts.isError ? 'failed' : 'succeeded',
    decidedBy: approverOf(facts.permissionDecision),
    reason: facts.isError ? malformed(facts.text) : '',
  }
}

/** The lines of a client that does not tell a refusal from what it stopped, or lost a field that did. */
const UNSAID = 'the client does not say whether it ran'

/** The client checks a call's input before it asks anybody; then it neither asks nor runs. */
function malformed(text: string): string {
  const error = /^<tool_use_error>([\s\S]*?)(<\/tool_use_error>|$)/.exec(text)
  return error === null ? '' : NEVER_RAN + (error[1] ?? '').slice(0, 1000)
}

/** Who approved; `unknown` where the client wrote nothing down (2.1.150 to 2.1.278, seen). */
export function approverOf(decision: Partial<PermissionDecision> | null | undefined): DecidedBy {
  const { source = '', reasonType = '' } = decision ?? {}
  if (source === 'hook' || reasonType === 'hook') return 'foreign-hook'
  if (source.startsWith('user')) return 'user'
  switch (reasonType) {
    case 'classifier':
      return 'classifier'
    case 'rule':
      return 'rule'
    case 'mode':
    // Every part of a compound command was let through as read-only (or by a rule: the line does
    // not tell which, and nobody and no classifier was asked).
    case 'subcommandResults':
      return 'mode'
    default:
      return 'unknown'
  }
}

/** `cancelled`: it never ran; `interrupted`: it did, and was stopped; `unsaid`: not knowable. */
type Denial = DecidedBy | 'cancelled' | 'interrupted' | 'unsaid' | null

function denialOf(facts: ResultFacts): Denial {
  if (facts.toolDenialKind) return byKind(facts.toolDenialKind, facts)
  if (facts.permissionDecision?.decision === 'reject')
    return facts.permissionDecision.source === 'hook' ? 'foreign-hook' : byText(facts.text)
  if (!facts.isError || facts.permissionDecision?.decision === 'accept') return hookDenial(facts)
  if (facts.text === '') return 'unsaid'
  const told = byText(facts.text)
  // The client marks its own denials, and a tool may print their words.
  const marked = told !== null && told !== 'foreign-hook' && writesDenialKinds(facts.version)
  return marked ? 'unsaid' : told
}

function byKind(kind: string, facts: ResultFacts): Denial {
  switch (kind) {
    case 'automode-blocked':
      return 'classifier'
    case 'automode-unavailable':
    case 'automode-parsing-error':
      return 'outage'
    case 'permission-rule':
      return 'rule'
    case 'interrupted':
    case 'cancelled':
      return kind
    case 'user-rejected': {
      // The client says so too when a person was needed and none was there: then `source` is not a user.
      const source = facts.permissionDecision?.source
      if (source === 'hook') return 'foreign-hook'
      if (source && facts.permissionDecision?.decision !== 'accept')
        return source.startsWith('user') ? 'user' : 'unattended'
      if (facts.toolDenialBeforeRun === true) return 'user'
      const told = byText(facts.text)
      // Esc while the tool runs is written as a rejection, in the same words (2.1.205 to 2.1.330, seen).
      return told === null || told === 'user' ? 'unsaid' : told
    }
    default:
      return 'unknown'
  }
}

/** The client's words, anchored so that a tool's own output cannot pass for them. */
const TEXTS: readonly (readonly [RegExp, Exclude<Denial, null>])[] = [
  [/^Permission for this action (was|has been) denied by the Claude Code auto mode/, 'classifier'],
  [/^Auto mode (is unavailable|could not evaluate|classifier transcript exceeded)/, 'outage'],
  [/^.{1,80} is temporarily unavailable.{0,80}so auto mode cannot determine/, 'outage'],
  [/^(This command requires approval|Claude requested permissions to )/, 'unattended'],
  [/^.{1,5000}? was blocked\. For security, Claude Code may only /s, 'unattended'],
  [/^(The user doesn't want to (proceed|take this action)|User rejected)/, 'user'],
  [/^Permission to (use|read|edit|write) .*(has been|was) denied/, 'rule'],
  [/^(PreToolUse:\S* hook error|Hook PreToolUse:\S* denied)/, 'foreign-hook'],
  [/^(Exit code \d+\n)?\[Request interrupted by user/, 'interrupted'],
]

function byText(text: string): Denial {
  return TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

/** A hook's refusal carries no `toolDenialKind`. */
function hookDenial(facts: ResultFacts): Denial {
  const denial = facts.isError ? byText(facts.text) : null
  return denial === 'foreign-hook' ? denial : null
}

/** From 2.1.205 on the client marks every denial, so texts need not be trusted. */
const writesDenialKinds = (version: string): boolean => isAtLeast(version, 205)

/** Whether a version is at least 2.1.`patch`. */
function isAtLeast(version: string, patch: number): boolean {
  const [major = 0, minor = 0, third = 0] = version.split('.').map(Number)
  return major > 2 || (major === 2 && (minor > 1 || (minor === 1 && third >= patch)))
}

/** The client's reason without the advice to the model that follows it. */
export function reasonOf(text: string): string {
  const classifier = /Reason: ([\s\S]*?)(?:\. If you have other tasks|$)/.exec(text)
  if (text.startsWith('Permission for this action') && classifier?.[1])
    return classifier[1].slice(0, 1000)
  const sentence = text.replace(/^PreToolUse:\S* hook error: (\[[^\]]*\]: )?/, '')
  return sentence.slice(0, 1000)
}
