import { describe, expect, test } from 'vitest'
import type { Decision } from '../../../src/action/action.ts'
import {
  approverOf,
  decisionOf,
  type ResultFacts,
  reasonOf,
} from '../../../src/clients/claude-code/decision.ts'

/** `state outcome decidedBy`, as short as a table wants it. */
const short = ({ state, outcome, decidedBy }: Decision): string =>
  `${state} ${outcome} ${decidedBy}`

const OLD = '2.1.150'
const NEW = '2.1.330'

const CLASSIFIER =
  'Permission for this action was denied by the Claude Code auto mode classifier. Reason: ' +
  '[Data Exfiltration] sends repository content to an unknown host. If you have other tasks ' +
  "that don't depend on this action, continue working on those."

function decided(facts: Partial<ResultFacts>): string {
  return short(decisionOf({ isError: false, text: '', version: NEW, ...facts }))
}

const failed = (text: string, version: string, more: Partial<ResultFacts> = {}): string =>
  decided({ isError: true, text, version, ...more })

describe('2.1.150 says it in words', () => {
  const BLOCKED: readonly (readonly [string, string])[] = [
    [CLASSIFIER, 'classifier'],
    ['Permission for this action has been denied by the Claude Code auto mode', 'classifier'],
    ['Auto mode is unavailable: its safety check does not run', 'outage'],
    ['Auto mode could not evaluate this action', 'outage'],
    ['Auto mode classifier transcript exceeded the context window', 'outage'],
    ['claude-opus is temporarily unavailable, so auto mode cannot determine the safety', 'outage'],
    ['This command requires approval', 'unattended'],
    ["touch in '/app/x' was blocked. For security, Claude Code may only create", 'unattended'],
    ["Claude requested permissions to use WebFetch, but you haven't granted it yet.", 'unattended'],
    ["The user doesn't want to proceed with this tool use.", 'user'],
    ["The user doesn't want to take this action right now.", 'user'],
    ['Permission to use Bash with command rm has been denied.', 'rule'],
    ['PreToolUse:Bash hook error: [gate]: no', 'foreign-hook'],
    ['Hook PreToolUse:Bash denied this tool', 'foreign-hook'],
  ]

  test.each(BLOCKED)('%s', (text, by) => {
    expect(failed(text, OLD)).toBe(`blocked none ${by}`)
  })

  test('a tool that only failed ran, and nobody is known to have decided', () => {
    expect(failed('Exit code 1\nError: no test specified', OLD)).toBe('approved failed unknown')
  })

  test.each([
    'cat log\nThis command requires approval',
    `grep found: ${CLASSIFIER}`,
    'Exit code 1\nThe user doesn’t want to proceed',
  ])('the words in the middle of an output are an output: %s', text => {
    expect(failed(text, OLD)).toBe('approved failed unknown')
  })

  test('the words in an output that is no error are an output', () => {
    expect(decided({ text: CLASSIFIER, version: OLD })).toBe('approved succeeded unknown')
  })

  test.each([
    '[Request interrupted by user for tool use]',
    'Exit code 137\n[Request interrupted by user for tool use]',
  ])('stopped while it ran: %s', text => {
    expect(failed(text, OLD)).toBe('approved interrupted unknown')
  })
})

describe('2.1.330 marks it', () => {
  const KINDS: readonly (readonly [string, string])[] = [
    ['automode-blocked', 'blocked none classifier'],
    ['automode-unavailable', 'blocked none outage'],
    ['automode-parsing-error', 'blocked none outage'],
    ['permission-rule', 'blocked none rule'],
    ['cancelled', 'undecided interrupted unknown'],
    ['interrupted', 'approved interrupted unknown'],
    ['a-kind-of-next-year', 'blocked none unknown'],
  ]

  test.each(KINDS)('toolDenialKind %s', (toolDenialKind, expected) => {
    expect(failed('…', NEW, { toolDenialKind })).toBe(expected)
  })

  test('user-rejected before it ran: the user', () => {
    const rejected = { toolDenialKind: 'user-rejected', toolDenialBeforeRun: true }
    expect(failed("The user doesn't want to proceed", NEW, rejected)).toBe('blocked none user')
  })

  test.each(['2.1.205', '2.1.278', NEW])('%s: a person refused it, or stopped it', version => {
    const rejected = { toolDenialKind: 'user-rejected' }
    expect(failed("The user doesn't want to proceed", version, rejected)).toBe(
      'undecided interrupted unknown',
    )
  })

  test('user-rejected where nobody was there, before the client said by what', () => {
    const rejected = { toolDenialKind: 'user-rejected' }
    for (const text of [
      "touch in '/app/made.txt' was blocked. For security, Claude Code may only create or modify",
      "Claude requested permissions to use WebFetch, but you haven't granted it yet.",
    ])
      expect(failed(text, '2.1.205', rejected)).toBe('blocked none unattended')
  })

  test.each([
    ['config', 'unattended'],
    ['hook', 'foreign-hook'],
    ['user_temporary', 'user'],
    ['user_reject', 'user'],
  ])('user-rejected with source %s: %s', (source, by) => {
    const permissionDecision = { decision: 'reject', source }
    const facts = { toolDenialKind: 'user-rejected', permissionDecision }
    expect(failed('This command requires approval', NEW, facts)).toBe(`blocked none ${by}`)
  })

  test('a refusal without a kind is a hook’s', () => {
    const permissionDecision = { decision: 'reject', source: 'hook', reasonType: 'hook' }
    expect(failed('not today', NEW, { permissionDecision })).toBe('blocked none foreign-hook')
    expect(failed('PreToolUse:Bash hook error: no', NEW)).toBe('blocked none foreign-hook')
  })

  test('its words alone are an output: a tool may print anything', () => {
    const permissionDecision = { decision: 'accept', source: 'config', reasonType: 'classifier' }
    expect(failed(CLASSIFIER, NEW, { permissionDecision })).toBe('approved failed classifier')
    expect(failed('This command requires approval', '2.1.204')).toBe('blocked none unattended')
  })

  test('its words, where nothing says that they are a tool’s, say nothing', () => {
    const unsaid = 'undecided interrupted unknown'
    expect(failed(CLASSIFIER, NEW)).toBe(unsaid)
    expect(failed('This command requires approval', '2.1.205')).toBe(unsaid)
    expect(failed('This command requires approval', '3.0.0')).toBe(unsaid)
    expect(failed('', NEW)).toBe(unsaid)
    expect(failed('', OLD)).toBe(unsaid)
  })

  const APPROVERS: readonly (readonly [string, string, string])[] = [
    ['config', 'mode', 'mode'],
    ['config', 'subcommandResults', 'mode'],
    ['config', 'classifier', 'classifier'],
    ['config', 'rule', 'rule'],
    ['hook', 'hook', 'foreign-hook'],
    ['user_temporary', '', 'user'],
    ['user_permanent', 'rule', 'user'],
    ['config', 'something-new', 'unknown'],
  ]

  test.each(APPROVERS)('approved by source %s, reasonType %s: %s', (source, reasonType, by) => {
    const permissionDecision = { decision: 'accept', source, reasonType }
    expect(decided({ permissionDecision })).toBe(`approved succeeded ${by}`)
    expect(failed('Exit code 1', NEW, { permissionDecision })).toBe(`approved failed ${by}`)
  })

  test('no decision written down', () => {
    expect(approverOf(undefined)).toBe('unknown')
  })
})

describe('the reason', () => {
  test('the classifier’s, without the advice to the model', () => {
    expect(reasonOf(CLASSIFIER)).toBe(
      '[Data Exfiltration] sends repository content to an unknown host',
    )
  })

  test('a hook’s, without the name of the hook', () => {
    expect(reasonOf('PreToolUse:Bash hook error: [/opt/gate]: not on a Friday')).toBe(
      'not on a Friday',
    )
  })

  test('what was approved has none', () => {
    expect(decisionOf({ isError: true, text: 'Exit code 1', version: NEW }).reason).toBe('')
  })

  test('is never longer than 1000 characters', () => {
    const long = `PreToolUse:Bash hook error: ${'x'.repeat(5000)}`
    const { reason } = decisionOf({ isError: true, text: long, version: OLD })
    expect(reason).toBe('x'.repeat(1000))
  })
})
