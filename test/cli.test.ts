/** What the published program does with a command line: real processes, as a shell starts them. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { linesOf, nextLine, PROGRAM, runCli, startCli } from './helpers/cli.ts'
import { copyOfFixtures, FIXTURES, put, tempFolder } from './helpers/folder.ts'
import { BY_MODE, callLine, promptLine, resultLine, SESSION, text } from './helpers/lines.ts'

describe('wrong usage', () => {
  const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an unknown command', ['wach'], /unknown command 'wach'/],
    ['a name that every object has', ['constructor'], /unknown command 'constructor'/],
    ['an unknown flag', ['watch', '--jsno'], /--jsno/],
    ['an unknown flag of the default command', ['--jsno'], /--jsno/],
    ['a word too many', ['watch', 'this'], /unexpected 'this'/],
    ['a flag of another command', ['watch', '--speed', '2'], /--speed/],
    ['a bad --since', ['watch', '--since', 'yesterday'], /--since .*'yesterday'/],
    ['a bad --limit', ['watch', '--limit', 'many'], /--limit .*'many'/],
    ['a negative --limit', ['watch', '--limit', '-1'], /--limit/],
    ['a broken --limit', ['watch', '--limit', '1.5'], /--limit .*'1.5'/],
    ['a bad --speed', ['demo', '--speed', 'fast'], /--speed .*'fast'/],
    ['a --speed of nothing', ['demo', '--speed', '0'], /--speed .*'0'/],
    ['a root that is not there', ['watch', '--root', '/no/such'], /\/no\/such: no such file/],
    ['--root without its value', ['watch', '--root'], /--root/],
    ['--json together with --plain', ['watch', '--json', '--plain'], /exclude each other/],
    ['a replay of nothing', ['replay'], /replay takes one/],
    ['a replay of two', ['replay', 'a', 'b'], /replay takes one/],
    ['a replay of what is not there', ['replay', '/no/such'], /\/no\/such: no such file/],
    ['a command over two lines', ['a\nb'], /unknown command/],
    ['a rule that is not there', ['rules', 'exfil-secrt'], /the nearest is 'exfil-secret'/],
    ['a command that steers the terminal', ['\u001b[2J'], /unknown command/],
  ]

  test.each(WRONG)('%s', async (_, args, says) => {
    const { code, stdout, stderr } = await runCli(args)
    expect(stderr).toMatch(/^signalbox: [\x20-\x7e]+\n$/)
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain('unexpected:')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('a config file that does not fit: file, line and column', async () => {
    const config = tempFolder()
    const path = put(join(config, 'signalbox', 'config.yaml'), 'theme: dark\nprices: 5\n')
    const { code, stdout, stderr } = await runCli(['watch', '--once', '--root', FIXTURES], {
      XDG_CONFIG_HOME: config,
    })
    expect(stderr).toMatch(/^signalbox: [^\n]+\n$/)
    expect(stderr).toContain(`${path}:2:`)
    expect([code, stdout]).toEqual([2, ''])
  })
})

describe('--help and --version', () => {
  test.each(['--help', '-h', 'help'])('%s lists every command', async flag => {
    const { code, stdout, stderr } = await runCli([flag])
    const commands = [
      'watch',
      'demo',
      'replay',
      'check',
      'gate',
      'hook',
      'why',
      'init',
      'uninstall',
      'doctor',
      'trust',
      'rules',
      'config',
      'completions',
    ]
    for (const command of commands) expect(stdout).toContain(`signalbox ${command}`)
    expect([code, stderr]).toEqual([0, ''])
  })

  test('--version is that of the package', async () => {
    const { code, stdout } = await runCli(['--version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(code).toBe(0)
  })
})

/** What an agent would write to steer the terminal of whoever watches it. */
const HOSTILE = 'echo \u001b[2J\u001b]0;owned\u0007\u009b31m\r\n\u202etxt.exe\u0000\u007f'

function hostileTranscript(): string {
  const root = tempFolder()
  put(
    join(root, `${SESSION}.jsonl`),
    text(
      promptLine('go'),
      callLine({ id: 't1', input: { command: HOSTILE } }),
      callLine({ id: 't2', tool: `mcp__\u001b[31m`, input: { '\u001b[2J': '\u001b[2J' } }),
      resultLine('t1', `PreToolUse:Bash hook error: ${HOSTILE}`, { error: true }),
    ),
  )
  return root
}

describe('what is printed', () => {
  test('--plain prints one line an action and nothing that steers a terminal', async () => {
    const { code, stdout } = await runCli(['--plain', '--once', '--root', hostileTranscript()])
    const lines = stdout.split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain('echo \\x1b[2J')
    expect(stdout).not.toMatch(/[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u)
    expect(code).toBe(0)
  })

  test('--json escapes it, and means the same', async () => {
    const { stdout } = await runCli(['--json', '--once', '--root', hostileTranscript()])
    expect(stdout.slice(0, -1)).not.toMatch(/[\p{Cc}\u202a-\u202e]/u)
    const { actions } = JSON.parse(stdout)
    expect(actions[0].summary).toBe(HOSTILE)
  })

  test('--plain tells time, session, agent, tool, decision, cost, what and why', async () => {
    const root = join(FIXTURES, 'auto-server-2.1.330')
    const { stdout } = await runCli(['--plain', '--once', '--root', root])
    expect(stdout.split('\n').find(line => line.includes('kubectl'))).toMatch(
      /^11:23:47 5444551f \S+ Bash blocked by classifier 42ms \$0\.037\d kubectl delete ns prod \| deletes namespace prod$/,
    )
  })

  test('a reader that has seen enough is no error', async () => {
    const root = tempFolder()
    const calls = Array.from({ length: 3000 }, (_, i) =>
      callLine({ id: `t${i}`, input: { command: 'x'.repeat(200) } }, { at: i }),
    )
    put(join(root, `${SESSION}.jsonl`), text(promptLine('go'), ...calls))
    // PIPESTATUS tells how the program itself ended, not head.
    const script =
      `'${process.execPath}' '${PROGRAM}' --plain --once --root '${root}' | head -1; echo "$` +
      `{PIPESTATUS[0]}"`
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script])
    expect(stdout.split('\n').filter(line => line !== '')).toHaveLength(2)
    expect(stdout).toMatch(/\n0\n$/)
    expect(stderr).toBe('')
  })
})

describe('trust and config', () => {
  test('an entry is added, listed with its line, told to the client, and taken back', async () => {
    const folder = tempFolder()
    const settings = put(join(folder, 'client', 'settings.json'), '{\n  "model": "opus"\n}\n')
    const env = {
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_STATE_HOME: join(folder, 'state'),
      CLAUDE_CONFIG_DIR: join(folder, 'client'),
    }
    const cli = (...args: string[]) => runCli(args, env)
    expect(await cli('trust', 'add', 'github.com/acme')).toMatchObject({ code: 0, stderr: '' })
    expect((await cli('trust', 'list')).stdout).toMatch(
      /^source_control +github\.com\/acme.*config\.yaml:3\n/,
    )
    expect(await cli('config', 'check')).toMatchObject({ code: 0, stderr: '' })
    const asked = await cli('trust', 'sync')
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--yes')])
    expect(await cli('trust', 'sync', '--yes')).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(settings, 'utf8')).toContain('"Source control: github.com/acme and')
    expect((await cli('trust', 'undo')).stdout).toMatch(/^taken back: github\.com\/acme/)
    expect((await cli('trust', 'add', '*.com')).stderr).toMatch(/^signalbox: '\*\.com' is as wide/)
  })
})

describe('watch --json', () => {
  test('tells all at the start, then each action that changes, and ends on SIGTERM', async () => {
    const root = copyOfFixtures()
    const path = join(root, 'new', `${SESSION}.jsonl`)
    put(path, text(promptLine('go')))
    const child = startCli(['watch', '--json', '--root', root])
    const lines = linesOf(child)
    const { snapshot } = JSON.parse(await nextLine(lines))
    expect(snapshot.actions).toHaveLength(49)
    expect(snapshot.sessions.map((s: { id: string }) => s.id)).toContain(SESSION)

    appendFileSync(path, text(callLine({ id: 'new1', input: { command: 'make' } })))
    const asked = JSON.parse(await nextLine(lines))
    expect(asked.action).toMatchObject({ id: 'new1', state: 'undecided', summary: 'make' })

    appendFileSync(path, text(resultLine('new1', 'ok', { decision: BY_MODE })))
    const done = JSON.parse(await nextLine(lines))
    expect(done.action).toMatchObject({ id: 'new1', state: 'approved', decidedBy: 'mode' })

    child.kill('SIGTERM')
    const [code, signal] = await once(child, 'close')
    expect([code, signal]).toEqual([0, null])
  })

  test('a folder with nothing in it is an empty snapshot, not a sample', async () => {
    const child = startCli(['watch', '--json', '--root', tempFolder()])
    const { snapshot } = JSON.parse(await nextLine(linesOf(child)))
    expect(snapshot.actions).toEqual([])
    child.kill('SIGTERM')
    expect((await once(child, 'close'))[0]).toBe(0)
  })
})
