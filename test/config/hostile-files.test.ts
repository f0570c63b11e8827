/** Policy files that an agent may have written: what they say reaches nobody as it is, and costs little. */
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { loadPolicy } from '../../src/config/load-policy.ts'
import { put, tempFolder } from '../helpers/folder.ts'

function errorsOf(text: string): readonly string[] {
  const project = tempFolder()
  put(join(project, '.signalbox.yaml'), text)
  const sources = { config: tempFolder(), managed: '/no/such', managedOwner: 0 }
  return loadPolicy({ ...sources, projectRoot: project }, () => []).errors
}

test('a list as a key is an error, and no warning of a library on standard error', () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const [error] = errorsOf('? ["\\e[31m", "\u202e"]\n: x\n')
  expect(error).toMatch(/\.signalbox\.yaml:1:\d+: /)
  expect(warned).not.toHaveBeenCalled()
})

test.each([
  ['a text', 'x'.repeat(30_000), 'file: '],
  ['an alias', `*${'x'.repeat(30_000)}`, 'Unresolved alias'],
  ['a key', `${'x'.repeat(900)}: 1`, 'xxx'],
])('what is quoted of a file is no more than fits on a few lines: %s', (_, text, says) => {
  const [error = ''] = errorsOf(text)
  expect(error).toContain(says)
  expect(error.replace(/^.*?\.yaml/, '').length).toBeLessThan(400)
})

test('a file that takes long to read is not read', () => {
  const rule = '  - { id: a, tier: ask, command: x, reason: y, match: [x] }\n'
  const [error] = errorsOf(`rules:\n${rule.repeat(1500)}`)
  expect(error).toMatch(/\.signalbox\.yaml: is larger than 64 kB; shorten it$/)
})
