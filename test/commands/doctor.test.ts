import { chmodSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PROBE } from '../../src/action/entry.ts'
import { withHooks } from '../../src/clients/claude-code/settings.ts'
import { takeLock } from '../../src/gate/lock.ts'
import { runCli } from '../helpers/cli.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'
import { gateAt, installIn } from '../helpers/hook.ts'

interface Report {
  readonly ok: boolean
  readonly checks: readonly { name: string; state: string; text: string; mend: string }[]
}

async function reportOf(
  home: Home,
  env: Record<string, string> = {},
): Promise<Report & { code: number | null }> {
  const { code, stdout } = await runCli(['doctor', '--json'], { ...home.env, ...env })
  const report: Report = JSON.parse(stdout)
  return { ...report, code }
}

const problemsOf = ({ checks }: Report): string[] =>
  checks.filter(({ state }) => state === 'problem').map(({ name }) => name)

const STATUS = {
  pid: 1,
  version: '0.1.0',
  startedAt: 0,
  screens: [],
  sessions: 2,
  pending: 1,
  policyError: '',
  journal: { file: '', seq: 0, head: '' },
}

/** A home with hooks in it, and something that answers as the gate does. */
async function working(
  status: object = STATUS,
): Promise<{ home: Home; asked: { body: string }[] }> {
  const home = newHome()
  await home.run('init', '--yes')
  const { sockets } = home.install()
  const asked = await gateAt(join(sockets, 'hook.sock'), (_, response) => response.end('{}'))
  await gateAt(join(sockets, 'control.sock'), (request, response) => {
    if (request.url === '/status') response.end(JSON.stringify(status))
    else response.writeHead(request.method === 'POST' && request.url === '/stop' ? 200 : 404).end()
  })
  return { home, asked }
}

function journalOf({ state }: Home): string {
  const [day = ''] = readdirSync(join(state, 'journal')).filter(name => name.endsWith('.jsonl'))
  return join(state, 'journal', day)
}

describe('doctor', () => {
  test('leaves nothing on the screen: what it tries is of no agent', async () => {
    const home = newHome('{}\n')
    await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
    try {
      expect((await reportOf(home)).code).toBe(0)
      const told = readFileSync(journalOf(home), 'utf8')
      expect(told).toContain(PROBE.action)
      const { stdout } = await home.run('watch', '--once', '--json')
      expect(JSON.parse(stdout)).toMatchObject({ sessions: [], actions: [] })
    } finally {
      await home.run('gate', 'stop')
    }
  })

  test('all is well: the hook really ran, and the gate answered', async () => {
    const { home, asked } = await working()
    const report = await reportOf(home)
    expect(problemsOf(report)).toEqual([])
    expect([report.ok, report.code]).toEqual([true, 0])
    expect(asked.map(({ body }) => JSON.parse(body))).toMatchObject([
      { session_id: 'doctor', hook_event_name: 'PreToolUse', tool_name: 'Read' },
    ])
    const gate = report.checks.find(({ name }) => name === 'gate')
    expect(gate?.text).toBe('version 0.1.0, process 1: 2 sessions, 1 waiting, 0 screens')
  })

  test('for people: a line for each, and below it how to mend', async () => {
    const { code, stdout } = await newHome().run('doctor')
    expect(stdout).toMatch(/^\+ node: Node \d/)
    expect(stdout).toMatch(/\nx install\.json: .*is not there\n {4}run 'signalbox init'\n/)
    expect(code).toBe(1)
  })

  test('no gate: the hook and the gate are named', async () => {
    const home = newHome()
    await home.run('init', '--yes')
    // Whoever holds the lock is taken for the gate, and this process answers nothing.
    takeLock(join(home.state, 'gate.lock'))
    const report = await reportOf(home)
    expect(problemsOf(report)).toEqual(['hook', 'gate'])
    expect(report.code).toBe(1)
  })

  test('the gate says what is wrong with a policy, and a policy that is no YAML is found', async () => {
    const { home } = await working({ ...STATUS, policyError: 'config.yaml:1:1: odd' })
    put(home.policy, 'a: [')
    const report = await reportOf(home)
    expect(problemsOf(report)).toEqual(['policy'])
    expect(report.checks).toContainEqual(
      expect.objectContaining({ name: 'gate policy', text: 'config.yaml:1:1: odd' }),
    )
  })

  test('modes, hooks changed by hand, a second install', async () => {
    const { home } = await working()
    chmodSync(join(home.state, 'install.json'), 0o644)
    chmodSync(home.state, 0o755)
    const changed = (home.text() ?? '').replace('ask 590', 'ask 1')
    put(home.settings, withHooks('s', changed, installIn(tempFolder())).text)
    expect(problemsOf(await reportOf(home))).toEqual([
      'install.json',
      'state folder',
      'hooks',
      'other install',
    ])
  })

  test('a project that silences or replaces hooks', async () => {
    const { home } = await working()
    const project = tempFolder()
    const at = (name: string): string => join(project, '.claude', name)
    put(at('settings.json'), '{"disableAllHooks":true,"env":{"LD_PRELOAD":"x","PATH":"y"}}')
    put(at('settings.local.json'), '{"allowManagedHooksOnly":true')
    const { execFile } = await import('node:child_process')
    const { promisify } = await import('node:util')
    const { PROGRAM } = await import('../helpers/cli.ts')
    const failed: unknown = await promisify(execFile)(
      process.execPath,
      [PROGRAM, 'doctor', '--json'],
      {
        cwd: project,
        env: { PATH: '/usr/bin:/bin', ...home.env },
      },
    ).catch(error => error)
    const report: Report = JSON.parse(Object(failed).stdout)
    const texts = report.checks
      .filter(({ state }) => state !== 'ok')
      .map(({ text }) => text)
      .join('\n')
    expect(texts).toContain('disableAllHooks silences')
    expect(texts).toContain('sets LD_PRELOAD: can replace any hook')
    expect(texts).toContain('sets PATH: our hook is proof against it')
    expect(texts).toMatch(/settings\.local\.json:1:\d+: is not valid JSON/)
  })

  test("the client's version, from its folder's name or its package, without running it", async () => {
    const { home } = await working()
    const bin = tempFolder()
    const program = put(join(tempFolder(), 'versions', '2.1.150'), '#!/bin/sh\nexit 1\n')
    chmodSync(program, 0o755)
    symlinkSync(program, join(bin, 'claude'))
    const old = await reportOf(home, { PATH: bin })
    expect(old.checks.find(({ name }) => name === 'client')?.text).toMatch(
      /2\.1\.150: does not refuse/,
    )

    const root = tempFolder()
    put(join(root, 'package.json'), '{"name":"@anthropic-ai/claude-code","version":"2.1.330"}')
    chmodSync(put(join(root, 'bin', 'claude'), '#!/bin/sh\nexit 1\n'), 0o755)
    const fresh = await reportOf(home, { PATH: join(root, 'bin') })
    expect(fresh.checks.find(({ name }) => name === 'client')).toMatchObject({ state: 'ok' })
  })

  describe('the reviewer', () => {
    const saidWith = async (policy: string, status: object = {}) => {
      const { home } = await working({ ...STATUS, ...status })
      put(home.policy, policy)
      const report = await reportOf(home)
      expect([problemsOf(report), report.code]).toEqual([[], 0])
      return report.checks.find(({ name }) => name === 'reviewer')
    }
    const LOCAL = 'provider: openai-compatible, model: m, base_url: "http://127.0.0.1:1/v1"'

    test('is none, until a policy names one', async () => {
      expect(await saidWith('')).toMatchObject({
        state: 'ok',
        text: 'none; what the judge is unsure of is asked of a person',
      })
    })

    test.each([
      ['', 'ok', ', without a key'],
      [', api_key_command: echo sk-key', 'ok', ', and api_key_command prints a key'],
      [', api_key_command: exit 1', 'warning', ': api_key_command failed'],
      [', api_key_command: "true"', 'warning', ': api_key_command printed no key'],
      [', api_key_env: MY_KEY', 'ok', ', and the gate has MY_KEY'],
    ])('%s: %s%s', async (key, state, says) => {
      expect(await saidWith(`reviewer: { ${LOCAL}${key} }`)).toMatchObject({
        state,
        text: `openai-compatible, m at http://127.0.0.1:1/v1${says}`,
      })
    })

    test('the gate, not this shell, has to have the variable', async () => {
      const policy = 'reviewer: { provider: anthropic, model: claude-haiku-4-5 }'
      expect(await saidWith(policy, { reviewerLacks: 'ANTHROPIC_API_KEY' })).toMatchObject({
        state: 'warning',
        text: 'anthropic, claude-haiku-4-5: ANTHROPIC_API_KEY is not set where the gate was started',
        mend: expect.stringContaining('api_key_command'),
      })
    })
  })

  test('uninstall stops the gate over its control socket', async () => {
    const { home } = await working()
    expect((await home.run('uninstall', '--yes')).stdout).toContain('The gate was stopped.')
  })
})
