/** `signalbox statusline`, as the client's `statusLine` setting runs it. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { startCli } from '../helpers/cli.ts'
import { installed, until } from '../helpers/fake-gate.ts'
import { copyOfFixtures, FIXTURES, put, tempFolder } from '../helpers/folder.ts'
import { entryLines, judgedEntry, sessionEntry } from '../helpers/gate-events.ts'
import { BY_MODE, callLine, text as lines, resultLine, SESSION } from '../helpers/lines.ts'

const RECORDED = '5444551f-f892-4df3-98ee-721fde326574'
const transcriptIn = (folder: string): string =>
  join(folder, 'auto-server-2.1.330', `${RECORDED}.jsonl`)

const status = (more: object = {}): string =>
  JSON.stringify({
    session_id: RECORDED,
    transcript_path: transcriptIn(FIXTURES),
    cost: { total_cost_usd: 1.23, total_duration_ms: 4 },
    ...more,
  })

async function line(
  input: string,
  args: readonly string[] = [],
  env: Record<string, string> = { NO_COLOR: '1' },
) {
  const folder = tempFolder()
  const own = { HOME: folder, CLAUDE_CONFIG_DIR: folder, XDG_STATE_HOME: folder, ...env }
  const child = startCli(['statusline', ...args], own)
  child.stdin.on('error', () => {}).end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { stdout, stderr, code }
}

describe('the line', () => {
  test('counts what the session and its subagents did, with the client’s own total', async () => {
    expect(await line(status())).toEqual({
      stdout: 'signalbox: 10 approved, 4 blocked · $1.23\n',
      stderr: '',
      code: 0,
    })
  })

  test('has our own cost where the client tells none', async () => {
    const { stdout } = await line(status({ cost: null }))
    expect(stdout).toMatch(/^signalbox: 10 approved, 4 blocked · \$0\.\d+\n$/)
  })

  test('is coloured, unless NO_COLOR is set', async () => {
    const { stdout } = await line(status(), [], {})
    expect(stdout).toContain('\x1b[31m4 blocked\x1b[0m')
  })

  test('tells the role, a pause and what waits, of this session alone', async () => {
    const { file, journal } = installed()
    const transcript = put(
      join(tempFolder(), `${SESSION}.jsonl`),
      lines(
        callLine({ id: 't1' }),
        resultLine('t1', 'ok', { decision: BY_MODE }),
        callLine({ id: 't2' }, { message: 'msg_2', at: 3000 }),
      ),
    )
    const at = Date.parse('2026-11-23T10:00:00Z')
    const allow = { session: SESSION, answer: 'allow' } as const
    put(
      join(journal, '2026-11-23.jsonl'),
      entryLines(
        sessionEntry(0, { session: SESSION, role: 'decide' }),
        judgedEntry('t1', 1000, { command: 'true' }, allow),
        judgedEntry('t2', 3000, { command: 'true' }, { session: SESSION, answer: 'ask' }),
        {
          type: 'asked',
          at: at + 3001,
          session: SESSION,
          action: 't2',
          until: at + 60_000,
          why: 'ask',
          held: 'PreToolUse',
        },
        sessionEntry(0, { session: 'another', role: 'watch' }),
        judgedEntry('t9', 1000, { command: 'true' }, { session: 'another' }),
      ),
    )
    const of = status({ session_id: SESSION, transcript_path: transcript })
    const args = ['--install', file]
    expect((await line(of, args)).stdout).toBe(
      'signalbox: 1 approved, 0 blocked, 1 pending · $1.23 · decide\n',
    )
    const paused = { type: 'paused', at: at + 4000, session: null, hard: false, why: '' } as const
    put(join(journal, '2026-11-24.jsonl'), entryLines(paused))
    expect((await line(of, args)).stdout).toMatch(/ · decide, paused\n$/)
  })

  test('of a large session is read on from an index', async () => {
    const folder = copyOfFixtures()
    const transcript = transcriptIn(folder)
    const big = callLine({ id: 'b', input: { command: `: ${'x'.repeat(2 << 20)}` } })
    appendFileSync(transcript, lines(big.replaceAll(SESSION, RECORDED)))
    const home = tempFolder()
    const env = { NO_COLOR: '1', XDG_STATE_HOME: home }
    const of = status({ transcript_path: transcript })
    const first = await line(of, [], env)
    const index = join(home, 'signalbox', 'index', 'sessions')
    const [name = ''] = readdirSync(index)
    expect(statSync(join(index, name)).mode & 0o777).toBe(0o600)
    const again = await line(of, [], env)
    expect(again).toEqual(first)
    copyFileSync(transcriptIn(FIXTURES), transcript)
    expect((await line(of, [], env)).stdout).toContain('10 approved, 4 blocked')
  })
})

describe('the user’s own command', () => {
  test('is run with the same input, and printed first, as it is', async () => {
    const { stdout } = await line(status(), ['--', 'printf "\\033[1m"; wc -c'])
    expect(stdout).toBe(`\x1b[1m${status().length}\nsignalbox: 10 approved, 4 blocked · $1.23\n`)
  })

  test('may be words instead of a line for the shell', async () => {
    const { stdout } = await line(status(), ['--', 'printf', '%s|', 'a b', '$HOME'])
    expect(stdout).toMatch(/^a b\|\$HOME\|\nsignalbox: /)
  })

  test.each([
    [['--', '/nonexistent/program', 'x']],
    [['--', 'exit 3']],
    [['--', 'exec <&-; exec >&-; exit 1']],
  ])('%j fails, and the line is there', async args => {
    const { stdout, code } = await line(status(), args)
    expect([code, stdout]).toEqual([0, 'signalbox: 10 approved, 4 blocked · $1.23\n'])
  })

  test('that leaves something in the background is not waited for, nor that ended', async () => {
    const began = performance.now()
    const { stdout } = await line(status(), ['--', 'sleep 4 & echo $!'])
    expect(performance.now() - began).toBeLessThan(3500)
    const pid = Number(stdout.split('\n')[0])
    expect(process.kill(pid, 'SIGKILL')).toBe(true)
  })

  test('that hangs is ended, with all that it started', async () => {
    const pid = join(tempFolder(), 'pid')
    const { stdout, code } = await line(status(), [
      '--',
      `echo so far; sleep 300 & echo $! > ${pid}; wait`,
    ])
    expect([code, stdout]).toEqual([0, 'so far\nsignalbox: 10 approved, 4 blocked · $1.23\n'])
    const sleeping = Number(readFileSync(pid, 'utf8'))
    // What nobody has reaped yet is over, too.
    await until(
      () =>
        !/^[^Z]/.test(
          spawnSync('ps', ['-o', 'stat=', '-p', `${sleeping}`])
            .stdout.toString()
            .trim(),
        ),
    )
  })
})

describe('trouble never fails the bar', () => {
  test.each([
    ['no JSON', 'not json', 'signalbox: the client tells of no session'],
    ['no object', '[1]', 'signalbox: the client tells of no session'],
    ['nothing', '', 'signalbox: the client tells of no session'],
    [
      'no transcript yet',
      status({ transcript_path: '/nonexistent/x.jsonl' }),
      'signalbox: no actions yet · $1.23',
    ],
    ['a folder', status({ transcript_path: '/' }), 'signalbox: no actions yet · $1.23'],
    ['a device', status({ transcript_path: '/dev/zero' }), 'signalbox: no actions yet · $1.23'],
    [
      'names with controls',
      status({ session_id: '\x1b]0;x\x07' }),
      'signalbox: no actions yet · $1.23',
    ],
  ])('%s', async (_, input, shown) => {
    expect(await line(input)).toEqual({ stdout: `${shown}\n`, stderr: '', code: 0 })
  })

  test('a broken install record', async () => {
    const home = tempFolder()
    put(join(home, 'signalbox', 'install.json'), '{')
    const { stdout, code } = await line(status(), [], { NO_COLOR: '1', XDG_STATE_HOME: home })
    expect([code, stdout]).toEqual([0, 'signalbox: 10 approved, 4 blocked · $1.23\n'])
  })

  test.each([
    [['--'], 'statusline takes your own command behind --'],
    [['mine'], "unexpected 'mine'"],
    [['--bogus'], "Unknown option '--bogus'"],
  ])('%j is wrong usage', async (args, says) => {
    const { stdout, stderr, code } = await line(status(), args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(says)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
