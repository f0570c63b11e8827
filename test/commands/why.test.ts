import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCli } from '../helpers/cli.ts'
import { installed } from '../helpers/fake-gate.ts'
import { FIXTURES, put, tempFolder } from '../helpers/folder.ts'
import { entryLines, judgedEntry, reviewed, sessionEntry, unsure } from '../helpers/gate-events.ts'

function journaled() {
  const { file, journal } = installed()
  const lines = entryLines(
    sessionEntry(0),
    judgedEntry('toolu_x', 5, { command: 'git push backup' }),
  )
  put(join(journal, '2026-11-23.jsonl'), lines)
  return ['--install', file, '--root', tempFolder()]
}

describe('signalbox why', () => {
  test('tells what the gate decided, on what, and what would clear it', async () => {
    const { code, stdout, stderr } = await runCli(['why', 'toolu_x', ...journaled()])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(
      `${[
        'action    Bash: git push backup',
        'state     blocked',
        'by        judge',
        'reason    pushes to a repository that is not trusted',
        'rule      deny by push-external (soft_deny)',
        'evidence  git push backup',
        'touches   github.com/evil/app (git, external)',
        'clears    trust github.com/evil, override',
        'gate      answered deny',
        'asked     2026-11-23T10:00:00.005Z',
        'session   s1',
      ].join('\n')}\n`,
    )
  })

  test('the same as JSON', async () => {
    const { stdout } = await runCli(['why', 'toolu_x', '--json', ...journaled()])
    expect(JSON.parse(stdout)).toMatchObject({
      id: 'toolu_x',
      decidedBy: 'judge',
      verdict: 'deny',
      rule: 'push-external',
      tier: 'soft_deny',
      evidence: 'git push backup',
      gateAnswer: 'deny',
      opinionOnly: false,
      resources: [{ kind: 'git', id: 'github.com/evil/app', trust: 'external' }],
    })
  })

  test('what a reviewer said, and what it cost', async () => {
    const { file, journal } = installed()
    const judged = { by: 'reviewer', judgement: unsure } as const
    put(
      join(journal, '2026-11-23.jsonl'),
      entryLines(
        sessionEntry(0),
        reviewed('toolu_x', 4, { verdict: 'deny', risk: 'high', reason: 'sends the build away' }),
        judgedEntry('toolu_x', 5, { command: 'sync-tool' }, judged),
      ),
    )
    const args = ['why', 'toolu_x', '--install', file, '--root', tempFolder()]
    const { stdout } = await runCli(args)
    expect(stdout).toContain('by        reviewer\nreason    sends the build away\n')
    expect(stdout).toContain(
      'reviewer  deny: high risk, authorisation none | claude-haiku-4-5 (anthropic), 1.2s, 1.1k tokens, $0.0021\n',
    )
    const json = JSON.parse((await runCli([...args, '--json'])).stdout)
    expect(json.review).toEqual({
      verdict: 'deny',
      risk: 'high',
      authorisation: 'none',
      reason: 'sends the build away',
      stage: 1,
      problem: '',
      cached: false,
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      requests: 1,
      tokens: expect.objectContaining({ input: 120, output: 30, cacheRead: 1000 }),
      costUsd: 0.0021,
      ms: 1200,
    })
    expect(json).toMatchObject({ verdict: 'ask', judgeReason: unsure.reason, gateAnswer: 'deny' })
  })

  test('without a gate tells what the transcript says', async () => {
    const { code, stdout } = await runCli([
      'why',
      'toolu_14_0',
      '--root',
      join(FIXTURES, 'auto-server-2.1.330'),
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('by        classifier')
    expect(stdout).toContain('reason    deletes namespace prod')
  })

  test.each([
    [['why', 'toolu_none', '--root', FIXTURES], "no action 'toolu_none'"],
    [['why'], 'why takes one action id'],
    [
      ['why', 'a', '--install', '/nonexistent/x.json'],
      '--install /nonexistent/x.json: is not there',
    ],
  ])('%j is wrong usage', async (args, says) => {
    const { code, stdout, stderr } = await runCli(args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(says)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test('a broken install record is named in one line', async () => {
    const file = put(join(tempFolder(), 'install.json'), '{"node":1}')
    const { code, stderr } = await runCli(['watch', '--once', '--install', file])
    expect(code).toBe(2)
    expect(stderr).toContain(`${file}: is not what init writes`)
  })
})

test('watch --once --json tells what the gate says', async () => {
  const [, file = ''] = journaled()
  const { stdout } = await runCli([
    'watch',
    '--once',
    '--json',
    '--root',
    tempFolder(),
    '--install',
    file,
  ])
  const { sessions, actions } = JSON.parse(stdout)
  expect(sessions).toMatchObject([{ id: 's1', role: 'guard', paused: null }])
  expect(sessions[0].preconditions).toMatchObject({ modelAllowed: true })
  expect(actions).toMatchObject([{ id: 'toolu_x', rule: 'push-external', ungated: null }])
})
