import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { policySchema, SCHEMA_FILE } from '../../scripts/schema.ts'

test("docs/policy.schema.json is up to date; 'npm run schema' writes it", () => {
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(policySchema())
})
