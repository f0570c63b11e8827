/** What `signalbox report` counts, against what the client counted of the same sessions. */
import { afterEach, describe, expect, test } from 'vitest'
import { runCli } from '../helpers/cli.ts'
import { type ApiOptions, type ScriptedStep, startApi, type ToolCall } from './api.ts'
import { CLIENT_VERSIONS, installClient } from './install.ts'
import { type Home, makeHome, runHeadless } from './session.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const bash = (command: string): ToolCall => ({ name: 'Bash', input: { command } })
const READS: ScriptedStep[] = [
  [{ name: 'Read', input: { file_path: 'hello.txt' } }, bash('ls')],
  [bash('git status')],
  'All done.',
]
const AGENT = {
  name: 'Agent',
  input: { description: 'look', prompt: 'SUBAGENT look around', subagent_type: 'general-purpose' },
}
const CHECKED: ApiOptions = {
  safeguards: 'answer',
  classify: () => ({ block: false, reason: '' }),
  judge: () => ({ block: false, reason: '' }),
}

interface Scripted {
  readonly what: string
  /** How many answers of the model it takes at least. */
  readonly answers: number
  readonly script: ScriptedStep[]
  readonly mode: string
  readonly options: ApiOptions
}

const SESSIONS: readonly Scripted[] = [
  { what: 'a session', answers: 3, script: READS, mode: 'default', options: {} },
  { what: 'a session in auto mode', answers: 3, script: READS, mode: 'auto', options: CHECKED },
  {
    what: 'a session with a subagent',
    answers: 4,
    script: [[AGENT], 'All done.'],
    mode: 'auto',
    options: { ...CHECKED, subagent: [[bash('ls -la')], 'sub done'] },
  },
]

/** One session of the client, and the totals that it printed at its end. */
async function session(version: string, { script, mode, options }: Omit<Scripted, 'answers'>) {
  const client = await installClient(version)
  const api = await startApi(script, options)
  const home = await makeHome()
  open.push({ close: home.remove }, api)
  const { stdout } = await runHeadless(client, api, home, 'do the thing', { mode })
  const result = stdout.split('\n').find(line => line.includes('"type":"result"'))
  return { home, told: JSON.parse(result ?? '{}') }
}

async function reported(home: Home, by: string) {
  const env = { HOME: home.root, XDG_STATE_HOME: home.root }
  const args = ['report', '--by', by, '--json', '--root', home.config]
  return JSON.parse((await runCli(args, env)).stdout)
}

describe.each(CLIENT_VERSIONS)('of client %s', version => {
  test.each(SESSIONS)('$what: the same tokens and cost', async ({ answers, ...how }) => {
    const { home, told } = await session(version, how)
    const { lines, total } = await reported(home, 'model')
    expect(total.answers).toBeGreaterThanOrEqual(answers)
    // A model whose requests leave no line has nothing but what the client counted of it.
    const inTranscript = lines.filter((it: { answers: number }) => it.answers > 0)
    expect(inTranscript.length).toBeGreaterThan(0)
    for (const { name, costUsd, untoldUsd } of lines)
      expect(costUsd + untoldUsd).toBeCloseTo(told.modelUsage[name].costUSD, 9)
    for (const { name, tokens, costUsd } of inTranscript) {
      const { inputTokens, outputTokens, ...their } = told.modelUsage[name]
      expect(tokens).toMatchObject({
        input: inputTokens,
        output: outputTokens,
        cacheRead: their.cacheReadInputTokens,
      })
      expect(tokens.cacheWrite5m + tokens.cacheWrite1h).toBe(their.cacheCreationInputTokens)
      expect(costUsd).toBeCloseTo(their.costUSD, 9)
    }

    // What remains of the client's total is of models whose requests leave no line.
    const counted = new Set(inTranscript.map((it: { name: string }) => it.name))
    const unseen = Object.entries<{ costUSD: number }>(told.modelUsage).filter(
      ([name]) => !counted.has(name),
    )
    const remains = unseen.reduce((sum, [, { costUSD }]) => sum + costUSD, 0)
    expect(total.costUsd + remains).toBeCloseTo(told.total_cost_usd, 9)
    const { client } = await reported(home, 'session')
    for (const { clientCostUsd, difference } of client) {
      expect(clientCostUsd).toBe(told.total_cost_usd)
      if (remains === 0) expect(difference).toBeNull()
      else for (const [name] of unseen) expect(difference).toContain(name)
    }
    // 2.1.150 leaves no line of its total when it runs without a terminal.
    expect(client).toHaveLength(version === '2.1.150' ? 0 : 1)
  })
})
