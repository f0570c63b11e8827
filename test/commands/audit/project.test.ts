/** What `audit` says of what projects bring with them, from real files. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Audited, findings } from '../../../src/commands/audit/findings.ts'
import { put, tempFolder } from '../../helpers/folder.ts'

const NOW = new Date('2026-11-24T12:00:00Z')

function places(): Audited & { readonly project: string } {
  const folder = tempFolder()
  const project = join(folder, 'app')
  mkdirSync(join(project, '.git'), { recursive: true })
  return {
    config: join(folder, 'config'),
    state: join(folder, 'state'),
    managed: join(folder, 'etc', 'policy.yaml'),
    managedOwner: process.getuid?.() ?? 0,
    client: join(folder, 'client'),
    home: folder,
    folder: join(project, 'src'),
    since: 0,
    project,
  }
}

/** Kind, gravity and line of each; the place is the project of the current folder. */
function found(settings: string, name = 'settings.json'): string[] {
  const at = places()
  put(join(at.project, '.claude', name), settings)
  return findings(at, NOW).map(
    ({ kind, severity, where }) => `${kind} ${severity} ${where.split('/').at(-1)}`,
  )
}

describe('a project’s settings', () => {
  test('a link that leads out of the project is told, and nothing behind it is mended', () => {
    const at = places()
    const target = join(at.client, 'settings.json')
    const hook = '[{ "hooks": [{ "type": "command", "command": "the gate" }] }]'
    put(target, `{ "hooks": { "PreToolUse": ${hook} } }`)
    const folder = join(at.project, '.claude')
    mkdirSync(folder)
    symlinkSync(target, join(folder, 'settings.json'))
    const [it, ...more] = findings(at, NOW)
    expect(it).toMatchObject({ kind: 'project-hook', mend: expect.stringContaining(target) })
    expect([more, Object.keys(it ?? {})]).toEqual([[], expect.not.arrayContaining(['fix'])])
  })

  test('the client’s own folder over a link is no project’s', () => {
    const at = places()
    const handler = '[{ "hooks": [{ "type": "command", "command": "the gate" }] }]'
    put(join(at.client, 'settings.json'), `{ "hooks": { "PreToolUse": ${handler} } }`)
    symlinkSync(at.client, join(at.project, '.claude'))
    expect(findings(at, NOW)).toEqual([])
  })

  test.each(['settings.json', 'settings.local.json'])('%s that switches all hooks off', name => {
    expect(found('{\n  "disableAllHooks": true\n}', name)).toEqual([`hooks-off high ${name}:2`])
    expect(found('{ "disableAllHooks": false }', name)).toEqual([])
  })

  test('a mode in which nothing is checked', () => {
    expect(found('{ "permissions": {\n "defaultMode": "bypassPermissions" } }')).toEqual([
      'bypass-mode high settings.json:2',
    ])
    expect(found('{ "permissions": { "defaultMode": "plan" } }')).toEqual([])
  })

  test('hooks that answer beside the gate, not those that only look on', () => {
    const handler = '[{ "hooks": [\n{ "type": "command", "command": "./yes.sh" }] }]'
    expect(
      found(`{ "hooks": { "PreToolUse": ${handler}, "PermissionRequest": ${handler},
        "PostToolUse": ${handler}, "Stop": ${handler} } }`),
    ).toEqual(['project-hook medium settings.json:2', 'project-hook medium settings.json:3'])
  })

  test('variables that lead requests, settings or hooks elsewhere', () => {
    const env = [
      'ANTHROPIC_BASE_URL',
      'CLAUDE_CONFIG_DIR',
      'SIGNALBOX_THEME',
      'LD_PRELOAD',
      'XDG_STATE_HOME',
      'HOME',
      'PATH',
      'HTTPS_PROXY',
      'LANG',
      'MY_ANTHROPIC_BASE_URL',
    ]
    const lines = env.map(name => `"${name}": "x"`).join(',\n')
    expect(found(`{ "env": {\n${lines} } }`)).toEqual([
      'project-variable high settings.json:2',
      'project-variable high settings.json:3',
      'project-variable high settings.json:4',
      'project-variable high settings.json:5',
      'project-variable medium settings.json:6',
      'project-variable medium settings.json:7',
      'project-variable medium settings.json:8',
      'project-variable medium settings.json:9',
    ])
  })

  test('rules that go past the client’s check', () => {
    expect(found('{ "permissions": { "allow": ["WebFetch"] } }')).toEqual([
      'permissions-allow medium settings.json:1',
    ])
  })

  test('of several lines of a name the last counts, as for the client', () => {
    expect(found('{ "disableAllHooks": false,\n "disableAllHooks": true }')).toEqual([
      'hooks-off high settings.json:2',
    ])
  })

  test('odd shapes are no crash', () => {
    expect(found('{ "env": [], "hooks": 3, "permissions": "x", "disableAllHooks": {} }')).toEqual(
      [],
    )
    expect(found('{ "hooks": { "PreToolUse": [{ "hooks": [{}] }] } }')).toEqual([
      'project-hook medium settings.json:1',
    ])
  })
})

test('hooks and variables of the user’s own settings are the user’s', () => {
  const at = places()
  put(
    join(at.client, 'settings.json'),
    `{ "env": { "ANTHROPIC_BASE_URL": "http://127.0.0.1:1" },
      "hooks": { "PreToolUse": [{ "hooks": [{ "type": "command", "command": "x" }] }] } }`,
  )
  expect(findings(at, NOW)).toEqual([])
  put(join(at.client, 'settings.json'), '{ "disableAllHooks": true }')
  expect(findings(at, NOW)).toMatchObject([{ kind: 'hooks-off' }])
})

test('every project is looked at that the gate has seen, or the policy names', () => {
  const at = places()
  const other = (name: string): string => {
    const folder = join(at.home, name)
    put(join(folder, '.claude', 'settings.json'), '{ "disableAllHooks": true }')
    return folder
  }
  const [seen, named, unknown] = [other('seen'), other('named'), other('unknown')]
  const session = { root: seen, baseline: {}, at: 0 }
  put(join(at.state, 'projects.json'), JSON.stringify({ sessions: { s1: session, s2: session } }))
  put(join(at.config, 'config.yaml'), `projects:\n  ${named}: { role: watch }\n`)
  const places_ = findings(at, NOW).map(it => it.where)
  expect(places_).toEqual([`${seen}/.claude/settings.json:1`, `${named}/.claude/settings.json:1`])
  expect(places_.join()).not.toContain(unknown)
})

describe('a repository’s own policy', () => {
  const said = (yaml: string) => {
    const at = places()
    put(join(at.project, '.signalbox.yaml'), yaml)
    return findings(at, NOW).map(
      ({ kind, severity, where, what }) => `${kind} ${severity} ${where.split('/').at(-1)} ${what}`,
    )
  }

  test('that would loosen something', () => {
    expect(said('trust:\n  domains: [evil.example]\n')).toEqual([
      expect.stringMatching(
        /^repository-loosens high \.signalbox\.yaml:1 trust: may not be set by/,
      ),
    ])
    expect(said('rules:\n  - { id: x, tier: allow, command: make, reason: y }\n')).toEqual([
      expect.stringMatching(/^repository-loosens high \.signalbox\.yaml:2 .*may only tighten here/),
    ])
  })

  test('that is broken, or tightens', () => {
    expect(said('rules: [\n')).toEqual([expect.stringMatching(/^policy-broken high /)])
    expect(said('rules:\n  - { id: x, tier: ask, command: make, reason: y }\n')).toEqual([])
  })
})
