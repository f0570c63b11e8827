/** Edits of config.yaml: only what was asked for changes, and it can be taken back to the byte. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addTrust,
  enableAutoMode,
  removeTrust,
  setPlatform,
  undoEdit,
} from '../../src/config/edit-policy.ts'
import { put, tempFolder } from '../helpers/folder.ts'

function fileWith(text: string): string {
  return put(join(tempFolder(), 'config.yaml'), text)
}

function read(file: string): string {
  return readFileSync(file, 'utf8')
}

describe('adding', () => {
  const CASES: readonly (readonly [string, string, string])[] = [
    ['an empty file', '', 'trust:\n  - github.com/acme\n'],
    ['a file of comments', '# mine\n', '# mine\ntrust:\n  - github.com/acme\n'],
    [
      'behind the last of a list, before the comment below it',
      'trust:\n- a.example # one\n# end\ntheme: dark\n',
      'trust:\n- a.example # one\n- github.com/acme\n# end\ntheme: dark\n',
    ],
    ['a list on one line', 'trust: [a.example] # x\n', 'trust: [a.example, github.com/acme] # x\n'],
    ['an empty list', 'trust: []\n', 'trust: [github.com/acme]\n'],
    [
      'a key without a value, and its comment',
      'trust: # nothing yet\n  # - b.example\ntheme: dark\n',
      'trust: # nothing yet\n- github.com/acme\n  # - b.example\ntheme: dark\n',
    ],
    ['no line break at the end', 'theme: dark', 'theme: dark\ntrust:\n  - github.com/acme'],
    ['CRLF', 'theme: dark\r\n', 'theme: dark\r\ntrust:\r\n  - github.com/acme\r\n'],
    [
      'an entry of several lines before it',
      'trust:\n  - entry: a.example\n    note: |\n      long\ntheme: dark\n',
      'trust:\n  - entry: a.example\n    note: |\n      long\n  - github.com/acme\ntheme: dark\n',
    ],
  ]

  test.each(CASES)('%s', (_, before, after) => {
    const file = fileWith(before)
    expect(addTrust(file, { entry: 'github.com/acme' })).toMatchObject({
      done: true,
      before: null,
      after: { note: '', expires: '' },
    })
    expect(read(file)).toBe(after)
    removeTrust(file, 'github.com/acme')
    expect(read(file)).toBe(before)
  })

  test('for one project, with a note and an expiry, quoted where it must be', () => {
    const file = fileWith('projects:\n  /srv/app:\n    role: decide # ours\n')
    addTrust(file, {
      entry: '*.corp.example',
      project: '/srv/app/',
      note: 'ask Ada: "why"',
      expires: '2026-12-31',
    })
    expect(read(file)).toBe(
      'projects:\n  /srv/app:\n    role: decide # ours\n    trust:\n' +
        '      - { entry: "*.corp.example", note: "ask Ada: \\"why\\"", expires: 2026-12-31 }\n',
    )
  })

  test('what is there already changes nothing, another note or expiry does', () => {
    const file = fileWith('trust:\n  - github.com/acme # ours\n')
    expect(addTrust(file, { entry: 'github.com/acme' }).done).toBe(false)
    const edit = addTrust(file, { entry: 'github.com/acme', expires: '2027-01-01' })
    expect(edit).toMatchObject({ done: true, before: { expires: '' } })
    expect(read(file)).toBe('trust:\n  - { entry: github.com/acme, expires: 2027-01-01 } # ours\n')
    undoEdit(edit)
    expect(read(file)).toBe('trust:\n  - github.com/acme # ours\n')
  })

  test('a document that ends explicitly keeps its comments', () => {
    const file = fileWith('---\n# mine\ntheme: dark # yes\n...\n')
    addTrust(file, { entry: 'github.com/acme' })
    expect(read(file)).toMatch(/# mine\ntheme: dark # yes\ntrust:\n {2}- github.com\/acme\n/)
  })

  test('a file and a folder of its own, for nobody else to read', () => {
    const folder = join(tempFolder(), 'new')
    const file = join(folder, 'config.yaml')
    const edit = addTrust(file, { entry: 'github.com/acme' })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder)).toEqual(['config.yaml'])
    undoEdit(edit)
    expect(existsSync(file)).toBe(false)
  })

  test('a link stays a link', () => {
    const real = fileWith('theme: dark\n')
    const link = join(tempFolder(), 'config.yaml')
    symlinkSync(real, link)
    addTrust(link, { entry: 'github.com/acme' })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(read(real)).toContain('github.com/acme')
  })
})

describe('what is refused, and changes nothing', () => {
  test.each([
    ['broken YAML', 'trust: [\n', /config\.yaml:\d+:\d+: /],
    ['a key that is not known', 'theme: dark\ntrst: []\n', /config\.yaml:2:1: trst: is not known/],
    ['two documents', 'theme: dark\n---\ntheme: light\n', /config\.yaml:\d+:\d+: /],
    ['an alias to nothing', 'theme: *x\n', /config\.yaml:1:1: Unresolved alias/],
  ])('%s', (_, text, says) => {
    const file = fileWith(text)
    expect(() => addTrust(file, { entry: 'github.com/acme' })).toThrow(says)
    expect(() => removeTrust(file, 'github.com/acme')).toThrow(says)
    expect(() => enableAutoMode(file, { by: 'Ada', on: '2026-11-24' })).toThrow(says)
    expect(read(file)).toBe(text)
  })

  test('bytes that are no text', () => {
    const file = put(join(tempFolder(), 'config.yaml'), Buffer.from([0x23, 0xff, 0x0a]))
    expect(() => addTrust(file, { entry: 'github.com/acme' })).toThrow(/is not UTF-8/)
    expect([...readFileSync(file)]).toEqual([0x23, 0xff, 0x0a])
  })

  test.each([
    [{ entry: '*' }, /would trust everything/],
    [{ entry: 'a.example', expires: '2026-02-30' }, /no date/],
    [{ entry: 'a.example', note: 'two\nlines' }, /one line/],
    [{ entry: 'a.example', project: 'relative' }, /absolute/],
  ])('%j', (trust, says) => {
    const file = fileWith('')
    expect(() => addTrust(file, trust)).toThrow(says)
    expect(read(file)).toBe('')
  })
})

describe('undo', () => {
  test('a removal comes back where it was, with its comment', () => {
    const text = 'trust:\n  # company\n  - github.com/acme # all of it\n  - b.example\n'
    const file = fileWith(text)
    const edit = removeTrust(file, 'github.com/acme')
    expect(read(file)).toBe('trust:\n  # company\n  - b.example\n')
    expect(undoEdit(edit)).toMatchObject({ done: true, before: null, after: { note: '' } })
    expect(read(file)).toBe(text)
  })

  test('after somebody else changed the file, by its meaning', () => {
    const file = fileWith('theme: dark\n')
    const edit = addTrust(file, { entry: 'github.com/acme' })
    put(file, `# new\n${read(file)}prices: {}\n`)
    undoEdit(edit)
    expect(read(file)).toBe('# new\ntheme: dark\nprices: {}\n')
  })
})

describe('auto mode and platforms', () => {
  test('who enabled it stands beside the rest, and can be replaced', () => {
    const file = fileWith('# mine\ntheme: dark\n')
    enableAutoMode(file, { by: 'Ada Lovelace', on: '2026-11-24' })
    expect(read(file)).toBe(
      '# mine\ntheme: dark\nauto_mode: { enabled_by: "Ada Lovelace", enabled_on: 2026-11-24 }\n',
    )
    enableAutoMode(file, { by: 'Bob', on: '2026-11-25' })
    expect(read(file)).toContain('enabled_by: "Bob", enabled_on: 2026-11-25')
  })

  test('a block keeps its lines and comments', () => {
    const file = fileWith(
      'auto_mode: # who\n  enabled_by: Ada # me\n  enabled_on: 2026-01-01\n# end\ntheme:   dark\n',
    )
    enableAutoMode(file, { by: 'Bob', on: '2026-11-25' })
    expect(read(file)).toBe(
      'auto_mode: # who\n  enabled_by: "Bob" # me\n  enabled_on: 2026-11-25\n# end\ntheme:   dark\n',
    )
  })

  test('a folder that cannot be made is told in one line', () => {
    const file = join(fileWith(''), 'below', 'config.yaml')
    expect(() => enableAutoMode(file, { by: 'Bob', on: '2026-11-25' })).toThrow(
      /cannot be (made|read)/,
    )
  })

  test('the first platform of a user keeps the built-in one', () => {
    const file = fileWith('')
    setPlatform(file, 'https://gateway.example', 'decide')
    expect(read(file)).toBe(
      'platforms:\n  - anthropic\n  - { platform: "https://gateway.example", role: decide }\n',
    )
    setPlatform(file, 'https://gateway.example/', null)
    expect(read(file)).toContain('  - "https://gateway.example/"\n')
    expect(() => setPlatform(file, 'https://me:pw@gateway.example', null)).toThrow(/no platform/)
  })
})

/** Files as people may have them: any order, comments anywhere, styles mixed. */
const comment = fc.constantFrom('', ' # why', ' # a: b', '  #')
const filler = fc.constantFrom('', '# note\n', '\n', '  # indented\n', '# trust:\n#   - x\n')
const trustList = fc.oneof(
  fc.constant('trust:\n'),
  fc.constant('trust: []\n'),
  fc.constant('trust: [ ]\n'),
  comment.map(c => `trust:${c}\n`),
  fc
    .tuple(comment, comment, filler, fc.constantFrom('', '  ', '    '))
    .map(
      ([c, d, f, pad]) => `trust:${c}\n${f}${pad}- a.example${d}\n${f}${pad}- "*.b.example"${c}\n`,
    ),
  comment.map(c => `trust: [a.example, "*.b.example"]${c}\n`),
  comment.map(c => `trust: [a.example,${c}\n  "*.b.example"${c}\n  ]\n`),
  comment.map(c => `trust:\n  - entry: a.example${c}\n    note: x${c}\n`),
)
const projects = fc.oneof(
  comment.map(c => `projects:${c}\n`),
  comment.map(c => `projects:\n  /srv/app:${c}\n`),
  comment.map(c => `projects:\n  /srv/app:\n    role: guard${c}\n`),
  comment.map(c => `projects:\n  /srv/app:\n    trust:${c}\n`),
  comment.map(c => `projects:\n    /srv/app:\n        trust:\n        - a.example${c}\n`),
  comment.map(c => `projects:\n  /srv/other: {role: guard}${c}\n`),
)
const others = fc.constantFrom('theme: dark\n', 'theme: "dark" # x\n', 'prices: {}\n')
const document = fc
  .tuple(
    filler,
    fc.shuffledSubarray([0, 1, 2]),
    fc.tuple(trustList, projects, others),
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
  entry: fc.constantFrom(
    'github.com/acme',
    '*.corp.example',
    's3://b/p',
    'slack:acme/#dev',
    'k8s:c',
  ),
  project: fc.constantFrom('', '/srv/app', '/srv/new'),
  note: fc.constantFrom('', 'a note: "x" # y'),
})

describe('any file', () => {
  test('adding and taking out again gives the same bytes', () => {
    fc.assert(
      fc.property(document, added, (text, trust) => {
        const file = fileWith(text)
        addTrust(file, trust)
        const between = read(file)
        for (const line of text.split(/\r?\n/).filter(it => it.includes('#')))
          expect(between).toContain(
            line
              .replace(/^\uFEFF/, '')
              .trim()
              .replace(/^.*?(?=#)/, ''),
          )
        removeTrust(file, trust.entry, trust.project)
        expect(read(file)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  test('every edit is taken back to the byte', () => {
    fc.assert(
      fc.property(document, added, (text, trust) => {
        const file = fileWith(text)
        undoEdit(addTrust(file, trust))
        expect(read(file)).toBe(text)
        undoEdit(removeTrust(file, 'a.example', trust.project))
        expect(read(file)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })
})
