/** What editors are given: it is current, says something of every field, and fits what people write. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { FIELDS } from '../../scripts/policy-fields.ts'
import { DOCS, definitions, fieldAt, type Schema, schemaFiles } from '../../scripts/schema.ts'
import { managedTemplate, userTemplate } from '../../src/commands/config-template.ts'
import { yamlIn } from '../helpers/docs.ts'
import { misfits } from '../helpers/json-schema.ts'

const ALL = definitions()
const kind = (name: 'user' | 'managed' | 'repository'): Schema => ALL[name] ?? {}

test.each(Object.entries(schemaFiles()))(
  "%s is current; 'npm run schema' writes it",
  (name, text) => {
    expect(readFileSync(join(DOCS, name), 'utf8')).toBe(text)
  },
)

/** Every property with its path, as `FIELDS` names them. */
function pathsIn(schema: Schema, at = ''): string[] {
  const { anyOf = [], items, properties = {}, additionalProperties: values } = schema
  const inside = [
    ...anyOf,
    ...(items ? [items] : []),
    ...(typeof values === 'object' ? [values] : []),
  ]
  return [
    ...inside.flatMap(one => pathsIn(one, at)),
    ...Object.entries(properties).flatMap(([key, property]) => {
      const path = at === '' ? key : `${at}.${key}`
      return [path, ...pathsIn(property, path)]
    }),
  ]
}

const PATHS = new Set([
  ...(['user', 'managed', 'repository'] as const).flatMap(name => pathsIn(kind(name))),
  ...['trust', 'sensitive'].flatMap(name => pathsIn(ALL[name] ?? {}, name)),
])

test.each([...PATHS])('%s has a description', path => {
  expect(fieldAt(path)?.about).toMatch(/./)
})

test('nothing is described that is not there', () => {
  const known = [...PATHS].map(path => path.replace(/^(trust|sensitive)\.\w+\.(?=\w)/, 'entry.'))
  expect(Object.keys(FIELDS).filter(path => !known.includes(path))).toEqual([])
})

describe('what a template says to an editor', () => {
  const approval = { by: '', on: '2026-11-24' }
  test.each([
    ['config', userTemplate(approval)],
    ['managed', managedTemplate(approval)],
  ])('%s: a schema that is installed with the program', (name, text) => {
    const [, href = ''] = /^# yaml-language-server: \$schema=(file:\S+)\n/.exec(text) ?? []
    const path = fileURLToPath(href)
    expect(path).toMatch(new RegExp(`/docs/${name}\\.schema\\.json$`))
    expect(existsSync(path)).toBe(true)
    const { files } = JSON.parse(readFileSync(join(DOCS, '../package.json'), 'utf8'))
    expect(files).toContain('docs/*.schema.json')
  })
})

describe('what people write', () => {
  const uncommented = (text: string): string =>
    text.replace(/^# Check it.*$/gm, '').replace(/^# ?(?=[a-z_]+: *(\S.*)?$| {2,}\S)/gm, '')

  test.each([
    ['the template', kind('user'), uncommented(userTemplate({ by: 'Ada', on: '2026-11-24' }))],
    [
      'the managed template',
      kind('managed'),
      uncommented(managedTemplate({ by: 'Ada', on: '2026-11-24' })),
    ],
  ])('%s fits', (_, schema, text) => {
    const value = parse(text)
    expect(Object.keys(value).length).toBeGreaterThan(8)
    expect(misfits(schema, value, ALL)).toEqual([])
  })

  const documents = ['README.md', ...readdirSync(DOCS).map(name => `docs/${name}`)]
  const examples = documents.filter(name => name.endsWith('.md')).flatMap(yamlIn)
  test.each(examples)('$file:$line fits', ({ kind: name, text }) => {
    expect(misfits(kind(name), parse(text), ALL)).toEqual([])
  })
})

test.each([
  ['breaker: { in_row: 0 }', '/breaker/in_row: out of bounds'],
  ['bogus: 1', '/: bogus is not allowed'],
  ['roles: { default: judge }', '/roles/default: is none of watch, guard, decide'],
  ['auto_mode: { enabled_by: Ada }', '/auto_mode: lacks enabled_on'],
  ['rules: [{ id: a b, tier: ask, reason: x }]', '/rules/0/id: not ^[a-z0-9][a-z0-9._-]*$'],
  ['trust: { domain: [a.example] }', '/trust: domain is not allowed'],
])('an editor marks %s', (text, says) => {
  expect(misfits(kind('user'), parse(text), ALL)).toEqual([says])
})
