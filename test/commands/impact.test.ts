/** `signalbox impact`, as people and scripts use it. */
import { expect, test } from 'vitest'
import { FIXTURES } from '../helpers/folder.ts'
import { newHome } from '../helpers/home.ts'
import { exported, receiving } from '../helpers/otlp.ts'

const impact = (...args: string[]) => newHome().run('impact', '--root', FIXTURES, ...args)

test('for people: by mode, where the time went, and what cannot be concluded', async () => {
  const { code, stdout } = await impact()
  expect(code).toBe(0)
  expect(stdout).toMatchInlineSnapshot(`
    "mode                actions  unasked  blocked  outages  asked  asked per 100 (95 %)  waits    wait   waited
    auto                     40       24        9        7      0         0.0 (0.0-8.8)      0       -        -
    default                   9        6        1        0      3      33.3 (12.1-64.6)      1   286ms    284ms
    total                    49       30       10        7      3        6.1 (2.1-16.5)      1   286ms    284ms

    time of                   n      p50      p95    total
    the client's check        6     38ms     44ms    217ms
    the gate                  0        -        -        -
    the reviewer              0        -        -        -
    tools                    30    131ms     1.1s     9.7s
    the model                55     46ms    175ms     3.3s

    deciding by the reviewer: 0 requests, 0 tokens, $0
    deciding by the client's check: not visible

    8 actions were approved by a check instead of a person; how long answering them takes was not seen.
    Deciding took 217ms, 1.6 % of the time of deciding, tools and model together.
    Approved without a person, and then taken back: 0 of 30, 0 % (0 % to 11 %); 0 interrupted, 0 typed.
    Pauses: 2 after 3 refusals in a row, 0 after 20 in all, 0 by the breaker.

    5 of 5 sessions had no gate: their waits, overrides and approvals by a check are only known as far as the transcript tells.
    Modes were used for different work: a difference between them need not come from the mode.
    default: only 9 actions; its rate of interruptions lies anywhere from 12 % to 65 %.
    What the client's own check costs is not visible without OpenTelemetry ('signalbox otlp'); clients counted $0.151 beyond their transcripts, and it is at most that.
    The client says when it refused, not when it approved: its check's time is from refusals, and from approvals that a gate timed.
    A block that nobody overrode need not have been right, and an approval that nobody took back need not either.
    "
  `)
})

test('for scripts: the same figures, with their intervals', async () => {
  const { stdout } = await impact('--json')
  const { modes, total, deciding, found } = JSON.parse(stdout)
  expect(modes.map((it: { mode: string }) => it.mode)).toEqual(['auto', 'default'])
  expect(total.interruptions).toMatchObject({ n: 3, of: 49 })
  expect(deciding).toMatchObject({ classifier: null, reviewer: { requests: 0 } })
  expect(found.at(-1)).toMatch(/^Pauses: 2 after 3/)
})

test('of a range, and of one project', async () => {
  const none = await impact('--json', '--until', '2020-01-01')
  expect(JSON.parse(none.stdout).total.actions).toBe(0)
  const other = await impact('--project', '/srv')
  expect(other.stdout).toContain('No action was recorded in this range.')
})

test('bad input is one line', async () => {
  const { code, stderr } = await newHome().run('impact', '--since', 'yesterday-ish')
  expect([code, stderr.split('\n').length]).toEqual([2, 2])
})

test("what the client's own check takes, from what the client exported", async () => {
  const home = newHome()
  const receiver = await receiving(home.env)
  for (const { url, body } of exported('2.1.330')) await receiver.post(url, JSON.stringify(body))
  await receiver.stop()
  const { stdout } = await home.run('impact', '--root', FIXTURES, '--json')
  const { deciding, latency } = JSON.parse(stdout)
  expect(deciding.classifier).toMatchObject({ requests: 10, costUsd: 0.151 })
  expect(latency.classifier.n).toBe(10)
  const text = (await home.run('impact', '--root', FIXTURES)).stdout
  expect(text).toMatch(/deciding by the client's check: 10 requests, .* tokens, \$0\.151\n/)
  expect(text).not.toContain('not visible')
})
