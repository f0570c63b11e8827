/** The policy that the gate goes by: taken up live, edited with comments kept, the last good one kept. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Policies } from '../../src/gate/policies.ts'
import { tempFolder } from '../helpers/folder.ts'

const MINE =
  '# mine\ntheme: light # too\ntrust:\n  source_control:\n    - github.com/acme # the company\n'

const BUILDS = { slot: 'buckets', entry: 's3://builds/app' } as const

function policiesOn(text: string) {
  const config = join(tempFolder(), 'signalbox')
  mkdirSync(config)
  const file = join(config, 'config.yaml')
  writeFileSync(file, text)
  const policies = new Policies({ config, managed: join(config, 'managed.yaml'), managedOwner: 0 })
  const entries = (): string[] =>
    policies.of('').trust.map(({ entry, note }) => `${entry} ${note}`.trim())
  return { policies, entries, file, text: () => readFileSync(file, 'utf8') }
}

describe('the gate’s policy', () => {
  test('an edit from outside is in force with the next call', () => {
    const { entries, file } = policiesOn(MINE)
    expect(entries()).toEqual(['github.com/acme'])
    writeFileSync(file, MINE.replace('acme', 'other'))
    expect(entries()).toEqual(['github.com/other'])
  })

  test('a file that breaks leaves the last good one in force, and says where it is wrong', () => {
    const { entries, policies, file } = policiesOn(MINE)
    writeFileSync(file, 'trust: [\n  - nonsense')
    expect(entries()).toEqual(['github.com/acme'])
    expect(policies.error).toMatch(/config\.yaml:\d+:\d+: /)
    writeFileSync(file, MINE)
    expect(entries()).toEqual(['github.com/acme'])
    expect(policies.error).toBe('')
  })

  test('a rule that does not find its example breaks the file too, and nothing is written into it', () => {
    const { entries, policies, file, text } = policiesOn(MINE)
    const broken = `${MINE}rules: [{ id: a, tier: ask, reason: y, command: make, match: [cmake] }]\n`
    writeFileSync(file, broken)
    expect(policies.of('').rules).toEqual([])
    expect(policies.error).toMatch(/:6:\d+: rules\.0\.match\.0: is not found by command 'make'/)
    expect(() => policies.trust(BUILDS)).toThrow(/rules\.0\.match\.0/)
    expect(text()).toBe(broken)
    expect(entries()).toEqual(['github.com/acme'])
  })

  test('trust, another note, and both taken back to the byte', () => {
    const { entries, policies, text } = policiesOn(MINE)
    const untrust = policies.trust({ ...BUILDS, note: 'ours' })
    const unedit = policies.trust({ ...BUILDS, note: 'theirs' })
    expect(entries()).toEqual(['github.com/acme', 's3://builds/app theirs'])
    expect(text()).toContain('# the company')
    unedit()
    expect(entries()).toEqual(['github.com/acme', 's3://builds/app ours'])
    untrust()
    expect(text()).toBe(MINE)
  })

  test('what is not listed cannot be taken out, and what is too wide cannot be put in', () => {
    const { policies, text } = policiesOn(MINE)
    expect(() => policies.untrust({ slot: 'source_control', entry: 'gitlab.com/acme' })).toThrow(
      'does not list',
    )
    expect(() => policies.trust({ slot: 'domains', entry: '*.com' })).toThrow('*.com')
    expect(text()).toBe(MINE)
  })

  test('each project goes by its own files, and by one’s own, as they are now', () => {
    const { policies, file } = policiesOn(MINE)
    const [one, other] = [tempFolder(), tempFolder()]
    const tighten = (project: string, id: string): void => {
      const rule = `{ id: ${id}, tier: ask, reason: r, command: ${id} }`
      writeFileSync(join(project, '.signalbox.yaml'), `rules: [${rule}]\n`)
    }
    const rules = (): string[][] =>
      [one, other].map(project => policies.of(project).rules.map(({ id }) => id))
    tighten(one, 'make')
    expect(rules()).toEqual([['make'], []])
    tighten(other, 'tox')
    expect(rules()).toEqual([['make'], ['tox']])
    writeFileSync(file, MINE.replace('acme', 'new'))
    for (const project of [one, other, ''])
      expect(policies.of(project).trust.map(({ entry }) => entry)).toEqual(['github.com/new'])
  })

  test('a trust that is over does not count', () => {
    const { entries } = policiesOn(
      'trust:\n  source_control:\n    - { entry: github.com/acme, expires: 2020-01-01 }\n',
    )
    expect(entries()).toEqual([])
  })
})
