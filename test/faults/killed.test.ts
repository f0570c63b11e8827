/**
 * A gate that is killed between what it writes and what it tells: a copy of its folder is what the next
 * gate finds.
 */
import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { verifyJournal } from '../../src/gate/verify.ts'
import { bash, SCREEN, startGate, type TestGate } from '../gate/world.ts'

const open: TestGate[] = []
afterEach(() => {
  for (const gate of open.splice(0).reverse()) gate.stop()
})

const enabled = {
  by: 'Ada',
  on: '2026-11-24',
  origin: { layer: 'user', file: '', line: 1 },
} as const
const policy = { enabled, roles: { default: 'decide', projects: {} } } as const
const HEADLESS = { 'x-signalbox-entrypoint': 'sdk-cli', 'x-signalbox-attended': '0' }

async function gateIn(folder?: string): Promise<TestGate> {
  const gate = await startGate({ policy, ...(folder !== undefined && { folder }) })
  open.push(gate)
  await gate.hook('SessionStart')
  return gate
}

/** The gate that begins where another one was killed in this moment. */
async function killed(gate: TestGate, damage = (_day: string): void => {}): Promise<TestGate> {
  const folder = mkdtempSync(join(tmpdir(), 'sb-killed-'))
  cpSync(join(gate.folder, 'journal'), join(folder, 'journal'), { recursive: true })
  const [day = ''] = [gate.gate.parts.journal.head.file]
  damage(join(folder, 'journal', day))
  return gateIn(folder)
}

const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise(resolve => setTimeout(resolve, 5))
}

describe('an override that was used, but whose answer was lost', () => {
  test('lets the very same call through again, and no other', async () => {
    const gate = await gateIn()
    await gate.hook('PreToolUse', bash('DENY x', 't1'))
    await gate.command({ type: 'override', session: 's1', action: 't1' })
    await gate.hook('PreToolUse', bash('DENY x', 't2'))
    const next = await killed(gate)
    expect((await next.hook('PreToolUse', bash('DENY x', 't3'))).decision).toBe('deny')
    expect((await next.hook('PreToolUse', bash('DENY y', 't2'))).decision).toBe('deny')
    const other = await killed(gate)
    expect((await other.hook('PreToolUse', bash('DENY x', 't2'))).decision).toBe('allow')
  })
})

test('calls that the client gives no id are never the very same', async () => {
  const gate = await gateIn()
  await gate.hook('PreToolUse', bash('DENY x', 't1'))
  await gate.command({ type: 'override', session: 's1', action: 't1' })
  expect((await gate.hook('PreToolUse', bash('DENY x', ''))).decision).toBe('allow')
  expect((await gate.hook('PreToolUse', bash('DENY x', ''))).decision).toBe('deny')
})

test('a grant whose use is written, and whose end is not, is used', async () => {
  const gate = await gateIn()
  await gate.hook('PreToolUse', bash('DENY x', 't1'))
  await gate.command({ type: 'override', session: 's1', action: 't1' })
  await gate.hook('PreToolUse', bash('DENY x', 't2'))
  const next = await killed(gate, day => {
    const lines = readFileSync(day, 'utf8').split('\n')
    const end = lines.findIndex(line => line.includes('"type":"grant-ended"'))
    writeFileSync(day, `${lines.slice(0, end).join('\n')}\n`)
  })
  expect((await next.hook('PreToolUse', bash('DENY x', 't2'))).decision).toBe('allow')
  expect((await next.hook('PreToolUse', bash('DENY x', 't3'))).decision).toBe('deny')
  expect(next.entries()).toContainEqual(
    expect.objectContaining({ type: 'grant-ended', why: 'used' }),
  )
})

describe('an answer of a person that the client was not told', () => {
  async function answered(command: 'approve' | 'deny'): Promise<TestGate> {
    const gate = await gateIn()
    gate.gate.attach(SCREEN)
    const held = gate.hook('PreToolUse', bash('UNSURE x', 't1'), HEADLESS)
    await until(() => gate.gate.pending.size === 1)
    await gate.command({ type: command, session: 's1', action: 't1' })
    const next = await killed(gate)
    await held
    return next
  }

  test.each([
    ['approve', 'allow'],
    ['deny', 'deny'],
  ] as const)(
    '%s is told when its hook asks again, with nobody at a screen',
    async (said, told) => {
      const next = await answered(said)
      expect((await next.hook('PreToolUse', bash('UNSURE x', 't1'), HEADLESS)).decision).toBe(told)
    },
  )

  test('is no answer to another call, nor to what is refused by now', async () => {
    const next = await answered('approve')
    const ask = (command: string, id: string) =>
      next.hook('PreToolUse', bash(command, id), HEADLESS)
    expect((await ask('UNSURE x', 't2')).decision).toBe('deny')
    expect((await ask('HARD x', 't1')).decision).toBe('deny')
  })
})

describe('a line of the journal that cannot be read', () => {
  const changed = (type: string) => (day: string) => {
    const lines = readFileSync(day, 'utf8').split('\n')
    const at = lines.findIndex(line => line.includes(`"type":"${type}"`))
    writeFileSync(day, lines.with(at, '\0'.repeat(40)).join('\n'))
  }

  test('may have been a pause: all is asked until somebody resumes', async () => {
    const gate = await gateIn()
    await gate.command({ type: 'pause' })
    const next = await killed(gate, changed('paused'))
    expect((await next.hook('PreToolUse', bash('ls', 't1'))).decision).toBe('ask')
    expect(next.entries()).toContainEqual(
      expect.objectContaining({ type: 'alert', text: expect.stringContaining('audit --verify') }),
    )
    await next.command({ type: 'resume' })
    expect((await next.hook('PreToolUse', bash('ls', 't2'))).decision).toBe('allow')
    const last = await killed(next)
    expect((await last.hook('PreToolUse', bash('ls', 't3'))).decision).toBe('allow')
  })

  test('may have been the end of a grant: none that was given before it counts', async () => {
    const gate = await gateIn()
    await gate.hook('PreToolUse', bash('DENY x', 't1'))
    await gate.command({ type: 'override', session: 's1', action: 't1' })
    await gate.hook('PreToolUse', bash('DENY x', 't2'))
    const next = await killed(gate, changed('grant-ended'))
    await next.command({ type: 'resume' })
    expect((await next.hook('PreToolUse', bash('DENY x', 't3'))).decision).toBe('deny')
  })

  test('a newer version may have written it: it stays, and is doubted as well', async () => {
    const gate = await gateIn()
    const next = await killed(gate, day => {
      const lines = readFileSync(day, 'utf8').trimEnd().split('\n')
      const { seq } = JSON.parse(lines.at(-1) ?? '')
      appendFileSync(day, `${JSON.stringify({ seq: seq + 1, type: 'paused-by-moon', prev: '' })}\n`)
    })
    expect((await next.hook('PreToolUse', bash('ls', 't1'))).decision).toBe('ask')
    const day = join(next.folder, 'journal', next.gate.parts.journal.head.file)
    expect(readFileSync(day, 'utf8')).toContain('paused-by-moon')
  })

  test.each([
    ['NULs', (line: string) => '\0'.repeat(line.length)],
    ['half of it', (line: string) => line.slice(0, line.length / 2)],
    ['nothing', () => ''],
  ])(
    'at the end, of which %s is left: numbers go on, and audit names that one place',
    async (_, left) => {
      const gate = await gateIn()
      await gate.hook('PreToolUse', bash('ls', 't1'))
      const { seq } = gate.gate.parts.journal.head
      const next = await killed(gate, day => {
        const lines = readFileSync(day, 'utf8').trimEnd().split('\n')
        writeFileSync(day, `${lines.with(-1, left(lines.at(-1) ?? '')).join('\n')}\n`)
      })
      expect(
        next.entries().every((entry, i, all) => i === 0 || entry.seq > (all[i - 1]?.seq ?? 0)),
      ).toBe(true)
      expect(next.gate.parts.journal.head.seq).toBeGreaterThan(seq)
      const { breaks } = verifyJournal(join(next.folder, 'journal'))
      expect(new Set(breaks.map(({ line }) => line)).size).toBeLessThanOrEqual(2)
      expect(breaks.length).toBeGreaterThan(0)
    },
  )
})
