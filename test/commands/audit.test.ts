/** `signalbox audit`, as people and scripts use it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Journal } from '../../src/gate/journal.ts'
import { KINDS } from '../../src/monitor/finding.ts'
import { runCli } from '../helpers/cli.ts'
import { put } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'
import { MINUTE, Story } from './audit/story.ts'

const AT = Date.parse('2026-11-24T12:00:00Z')
const FILE = '2026-11-24.jsonl'

function homeWithJournal() {
  const home = newHome()
  const folder = join(home.state, 'journal')
  mkdirSync(home.state, { recursive: true })
  const journal = new Journal(folder, () => AT)
  for (const session of ['a', 'b', 'c']) journal.append({ type: 'resumed', at: AT, session })
  journal.close()
  return { home, folder, head: `${journal.head.seq}:${journal.head.hash}` }
}

/** In a folder of its own: the settings of the project that the tests run in are the tester's. */
const audit = (home: Home, ...args: string[]) => runCli(['audit', ...args], home.env, home.folder)

describe('audit', () => {
  const USER =
    'rules_off: [new-package]\ntrust:\n  domains: [{ entry: a.example, expires: 2026-01-01 }]\n'

  test('nothing to say of a fresh home', async () => {
    expect(await audit(newHome())).toMatchObject({ code: 0, stdout: 'Nothing was found.\n' })
  })

  test('the gravest first, each with its line and how to mend it', async () => {
    const { home, folder } = homeWithJournal()
    put(home.policy, USER)
    put(home.settings, '{ "permissions": { "allow": ["WebFetch"] } }')
    const path = join(folder, FILE)
    writeFileSync(path, readFileSync(path, 'utf8').replace('"a"', '"x"'))
    const { code, stdout } = await audit(home)
    expect(code).toBe(1)
    expect(stdout.replaceAll(home.folder, '')).toMatchInlineSnapshot(`
      "high    the journal is not as the gate wrote it: entry 1 was changed, or this one's link to it
              /state/signalbox/journal/2026-11-24.jsonl:2
              find out who writes there past the gate; what it records before is not to be relied on
      medium  the built-in rule new-package is off
              /config/signalbox/config.yaml:1
              take the line out: 'signalbox rules' says what it would stop
              $ signalbox audit --mend /config/signalbox/config.yaml:1:1
      medium  permissions.allow WebFetch: what it matches goes past the client's own check
              /client/settings.json:1
              name the exact call, or leave it to the check
              $ signalbox audit --mend /client/settings.json:1:30
      low     a.example ended on 2026-01-01: it counts for nothing
              /config/signalbox/config.yaml:3
              take the line out, or give it another date
              $ signalbox trust remove a.example --as domains
      "
    `)
    const { findings } = JSON.parse((await audit(home, '--json')).stdout)
    expect(findings.map((it: { severity: string }) => it.severity)).toEqual([
      'high',
      'medium',
      'medium',
      'low',
    ])
  })

  test('--fail-on says from where on it is a failure', async () => {
    const home = newHome()
    put(home.policy, USER)
    expect((await audit(home)).code).toBe(1)
    expect((await audit(home, '--fail-on', 'medium')).code).toBe(1)
    expect((await audit(home, '--fail-on', 'high')).code).toBe(0)
  })

  test('a policy that does not fit is a finding with its line', async () => {
    const home = newHome()
    put(home.policy, 'trust:\n  domains: [""]\n')
    const { code, stdout } = await audit(home, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).findings).toMatchObject([
      { severity: 'high', where: `${home.policy}:2` },
    ])
  })

  test('actions that ran past the gate, session by session', async () => {
    const { home, folder } = homeWithJournal()
    const journal = new Journal(folder, () => AT)
    const alert = { type: 'alert', at: AT, what: 'ungated', text: 'ran' } as const
    for (const action of ['t1', 't2']) journal.append({ ...alert, session: 's1', action })
    journal.close()
    const { stdout } = await audit(home, '--json')
    expect(JSON.parse(stdout).findings).toMatchObject([
      {
        severity: 'high',
        what: expect.stringContaining('2 actions are UNGATED'),
        where: 'session s1',
      },
    ])
    const later = await audit(home, '--since', '2026-11-25', '--json')
    expect(JSON.parse(later.stdout).findings).toEqual([])
  })

  test('what the journal tells, of a person and of an agent, whose text is made safe', async () => {
    const story = new Story()
    story.command('override', story.ask('rm -rf ~/Documents'), 'dana\u001b[2J')
    story.later(MINUTE).ask('find ~/Documents -delete # \u001b[2J', { answer: 'allow' })
    const { code, stdout } = await runCli(['audit'], story.env, story.folder)
    expect(code).toBe(1)
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toMatch(/^high {4}\/home\/dev\/Documents: the rule [\w-]+ denied Bash "rm -rf/)
    expect(stdout).toMatch(/\ninfo {4}dana.* overrode 1 block and approved 0 questions/)
    const json = await runCli(['audit', '--json'], story.env, story.folder)
    expect(json.stdout).not.toContain('\u001b')
    expect(JSON.parse(json.stdout).findings).toMatchObject([
      { kind: 'denied-effect-reached', severity: 'high' },
      { kind: 'overrides', severity: 'info' },
    ])
  })

  test('every kind of finding is explained to people', () => {
    const text = readFileSync(new URL('../../docs/control.md', import.meta.url), 'utf8')
    expect(KINDS.filter(kind => !text.includes(`\`${kind}\``))).toEqual([])
  })

  test('what is only told is no failure', async () => {
    const story = new Story()
    story.command('override', story.ask('rm -rf ~/Documents'))
    const { code, stdout } = await runCli(['audit'], story.env, story.folder)
    expect(stdout).toMatch(/^info {4}dana/)
    expect(code).toBe(0)
  })

  test('the command that mends a finding is one that works', async () => {
    const home = newHome()
    put(home.policy, 'trust:\n  paths: [{ entry: ~/notes/ours, expires: 2026-01-01 }]\n')
    const [{ fix }] = JSON.parse((await audit(home, '--json')).stdout).findings
    expect((await audit(home)).stdout).toContain(
      "$ signalbox trust remove '~/notes/ours' --as paths",
    )
    await home.run(...fix)
    expect((await audit(home)).code).toBe(0)
  })

  test('what settings say is taken out as it was found, and nothing else', async () => {
    const before = `{
  // ours
  "disableAllHooks": true,
  "permissions": {
    "allow": [
      "Bash(npm test)",
      "WebFetch", // the docs
      "mcp__deploy"
    ],
    "defaultMode": "bypassPermissions"
  },
  "autoMode": { "soft_deny": ["no pushes"] }
}
`
    const home = newHome(before)
    for (;;) {
      const [first] = JSON.parse((await audit(home, '--json')).stdout).findings
      if (first === undefined) break
      const { code, stdout } = await home.run(...first.fix, '--yes')
      expect([code, stdout]).toEqual([0, expect.stringContaining(`mended: ${first.what}`)])
    }
    expect(home.text()).toBe(`{
  // ours
  "permissions": {
    "allow": [
      "Bash(npm test)"
       // the docs
    ]
  },
  "autoMode": { "soft_deny": ["$defaults", "no pushes"] }
}
`)
  })

  test('a line of the policy is taken out, with its comment left where it was', async () => {
    const home = newHome()
    put(
      home.policy,
      `# ours
rules_off: # since May
  - new-package
  - force-push # for the mirror
trust:
  domains: [docs.example]
`,
    )
    const offs = JSON.parse((await audit(home, '--json')).stdout).findings
    expect(offs.map((it: { kind: string }) => it.kind)).toEqual(['rule-off', 'rule-off'])
    const { stdout } = await home.run(...offs[1].fix, '--yes')
    expect(stdout).toContain('-  - force-push # for the mirror')
    expect(readFileSync(home.policy, 'utf8')).toBe(`# ours
rules_off: # since May
  - new-package
trust:
  domains: [docs.example]
`)
    // Of two on one line nobody can tell which is meant: there is the editor.
    put(home.policy, 'rules_off: [new-package, force-push]\n')
    const both = JSON.parse((await audit(home, '--json')).stdout).findings
    expect(both.map((it: { fix?: string[] }) => it.fix)).toEqual(
      Array(2).fill(['config', 'edit', '--at', `${home.policy}:1`]),
    )
  })

  test('nothing is changed without a yes, or where nothing was found', async () => {
    const home = newHome('{ "disableAllHooks": true }')
    const asked = await home.run('audit', '--mend', `${home.settings}:1:3`)
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('nobody to ask')])
    const json = await home.run('audit', '--mend', `${home.settings}:1:3`, '--json')
    expect([json.code, json.stderr]).toEqual([2, expect.stringContaining('--mend takes no --json')])
    const nothing = await home.run('audit', '--mend', `${home.settings}:7:1`, '--yes')
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('nothing is found')])
    expect(home.text()).toBe('{ "disableAllHooks": true }')
  })

  test('only what was shown is mended, at a place that may be relative', async () => {
    const home = newHome('{ "disableAllHooks": true }')
    const place = `${home.settings}:1:3`
    const other = await home.run('audit', '--mend', place, '--what=something else', '--yes')
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('nothing is found')])
    expect((await home.run('audit', '--yes')).stderr).toContain('--yes goes with --mend')
    const near = relative(process.cwd(), place)
    expect((await home.run('audit', '--mend', near, '--yes')).code).toBe(0)
    expect(home.text()).toBe('{  }')
  })

  test('--root is the client folder whose settings are looked at', async () => {
    const home = newHome('{ "permissions": { "allow": ["WebFetch"] } }')
    const other = join(home.folder, 'other')
    put(join(other, 'settings.json'), '{ "permissions": { "allow": ["WebSearch(*)", "mcp__x"] } }')
    expect((await audit(home)).stdout).toContain('permissions.allow WebFetch')
    const { stdout } = await audit(home, '--root', other)
    expect(stdout).toContain('permissions.allow mcp__x')
    expect(stdout).not.toContain('WebFetch')
  })
})

describe('audit --verify', () => {
  test('a whole journal: its entries, and the head to note elsewhere', async () => {
    const { home, folder, head } = homeWithJournal()
    expect(await home.run('audit', '--verify')).toMatchObject({
      code: 0,
      stdout: `journal  ${folder}\nentries  1 to 3 in 1 file, each as it was written\nhead     ${head}\n`,
    })
    expect(await home.run('audit', '--verify', '--head', head)).toMatchObject({ code: 0 })
  })

  test('says where it breaks, and ends with 1', async () => {
    const { home, folder } = homeWithJournal()
    const path = join(folder, FILE)
    writeFileSync(path, readFileSync(path, 'utf8').replace('"a"', '"x"'))
    const { code, stdout } = await home.run('audit', '--verify')
    expect(code).toBe(1)
    expect(stdout.split('\n').at(-2)).toBe(
      `${path}:2: entry 1 was changed, or this one's link to it`,
    )
    const { stdout: json } = await home.run('audit', '--verify', '--json')
    expect(JSON.parse(json)).toMatchObject({
      journal: folder,
      head: { seq: 3 },
      breaks: [{ file: FILE, line: 2 }],
    })
  })

  test('text that somebody put into the journal does not reach the terminal raw', async () => {
    const { home, folder } = homeWithJournal()
    const entry = { seq: 4, type: 'alert', what: 'journal', at: AT, text: '\u001b[2J', prev: '' }
    writeFileSync(join(folder, FILE), `${JSON.stringify(entry)}\n`, { flag: 'a' })
    const wrong = { ...entry, seq: 5, at: 'never' }
    writeFileSync(join(folder, FILE), `${JSON.stringify(wrong)}\n`, { flag: 'a' })
    const { code, stdout } = await home.run('audit', '--verify')
    expect(code).toBe(1)
    expect(stdout).not.toContain('\u001b')
  })

  test.each([
    [['audit', '--head', 'x'], '--head goes with --verify'],
    [['audit', '--fail-on', 'some'], "high, medium, low, not 'some'"],
    [['audit', '--verify', '--fail-on', 'low'], '--verify takes no --fail-on'],
    [['audit', '--verify', '--since', '1d'], '--verify takes no --since'],
    [['audit', '--root', '/nonexistent'], '--root /nonexistent: no such folder'],
    [['audit', '--since', 'soon'], "--since takes '30m', '6h', '7d' or a date"],
    [['audit', '--verify', '--head', 'x'], "N:HASH, not 'x'"],
    [['audit', '--verify'], 'holds no journal'],
  ])('%j: one line, exit code 2', async (args, says) => {
    const { code, stderr } = await newHome().run(...args)
    expect(code).toBe(2)
    expect(stderr).toContain(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
