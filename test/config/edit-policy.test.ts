/** Edits of config.yaml: only what was asked for changes, and it can be taken back to the byte. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SLOTS, type Slot } from '../../src/action/slot.ts'
import {
  addTrust,
  enableAutoMode,
  removeTrust,
  setPlatform,
  undoEdit,
} from '../../src/config/edit-policy.ts'
import { LIKE } from '../../src/config/entry-slot.ts'
import { UsageError } from '../../src/config/usage-error.ts'
import { put, tempFolder } from '../helpers/folder.ts'

function fileWith(text: string): string {
  return put(join(tempFolder(), 'config.yaml'), text)
}

function read(file: string): string {
  return readFileSync(file, 'utf8')
}

const ACME = { slot: 'source_control', entry: 'github.com/acme' } as const

/** A second entry of each slot. */
const OTHER: Readonly<Record<Slot, string>> = {
  source_control: 'gitlab.com/acme/team',
  domains: 'api.corp.example:8443',
  buckets: 'gs://other',
  services: 'jira:OPS',
  registries: 'https://npm.corp.example',
  hosts: 'build03',
  clusters: 'k8s:dev',
  databases: 'db.corp.example',
  mcp: 'mcp:files',
  paths: '~/notes',
}

describe('adding', () => {
  const CASES: readonly (readonly [string, string, string])[] = [
    ['an empty file', '', 'trust:\n  source_control:\n    - github.com/acme\n'],
    [
      'a file of comments',
      '# mine\n',
      '# mine\ntrust:\n  source_control:\n    - github.com/acme\n',
    ],
    [
      'behind the last of its slot, before the comment below it',
      'trust:\n  source_control:\n  - gitlab.com/a # one\n  # end\n  domains: [a.example]\ntheme: dark\n',
      'trust:\n  source_control:\n  - gitlab.com/a # one\n  - github.com/acme\n  # end\n  domains: [a.example]\ntheme: dark\n',
    ],
    [
      'a slot beside others, before the comment below them',
      'trust:\n  domains: # names\n    - a.example # one\n# end\ntheme: dark\n',
      'trust:\n  domains: # names\n    - a.example # one\n  source_control:\n    - github.com/acme\n# end\ntheme: dark\n',
    ],
    [
      'a list on one line',
      'trust:\n  source_control: [gitlab.com/a] # x\n',
      'trust:\n  source_control: [gitlab.com/a, github.com/acme] # x\n',
    ],
    [
      'slots on one line',
      'trust: { domains: [a.example], source_control: [gitlab.com/a] } # x\n',
      'trust: { domains: [a.example], source_control: [gitlab.com/a, github.com/acme] } # x\n',
    ],
    [
      'an empty list',
      'trust:\n  source_control: []\n',
      'trust:\n  source_control: [github.com/acme]\n',
    ],
    [
      'a slot without a value, and its comment',
      'trust:\n  source_control: # nothing yet\n    # - b.example\ntheme: dark\n',
      'trust:\n  source_control: # nothing yet\n  - github.com/acme\n    # - b.example\ntheme: dark\n',
    ],
    [
      'trust without a value, and its comment',
      'trust: # nothing yet\n  # domains: [b.example]\ntheme: dark\n',
      'trust: # nothing yet\n    source_control:\n      - github.com/acme\n  # domains: [b.example]\ntheme: dark\n',
    ],
    [
      'no line break at the end',
      'theme: dark',
      'theme: dark\ntrust:\n  source_control:\n    - github.com/acme',
    ],
    [
      'CRLF',
      'theme: dark\r\n',
      'theme: dark\r\ntrust:\r\n  source_control:\r\n    - github.com/acme\r\n',
    ],
    [
      'an entry of several lines before it',
      'trust:\n  source_control:\n    - entry: gitlab.com/a\n      note: |\n        long\ntheme: dark\n',
      'trust:\n  source_control:\n    - entry: gitlab.com/a\n      note: |\n        long\n    - github.com/acme\ntheme: dark\n',
    ],
  ]

  test.each(CASES)('%s', (_, before, after) => {
    const file = fileWith(before)
    expect(addTrust(file, ACME)).toMatchObject({
      done: true,
      slot: 'source_control',
      before: null,
      after: { note: '', expires: '' },
    })
    expect(read(file)).toBe(after)
    removeTrust(file, ACME)
    expect(read(file)).toBe(before)
  })

  test.each(SLOTS)('in %s, with the comments around it', slot => {
    const text = `# all\ntrust: # mine\n  # above\n  ${slot}: # these\n    - "${LIKE[slot]}" # one\n    # end\n# last\n`
    const file = fileWith(text)
    const place = { slot, entry: OTHER[slot] }
    const edit = addTrust(file, { ...place, note: 'two: yes' })
    expect(read(file)).toMatch(
      / # one\n {4}- \{ entry: .*note: "two: yes" \}\n {4}# end\n# last\n$/,
    )
    expect(read(file).replace(/.*two: yes.*\n/, '')).toBe(text)
    removeTrust(file, { slot, entry: LIKE[slot] })
    expect(read(file)).toMatch(
      /^# all\ntrust: # mine\n {2}# above\n.* # these\n {4}- \{.*\n {4}# end\n/,
    )
    addTrust(file, { slot, entry: LIKE[slot] })
    undoEdit(edit)
    expect(read(file).match(/# .*/g)).toEqual(text.match(/# .*/g)?.filter(it => it !== '# one'))
  })

  test('for one project, with a note and an expiry, quoted where it must be', () => {
    const file = fileWith('projects:\n  /srv/app:\n    role: decide # ours\n')
    addTrust(file, {
      slot: 'domains',
      entry: '*.corp.example',
      project: '/srv/app/',
      note: 'ask Ada: "why"',
      expires: '2026-12-31',
    })
    expect(read(file)).toBe(
      'projects:\n  /srv/app:\n    role: decide # ours\n    trust:\n      domains:\n' +
        '        - { entry: "*.corp.example", note: "ask Ada: \\"why\\"", expires: 2026-12-31 }\n',
    )
  })

  test('what is there already changes nothing, another note or expiry does', () => {
    const text = 'trust:\n  source_control:\n    - github.com/acme # ours\n'
    const file = fileWith(text)
    expect(addTrust(file, ACME).done).toBe(false)
    const edit = addTrust(file, { ...ACME, expires: '2027-01-01' })
    expect(edit).toMatchObject({ done: true, before: { expires: '' } })
    expect(read(file)).toBe(
      text.replace('github.com/acme', '{ entry: github.com/acme, expires: 2027-01-01 }'),
    )
    undoEdit(edit)
    expect(read(file)).toBe(text)
  })

  test('the same text in another slot is another entry', () => {
    const file = fileWith('trust:\n  domains: [build02.acme.example]\n')
    const place = { slot: 'hosts', entry: 'build02.acme.example' } as const
    expect(addTrust(file, place).done).toBe(true)
    expect(removeTrust(file, { ...place, slot: 'services' }).done).toBe(false)
    removeTrust(file, place)
    expect(read(file)).toBe('trust:\n  domains: [build02.acme.example]\n')
  })

  test('a slot that is made on a line stays there, empty, and undo takes it out', () => {
    const text = 'trust: { domains: [a.example] } # x\n'
    const file = fileWith(text)
    undoEdit(addTrust(file, ACME))
    expect(read(file)).toBe(text)
    addTrust(file, ACME)
    removeTrust(file, ACME)
    expect(read(file)).toBe('trust: { domains: [a.example], source_control: [] } # x\n')
  })

  test('a document that ends explicitly keeps its comments', () => {
    const file = fileWith('---\n# mine\ntheme: dark # yes\n...\n')
    addTrust(file, ACME)
    expect(read(file)).toMatch(
      /# mine\ntheme: dark # yes\ntrust:\n {2}source_control:\n {4}- github.com\/acme\n/,
    )
  })

  test('a file and a folder of its own, for nobody else to read', () => {
    const folder = join(tempFolder(), 'new')
    const file = join(folder, 'config.yaml')
    const edit = addTrust(file, ACME)
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
    addTrust(link, ACME)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(read(real)).toContain('github.com/acme')
  })
})

describe('what is refused, and changes nothing', () => {
  test.each([
    ['broken YAML', 'trust: [\n', /config\.yaml:\d+:\d+: /],
    ['a key that is not known', 'theme: dark\ntrst: []\n', /config\.yaml:2:1: trst: is not known/],
    ['a list without slots', 'trust: [a.example]\n', /config\.yaml:1:8: trust: is one list/],
    ['two documents', 'theme: dark\n---\ntheme: light\n', /config\.yaml:\d+:\d+: /],
    ['an alias to nothing', 'theme: *x\n', /config\.yaml:1:1: Unresolved alias/],
  ])('%s', (_, text, says) => {
    const file = fileWith(text)
    expect(() => addTrust(file, ACME)).toThrow(says)
    expect(() => removeTrust(file, ACME)).toThrow(says)
    expect(() => enableAutoMode(file, { by: 'Ada', on: '2026-11-24' })).toThrow(says)
    expect(read(file)).toBe(text)
  })

  test.each([
    ['an anchor and nothing else', ' &a'],
    ['a tag and nothing else', '!!null'],
  ])('%s', (_, text) => {
    const file = fileWith(text)
    expect(() => addTrust(file, ACME)).toThrow(UsageError)
    expect(read(file)).toBe(text)
  })

  test('bytes that are no text', () => {
    const file = put(join(tempFolder(), 'config.yaml'), Buffer.from([0x23, 0xff, 0x0a]))
    expect(() => addTrust(file, ACME)).toThrow(/is not UTF-8/)
    expect([...readFileSync(file)]).toEqual([0x23, 0xff, 0x0a])
  })

  test.each([
    [{ entry: '*' }, /would trust everything/],
    [{ entry: 's3://b' }, /is not a host by its name alone; it belongs under buckets/],
    [{ entry: 'a.example', expires: '2026-02-30' }, /no date/],
    [{ entry: 'a.example', note: 'two\nlines' }, /one line/],
    [{ entry: 'a.example', project: 'relative' }, /absolute/],
  ])('%j', (trust, says) => {
    const file = fileWith('')
    expect(() => addTrust(file, { slot: 'domains', ...trust })).toThrow(says)
    expect(read(file)).toBe('')
  })
})

describe('undo', () => {
  test('a removal comes back where it was, with its comment', () => {
    const text =
      'trust:\n  source_control:\n    # company\n    - github.com/acme # all of it\n    - gitlab.com/b\n'
    const file = fileWith(text)
    const edit = removeTrust(file, ACME)
    expect(read(file)).toBe('trust:\n  source_control:\n    # company\n    - gitlab.com/b\n')
    expect(undoEdit(edit)).toMatchObject({ done: true, before: null, after: { note: '' } })
    expect(read(file)).toBe(text)
  })

  test('after somebody else changed the file, by its meaning', () => {
    const file = fileWith('theme: dark\n')
    const edit = addTrust(file, ACME)
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
