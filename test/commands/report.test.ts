/** `signalbox report`, as people and scripts use it. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FIXTURES } from '../helpers/folder.ts'
import { newHome } from '../helpers/home.ts'

const report = (...args: string[]) => newHome().run('report', '--root', FIXTURES, ...args)

describe('report', () => {
  test('for people: a line for each, the total, and the client’s own total beside it', async () => {
    const { code, stdout } = await report('--by', 'mode')
    expect(code).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "mode     answers      in     out    read   write       cost   untold  actions  approved  blocked  outages  prompts   model  decision     run
      auto          46   55.2k   10.1k    690k    138k      $1.74   $0.151       40        24        9        7        0    44ms      29ms    92ms
      default        9   10.8k    2.0k    135k   27.0k     $0.340        -        9         8        1        0        3    54ms     286ms   159ms
      total         55   66.0k   12.1k    825k    165k      $2.08   $0.151       49        32       10        7        3    46ms      38ms   131ms

      model, decision and run are medians; +? has tokens without a known price besides;
      untold is what the client counted beyond its transcripts: with it cost is the client's own total
      the client's own total of 4 sessions: $1.66
        5444551f: client +$0.15100 (claude-sonnet-5 +$0.15100): the client also counts requests that leave no line in the transcript
      "
    `)
  })

  test('as CSV that a spreadsheet takes', async () => {
    const { stdout } = await report('--by', 'model', '--csv')
    const [head = '', first = '', ...rest] = stdout.split('\r\n')
    expect(head.split(',').slice(0, 4)).toEqual(['model', 'answers', 'input', 'output'])
    expect(first.split(',').slice(0, 4)).toEqual(['claude-opus-4-6', '55', '66000', '12100'])
    expect(rest.at(-2)).toMatch(/^total,55,66000,12100,/)
  })

  test('as JSON, with the client’s own totals and why they differ', async () => {
    const { stdout } = await report('--by', 'session', '--json')
    const { by, lines, total, client } = JSON.parse(stdout)
    expect([by, lines.length, total.actions.total]).toEqual(['session', 5, 49])
    expect(client).toContainEqual({
      session: '5444551f-f892-4df3-98ee-721fde326574',
      clientCostUsd: expect.any(Number),
      difference: expect.stringContaining('requests that leave no line'),
    })
  })

  test('between two times, and in one project', async () => {
    const none = await report('--json', '--since', '2026-11-24')
    expect(JSON.parse(none.stdout).total.answers).toBe(0)
    const all = await report('--json', '--until', '2026-11-24', '--project', '/home/dev')
    expect(JSON.parse(all.stdout).total.answers).toBe(55)
    const other = await report('--json', '--project', '/home/developer')
    expect(JSON.parse(other.stdout).total.answers).toBe(0)
  })

  test('keeps an index that is its owner’s only', async () => {
    const home = newHome()
    await home.run('report', '--root', FIXTURES)
    const folder = join(home.state, 'index')
    const [file = '', ...more] = readdirSync(folder)
    expect([
      more,
      statSync(folder).mode & 0o777,
      statSync(join(folder, file)).mode & 0o777,
    ]).toEqual([[], 0o700, 0o600])
  })

  test.each([
    [['--by', 'week'], /--by takes day, session, .*, not 'week'/],
    [['--json', '--csv'], /--json and --csv exclude each other/],
    [['--until', 'soon'], /--until takes '30m', '6h', '7d' or a date .*, not 'soon'/],
    [['--root', '/nonexistent'], /--root \/nonexistent: no such file or folder/],
  ])('%j is refused in one line', async (args, line) => {
    const { code, stderr } = await newHome().run('report', ...args)
    expect([code, stderr]).toEqual([2, expect.stringMatching(line)])
  })
})
