/** `signalbox config`: template, check, show. */
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../src/commands/config.ts'
import { put } from '../helpers/folder.ts'
import { desk } from './desks.ts'

test('the template fits as it is, and enables nothing until somebody puts a name to it', async () => {
  const at = desk()
  const file = join(at.cwd, 'policy.yaml')
  expect(await run(['init', '--managed', '--file', file], at)).toBe(0)
  expect(readFileSync(file, 'utf8')).toContain('# auto_mode: { enabled_by: "Name of who approves')
  expect(statSync(file).mode & 0o777).toBe(0o644)
  expect(await run(['check', '--managed', '--file', file], at)).toBe(0)
  await expect(run(['init', '--managed', '--file', file], at)).rejects.toThrow(/is there already/)
})

test.each([['--managed'], ['--json']])('all that a template %s offers fits', async flag => {
  const at = desk()
  await run(['init', ...(flag === '--managed' ? [flag] : []), '--by', 'Ada Lovelace'], at)
  const text = at.printed[0] ?? ''
  expect(text).toContain('auto_mode: { enabled_by: "Ada Lovelace", enabled_on: 2026-11-24 }')
  const setting = /^# ?(?=[a-z_]+: *(\S.*)?$| {2,}\S)/gm
  const all = text.replace(/^# Check it.*$/gm, '').replace(setting, '')
  const file = put(join(at.cwd, 'all.yaml'), all)
  const code = await run(['check', ...(flag === '--managed' ? [flag] : []), '--file', file], at)
  expect([code, at.printed.slice(1)]).toEqual([0, [`fine: ${file}`]])
})

test('check tells all that is wrong, with its place', async () => {
  const at = desk({ managed: 'locked: [everything]\n' })
  put(at.configFile, 'trust:\n  domains:\n    - "*.com"\n    - github.com/acme\n')
  put(join(at.cwd, '.signalbox.yaml'), 'trust: { domains: [evil.example] }\n')
  expect(await run(['check'], at)).toBe(1)
  expect(at.printed.map(line => line.replace(/^.*\/(?=[^/]+:\d+:\d+: )/, '').slice(0, 50))).toEqual(
    [
      expect.stringMatching(/^policy\.yaml:1:10: locked\.0: must be one of/),
      expect.stringMatching(/^config\.yaml:3:7: trust\.domains\.0: /),
      expect.stringMatching(/^config\.yaml:4:7: trust\.domains\.1: /),
      expect.stringMatching(/^\.signalbox\.yaml:1:1: trust: may not be/),
    ],
  )
  await run(['check', '--json'], at)
  expect(JSON.parse(at.printed.at(-1) ?? '')).toMatchObject({
    ok: false,
    problems: [{ line: 1 }, { line: 3, column: 7 }, { line: 4 }, { line: 1 }],
  })
})

test('check of the file in its place looks at its owner and mode', async () => {
  const at = desk({ managed: 'locked: [trust]\n' })
  expect(await run(['check', '--managed'], at)).toBe(0)
  chmodSync(at.places.managed, 0o666)
  expect(await run(['check', '--managed'], at)).toBe(1)
  expect(at.printed.at(-1)).toMatch(/can be written by others, so it is not read; chmod go-w it/)
})

test('check notes lines that do not count, and look-alikes', async () => {
  const at = desk({ managed: 'locked: [rules]\n' })
  put(at.configFile, 'rules_off: [new-package]\ntrust: { domains: [xn--cme-5cd.dev] }\n')
  expect(await run(['check'], at)).toBe(0)
  expect(at.printed.filter(line => line.startsWith('note: '))).toHaveLength(2)
})

test('show names the place of every line, trust by slot', async () => {
  const at = desk({ managed: 'auto_mode: { enabled_by: Root, enabled_on: 2026-11-01 }\n' })
  put(
    at.configFile,
    `models: [my-model]
trust:
  mcp: ["mcp:issues"]
  domains:
    - { entry: a.example, note: old, expires: 2026-01-01 }
  source_control: [github.com/acme]
sensitive: { data: [{ entry: "s3://x", note: customers }] }
projects:
  /srv/app:
    trust: { hosts: [deploy@build02] }
    sensitive: { iac_scopes: ["k8s:app"] }
`,
  )
  expect(await run(['show'], at)).toBe(0)
  const lines = at.printed.map(line => line.replace(/ {2,}/g, '  '))
  const own = (line: number): string => `[${at.configFile}:${line}]`
  expect(lines).toContain(`enabled  by Root on 2026-11-01  [${at.places.managed}:1]`)
  expect(lines).toContain(`model  my-model  ${own(1)}`)
  expect(lines.filter(line => /^(trust|sensitive|protected) /.test(line))).toEqual([
    `trust source_control  github.com/acme  ${own(6)}`,
    `trust domains  a.example EXPIRED 2026-01-01 (old)  ${own(5)}`,
    `trust hosts  deploy@build02 in /srv/app only  ${own(10)}`,
    `trust mcp  mcp:issues  ${own(3)}`,
    `sensitive data  s3://x (customers)  ${own(7)}`,
    `protected scope  k8s:app in /srv/app only  ${own(11)}`,
  ])
  expect(lines).toContain('breaker in row  3  [built in]')
  await run(['show', '--json', '--managed'], at)
  const { policy, lines: shown } = JSON.parse(at.printed.at(-1) ?? '')
  expect(policy.enabled.by).toBe('Root')
  expect(shown).toHaveLength(1)
})

test('a list without slots is told how to mend it', async () => {
  const at = desk()
  put(at.configFile, 'trust:\n  - ghcr.io/acme\n')
  expect(await run(['check'], at)).toBe(1)
  expect(at.printed).toEqual([
    `${at.configFile}:2:3: trust: is one list; write a list for each slot, here registries: ["ghcr.io/acme"]`,
  ])
})

test('check tells keys that cannot be, and that two commands have on one screen', async () => {
  const at = desk()
  put(at.configFile, 'theme: dark\nkeys:\n  approve: s\n  aprove: y\n  mend: x\n')
  expect(await run(['check'], at)).toBe(1)
  expect(at.printed).toEqual([
    `${at.configFile}:3:12: keys.approve: 's' is the key of sessions too; give one of them another`,
    expect.stringMatching(
      /config\.yaml:4:11: keys\.aprove: there is no such command; there are up,/,
    ),
  ])
})

test.each([
  [[], /^config takes init, check, show or edit$/],
  [['draw'], /^config takes init, check, show or edit, not 'draw'$/],
  [['show', '--file', 'x'], /^config show prints what is in force; config check takes --file$/],
])('%j is refused', async (args, says) => {
  await expect(run(args, desk())).rejects.toThrow(says)
})

test('show names the reviewer and where it stands, and never what its key may be in', async () => {
  const at = desk()
  put(
    at.configFile,
    [
      'reviewer:',
      '  provider: openai-compatible',
      '  model: qwen3-coder:30b',
      '  base_url: http://127.0.0.1:11434/v1/',
      '  api_key_command: echo not-for-the-screen',
      '  budget: { session_usd: 0.5 }',
      '',
    ].join('\n'),
  )
  expect(await run(['show'], at)).toBe(0)
  const shown = at.printed.filter(line => line.startsWith('reviewer'))
  expect(shown.map(line => line.replace(/ {2,}/g, ' ').replace(/\[.*\//, '['))).toEqual([
    'reviewer openai-compatible, qwen3-coder:30b at http://127.0.0.1:11434/v1 [config.yaml:2]',
    'reviewer key what api_key_command prints [config.yaml:2]',
    'reviewer timeout 15 s [config.yaml:2]',
    'reviewer budget $0.5 and 1,000,000 tokens a session [config.yaml:2]',
    'reviewer budget $5 and 5,000,000 tokens a day [config.yaml:2]',
  ])
  const json = desk()
  put(json.configFile, readFileSync(at.configFile, 'utf8'))
  expect(await run(['show', '--json'], json)).toBe(0)
  expect(json.printed.join('')).toContain('"key":{"from":"command"}')
  expect([...at.printed, ...json.printed].join('')).not.toContain('not-for-the-screen')
})
