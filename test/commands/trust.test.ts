/** `signalbox trust`, as a person uses it. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/commands/trust.ts'
import { UsageError } from '../../src/config/usage-error.ts'
import { put } from '../helpers/folder.ts'
import { desk } from './desks.ts'

const read = (path: string): string => readFileSync(path, 'utf8')

describe('add, remove, undo', () => {
  test('write to the config, and come back', async () => {
    const at = desk()
    put(at.configFile, '# mine\ntheme: dark\n')
    expect(await run(['add', 'github.com/acme', '--note', 'ours', '--expires', '30d'], at)).toBe(0)
    expect(at.printed[0]).toBe(
      `github.com/acme: trusted under source_control, everywhere until 2026-12-24 (${at.configFile})`,
    )
    expect(read(at.configFile)).toBe(
      '# mine\ntheme: dark\ntrust:\n  source_control:\n    - { entry: github.com/acme, note: ours, expires: 2026-12-24 }\n',
    )
    await run(['remove', 'github.com/acme'], at)
    expect(read(at.configFile)).toBe('# mine\ntheme: dark\n')
    await run(['undo'], at)
    expect(read(at.configFile)).toContain('github.com/acme')
    await run(['undo'], at)
    expect(read(at.configFile)).toBe('# mine\ntheme: dark\n')
    await expect(run(['undo'], at)).rejects.toThrow(/no edit of trust to take back/)
    expect(statSync(join(at.places.state, 'trust-history.json')).mode & 0o777).toBe(0o600)
    expect(statSync(at.places.state).mode & 0o777).toBe(0o700)
  })

  test('for one project, named from where one is', async () => {
    const at = desk()
    await run(['add', 'staging.acme.example', '--project', '.', '--json'], at)
    expect(JSON.parse(at.printed[0] ?? '')).toMatchObject({ done: true, project: at.cwd })
    await expect(run(['remove', 'staging.acme.example'], at)).rejects.toThrow(
      `say --project ${at.cwd}`,
    )
    expect(await run(['remove', 'staging.acme.example', '--project', '.'], at)).toBe(0)
  })

  test('a second time changes nothing, and undo takes back what did', async () => {
    const at = desk()
    await run(['add', 'a.example'], at)
    await run(['add', 'a.example'], at)
    expect(at.printed[1]).toMatch(/^a\.example: trusted already under domains, everywhere/)
    await run(['undo'], at)
    expect(existsSync(at.configFile)).toBe(false)
  })

  test.each([
    [['add'], /takes one entry/],
    [['add', '*'], /would trust everything/],
    [['add', 'github.com'], /name whose/],
    [['add', 'a.example', '--expires', 'soon'], /no date/],
    [['add', 'xn--cme-5cd.dev'], /looks like another host: it is xn--cme-5cd\.dev.*--yes/],
    [['remove', 'a.example'], /is not in /],
    [['list', 'x'], /unexpected 'x'/],
    [['add', 'a.example', '--nope'], /--nope/],
    [
      ['add', 'a.example', '--as', 'domain'],
      /^'domain' is no slot of trust; the slots are source_/,
    ],
    [['add', 'github.com/acme', '--as', 'domains'], /^'github.com\/acme' .* under source_control$/],
    [['add', 'prod', '--as', 'clusters'], /write k8s:prod if you mean one$/],
    [['remove', 'a.example', '--as', 'x'], /^'x' is no slot/],
    [['list', '--as', 'x'], /^'x' is no slot/],
    [['grow'], /add, remove, list, undo or sync, not 'grow'/],
    [[], /add, remove, list, undo or sync$/],
  ])('%j is refused', async (args, says) => {
    const at = desk()
    await expect(run(args, at)).rejects.toThrow(says)
    await expect(run(args, at)).rejects.toBeInstanceOf(UsageError)
    expect(existsSync(at.configFile)).toBe(false)
  })

  test.each([
    ['github.com/acme', 'source_control'],
    ['*.corp.example', 'domains'],
    ['build02.acme.example', 'domains'],
    ['deploy@host', 'hosts'],
    ['ghcr.io/acme', 'registries'],
    ['docker.io/x', 'registries'],
    ['https://npm.acme.example', 'domains'],
    ['s3://builds/app', 'buckets'],
    ['slack:acme/#dev', 'services'],
    ['k8s:dev', 'clusters'],
    ['postgres://db.acme.example/app', 'databases'],
    ['mcp:files', 'mcp'],
    ['/srv/shared', 'paths'],
  ])('%s is taken for one of %s, and the output says so', async (entry, slot) => {
    const at = desk()
    await run(['add', entry], at)
    expect(at.printed[0]).toBe(`${entry}: trusted under ${slot}, everywhere (${at.configFile})`)
    await run(['add', entry, '--note', 'x', '--json'], at)
    expect(JSON.parse(at.printed.at(-1) ?? '')).toMatchObject({ slot, entry, before: { note: '' } })
    await run(['list', '--as', slot, '--json'], at)
    expect(JSON.parse(at.printed.at(-1) ?? '').entries).toMatchObject([{ slot, entry, note: 'x' }])
    await run(['remove', entry], at)
    expect(existsSync(at.configFile) ? read(at.configFile) : '').toBe('')
  })

  test('a name like a registry’s is offered as one; --as takes it so', async () => {
    const at = desk()
    await run(['add', 'https://npm.acme.example'], at)
    expect(at.printed[1]).toContain("'--as registries'")
    await run(['add', 'https://npm.acme.example', '--as', 'registries'], at)
    expect(at.printed.slice(2)).toEqual([
      `https://npm.acme.example: trusted under registries, everywhere (${at.configFile})`,
    ])
    expect(read(at.configFile)).toBe(
      'trust:\n  domains:\n    - https://npm.acme.example\n  registries:\n    - https://npm.acme.example\n',
    )
    await expect(run(['remove', 'https://npm.acme.example'], at)).rejects.toThrow(
      "'https://npm.acme.example' is trusted under domains and registries; say which one: --as domains",
    )
    await expect(run(['remove', 'https://npm.acme.example', '--as', 'hosts'], at)).rejects.toThrow(
      /is trusted under domains \(.*:3\); say --as domains$/,
    )
    await run(['remove', 'https://npm.acme.example', '--as', 'domains'], at)
    expect(read(at.configFile)).toBe('trust:\n  registries:\n    - https://npm.acme.example\n')
    await run(['undo'], at)
    expect(at.printed.at(-1)).toMatch(/^taken back: .*: trusted under domains, everywhere/)
  })

  test('a policy that does not fit is not edited', async () => {
    const at = desk()
    put(at.configFile, 'trust: [a.example]\n')
    const says = /config\.yaml:1:8: trust: is one list; .*domains: \["a\.example"\]/
    await expect(run(['remove', 'a.example'], at)).rejects.toThrow(says)
    await expect(run(['add', 'b.example'], at)).rejects.toThrow(says)
  })

  test('a look-alike that is meant', async () => {
    const at = desk()
    await run(['add', 'xn--cme-5cd.dev', '--yes'], at)
    expect(at.printed[0]).toContain('(really xn--cme-5cd.dev)')
  })

  test('locked by the managed policy', async () => {
    const at = desk({ managed: '# ours\nlocked: [trust]\n' })
    for (const args of [['add', 'a.example'], ['remove', 'a.example'], ['undo']])
      await expect(run(args, at)).rejects.toThrow(
        `trust is locked by the managed policy (${at.places.managed}:2); ask its administrator`,
      )
    expect(existsSync(at.configFile)).toBe(false)
  })

  test('a managed policy that cannot be read locks it too', async () => {
    const at = desk({ managed: 'locked: [\n' })
    await expect(run(['add', 'a.example'], at)).rejects.toThrow(
      /policy\.yaml:\d+:\d+: .*until that/,
    )
  })
})

describe('list', () => {
  test('every entry, where it is good, until when, and where it stands', async () => {
    const at = desk({ managed: 'trust: { source_control: [github.com/acme] }\n' })
    put(
      at.configFile,
      'trust:\n  domains:\n  - { entry: a.example, note: old, expires: 2026-01-01 }\n  - xn--cme-5cd.dev\n',
    )
    expect(await run(['list'], at)).toBe(0)
    expect(at.printed.map(line => line.replace(/ {2,}/g, ' | '))).toEqual([
      `source_control | github.com/acme | everywhere | ${at.places.managed}:1`,
      `domains | a.example | everywhere | EXPIRED 2026-01-01 | ${at.configFile}:3 | old`,
      `domains | xn--cme-5cd.dev | everywhere | ${at.configFile}:4 | really xn--cme-5cd.dev`,
    ])
    await run(['list', '--json'], at)
    expect(JSON.parse(at.printed.at(-1) ?? '').entries).toMatchObject([
      {
        slot: 'source_control',
        entry: 'github.com/acme',
        origin: { layer: 'managed', line: 1 },
        expired: false,
      },
      { slot: 'domains', entry: 'a.example', expired: true },
      {},
    ])
    at.printed.splice(0)
    await run(['list', '--as', 'source_control'], at)
    expect(at.printed).toEqual([expect.stringContaining('github.com/acme')])
    await run(['list', '--as', 'mcp'], at)
    expect(at.printed[1]).toBe("nothing is trusted under mcp; 'signalbox trust add ENTRY' adds it")
  })
})

test('nothing is added to a file whose rules do not find what they say', async () => {
  const at = desk()
  const text = 'rules: [{ id: a, tier: ask, reason: y, command: make, match: [cmake] }]\n'
  put(at.configFile, text)
  await expect(run(['add', 'github.com/acme'], at)).rejects.toThrow(
    /config\.yaml:1:\d+: rules\.0\.match\.0: is not found by command 'make'/,
  )
  expect(readFileSync(at.configFile, 'utf8')).toBe(text)
})
