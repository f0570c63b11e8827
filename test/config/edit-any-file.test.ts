/** Edits of any file: adding and taking out again, and undoing, give the same bytes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addTrust, removeTrust, undoEdit } from '../../src/config/edit-policy.ts'
import { put, tempFolder } from '../helpers/folder.ts'

function fileWith(text: string): string {
  return put(join(tempFolder(), 'config.yaml'), text)
}

function read(file: string): string {
  return readFileSync(file, 'utf8')
}

/** Files as people may have them: any order, comments anywhere, styles mixed. */
const comment = fc.constantFrom('', ' # why', ' # a: b', '  #')
const filler = fc.constantFrom('', '# note\n', '\n', '  # indented\n', '# trust:\n#   - x\n')
const slots = fc.constantFrom('domains', 'source_control', 'hosts')
/** Texts that may stand in each of these slots. */
const trustLists = fc.oneof(
  fc.constant('trust:\n'),
  comment.map(c => `trust:${c}\n  domains:${c}\n`),
  fc.tuple(slots, comment).map(([slot, c]) => `trust:${c}\n    ${slot}: []${c}\n`),
  fc.constant('trust:\n  domains: [ ]\n'),
  fc
    .tuple(slots, comment, comment, filler, fc.constantFrom('  ', '    ', '      '))
    .map(
      ([slot, c, d, f, pad]) =>
        `trust:${c}\n${f}  ${slot}:${d}\n${f}${pad}- a.example${d}\n${f}${pad}- "*.b.example"${c}\n`,
    ),
  fc
    .tuple(slots, comment)
    .map(([slot, c]) => `trust:\n  ${slot}: [a.example, "*.b.example"]${c}\n`),
  fc.tuple(slots, comment).map(([slot, c]) => `trust: # x\n ${slot}:\n - a.example${c}\n`),
  comment.map(c => `trust:\n  domains: [a.example,${c}\n    "*.b.example"${c}\n    ]\n`),
  comment.map(
    c => `trust:\n  domains:\n    - entry: a.example${c}\n      note: x${c}\n  hosts: []\n`,
  ),
  comment.map(c => `trust: ${ALL_ON_ONE_LINE}${c}\n`),
)
/** Taking the last entry of a slot out of a line leaves the slot, so all that are tried are there. */
const ALL_ON_ONE_LINE =
  '{ domains: [a.example], source_control: [], buckets: [], services: [ ], clusters: [] }'
const projects = fc.oneof(
  comment.map(c => `projects:${c}\n`),
  comment.map(c => `projects:\n  /srv/app:${c}\n`),
  comment.map(c => `projects:\n  /srv/app:\n    role: guard${c}\n`),
  comment.map(c => `projects:\n  /srv/app:\n    trust:${c}\n`),
  comment.map(c => `projects:\n  /srv/app:\n    trust:\n      domains:${c}\n      # x\n`),
  comment.map(
    c =>
      `projects:\n    /srv/app:\n        trust:\n            domains:\n            - a.example${c}\n`,
  ),
  comment.map(c => `projects:\n  /srv/app:\n    sensitive: { data: ["s3://x"] }${c}\n`),
  comment.map(c => `projects:\n  /srv/other: {role: guard}${c}\n`),
)
const others = fc.constantFrom('theme: dark\n', 'theme: "dark" # x\n', 'prices: {}\n')
const document = fc
  .tuple(
    filler,
    fc.shuffledSubarray([0, 1, 2]),
    fc.tuple(trustLists, projects, others),
    filler,
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    fc.constantFrom('', '\uFEFF'),
  )
  .map(([head, order, parts, tail, eol, open, bom]) => {
    const text = head + order.map(i => `${parts[i]}${tail}`).join('')
    return bom + (open ? text.replace(/\n$/, '') : text).replaceAll('\n', eol)
  })
const added = fc.record({
  place: fc.constantFrom(
    { slot: 'source_control', entry: 'github.com/acme' } as const,
    { slot: 'domains', entry: '*.corp.example' } as const,
    { slot: 'buckets', entry: 's3://b/p' } as const,
    { slot: 'services', entry: 'slack:acme/#dev' } as const,
    { slot: 'clusters', entry: 'k8s:c' } as const,
  ),
  project: fc.constantFrom('', '/srv/app', '/srv/new'),
  note: fc.constantFrom('', 'a note: "x" # y'),
})

describe('any file', () => {
  test('adding and taking out again gives the same bytes', () => {
    fc.assert(
      fc.property(document, added, (text, { place, ...more }) => {
        const file = fileWith(text)
        const trust = { ...place, ...more }
        addTrust(file, trust)
        const between = read(file)
        for (const line of text.split(/\r?\n/).filter(it => it.includes('#')))
          expect(between).toContain(
            line
              .replace(/^\uFEFF/, '')
              .trim()
              .replace(/^.*?(?=#)/, ''),
          )
        removeTrust(file, trust)
        expect(read(file)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  test('every edit is taken back to the byte', () => {
    fc.assert(
      fc.property(document, added, (text, { place, ...more }) => {
        const file = fileWith(text)
        undoEdit(addTrust(file, { ...place, ...more }))
        expect(read(file)).toBe(text)
        undoEdit(removeTrust(file, { slot: 'domains', entry: 'a.example', ...more }))
        expect(read(file)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })
})
