/** Exact permission rules: there while they are needed, and then the settings are as they were. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exactRule, PermissionRules } from '../../../src/clients/claude-code/permission-rules.ts'
import { tempFolder } from '../../helpers/folder.ts'

const SETTINGS = [
  '{}\n',
  '{ "skipAutoPermissionPrompt": true }\n',
  '{\r\n\t"model": "opus", // mine\r\n\t"permissions": { "deny": ["Bash(rm *)"] }\r\n}',
  '{\n  "permissions": {\n    "allow": [\n      "Bash(ls)" // often\n    ]\n  },\n}\n',
  '\ufeff{"permissions":{"allow":[]}}',
]
const push = { command: 'git push backup HEAD', description: 'whatever' }

function rulesOn(settings: string) {
  const client = tempFolder()
  const state = tempFolder()
  const file = join(client, 'settings.json')
  writeFileSync(file, settings)
  return {
    rules: new PermissionRules(client, state),
    client,
    state,
    file,
    text: () => readFileSync(file, 'utf8'),
  }
}

describe.each(SETTINGS)('in %j', settings => {
  test('a rule comes and goes, and nobody else’s byte is touched', () => {
    const { rules, text } = rulesOn(settings)
    expect(rules.add('Bash', push)).toBe('')
    expect(text()).toContain('"Bash(git push backup HEAD)"')
    rules.remove('Bash', push)
    expect(text()).toBe(settings)
  })

  test('a gate that comes after one that died takes it out', () => {
    const { rules, client, state, text } = rulesOn(settings)
    rules.add('Bash', push)
    new PermissionRules(client, state).removeAll()
    expect(text()).toBe(settings)
  })
})

test('what somebody else wrote meanwhile stays', () => {
  const { rules, file, text } = rulesOn('{\n  "permissions": { "allow": ["Bash(ls)"] }\n}\n')
  rules.add('Bash', push)
  writeFileSync(file, text().replace('"Bash(ls)"', '"Bash(ls)", "Bash(pwd)"'))
  rules.removeAll()
  expect(text()).toContain('"Bash(pwd)"')
  expect(text()).not.toContain('backup')
})

test('a rule of the user’s own is not ours to take out', () => {
  const own = '{"permissions":{"allow":["Bash(git push backup HEAD)"]}}'
  const { rules, text } = rulesOn(own)
  expect(rules.add('Bash', push)).toContain('already')
  rules.removeAll()
  expect(text()).toBe(own)
})

test.each(['git push origin *', 'npm run x:*', 'echo a\nrm b'])('%j has no exact rule', command => {
  expect(exactRule('Bash', { command })).toMatchObject({ why: expect.any(String) })
})

test('settings that are no JSON are left alone, and it is said', () => {
  const { rules, text } = rulesOn('{ "half": ')
  expect(rules.add('Bash', push)).toContain('settings.json:1:')
  expect(text()).toBe('{ "half": ')
})
