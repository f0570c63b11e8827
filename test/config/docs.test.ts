/** What the documents show as a policy is one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MANAGED_FILE, USER_FILE } from '../../src/config/policy-schema.ts'
import { inspectYaml } from '../../src/config/yaml-file.ts'
import { checkRules } from '../../src/judge/check-rules.ts'

const ROOT = join(import.meta.dirname, '../..')

function blocksOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return Array.from(text.matchAll(/^```yaml\n([\s\S]*?)^```/gm), ([, block = '']) => block)
}

test.each([
  ['README.md', USER_FILE],
  ['docs/control.md', USER_FILE],
  ['docs/admin.md', MANAGED_FILE],
] as const)('%s', (file, schema) => {
  const blocks = blocksOf(file)
  expect(blocks).not.toEqual([])
  for (const block of blocks) {
    const fits = inspectYaml(file, block, schema)
    expect(fits.problems).toEqual([])
    if (fits.file !== null) expect(checkRules(fits.file)).toEqual([])
  }
})
