/** The tasks of docs/comparison.md, done with the keys that it names, in the built program. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CommandInput } from '../../src/action/command.ts'
import type { EntryBody } from '../../src/action/entry.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { type FakeGate, fakeGate, installed, until } from '../helpers/fake-gate.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { entryLines, judgedEntry, judgement, sessionEntry } from '../helpers/gate-events.ts'
import { callLine, promptLine, resultLine, SESSION, START, text } from '../helpers/lines.ts'
import { codeOf, tasksOfDocs } from '../helpers/tasks.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'

const MOST_KEYS = 3
/** A person reads between two keys; what came just now is not approved, and not trusted. */
const READING_MS = 500

interface Call {
  readonly session: string
  readonly id: string
  readonly command: string
  readonly is: 'approved' | 'blocked' | 'waiting'
}

const OTHER = '22222222-3333-4444-8555-666666666666'

const blocked = (id: string, command: string): Call => ({
  session: SESSION,
  id,
  command,
  is: 'blocked',
})
const ran = (n: number): Call => ({
  session: SESSION,
  id: `toolu_ran${n}`,
  command: `ls dir${n}`,
  is: 'approved',
})
const waits = (session: string, n: number): Call => ({
  session,
  id: `toolu_waits${n}`,
  command: `deploy ${n}`,
  is: 'waiting',
})

const LAST_BLOCK = blocked('toolu_last', 'git push backup')
const BLOCKS = [blocked('toolu_first', 'git push github'), ran(1), LAST_BLOCK]
const LONGEST = waits(SESSION, 1)

const NEWEST = { where: 'the block is the newest', calls: BLOCKS }
const BEHIND = { where: 'behind it some ran', calls: [...BLOCKS, ran(2), ran(3)] }
const WAITING = { where: 'behind it one waits', calls: [...BLOCKS, ran(2), LONGEST] }
const SEVERAL = { where: 'of two sessions', calls: [...BLOCKS, LONGEST, waits(OTHER, 2)] }

interface Attempt {
  readonly world: typeof NEWEST
  /** Selected in the end, or what the gate is told. */
  readonly comes: { readonly selected: string } | CommandInput
}

const of = ({ session, id }: Call) => ({ session, action: id })
const found = { selected: LAST_BLOCK.command }
const overridden: CommandInput = { type: 'override', ...of(LAST_BLOCK) }
const trusted: CommandInput = {
  type: 'trust',
  slot: 'source_control',
  entry: 'git.example/evil/app',
  note: '',
  project: '/home/dev/app',
}
const approved: CommandInput = { type: 'approve', ...of(LONGEST) }
const everywhere = (comes: Attempt['comes']): Attempt[] =>
  [NEWEST, BEHIND, WAITING].map(world => ({ world, comes }))

const ATTEMPTS: Readonly<Record<string, readonly Attempt[]>> = {
  'find the last block': everywhere(found),
  'let the last block through, once': everywhere(overridden),
  'trust what the last block touched': everywhere(trusted),
  'approve what waits, when one action does': [{ world: WAITING, comes: approved }],
  'approve what waits longest, when several do': [{ world: SEVERAL, comes: approved }],
}

describe.each(tasksOfDocs())('$task', ({ task, ways }) => {
  const way = ways.get('Signalbox')
  const attempts = ATTEMPTS[task] ?? []

  test('takes as many keys as the table says, and no more than three', () => {
    expect(attempts).not.toEqual([])
    expect(way?.count).toBe(way?.keys.length)
    expect(way?.count).toBeLessThanOrEqual(MOST_KEYS)
  })

  test.each(attempts)('$world.where', async ({ world, comes }) => {
    const { terminal, gate } = await watching(world.calls)
    for (const key of way?.keys ?? []) {
      expect(gate.requests).toEqual([])
      terminal.write(codeOf(key))
      await sleep(READING_MS)
    }
    if ('selected' in comes) {
      // The bar is colour alone: what is selected is what its details are about.
      terminal.write(codeOf('Enter'))
      await terminal.waitFor(screen => detailsOf(screen).includes(comes.selected))
      expect(gate.requests).toEqual([])
    } else {
      await until(() => gate.requests.length === 1)
      expect(gate.requests[0]?.command).toEqual(comes)
    }
  })
})

test('the table has every task that is tried out', () => {
  expect(tasksOfDocs().map(({ task }) => task)).toEqual(Object.keys(ATTEMPTS))
})

const detailsOf = (screen: string): string => screen.split('-- details')[1] ?? ''

/** The built program on these calls, following the newest, once it hears keys. */
async function watching(calls: readonly Call[]): Promise<{ terminal: Terminal; gate: FakeGate }> {
  const { install, file, journal } = installed()
  const gate = await fakeGate(install.sockets)
  const nobody = tempFolder()
  const now = Date.now()
  const at = (i: number): number => now - 60_000 + i * 2000
  for (const session of new Set(calls.map(call => call.session))) {
    const lines = calls.flatMap((call, i) => (call.session === session ? linesOf(call, at(i)) : []))
    const first = promptLine('go', { session, at: at(-1) - START })
    put(join(nobody, `${session}.jsonl`), text(first, ...lines))
  }
  const entries = calls.flatMap((call, i) => entriesOf(call, at(i)))
  put(join(journal, `${new Date(now).toISOString().slice(0, 10)}.jsonl`), entryLines(...entries))
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, '--root', nobody, '--install', file],
    env: { HOME: nobody, XDG_CONFIG_HOME: nobody, TZ: 'UTC' },
    columns: 120,
    rows: 30,
  })
  onTestFinished(() => terminal.close())
  await until(() => gate.attached.size === 1)
  await terminal.waitFor(/following/)
  await terminal.waitFor(calls.at(-1)?.command ?? '')
  await sleep(READING_MS)
  return { terminal, gate }
}

function entriesOf({ session, id, command, is }: Call, at: number): EntryBody[] {
  const of = { at, session }
  const resources = [{ kind: 'git', id: 'git.example/evil/app', trust: 'external' }] as const
  const answer = { approved: 'allow', blocked: 'deny', waiting: 'ask' } as const
  const more = { ...of, answer: answer[is], judgement: judgement({ resources }) }
  const until = at + 600_000
  const asked = { action: id, until, why: 'no rule knows it', held: 'PermissionRequest' } as const
  return [
    sessionEntry(0, { ...of, role: 'decide' }),
    judgedEntry(id, 0, { command }, more),
    ...(is === 'waiting' ? [{ type: 'asked', ...of, ...asked } as const] : []),
  ]
}

function linesOf({ session, id, command, is }: Call, ms: number): string[] {
  const at = ms - START
  const call = callLine({ id, input: { command } }, { session, at, message: `msg_${id}` })
  if (is === 'waiting') return [call]
  const refused = is === 'blocked' ? { error: true, denial: 'permission-rule' } : {}
  return [call, resultLine(id, 'a result', { session, at: at + 500, ...refused })]
}
