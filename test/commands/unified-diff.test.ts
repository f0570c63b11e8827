import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unifiedDiff } from '../../src/commands/unified-diff.ts'
import { tempFolder } from '../helpers/folder.ts'

test('nothing changed, a new file, a file that goes', () => {
  expect(unifiedDiff('f', 'a\n', 'a\n')).toEqual([])
  expect(unifiedDiff('f', null, 'a')).toEqual([
    '--- /dev/null',
    '+++ f',
    '@@ -0,0 +1,1 @@',
    '+a',
    '\\ No newline at end of file',
  ])
  expect(unifiedDiff('f', 'a\n', null)).toEqual(['--- f', '+++ /dev/null', '@@ -1,1 +0,0 @@', '-a'])
})

test('git can apply it', () => {
  const folder = tempFolder()
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '', '{'), { minLength: 1, maxLength: 25 })
    .chain(lines => fc.constantFrom(lines.join('\n'), `${lines.join('\n')}\n`))
    .filter(it => it !== '')
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = unifiedDiff('a/f', before, after)
      expect(diff.length === 0).toBe(before === after)
      if (diff.length === 0) return
      writeFileSync(join(folder, 'f'), before)
      execFileSync('git', ['apply', '-'], {
        cwd: folder,
        input: `${diff.join('\n')}\n`,
        env: { PATH: process.env.PATH, GIT_CEILING_DIRECTORIES: '/' },
      })
      expect(readFileSync(join(folder, 'f'), 'utf8')).toBe(after)
    }),
    { numRuns: 60 },
  )
})
