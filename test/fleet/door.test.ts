/** Commands from elsewhere: whose they are, what they may, and that they come once and in time. */
import { nkeys } from '@nats-io/transport-node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Command, CommandInput, ScreenName } from '../../src/action/command.ts'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import type { RemoteIdentity, RemoteRight } from '../../src/config/policy.ts'
import { Door } from '../../src/fleet/door.ts'
import { signed } from '../../src/fleet/remote-command.ts'

const NOW = 1_800_000_000_000
const dana = nkeys.createUser()
const mallory = nkeys.createUser()
const ORIGIN = { layer: 'user', file: '', line: 1 } as const

interface Opened {
  readonly door: Door
  readonly done: { command: Command; by: ScreenName }[]
  at: number
}

function opened(
  may: readonly RemoteRight[] = ['approve', 'deny', 'override', 'pause'],
  remoteMay: readonly RemoteRight[] = ['approve', 'deny', 'override', 'pause'],
): Opened {
  const who: RemoteIdentity = { nkey: dana.getPublicKey(), name: 'Dana', may, origin: ORIGIN }
  const it: Opened = {
    at: NOW,
    done: [],
    door: new Door({
      machine: 'alpha',
      policy: () => ({
        ...builtInPolicy,
        fleet: { share: 'reduced', remote: [who], remoteMay },
      }),
      send: async (command, by) => {
        it.done.push({ command, by })
        return { done: true, text: 'done' }
      },
      clock: () => it.at,
    }),
  }
  return it
}

const PAUSE = { type: 'pause', session: 's1' } as const
const COMMANDS: readonly CommandInput[] = [
  { type: 'approve', session: 's1', action: 't1' },
  { type: 'deny', session: 's1', action: 't1', words: 'not now' },
  { type: 'override', session: 's1', action: 't1' },
  PAUSE,
  { type: 'resume', session: 's1' },
]

describe('who is listed', () => {
  test('may do what the policy says, and is named with it', async () => {
    const { door, done } = opened()
    for (const command of COMMANDS)
      expect(await door.answer(signed(dana, 'alpha', command, NOW))).toEqual({
        done: true,
        text: 'done',
      })
    expect(done.map(it => it.command.type)).toEqual(COMMANDS.map(it => it.type))
    expect(done[0]?.by.name).toMatch(/^Dana \(U[A-Z2-7]{5}…\)$/)
    expect(done[0]?.by.tty).toBe('fleet')
  })

  test('may do no more than that', async () => {
    const { door, done } = opened(['deny', 'pause'])
    const replies = []
    for (const command of COMMANDS)
      replies.push((await door.answer(signed(dana, 'alpha', command, NOW))).done)
    expect(replies).toEqual([false, true, false, true, true])
    expect(done.map(it => it.command.type)).toEqual(['deny', 'pause', 'resume'])
  })

  test('may do no more than an administrator allows anybody', async () => {
    const { door, done } = opened(undefined, ['deny'])
    for (const command of COMMANDS) await door.answer(signed(dana, 'alpha', command, NOW))
    expect(done.map(it => it.command.type)).toEqual(['deny'])
  })

  test.each([
    { type: 'trust', slot: 'domains', entry: 'evil.example' },
    { type: 'untrust', slot: 'domains', entry: 'corp.example' },
    { type: 'undo' },
    { type: 'pause' },
    { type: 'resume' },
  ] as const)('may not $type', async command => {
    const { door, done } = opened()
    const reply = await door.answer(signed(dana, 'alpha', command, NOW))
    expect(reply).toEqual({ done: false, text: 'refused: that is done on the machine itself' })
    expect(done).toEqual([])
  })
})

describe('refused is', () => {
  const text = async (it: Opened, asked: string): Promise<string> => {
    const { done, text } = await it.door.answer(asked)
    expect(done).toBe(false)
    return text
  }

  test('who is not listed', async () => {
    const it = opened()
    const said = await text(it, signed(mallory, 'alpha', PAUSE, NOW))
    expect(said).toBe(`refused: alpha does not list ${mallory.getPublicKey()}`)
    expect(it.done).toEqual([])
  })

  test('who signs for somebody else', async () => {
    const it = opened()
    const { body } = JSON.parse(signed(dana, 'alpha', PAUSE, NOW)) as { body: string }
    const signature = Buffer.from(mallory.sign(Buffer.from(body))).toString('base64')
    expect(await text(it, JSON.stringify({ body, signature }))).toContain(
      'not signed by who it says',
    )
  })

  test('what was changed on its way, in any letter', async () => {
    const it = opened()
    const asked = JSON.parse(signed(dana, 'alpha', PAUSE, NOW)) as { body: string }
    await fc.assert(
      fc.asyncProperty(
        fc.nat(asked.body.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        async (at, letter) => {
          fc.pre(asked.body[at] !== letter)
          const body = asked.body.slice(0, at) + letter + asked.body.slice(at + 1)
          await text(it, JSON.stringify({ ...asked, body }))
        },
      ),
    )
    expect(it.done).toEqual([])
  })

  test('what comes a second time, or late', async () => {
    const it = opened()
    const asked = signed(dana, 'alpha', PAUSE, NOW)
    expect((await it.door.answer(asked)).done).toBe(true)
    expect(await text(it, asked)).toContain('too old, or came before')
    it.at = NOW + 31_000
    expect(await text(it, asked)).toContain('too old, or came before')
    expect(await text(it, signed(dana, 'alpha', PAUSE, NOW))).toContain('too old')
    it.at = NOW - 3_600_000
    expect(await text(it, signed(dana, 'alpha', PAUSE, NOW))).toContain('too old')
    expect(it.done).toHaveLength(1)
  })

  test('what is for another machine', async () => {
    const it = opened()
    expect(await text(it, signed(dana, 'beta', PAUSE, NOW))).toContain('for another machine')
  })

  test('whatever else comes in', async () => {
    const it = opened()
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), async noise => {
        await text(it, noise)
      }),
    )
  })
})
