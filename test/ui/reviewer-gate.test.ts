/** A reviewer at a real gate, as the screen shows it, and the key that overrides what it refused. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { dayFiles } from '../../src/gate/journal.ts'
import { plainLines } from '../../src/monitor/plain.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { JournalFile } from '../../src/sources/journal-file.ts'
import { bash, startGate, type TestGate } from '../gate/world.ts'
import { worldOf } from '../helpers/events.ts'
import { historyRead } from '../helpers/gate-events.ts'
import { modelServer, type Script, says } from '../judge/reviewer/model-server.ts'
import { withGate } from './gate-harness.ts'
import { KEYS, renderApp } from './harness.ts'

const REASON = 'It sends the build to a stranger.'
const ORIGIN = { layer: 'user', file: '', line: 1 } as const

/** Of what goes away it thinks ill, and of nothing else. */
const script: Script = asked =>
  says(
    asked.prompt.includes('stranger.example') ? { risk: 'high', reason: REASON } : { pass: true },
  )(asked)

async function reviewedGate(): Promise<TestGate> {
  const server = await modelServer(script)
  const gate = await startGate({
    env: { REVIEW_KEY: 'sk-test' },
    policy: {
      enabled: { by: 'Ada', on: '2026-11-24', origin: ORIGIN },
      roles: { default: 'decide', projects: {} },
      reviewer: {
        provider: 'anthropic',
        model: 'claude-haiku-4-5',
        baseUrl: server.url,
        key: { from: 'environment', name: 'REVIEW_KEY' },
        timeoutMs: 3000,
        budget: { sessionUsd: 1, dayUsd: 5, sessionTokens: 1e6, dayTokens: 1e7 },
        origin: ORIGIN,
      },
    },
  })
  onTestFinished(async () => {
    gate.stop()
    await server.close()
  })
  await gate.hook('SessionStart')
  return gate
}

function eventsIn({ folder }: TestGate): Event[] {
  const events: Event[] = []
  for (const file of dayFiles(join(folder, 'journal')))
    new JournalFile(
      join(folder, 'journal', file),
      () => null,
      it => events.push(it),
    ).read(Number.POSITIVE_INFINITY)
  return [...events, historyRead]
}

const ask = async (gate: TestGate, command: string, id: string): Promise<string> =>
  (await gate.hook('PreToolUse', bash(command, id))).decision

test('the list says that it decided, and why; the totals what it came to', async () => {
  const gate = await reviewedGate()
  expect(await ask(gate, 'lint UNSURE', 'ok')).toBe('allow')
  expect(await ask(gate, 'sync UNSURE stranger.example', 'no')).toBe('deny')
  const world = worldOf(...eventsIn(gate))
  expect(plainLines(world)).toEqual([
    expect.stringMatching(/ approved .*by reviewer .* lint UNSURE \| /),
    expect.stringMatching(
      / blocked by reviewer .* sync UNSURE stranger.example \| It sends the build/,
    ),
  ])
  expect(snapshotOf(world).totals.reviews).toMatchObject({
    asked: 2,
    allowed: 1,
    denied: 1,
    left: 0,
    problems: 0,
    unpriced: 0,
    costUsd: expect.any(Number),
  })
})

test('o on what it refused lets the same call through once', async () => {
  const gate = await reviewedGate()
  expect(await ask(gate, 'sync UNSURE stranger.example', 'first')).toBe('deny')
  const { monitor } = withGate({ events: eventsIn(gate), options: { send: gate.command } })
  const app = await renderApp(monitor, { columns: 120, rows: 30 })
  await app.press(KEYS.up)
  expect(app.selectedText()).toMatch(/x blocked +reviewer .*sync UNSURE strang.* \| It/)
  await app.press('o')
  await expect.poll(() => app.foot()).toContain('once')
  expect(await ask(gate, 'sync UNSURE stranger.example', 'second')).toBe('allow')
  expect(await ask(gate, 'sync UNSURE stranger.example', 'third')).toBe('deny')
})
