/** What a real client exports of itself, received by the real program. */
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/monitor/snapshot.ts'
import { readOtlp } from '../../src/sources/otlp.ts'
import { runCli } from '../helpers/cli.ts'
import { keptIn, receiving } from '../helpers/otlp.ts'
import { type ScriptedStep, startApi, type ToolCall } from './api.ts'
import { CLIENT_VERSIONS, installClient } from './install.ts'
import { makeHome, runHeadless } from './session.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const bash = (command: string): ToolCall => ({ name: 'Bash', input: { command } })
const AGENT = {
  name: 'Agent',
  input: { description: 'look', prompt: 'SUBAGENT look around', subagent_type: 'general-purpose' },
}
const SCRIPT: ScriptedStep[] = [
  [bash('node --version'), bash('git push origin x')],
  [AGENT],
  'Done.',
]
const SECRET = 'the prompt of a person'

describe.each(CLIENT_VERSIONS)('client %s', version => {
  test('tells of its requests, decisions and runs what its transcript tells', async () => {
    const client = await installClient(version)
    const judge = (action: string) => ({ block: action.includes('push'), reason: 'pushes' })
    const api = await startApi(SCRIPT, {
      safeguards: 'answer',
      classify: judge,
      judge: (_, input) => judge(JSON.stringify(input)),
      subagent: [[bash('ls -la')], 'sub done'],
    })
    const home = await makeHome()
    open.push({ close: home.remove }, api)
    const env = { HOME: home.root, XDG_STATE_HOME: home.root }
    const receiver = await receiving(env)
    const exporting = {
      CLAUDE_CODE_ENABLE_TELEMETRY: '1',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_LOGS_EXPORT_INTERVAL: '200',
      OTEL_TRACES_EXPORT_INTERVAL: '200',
      OTEL_LOG_USER_PROMPTS: '1',
      OTEL_LOG_TOOL_DETAILS: '1',
    }
    const through = { words: [], env: exporting }
    const { code } = await runHeadless(client, api, home, SECRET, { mode: 'auto', through })
    expect(code).toBe(0)
    await receiver.stop()

    const folder = join(home.root, 'signalbox', 'otlp')
    const records = [...readOtlp(folder, { from: 0, to: Number.POSITIVE_INFINITY })]
    const sources = new Set(records.flatMap(it => (it.type === 'request' ? [it.querySource] : [])))
    expect(sources).toContain('sdk')
    expect(sources).toContain('agent:builtin:general-purpose')
    for (const text of [SECRET, 'git push', 'node --version'])
      expect(keptIn(folder)).not.toContain(text)

    const { stdout } = await runCli(['watch', '--once', '--json', '--root', home.config], env)
    const { sessions, actions }: Snapshot = JSON.parse(stdout)
    expect(sessions).toHaveLength(1)
    const [session] = sessions
    // With its classifier's requests it is the client's own total, of which transcripts have a part.
    const told = session?.telemetry?.reduce((sum, it) => sum + it.costUsd, 0)
    expect(told).toBeCloseTo(session?.clientCostUsd ?? session?.costUsd ?? 0, 9)
    for (const action of actions) {
      expect(action.telemetry?.decision).toBe(action.state === 'approved' ? 'accept' : 'reject')
      const verdict = action.state === 'approved' ? 'allow' : 'block'
      if (version !== '2.1.150' && action.decidedBy === 'classifier')
        expect(action.telemetry?.classifier).toBe(verdict)
      if (action.state === 'approved') expect(action.telemetry?.runMs).toEqual(expect.any(Number))
    }
    expect(actions.map(it => it.state).sort()).toEqual([
      'approved',
      'approved',
      'approved',
      'blocked',
    ])
  })
})
