/** Entries of trust that nothing had to do with, from a journal as the gate writes it. */
import { describe, expect, test } from 'vitest'
import { DAY, MINUTE, START, Story } from './story.ts'

const found = (story: Story, more = {}, now?: Date) =>
  story.found(['entry-unused'], more, now).map(it => it.what.split(' ')[0])

function busy(story: Story, times: number): Story {
  for (let i = 0; i < times; i++) story.ask('ls')
  return story
}

test('with its line, the range, how many actions were looked at, and how to take it out', () => {
  const story = new Story().policy('trust:\n  domains: [docs.example]\n')
  busy(story, 150).later(4 * DAY)
  busy(story, 50)
  expect(story.found(['entry-unused'])).toMatchObject([
    {
      severity: 'low',
      what: 'docs.example under domains was of no use: of 200 actions in the last 4 days none touched what it covers',
      where: expect.stringMatching(/config\.yaml:2$/),
      fix: ['trust', 'remove', 'docs.example', '--as', 'domains'],
    },
  ])
})

test('too few actions say nothing', () => {
  const story = new Story().policy('trust:\n  domains: [docs.example]\n')
  expect(found(busy(story, 199))).toEqual([])
})

describe('used is what anything touched that it covers', () => {
  test.each([
    ['source_control: [github.com/acme]', 'git push https://github.com/acme/app main'],
    ['domains: ["*.corp.example"]', 'curl https://api.corp.example/x'],
    ['buckets: ["s3://builds"]', 'aws s3 cp a.tgz s3://builds/app/a.tgz'],
    [
      'services: ["https://hooks.slack.com/services/T1"]',
      'curl -d hi https://hooks.slack.com/services/T1/B2/x',
    ],
    ['registries: [npm.acme.example]', 'npm publish --registry https://npm.acme.example'],
    ['hosts: [build02.acme.example]', 'ssh build02.acme.example uptime'],
    ['clusters: ["k8s:staging"]', 'kubectl --context staging get pods'],
    [
      'databases: ["postgres://db.acme.example/app"]',
      'psql postgres://db.acme.example/app -c "select 1"',
    ],
    ['paths: [/srv/shared]', 'touch /srv/shared/a'],
    ['paths: [~/notes]', 'cat ~/notes/today.md'],
  ])('%s: %s', (entry, command) => {
    const story = new Story().policy(`trust:\n  ${entry}\n`)
    expect(found(busy(story, 200))).toHaveLength(1)
    story.ask(command)
    expect(found(story)).toEqual([])
  })

  test('by an MCP server', () => {
    const story = busy(new Story().policy('trust:\n  mcp: ["mcp:docs"]\n'), 200)
    expect(found(story)).toEqual(['mcp:docs'])
    story.ask('', { tool: 'mcp__docs__create_page', input: { text: 'x' } })
    expect(found(story)).toEqual([])
  })

  test('also when it was denied for something else', () => {
    const story = busy(new Story().policy('trust:\n  source_control: [github.com/acme]\n'), 200)
    story.ask('git push --force https://github.com/acme/app main')
    expect(found(story)).toEqual([])
  })
})

describe('actions are counted', () => {
  test('from when the entry was put in', () => {
    const story = busy(new Story(), 200).policy('trust:\n  domains: [docs.example]\n')
    const place = { slot: 'domains', entry: 'docs.example', project: '' } as const
    story.write({ type: 'trusted', at: story.at, ...place, note: '', expires: '' })
    expect(found(busy(story, 199))).toEqual([])
    expect(found(busy(story, 1))).toEqual(['docs.example'])
  })

  test('of its project, where it is for one', () => {
    const entry = '{ trust: { domains: [docs.example] } }'
    const here = new Story().policy(`projects:\n  /home/dev/app: ${entry}\n`)
    expect(found(busy(here, 200))).toEqual(['docs.example'])
    const elsewhere = new Story().policy(`projects:\n  /home/dev/other: ${entry}\n`)
    expect(found(busy(elsewhere, 200))).toEqual([])
  })

  test('of the last 90 days, and since when it was asked for', () => {
    const story = busy(new Story().policy('trust:\n  domains: [docs.example]\n'), 200)
    expect(found(story, {}, new Date(START + 89 * DAY))).toEqual(['docs.example'])
    expect(found(story, {}, new Date(START + 91 * DAY))).toEqual([])
    expect(found(story, { since: START + MINUTE })).toEqual([])
  })
})

test('an entry that is over is another finding', () => {
  const yaml = 'trust:\n  domains: [{ entry: docs.example, expires: 2026-11-01 }]\n'
  expect(found(busy(new Story().policy(yaml), 200))).toEqual([])
})
