/** Writes docs/policy.md from the schema of the policy files. `npm run docs`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EXAMPLES } from './policy-examples.ts'
import { DOCS, definitions, fieldAt, type Schema } from './schema.ts'

export const POLICY_DOC = `${DOCS}policy.md`

const HEAD = `# Policy files

<!-- Written by 'npm run docs' from the schema: change src/config and scripts/policy-*.ts, not this file. -->

| file | whose | where |
|---|---|---|
| \`config.yaml\` | yours | \`~/.config/signalbox/\`, or under \`$XDG_CONFIG_HOME\` |
| managed policy | an administrator's ([admin.md](admin.md)) | \`/etc/signalbox/policy.yaml\`; macOS: \`/Library/Application Support/Signalbox/\` |
| \`.signalbox.yaml\` | a repository's, and it can only tighten | at the top of the project |

The managed policy stands above yours, yours above the repository's. All of it is optional, and a key without
a value is the same as no key. Files are read again within two seconds; one that does not fit is an error with file,
line and column, and the last good one stays.

\`\`\`
signalbox config init                                       # a commented template
signalbox config init --file ~/.config/signalbox/config.yaml    # the same, written; never over a file
signalbox config check                                      # 1 on a mistake
signalbox config show                                       # what is in force, and the line it comes from
\`\`\`

The template's first line tells an editor with a YAML language server (VS Code's YAML extension, Neovim, Helix, …)
where the schema is: it then completes fields and marks mistakes, without a network. For a file that you have
already, copy that line from \`signalbox config init | head -1\`; \`repository.schema.json\` beside it is for a
\`.signalbox.yaml\`.
`

const FILES = { user: '`config.yaml`', managed: 'managed policy', repository: '`.signalbox.yaml`' }
type Kind = keyof typeof FILES
const KINDS = Object.keys(FILES) as Kind[] // its own keys

interface Row {
  readonly path: string
  readonly schema: Schema
  readonly required: boolean
}

export function policyDoc(): string {
  const all = definitions()
  const inFile = (kind: Kind) => all[kind]?.properties ?? {}
  const names = [...new Set(KINDS.flatMap(kind => Object.keys(inFile(kind))))]
  const kindsOf = (name: string): Kind[] => KINDS.filter(kind => name in inFile(kind))
  const list = names.map(name => {
    const files = kindsOf(name).map(kind => FILES[kind])
    return `| [\`${name}\`](#${name}) | ${files.join(', ')} | ${fieldAt(name)?.about ?? ''} |`
  })
  const sections = names.map(name => {
    // The managed form of a field is the wider one.
    const schema = inFile('managed')[name] ?? inFile('user')[name] ?? {}
    return sectionOf(name, schema, kindsOf(name), all)
  })
  const table = ['| field | in | what it is |', '|---|---|---|', ...list]
  return [HEAD, '## Fields', '', ...table, '', ...sections].join('\n')
}

function sectionOf(
  name: string,
  schema: Schema,
  kinds: readonly Kind[],
  all: Readonly<Record<string, Schema>>,
): string {
  const { about, byDefault } = fieldAt(name) ?? { about: '' }
  const rows = rowsIn(schema, name, all)
  const type = typeOf(schema, all)
  const facts = [
    `In ${kinds.map(kind => FILES[kind]).join(', ')}.`,
    ...(type === FIELDS_BELOW ? [] : [`Type: ${type}.`]),
    ...(byDefault === undefined ? [] : [`Default: ${byDefault}.`]),
  ]
  const table = ['| field | type | default | meaning |', '|---|---|---|---|']
  return [
    `### \`${name}\``,
    '',
    about,
    facts.join(' '),
    '',
    ...(rows.length === 0 ? [] : [...table, ...rows.map(row => rowLine(row, all)), '']),
    ...(EXAMPLES[name] ?? []).flatMap(example => ['```yaml', example.trim(), '```', '']),
  ].join('\n')
}

function rowLine({ path, schema, required }: Row, all: Readonly<Record<string, Schema>>): string {
  const { about, byDefault } = fieldAt(path) ?? { about: '' }
  const missing = required ? 'must be there' : (byDefault ?? '')
  return `| \`${path}\` | ${typeOf(schema, all)} | ${missing} | ${about.replaceAll('|', '\\|')} |`
}

/** What stands below; of an entry the same fields everywhere, so they are told once, at `trust`. */
function rowsIn(schema: Schema, path: string, all: Readonly<Record<string, Schema>>): Row[] {
  const { $ref, anyOf = [], items, properties = {}, additionalProperties: values } = schema
  // `projects` holds what has a section of its own.
  if ($ref !== undefined && path.includes('.')) return []
  const inside = [
    ...($ref === undefined ? [] : [named($ref, all)]),
    ...anyOf,
    ...(items ? [items] : []),
    ...(typeof values === 'object' ? [values] : []),
  ]
  const entries = Object.entries(properties)
  return [
    ...inside.flatMap(one => rowsIn(one, path, all)),
    ...entries.flatMap(([key, property]) => {
      const at = `${path}.${key}`
      const isEntry = /^(trust|sensitive)\.\w+\.\w+$/.test(at)
      if (isEntry && !at.startsWith('trust.source_control.')) return []
      const required = schema.required?.includes(key) ?? false
      const shown = isEntry ? `trust.*.${key}` : at
      return [{ path: shown, schema: property, required }, ...rowsIn(property, at, all)]
    }),
  ]
}

const named = (ref: string, all: Readonly<Record<string, Schema>>): Schema =>
  all[ref.replace('#/definitions/', '')] ?? {}

function typeOf(schema: Schema, all: Readonly<Record<string, Schema>>): string {
  const { $ref, anyOf, type, items, pattern, minimum, maximum } = schema
  if ($ref !== undefined) return typeOf(named($ref, all), all)
  if (anyOf !== undefined) {
    const each = anyOf.filter(one => one.type !== 'null').map(one => typeOf(one, all))
    return [...new Set(each)].join(' or ')
  }
  if (schema.enum !== undefined) return schema.enum.map(value => `\`${value}\``).join(', ')
  if ('const' in schema) return `\`${schema.const === false ? 'off' : schema.const}\``
  switch (type) {
    case 'array':
      return `list of ${items === undefined ? 'anything' : typeOf(items, all).replace(/^text\b/, 'texts')}`
    case 'object':
      return fieldsOf(schema)
    case 'integer':
      return `${minimum} to ${maximum}`
    case 'number':
      return `number from ${minimum}${maximum === undefined ? '' : ` to ${maximum}`}`
    case 'string':
      return pattern?.includes('\\d{4}') === true ? 'date' : 'text'
    default:
      return type ?? 'anything'
  }
}

const FIELDS_BELOW = 'the fields below'

function fieldsOf({ properties = {}, additionalProperties }: Schema): string {
  if (typeof additionalProperties === 'object') return 'the fields below, by name'
  const keys = Object.keys(properties)
  return keys.length > 3 ? FIELDS_BELOW : `{ ${keys.join(', ')} }`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(POLICY_DOC, policyDoc())
