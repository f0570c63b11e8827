/** Writes docs/policy.schema.json: what editors check a policy with. `npm run schema`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema'
import { SENSITIVE, TRUST_BY_SLOT } from '../src/config/entry-schema.ts'
import { MANAGED_FILE, REPOSITORY_FILE, USER_FILE } from '../src/config/policy-schema.ts'

export const SCHEMA_FILE = fileURLToPath(new URL('../docs/policy.schema.json', import.meta.url))

export function policySchema(): string {
  // Checks in code (is it a date, is the entry too wide) have no form in JSON Schema.
  const shared = { trust: TRUST_BY_SLOT, sensitive: SENSITIVE }
  const options = {
    typeMode: 'input',
    errorMode: 'ignore',
    overrideRef: ({ referenceId }: { referenceId: string }) => `#/definitions/${referenceId}`,
  } as const
  const of = (schema: Parameters<typeof toJsonSchema>[0]) => {
    const {
      $schema: _,
      $defs: __,
      ...rest
    } = toJsonSchema(schema, {
      ...options,
      definitions: shared,
    })
    return rest
  }
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Signalbox policy',
    description:
      "config.yaml is #/definitions/user, the managed policy #/definitions/managed, a repository's .signalbox.yaml #/definitions/repository.",
    anyOf: ['user', 'managed', 'repository'].map(name => ({ $ref: `#/definitions/${name}` })),
    definitions: {
      user: of(USER_FILE),
      managed: of(MANAGED_FILE),
      repository: of(REPOSITORY_FILE),
      ...toJsonSchemaDefs(shared, options),
    },
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SCHEMA_FILE, policySchema())
