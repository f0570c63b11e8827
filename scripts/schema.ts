/** Writes docs/*.schema.json: what editors check and complete a policy with. `npm run schema`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { isSlot } from '../src/action/slot.ts'
import { SENSITIVE, TRUST_BY_SLOT } from '../src/config/entry-schema.ts'
import { LIKE } from '../src/config/entry-slot.ts'
import { MANAGED_FILE, REPOSITORY_FILE, USER_FILE } from '../src/config/policy-schema.ts'
import { FIELDS, type Field } from './policy-fields.ts'

/** As much of JSON Schema as is used here. */
export interface Schema {
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly propertyNames?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
}

const DRAFT = { $schema: 'http://json-schema.org/draft-07/schema#' } as const
const ALL = 'policy.schema.json'
/** The files that people write. An editor is given the one of its kind; all say what stands in one place. */
const KINDS = {
  config: ['user', USER_FILE, "a user's settings and policy (config.yaml)"],
  managed: ['managed', MANAGED_FILE, 'the managed policy (policy.yaml)'],
  repository: ['repository', REPOSITORY_FILE, "a repository's own policy (.signalbox.yaml)"],
} as const

export function definitions(): Readonly<Record<string, Schema>> {
  // Checks in code (is it a date, is the entry too wide) have no form in JSON Schema.
  const shared = { trust: TRUST_BY_SLOT, sensitive: SENSITIVE }
  const options = {
    typeMode: 'input',
    errorMode: 'ignore',
    overrideRef: ({ referenceId }: { referenceId: string }) => `#/definitions/${referenceId}`,
  } as const
  const own = Object.values(KINDS).map(([name, schema]) => {
    const {
      $schema: _,
      $defs: __,
      ...rest
    } = toJsonSchema(schema, { ...options, definitions: shared })
    return [name, described(rest as Schema, '')] as const // its own type is of every JSON Schema
  })
  const named = Object.entries(toJsonSchemaDefs(shared, options)).map(
    ([name, schema]) => [name, described(schema as Schema, name)] as const, // the same
  )
  return Object.fromEntries([...own, ...named])
}

/** The text of each file in docs, by its name. */
export function schemaFiles(): Readonly<Record<string, string>> {
  const text = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`
  const each = Object.entries(KINDS).map(([file, [name, , is]]) => [
    `${file}.schema.json`,
    text({ ...DRAFT, title: `Signalbox: ${is}`, allOf: [{ $ref: `${ALL}#/definitions/${name}` }] }),
  ])
  const all = {
    ...DRAFT,
    title: 'Signalbox policy',
    description:
      "config.yaml is #/definitions/user, the managed policy #/definitions/managed, a repository's .signalbox.yaml #/definitions/repository.",
    anyOf: Object.values(KINDS).map(([name]) => ({ $ref: `#/definitions/${name}` })),
    definitions: definitions(),
  }
  return { [ALL]: text(all), ...Object.fromEntries(each) }
}

/** What is said of a field: the slots of `trust` say it in the schema itself. */
export function fieldAt(path: string): Field | undefined {
  const [, of = '', slot = '', key = ''] =
    /^(trust|sensitive)\.([\w*]+)(?:\.(\w+))?$/.exec(path) ?? []
  if (key !== '') return FIELDS[`entry.${key}`]
  if (of === 'trust' && isSlot(slot)) {
    const about = v.getDescription(TRUST_BY_SLOT.entries[slot].wrapped) ?? ''
    return { about, examples: [[LIKE[slot]]] }
  }
  return FIELDS[path]
}

/** A list's items and a record's values are at the path of the list. */
function described(schema: Schema, path: string): Schema {
  const { anyOf, items, properties, additionalProperties: values } = schema
  return {
    ...schema,
    ...(anyOf && { anyOf: anyOf.map(one => described(one, path)) }),
    ...(items && { items: described(items, path) }),
    ...(typeof values === 'object' && { additionalProperties: described(values, path) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, property]) => {
          const at = path === '' ? key : `${path}.${key}`
          return [key, { ...hintOf(fieldAt(at)), ...described(property, at) }]
        }),
      ),
    }),
  }
}

function hintOf(field: Field | undefined): Pick<Schema, 'description' | 'examples'> {
  if (field === undefined) return {}
  const { about, byDefault, examples } = field
  const end = byDefault === undefined ? '' : ` Default: ${byDefault.replaceAll('`', '')}.`
  return {
    description: `${about}${end}`,
    ...(examples !== undefined && { examples }),
  }
}

export const DOCS = fileURLToPath(new URL('../docs/', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(`${DOCS}${name}`, text)
