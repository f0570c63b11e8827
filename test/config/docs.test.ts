/** What the documents show as a policy is one. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MANAGED_FILE, REPOSITORY_FILE, USER_FILE } from '../../src/config/policy-schema.ts'
import { inspectYaml } from '../../src/config/yaml-file.ts'
import { checkRules } from '../../src/judge/check-rules.ts'
import { yamlIn } from '../helpers/docs.ts'

const SCHEMAS = { user: USER_FILE, managed: MANAGED_FILE, repository: REPOSITORY_FILE }
const DOCS = readdirSync(join(import.meta.dirname, '../../docs')).map(name => `docs/${name}`)
const FOUND = ['README.md', ...DOCS.filter(name => name.endsWith('.md'))].flatMap(yamlIn)

test('there are some of each kind', () => {
  expect(new Set(FOUND.map(({ kind }) => kind))).toEqual(new Set(Object.keys(SCHEMAS)))
})

test.each(FOUND)('$file:$line', ({ file, text, kind }) => {
  const fits = inspectYaml(file, text, SCHEMAS[kind])
  expect(fits.problems).toEqual([])
  if (fits.file !== null) expect(checkRules(fits.file)).toEqual([])
})
