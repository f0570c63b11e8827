/** Identical commands with different verdicts, from a journal as the gate writes it. */
import { describe, expect, test } from 'vitest'
import { DAY, START, Story } from './story.ts'

const found = (story: Story) => story.found(['verdicts-differ'])
const PUSH = 'git push https://github.com/other/app main'

describe('what is around a command made the difference', () => {
  test('the branch', () => {
    const story = new Story()
    const remotes = { origin: 'git@github.com:acme/app.git' }
    const around = { remotes, remotesNow: remotes, defaultBranch: 'main' }
    story.ask('git push', { facts: { ...around, branch: 'feature' } })
    story.ask('git push', { facts: { ...around, branch: 'main' } })
    expect(found(story)).toMatchObject([
      {
        severity: 'low',
        what: expect.stringMatching(
          /^Bash "git push" got allow \(.+\) 2026-11-20 10:00, and (ask|deny) \(.+\) 2026-11-20 10:00: the branch was feature, then main$/,
        ),
        where: expect.stringMatching(/2026-11-20\.jsonl:3$/),
      },
    ])
  })

  test('a file', () => {
    const story = new Story()
    const script = (content: string) => ({
      facts: { files: { '/home/dev/app/x.sh': { kind: 'file' as const, content } } },
    })
    story.ask('sh x.sh', script('echo hello'))
    story.ask('sh x.sh', script('rm -rf ~/Documents'))
    expect(found(story)[0]?.what).toMatch(/: files were others: \/home\/dev\/app\/x\.sh$/)
  })

  test('what the session did before', () => {
    const story = new Story()
    story.ask('curl -o tool.sh https://get.example/tool.sh', { answer: 'allow' })
    story.ask('sh tool.sh', { ran: false })
    story.ask('sh tool.sh', { session: 's2', ran: false })
    expect(found(story)[0]?.what).toContain('the session had done something else before')
  })
})

describe('left out is what explains itself', () => {
  test('an edit of trust, by a key or in an editor', () => {
    const story = new Story()
    story.ask(PUSH)
    story.policy('trust:\n  source_control: [github.com/other]\n').ask(PUSH)
    expect(found(story)).toEqual([])
  })

  test("the user's words", () => {
    const story = new Story()
    story.ask('git push --force origin main')
    story.say('force push main to origin').ask('git push --force origin main')
    expect(found(story)).toEqual([])
  })

  test('an override: the verdict on the call stays the same', () => {
    const story = new Story()
    story.command('override', story.ask(PUSH))
    story.ask(PUSH, { answer: 'allow' })
    expect(found(story)).toEqual([])
  })

  test('an entry that came to its end', () => {
    const story = new Story().policy(
      'trust:\n  source_control: [{ entry: github.com/other, expires: 2026-11-21 }]\n',
    )
    story.ask(PUSH)
    story.later(3 * DAY).ask(PUSH)
    expect(found(story)).toEqual([])
  })

  test('other folders, other tools and other input', () => {
    const story = new Story()
    story.ask('rm -rf build')
    story.ask('rm -rf ../build')
    story.ask('rm -rf build', { facts: { cwd: '/home/dev', projectRoot: '/home/dev/app' } })
    expect(found(story)).toEqual([])
  })
})

test('without its facts, why is not known', () => {
  const story = new Story()
  story.ask('ls')
  const judged = {
    type: 'judged',
    at: START + DAY,
    session: 's1',
    action: 't9',
    agent: '',
    tool: 'Bash',
    input: { command: 'true' },
    inputHash: 'x',
    cwd: '/home/dev/app',
    permissionMode: 'auto',
    role: 'decide',
    answer: 'allow',
    by: 'judge',
    grant: '',
    ms: 1,
    facts: null,
  } as const
  const said = { tier: 'allow', reason: '', evidence: '', resources: [], clear: [] } as const
  story.write({ ...judged, judgement: { ...said, verdict: 'allow', rule: 'a' } })
  story.write({ ...judged, action: 't10', judgement: { ...said, verdict: 'deny', rule: 'b' } })
  expect(found(story)).toMatchObject([
    {
      severity: 'medium',
      what: expect.stringMatching(/: they were recorded without their facts$/),
    },
  ])
})

test('a few are listed, the newest first, and --since leaves out what was before', () => {
  const story = new Story()
  const script = (content: string) => ({
    facts: { files: { '/home/dev/app/x.sh': { kind: 'file' as const, content } } },
  })
  for (let i = 0; i < 12; i++) {
    story.later(DAY / 24)
    story.ask(`sh x.sh ${i}`, script('echo hello'))
    story.ask(`sh x.sh ${i}`, script('rm -rf ~/Documents'))
  }
  const all = found(story)
  expect(all).toHaveLength(10)
  expect(all[0]?.what).toContain('"sh x.sh 11"')
  expect(all.at(-1)?.what).toContain('; and 2 more commands')
  const since = START + 11.5 * (DAY / 24)
  expect(story.found(['verdicts-differ'], { since })).toHaveLength(1)
})
