/** Edits of the files while the policy is in use. */
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { LoadedPolicy } from '../../src/config/load-policy.ts'
import { PolicyFiles } from '../../src/config/policy-files.ts'
import { checkRules } from '../../src/judge/check-rules.ts'
import { put, tempFolder } from '../helpers/folder.ts'

const open: PolicyFiles[] = []
afterEach(async () => {
  for (const files of open.splice(0)) await files.close()
})

function watched(config: string, changed: (project: string, loaded: LoadedPolicy) => void) {
  const managed = join(config, 'no', 'policy.yaml')
  const files = new PolicyFiles({ config, managed, managedOwner: 0 }, checkRules, changed)
  open.push(files)
  return files
}

const trustOf = ({ policy }: LoadedPolicy): string[] => policy.trust.map(it => it.entry)

test('an edit counts at once, a broken one leaves the last good policy, and says so', async () => {
  const config = tempFolder()
  const path = put(join(config, 'config.yaml'), 'trust: { domains: [a.example] }\n')
  const seen: LoadedPolicy[] = []
  const files = watched(config, (_, loaded) => seen.push(loaded))
  await files.watch()
  expect(trustOf(files.current)).toEqual(['a.example'])

  put(path, 'trust: { domains: [a.example, b.example] }\n')
  await vi.waitFor(() => expect(trustOf(files.current)).toEqual(['a.example', 'b.example']), 5000)

  put(path, 'trust: [a.example]\n')
  await vi.waitFor(() => expect(files.current.errors[0]).toMatch(/config\.yaml:1:\d+/), 5000)
  expect(trustOf(files.current)).toEqual(['a.example', 'b.example'])

  put(path, 'trust: {}\n')
  await vi.waitFor(() => expect(files.current.errors).toEqual([]), 5000)
  expect(trustOf(files.current)).toEqual([])
  expect(seen.map(it => it.errors.length)).toEqual([0, 1, 0])
})

test('a file that comes later, in a folder that comes later', async () => {
  const config = join(tempFolder(), 'later')
  const files = watched(config, () => {})
  await files.watch()
  expect(trustOf(files.current)).toEqual([])
  put(join(config, 'config.yaml'), 'trust: { domains: [a.example] }\n')
  await vi.waitFor(() => expect(trustOf(files.current)).toEqual(['a.example']), 5000)
})

test("a project's own file counts there only", () => {
  const [config, project] = [tempFolder(), tempFolder()]
  const changed = vi.fn()
  const files = watched(config, changed)
  expect(files.forProject(project).policy.rules).toEqual([])
  put(
    join(project, '.signalbox.yaml'),
    'rules:\n  - { id: a, tier: ask, command: make deploy, reason: shared }\n',
  )
  files.look()
  expect(files.forProject(project).policy.rules).toMatchObject([{ id: 'a' }])
  expect(files.current.policy.rules).toEqual([])
  expect(changed.mock.calls.map(([name]) => name)).toEqual([project])
})

test('a project whose file never was good is not approved in', () => {
  const [config, project] = [tempFolder(), tempFolder()]
  put(join(config, 'config.yaml'), 'auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }\n')
  put(join(project, '.signalbox.yaml'), 'trust: { domains: [evil.example] }\n')
  const files = watched(config, () => {})
  expect(files.current.policy.enabled?.by).toBe('Ada')
  expect(files.forProject(project).policy.enabled).toBeNull()
})
