/** A client of next year leaves a field out of what it asks the hook: then nothing more is allowed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type HookPayload, parsePayload } from '../../src/clients/claude-code/hook-payload.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { FACTS, judged } from '../judge/facts.ts'
import { LOSSES, losing, pathsIn } from './fields.ts'

const payloads: unknown[] = readFileSync(
  join(FIXTURES, 'auto-classifier-2.1.150', 'hooks.jsonl'),
  'utf8',
)
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line))

function parsed(payload: unknown): HookPayload | null {
  try {
    return parsePayload(JSON.stringify(payload))
  } catch {
    return null // the gate asks
  }
}

/** What it may at most be answered: `ask` where it cannot be read, or nothing is known of the mode. */
function answered(payload: HookPayload | null): string {
  if (payload === null || payload.hook_event_name !== 'PreToolUse') return 'none'
  if (payload.permission_mode !== 'auto') return 'none'
  const { tool_name: tool, tool_input: input } = payload
  return judged({ tool, input, agent: '' }, { facts: FACTS }).verdict
}

describe('a call that is not allowed', () => {
  const dangerous = {
    session_id: 's1',
    transcript_path: '/t.jsonl',
    cwd: '/home/dev/app',
    permission_mode: 'auto',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: 'git push --force origin main', description: 'look', timeout: 1 },
    tool_use_id: 'toolu_1',
  }
  const write = {
    ...dangerous,
    tool_name: 'Write',
    tool_input: { file_path: '/home/dev/.ssh/authorized_keys', content: 'x' },
  }
  const edit = {
    ...dangerous,
    tool_name: 'Edit',
    tool_input: { file_path: '/home/dev/app/.mcp.json', old_string: 'a', new_string: 'b' },
  }

  test.each([
    ['Bash', dangerous],
    ['Write', write],
    ['Edit', edit],
  ])('%s stays so, whatever is lost of it', (_, payload) => {
    expect(answered(parsed(payload))).toBe('deny')
    for (const path of pathsIn(payload))
      for (const loss of LOSSES) {
        const is = answered(parsed(losing(payload, path, loss)))
        expect([path.join('.'), loss, is]).toEqual([
          path.join('.'),
          loss,
          expect.not.stringMatching('allow'),
        ])
      }
  })
})

test('of all that a client asked, nothing is allowed that was not before', () => {
  let tried = 0
  for (const payload of payloads) {
    const was = answered(parsed(payload))
    if (was === 'allow') continue
    for (const path of pathsIn(payload))
      for (const loss of LOSSES) {
        tried++
        expect([path, answered(parsed(losing(payload, path, loss)))]).not.toEqual([path, 'allow'])
      }
  }
  expect(tried).toBeGreaterThan(200)
})
