import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { managedFacts, policyFacts } from '../../src/commands/policy-facts.ts'
import { put, tempFolder } from '../helpers/folder.ts'

const me = process.getuid?.() ?? 0
const policy = (text: string): string => put(join(tempFolder(), 'policy.yaml'), text)

test('what an administrator decided', () => {
  const path = policy(
    'auto_mode: off\nplatforms: [anthropic, { platform: "https://a.example" }]\nlocked: [trust]\n',
  )
  expect(managedFacts(path, me)).toEqual({
    enabledBy: '',
    enabledOn: '',
    off: true,
    platforms: ['anthropic', 'https://a.example'],
    locked: ['trust'],
    problem: '',
  })
})

test('a managed file that others could have written does not count', () => {
  const path = policy('auto_mode: { enabled_by: Eve, enabled_on: 2026-01-01 }\n')
  chmodSync(path, 0o666)
  expect(managedFacts(path, me)).toMatchObject({
    enabledBy: '',
    problem: expect.stringContaining('must belong to root'),
  })
  chmodSync(path, 0o644)
  expect(managedFacts(path, me)?.enabledBy).toBe('Eve')
  expect(managedFacts(path, me + 1)?.problem).toContain('must belong to root')
})

test('no file, and one that is no YAML', () => {
  expect(policyFacts('/no/such')).toBeNull()
  expect(policyFacts(policy('a: ['))?.problem).toContain('policy.yaml: ')
})

test.each([
  ['an alias to nothing', 'auto_mode: *x\n'],
  ['a name that is no text', 'auto_mode: { enabled_by: { toString: 1 } }\n'],
])('%s is a problem, or nothing', (_, text) => {
  const facts = policyFacts(policy(text))
  expect(`${facts?.enabledBy}${facts?.enabledOn}`).toBe('')
})
