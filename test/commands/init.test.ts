import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { HOOK_EVENT_NAMES } from '../../src/clients/claude-code/hook-command.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { newHome } from '../helpers/home.ts'
import { openTerminal } from '../helpers/terminal.ts'

const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('init', () => {
  test('--print shows the change and makes none', async () => {
    const home = newHome('{\r\n\t"model": "opus"\r\n}')
    const before = readdirSync(home.folder)
    const { code, stdout, stderr } = await home.run('init', '--print')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`--- ${home.settings}\n+++ ${home.settings}\n@@ -1,3 +1,`)
    expect(stdout).toContain('\n-\t"model": "opus"\n+\t"model": "opus",\n+\t"hooks": {\n')
    expect(stdout).toContain('\n }\n\\ No newline at end of file\n')
    for (const event of HOOK_EVENT_NAMES) expect(stdout).toContain(`+\t\t"${event}": [`)
    expect(home.text()).toBe('{\r\n\t"model": "opus"\r\n}')
    expect(readdirSync(home.folder)).toEqual(before)
  })

  test('--yes writes hooks, paths and folders for the owner only; twice is once', async () => {
    const home = newHome()
    const { code, stderr } = await home.run('init', '--yes')
    expect([code, stderr]).toEqual([0, ''])
    const { node, program, sockets, state, client, config } = home.install()
    expect([node, program, state, client]).toEqual([
      process.execPath,
      PROGRAM,
      home.state,
      home.client,
    ])
    expect([modeOf(state), modeOf(sockets), modeOf(home.settings)]).toEqual([0o700, 0o700, 0o600])
    expect(modeOf(join(state, 'install.json'))).toBe(0o600)
    expect(existsSync(config)).toBe(false)
    const { hooks } = JSON.parse(home.text() ?? '')
    expect(Object.keys(hooks)).toEqual(HOOK_EVENT_NAMES)
    expect(hooks.PreToolUse[0].hooks[0]).toMatchObject({ timeout: 600, onFailure: 'block' })
    const full = home.text()
    const again = await home.run('init', '--yes')
    expect(again.stdout).toContain('The hooks are there already')
    expect(home.text()).toBe(full)
  })

  test('nobody enables auto mode without saying so; who does is written down, comments stay', async () => {
    const home = newHome()
    put(home.policy, '# mine\ntheme: light # too\n')
    const off = await home.run('init', '--yes')
    expect(off.stdout).toContain('It stays off')
    expect(readFileSync(home.policy, 'utf8')).toBe('# mine\ntheme: light # too\n')
    const on = await home.run('init', '--yes', '--enable-as', 'Ada Lovelace')
    const today = new Date().toISOString().slice(0, 10)
    expect(on.stdout).toContain('Enabled by Ada Lovelace')
    expect(readFileSync(home.policy, 'utf8')).toBe(
      `# mine\ntheme: light # too\nauto_mode: { enabled_by: "Ada Lovelace", enabled_on: ${today} }\n`,
    )
    const again = await home.run('init', '--yes', '--enable-as', 'Eve')
    expect(again.stdout).toContain(`was enabled by Ada Lovelace on ${today}`)
  })

  test('a gateway is found, and listed when asked to', async () => {
    const home = newHome('{"env":{"ANTHROPIC_BASE_URL":"https://llm.corp.example"}}', {
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:8399',
    })
    const { stdout } = await home.run('init', '--print')
    expect(stdout).not.toContain('gateway') // nothing is asked, so nothing is decided
    const found = await home.run('init', '--yes')
    expect(found.stdout).toContain('through the gateway http://127.0.0.1:8399 (ANTHROPIC_BASE_URL)')
    expect(found.stdout).toContain(
      `through the gateway https://llm.corp.example (${home.settings})`,
    )
    expect(existsSync(home.policy)).toBe(false)
    expect((await home.run('init', '--yes', '--no-gateway')).stdout).not.toContain('gateway')
    await home.run('init', '--yes', '--gateway', 'https://llm.corp.example')
    await home.run('init', '--yes', '--gateway', 'https://llm.corp.example')
    expect(readFileSync(home.policy, 'utf8')).toBe(
      'platforms:\n  - anthropic\n  - { platform: "https://llm.corp.example", role: decide }\n',
    )
    expect((await home.run('init', '--yes')).stdout).not.toContain('https://llm.corp.example (')
  })

  test('a folder that is too deep for sockets: a short one, and the same one ever after', async () => {
    const runtime = tempFolder()
    const home = newHome(null, { XDG_RUNTIME_DIR: runtime })
    await home.run('init', '--yes')
    expect(home.install().sockets).toBe(join(runtime, 'signalbox'))
    const full = home.text()
    const { XDG_RUNTIME_DIR: _, ...env } = home.env
    const deep = newHome(null, { XDG_STATE_HOME: join(tempFolder(), 'x'.repeat(90)) })
    const { stdout } = await deep.run('init', '--print')
    expect(stdout).toContain(`sockets  /tmp/signalbox-${process.getuid?.()}\n`)
    expect(env.HOME).toBe(home.folder)
    await newHome(null, { ...home.env, XDG_RUNTIME_DIR: '' }).run('init', '--yes')
    expect(home.text()).toBe(full)
  })

  const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['nobody to ask', [], /nobody to ask without a terminal/],
    ['both about the gateway', ['--gateway', 'http://a', '--no-gateway'], /exclude each other/],
    ['a gateway that is none', ['--gateway', 'llm.corp'], /--gateway takes a base URL/],
    ['a password in it', ['--gateway', 'http://u:p@a'], /--gateway takes a base URL/],
    ['a name that is none', ['--yes', '--enable-as', ' '], /--enable-as takes the name/],
    ['a folder that is not there', ['--client', '/no/such'], /--client \/no\/such: no such folder/],
    ['an unknown flag', ['--force'], /--force/],
  ]
  test.each(WRONG)('%s: one line, 2, and nothing is changed', async (_, flags, says) => {
    const home = newHome('{}')
    const { code, stderr } = await home.run('init', ...flags)
    expect(stderr).toMatch(/^signalbox: [^\n]+\n$/)
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain('unexpected:')
    expect([code, home.text(), existsSync(home.state)]).toEqual([2, '{}', false])
  })

  test.each(['{"a":', '{"hooks":[]}', 'null'])(
    'settings like %s: where, and untouched',
    async text => {
      const home = newHome(text)
      const { code, stderr } = await home.run('init', '--yes')
      expect(stderr).toMatch(/^signalbox: \S+settings\.json:\d+:\d+: [^\n]+\n$/)
      expect([code, home.text(), existsSync(home.state)]).toEqual([2, text, false])
    },
  )

  test('a policy that is no YAML stops it before anything is written', async () => {
    const home = newHome('{}')
    put(home.policy, 'a: [')
    const { code, stderr } = await home.run('init', '--yes')
    expect([code, stderr.includes(home.policy), home.text()]).toEqual([2, true, '{}'])
  })

  test('sockets in a folder that is a link: refused', async () => {
    const home = newHome('{}')
    mkdirSync(home.state, { recursive: true })
    symlinkSync(tempFolder(), join(home.state, 'run'))
    const { code, stderr } = await home.run('init', '--yes')
    expect([code, home.text()]).toEqual([2, '{}'])
    expect(stderr).toMatch(/run: .*link/)
  })

  test('a second client of the same user: not without taking the first one out', async () => {
    const home = newHome()
    await home.run('init', '--yes')
    const { code, stderr } = await home.run('init', '--yes', '--client', tempFolder())
    expect([code, stderr.includes(home.client)]).toEqual([2, true])
  })

  test('asks at a terminal: the change, then auto mode and a name', async () => {
    const home = newHome('{}')
    const terminal = openTerminal({
      command: process.execPath,
      args: [PROGRAM, 'init'],
      env: { ...home.env, PATH: process.env.PATH ?? '' },
      columns: 120,
      rows: 40,
    })
    await terminal.waitFor('Write this? [y/N]')
    expect(home.text()).toBe('{}')
    terminal.write('y\r')
    await terminal.waitFor('Enable it? [y/N]')
    terminal.write('yes\r')
    await terminal.waitFor('Your name, for the record')
    terminal.write('Grace\r')
    expect(await terminal.exited).toBe(0)
    expect(readFileSync(home.policy, 'utf8')).toContain('enabled_by: "Grace"')
    expect(home.text()).toContain('signalbox=1')
  })

  test('a no at a terminal changes nothing', async () => {
    const home = newHome('{}')
    const terminal = openTerminal({
      command: process.execPath,
      args: [PROGRAM, 'init'],
      env: { ...home.env, PATH: process.env.PATH ?? '' },
      columns: 120,
      rows: 40,
    })
    await terminal.waitFor('Write this? [y/N]')
    terminal.write('\r')
    expect(await terminal.exited).toBe(0)
    expect([home.text(), existsSync(home.state)]).toEqual(['{}', false])
  })
})

describe('uninstall', () => {
  test.each([null, '', '{"a":1}', '\uFEFF{\r\n\t"a": 1 // mine\r\n}'])(
    '%j: the same bytes',
    async text => {
      const home = newHome(text)
      await home.run('init', '--yes', '--enable-as', 'Ada')
      const full = home.text()
      const shown = await home.run('uninstall', '--print')
      expect(shown.stdout).toContain('-')
      expect(home.text()).toBe(full)
      const { code, stdout } = await home.run('uninstall', '--yes')
      expect([code, home.text()]).toEqual([0, text])
      expect(stdout).toContain('The gate was not running.')
      expect(stdout).toContain(`journal  ${home.state}\n`)
      expect(stdout).toContain(`policy   ${home.policy}\n`)
      expect(readdirSync(home.state)).toEqual([])
      expect(existsSync(home.policy)).toBe(true)
      const again = await home.run('uninstall', '--yes')
      expect([again.code, home.text()]).toEqual([0, text])
    },
  )

  test('without a terminal or --yes: nothing', async () => {
    const home = newHome('{}')
    await home.run('init', '--yes')
    const full = home.text()
    const { code, stderr } = await home.run('uninstall')
    expect([code, home.text()]).toEqual([2, full])
    expect(stderr).toContain('--yes')
  })

  test('a file that may not be written: says so, and stays', async () => {
    const home = newHome('{}')
    await home.run('init', '--yes')
    if (process.getuid?.() === 0) return // root may do everything
    chmodSync(home.client, 0o500)
    const { code, stderr } = await home.run('uninstall', '--yes')
    chmodSync(home.client, 0o700)
    expect([code, stderr.includes('cannot be written')]).toEqual([2, true])
  })
})
