/**
 * A client of next year leaves a field out of its transcripts, calls it otherwise or gives it another
 * type. Then something is not known, and that is shown; nothing that is shown is wrong.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { findTranscripts } from '../../src/clients/claude-code/layout.ts'
import { priceList } from '../../src/clients/claude-code/prices.ts'
import type { Reading } from '../../src/clients/claude-code/transcript.ts'
import { type ActionJson, type Snapshot, snapshotOf } from '../../src/monitor/snapshot.ts'
import { TranscriptFile } from '../../src/sources/transcript-file.ts'
import { PROGRAM, runCli, snapshotBy } from '../helpers/cli.ts'
import { FIXTURE_NAMES, FIXTURES, folderOfFile, put, tempFolder } from '../helpers/folder.ts'
import { openTerminal } from '../helpers/terminal.ts'
import { LOSSES, type Loss, losing, type Path, pathsIn } from './fields.ts'

interface Recorded {
  readonly name: string
  readonly agent: string
  readonly lines: readonly { readonly type: string }[]
}

function recorded(fixture: string): Recorded[] {
  return findTranscripts(join(FIXTURES, fixture)).map(({ path, agent }, i) => ({
    name: agent === '' ? `session-${i}.jsonl` : `agent-${agent}.jsonl`,
    agent,
    lines: readFileSync(path, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line)),
  }))
}

const price = priceList()
const NOW = Date.parse('2026-11-30T12:00:00Z')
const folder = folderOfFile()

function seen(files: readonly Recorded[], reading: Reading): Snapshot {
  const world = new World()
  for (const { name, agent, lines } of files) {
    const path = put(join(folder, name), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
    const from = { path, agent, from: 0, since: 0 }
    new TranscriptFile(from, price, event => fold(world, event)).read(reading)
  }
  return snapshotOf(world, undefined, NOW)
}

/** Every line of that type loses the field. */
function withLoss(files: readonly Recorded[], type: string, path: Path, loss: Loss): Recorded[] {
  return files.map(file => ({
    ...file,
    lines: file.lines.map(line =>
      // A line stays one, whatever it loses.
      line.type === type ? (losing(line, path, loss) as { type: string }) : line,
    ),
  }))
}

/** What is claimed of an action that was not so, in words. */
function wrong(was: ActionJson, is: ActionJson): string[] {
  const states = `${was.state} ${was.outcome} by ${was.decidedBy}, now ${is.state} ${is.outcome} by ${is.decidedBy}`
  const isUndecided = is.state === 'undecided'
  const differs = (a: number | null, b: number | null): boolean => b !== null && a !== b
  return [
    ...(is.state !== was.state && !isUndecided ? [states] : []),
    ...(is.decidedBy !== was.decidedBy && is.decidedBy !== 'unknown' ? [states] : []),
    ...(is.outcome !== was.outcome && !isUndecided ? [states] : []),
    ...(is.tool !== was.tool && is.tool !== 'unknown' ? [`${was.tool}, now ${is.tool}`] : []),
    ...(differs(was.costUsd, is.costUsd) ? [`cost ${was.costUsd}, now ${is.costUsd}`] : []),
    // Who decided tells a wait for a person from a run.
    ...(is.decidedBy === was.decidedBy && differs(was.runMs, is.runMs) ? ['ran for'] : []),
    ...(differs(was.decisionMs, is.decisionMs) ? ['decided in'] : []),
  ]
}

/** What a reader is told wrongly, or not told to be missing. */
function faults(was: Snapshot, is: Snapshot): string[] {
  const before = new Map(was.actions.map(it => [it.id, it]))
  const after = new Set(is.actions.map(it => it.id))
  const isMarked =
    is.totals.skippedLines > was.totals.skippedLines ||
    is.sessions.some(it => it.uncountedAnswers > 0 || it.unpricedModels.length > 0)
  const lost = was.actions.filter(it => !after.has(it.id)).length
  const sums = (it: Snapshot): string => JSON.stringify([it.totals.tokens, it.totals.costUsd])
  return [
    ...is.actions.flatMap(it => {
      const known = before.get(it.id)
      return known === undefined ? [`${it.id} is new`] : wrong(known, it)
    }),
    ...(lost > 0 && !isMarked ? [`${lost} actions are gone, and nothing says so`] : []),
    ...(sums(was) !== sums(is) && !isMarked ? [`${sums(was)}, now ${sums(is)}`] : []),
    ...(is.sessions.some(it => it.uncountedAnswers > 0 && it.costUsd === 0) ? ['costs $0'] : []),
  ]
}

/** Of other lines only their kind, session and time could ever be read. */
const isDeep = (type: string, path: Path): boolean =>
  path.length > 1 && !/^(user|assistant|cost-state|.*-(title|mode))$/.test(type)

/** The API's own word for what was not cached. */
const isNoCache = (path: Path, loss: Loss): boolean =>
  loss === 'null' && /^cache_(read|creation)_input_tokens$/.test(path.at(-1) ?? '')

describe.each(FIXTURE_NAMES)('%s', name => {
  const files = recorded(name)
  const types = [...new Set(files.flatMap(file => file.lines.map(line => line.type)))]

  test('any field of any kind of line', () => {
    const was = seen(files, 'exact')
    const found: string[] = []
    let tried = 0
    for (const type of types) {
      const lines = files.flatMap(file => file.lines.filter(line => line.type === type))
      for (const path of pathsIn(lines).map(([, ...rest]) => rest))
        for (const loss of LOSSES) {
          if (path.length === 0 || isNoCache(path, loss) || isDeep(type, path)) continue
          tried++
          const is = seen(withLoss(files, type, path, loss), 'exact')
          const what = `${type}.${path.join('.')} ${loss}`
          found.push(...faults(was, is).map(fault => `${what}: ${fault}`))
        }
    }
    expect([...new Set(found)]).toEqual([])
    expect(tried).toBeGreaterThan(300)
  })

  test('in bulk it is read as line by line', () => {
    const READ = ['user', 'assistant']
    for (const type of READ) {
      const lines = files.flatMap(file => file.lines.filter(line => line.type === type))
      for (const [, ...path] of pathsIn(lines)) {
        if (path.length === 0 || path.includes('input')) continue
        const less = withLoss(files, type, path, 'dropped')
        expect([path, seen(less, 'bulk')]).toEqual([path, seen(less, 'exact')])
      }
    }
  })
})

describe('is shown', () => {
  function lossy(path: Path, type: string): string {
    const [file] = withLoss(recorded('auto-server-2.1.330'), type, path, 'dropped').filter(
      it => it.agent === '',
    )
    const text = file?.lines.map(line => `${JSON.stringify(line)}\n`).join('') ?? ''
    return put(join(tempFolder(), 'session.jsonl'), text)
  }

  test('lines without a field that every one has: skipped, counted, and why', async () => {
    const { skipped, totals } = await snapshotBy(lossy(['sessionId'], 'assistant'))
    expect(totals.skippedLines).toBeGreaterThan(10)
    expect(skipped[0]?.why).toBe('has no sessionId')
  })

  test('no tokens and no cost where the client tells none', async () => {
    const root = lossy(['message', 'usage', 'output_tokens'], 'assistant')
    const { sessions, actions } = await snapshotBy(root)
    expect(sessions[0]).toMatchObject({ costUsd: null, tokens: { input: 0 } })
    expect(sessions[0]?.uncountedAnswers).toBeGreaterThan(5)
    for (const action of actions) expect(action.costUsd).toBeNull()
    const { stdout } = await runCli(['watch', '--plain', '--once', '--root', root])
    expect(stdout).toContain(' ? ')
    expect(stdout).not.toContain('$0')
  })

  test('on the screen: so many answers without tokens, and no cost', async () => {
    const root = lossy(['message', 'usage', 'input_tokens'], 'assistant')
    const screen = openTerminal({
      command: process.execPath,
      args: [PROGRAM, '--root', root],
      env: { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' },
      columns: 160,
      rows: 30,
    })
    try {
      expect(await screen.waitFor(/\+ \? of \d+ answers/)).toMatch(/cost +\? /)
      screen.write('s')
      await screen.waitFor(/ \?\+\? +auto +\d+ +\? /)
    } finally {
      await screen.close()
    }
  })
})
