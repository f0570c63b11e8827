/** `signalbox trust sync`: the client's settings keep every byte that is not ours. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/commands/trust.ts'
import { put } from '../helpers/folder.ts'
import { desk } from './desks.ts'

const read = (path: string): string => readFileSync(path, 'utf8')

describe('sync', () => {
  const SETTINGS =
    '\uFEFF{\r\n\t"model": "opus", // mine\r\n\t"autoMode": {\r\n\t\t"environment": [\r\n\t\t\t"$defaults",\r\n\t\t\t"Mine: x" /* keep */\r\n\t\t]\r\n\t}\r\n}\r\n'

  const TRUST =
    'trust:\n  source_control: [github.com/acme]\n  domains: ["*.corp.example"]\n  buckets: ["s3://acme-builds"]\n'

  test('shows what changes, asks, and leaves every other byte', async () => {
    const at = desk({ says: true })
    put(at.settings, SETTINGS)
    put(at.configFile, TRUST)
    expect(await run(['sync'], at)).toBe(0)
    expect(at.printed).toEqual([
      at.settings,
      '+ Source control: github.com/acme and all repos under it',
      '+ Trusted internal domains: *.corp.example',
      '+ Trusted cloud buckets: s3://acme-builds',
      'written',
    ])
    expect(at.asked).toEqual(['Write this?'])
    expect(read(at.settings)).toBe(
      SETTINGS.replace(
        '"Mine: x" /*',
        '"Mine: x",\r\n\t\t\t"Source control: github.com/acme and all repos under it",\r\n\t\t\t"Trusted internal domains: *.corp.example",\r\n\t\t\t"Trusted cloud buckets: s3://acme-builds" /*',
      ),
    )
    expect(read(`${at.settings}.before-trust-sync`)).toBe(SETTINGS)

    put(at.configFile, 'trust: { buckets: ["s3://acme-builds"] }\n')
    await run(['sync', '--yes', '--json'], at)
    expect(JSON.parse(at.printed.at(-1) ?? '')).toMatchObject({ added: [], written: true })
    put(at.configFile, 'trust: {}\n')
    await run(['sync', '--yes'], at)
    expect(read(at.settings)).toBe(SETTINGS)
    await run(['sync'], at)
    expect(at.printed.at(-1)).toBe('it is in step already')
  })

  test('each slot in the words of the client', async () => {
    const at = desk()
    put(
      at.configFile,
      `trust:
  source_control: [github.com/acme, github.com/acme/app]
  domains: [corp.example]
  buckets: ["gs://b"]
  services: ["jira:OPS"]
  registries: [ghcr.io/acme]
  hosts: [deploy@build02]
  clusters: ["k8s:dev"]
  databases: ["postgres://db/app"]
  mcp: ["mcp:files"]
  paths: [{ entry: /srv/shared, expires: 2027-01-01 }]
`,
    )
    await run(['sync', '--yes'], at)
    expect(at.printed.slice(1, -1)).toEqual([
      '+ Source control: github.com/acme and all repos under it',
      '+ Trusted repo: github.com/acme/app',
      '+ Trusted internal domains: corp.example',
      '+ Trusted cloud buckets: gs://b',
      '+ Key internal services: jira:OPS',
      '+ Internal package registry: ghcr.io/acme',
      '+ Key internal services: deploy@build02',
      '+ Key internal services: k8s:dev',
      '+ Key internal services: postgres://db/app',
      '+ Key internal services: mcp:files',
      '+ Trusted folder outside the project: /srv/shared (until 2027-01-01)',
    ])
  })

  test('a no writes nothing', async () => {
    const at = desk({ says: false })
    put(at.settings, SETTINGS)
    put(at.configFile, 'trust: { source_control: [github.com/acme] }\n')
    await run(['sync'], at)
    expect(at.printed.at(-1)).toBe('nothing was written')
    expect(read(at.settings)).toBe(SETTINGS)
  })

  test("a line that the user wrote stays the user's", async () => {
    const at = desk()
    const own = '{"autoMode":{"environment":["Trusted internal domains: a.example"]}}'
    put(at.settings, own)
    put(at.configFile, 'trust: { domains: [a.example] }\n')
    await run(['sync', '--yes'], at)
    put(at.configFile, 'trust: {}\n')
    await run(['sync', '--yes'], at)
    expect(read(at.settings)).toBe(own)
  })

  test.each([
    ['no file', undefined],
    ['an empty object', '{}'],
    ['other settings', '{\n    "model": "opus"\n}\n'],
    ['autoMode without a list', '{"autoMode": {"classifyAllShell": true}}\n'],
    ['a comma at the end', '{\n  "model": "opus",\n}\n'],
    ['an empty list', '{"autoMode": {"environment": []}}'],
  ])('%s', async (_, text) => {
    const at = desk()
    if (text !== undefined) put(at.settings, text)
    put(at.configFile, 'trust: { domains: [a.example] }\n')
    await run(['sync', '--yes'], at)
    const after = read(at.settings)
    const { environment } = JSON.parse(after.replace(/,\n\}\n$/, '\n}\n')).autoMode
    expect(environment.at(-1)).toBe('Trusted internal domains: a.example')
    expect(environment[0] === '$defaults').toBe(!text?.includes('[]'))
    if (text?.includes('model')) expect(after).toContain('"model": "opus"')
  })

  test.each([
    ['{"autoMode": []}', /settings\.json:1:14: autoMode must be an object/],
    ['{"autoMode": {"environment": "x"}}', /must be a list of texts/],
    ['{\n "a": \n}', /settings\.json:\d+:\d+: is not valid JSON/],
    ['[]', /must be an object/],
  ])('%j is refused, and stays', async (text, says) => {
    const at = desk()
    put(at.settings, text)
    put(at.configFile, 'trust: { domains: [a.example] }\n')
    await expect(run(['sync', '--yes'], at)).rejects.toThrow(says)
    expect(read(at.settings)).toBe(text)
  })

  test('what is over or good for one project only is not told', async () => {
    const at = desk()
    put(
      at.configFile,
      'trust:\n  domains:\n    - { entry: a.example, expires: 2026-01-01 }\nprojects: { /srv/app: { trust: { domains: [b.example] } } }\n',
    )
    await run(['sync', '--yes'], at)
    expect(at.printed).toEqual([
      at.settings,
      '! b.example is not told to the client: it is good in /srv/app only',
      'it is in step already',
    ])
    expect(existsSync(at.settings)).toBe(false)
  })

  test('a policy that does not fit is not told', async () => {
    const at = desk()
    put(at.configFile, 'trust: [*]\n')
    await expect(run(['sync', '--yes'], at)).rejects.toThrow(/nothing was written/)
  })
})
