/** What `audit` says of the client's settings, from real files. */
import { symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingsFindings } from '../../../src/commands/audit/settings.ts'
import { put, tempFolder } from '../../helpers/folder.ts'

function found(text: string, isProjects = false): string[] {
  const path = join(tempFolder(), 'settings.json')
  put(path, text)
  return settingsFindings(path, isProjects).map(
    ({ severity, what, where }) => `${severity} ${where.split('/').at(-1)} ${what}`,
  )
}

test('no file, no text and nothing wide are fine', () => {
  expect(settingsFindings(join(tempFolder(), 'settings.json'), false)).toEqual([])
  expect(found('')).toEqual([])
  expect(found('{ "permissions": { "allow": ["Bash(npm test)", "Read", "Grep(*)"] } }')).toEqual([])
})

test('rules that match more than one call go past the client’s check', () => {
  expect(
    found(`{
  // ours
  "permissions": {
    "allow": [
      "Bash(git push:*)",
      "WebFetch", "mcp__deploy"
    ]
  }
}`),
  ).toEqual([
    "medium settings.json:5 permissions.allow Bash(git push:*): what it matches goes past the client's own check",
    "medium settings.json:6 permissions.allow WebFetch: what it matches goes past the client's own check",
    "medium settings.json:6 permissions.allow mcp__deploy: what it matches goes past the client's own check",
  ])
})

test.each([
  'Bash',
  'Bash(*)',
  'Bash(python*)',
  'Bash(npm run:*)',
  'Bash(npm run *)',
  'Agent',
  'Monitor(*)',
])('auto mode sets %s aside by itself', rule => {
  expect(found(JSON.stringify({ permissions: { allow: [rule] } }))).toEqual([])
})

test('a list of autoMode without the client’s own lines replaces them', () => {
  const text = `{ "autoMode": {
  "environment": ["$defaults", "ours"],
  "soft_deny": ["never on Fridays"],
  "allow": []
} }`
  expect(found(text)).toEqual([
    'high settings.json:4 autoMode.allow without "$defaults" replaces the client\'s own list',
    'high settings.json:3 autoMode.soft_deny without "$defaults" replaces the client\'s own list',
  ])
  expect(found(text, true)).toEqual([])
})

test('of a name that stands twice the last counts, as for the client', () => {
  expect(
    found(`{ "permissions": { "allow": ["WebFetch"], "allow": ["mcp__last"] },
      "autoMode": { "allow": ["$defaults"], "allow": [] } }`),
  ).toEqual([
    expect.stringContaining('permissions.allow mcp__last'),
    expect.stringContaining('autoMode.allow without'),
  ])
})

test('a link to a device is a finding, and not read', () => {
  const path = join(tempFolder(), 'settings.json')
  symlinkSync('/dev/zero', path)
  expect(settingsFindings(path, true)).toMatchObject([{ kind: 'settings-broken' }])
  unlinkSync(path)
  symlinkSync(path, path)
  expect(settingsFindings(path, true)).toMatchObject([
    { kind: 'settings-broken', what: expect.stringContaining('link to itself') },
  ])
})

test('what is mended is the text that was looked at', () => {
  const path = join(tempFolder(), 'settings.json')
  const text = '{ "disableAllHooks": true }'
  put(path, text)
  const [it] = settingsFindings(path, false)
  expect([it?.mended?.(text), it?.mended?.(`${text} `)]).toEqual(['{  }', null])
})

test('a file that is no JSON is a finding, not a crash', () => {
  expect(found('{ "permissions": ')).toEqual([expect.stringMatching(/^high .*is not valid JSON/)])
  expect(found('{ "permissions": [], "autoMode": 3 }')).toEqual([])
})
