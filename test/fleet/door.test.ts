/** Commands from elsewhere: whose they are, what they may, and that they come once and in time. */
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Command, CommandInput, ScreenName } from '../../src/action/command.ts'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { REMOTE_RIGHTS, type RemoteIdentity, type RemoteRight } from '../../src/config/policy.ts'
import { Door, type DoorOptions } from '../../src/fleet/door.ts'
import { signed } from '../../src/fleet/remote-command.ts'
import { Seen } from '../../src/fleet/seen.ts'
import { tempFolder } from '../helpers/folder.ts'

const NOW = 1_800_000_000_000
const ALPHA = { organisation: 'acme', machine: 'alpha' }
const dana = nkeys.createUser()
const mallory = nkeys.createUser()
const ORIGIN = { layer: 'user', file: '', line: 1 } as const

interface Opened {
  readonly door: Door
  readonly done: { command: Command; by: ScreenName }[]
  /** The same machine after its relay was started again. */
  readonly again: () => Door
  at: number
  /** Of the policy, as it is now. */
  remote: readonly RemoteIdentity[]
}

function opened(
  may: readonly RemoteRight[] = REMOTE_RIGHTS,
  remoteMay: readonly RemoteRight[] = REMOTE_RIGHTS,
): Opened {
  const who: RemoteIdentity = { nkey: dana.getPublicKey(), name: 'Dana', may, origin: ORIGIN }
  const options: DoorOptions = {
    place: ALPHA,
    seen: new Seen(join(tempFolder(), 'seen.json')),
    policy: () => ({
      ...builtInPolicy,
      fleet: { share: 'reduced', remote: it.remote, remoteMay },
    }),
    send: async (command, by) => {
      it.done.push({ command, by })
      return { done: true, text: 'done' }
    },
    clock: () => it.at,
  }
  const it: Opened = {
    at: NOW,
    done: [],
    remote: [who],
    again: () => new Door(options),
    door: new Door(options),
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
  { type: 'propose', session: 's1', slot: 'domains', entry: 'corp.example' },
]

describe('who is listed', () => {
  test('may do what the policy says, and is named with it', async () => {
    const { door, done } = opened()
    for (const command of COMMANDS)
      expect(await door.answer(signed(dana, ALPHA, command, NOW))).toEqual({
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
      replies.push((await door.answer(signed(dana, ALPHA, command, NOW))).done)
    // What another paused, who may only pause does not resume.
    expect(replies).toEqual([false, true, false, true, false, false])
    expect(done.map(it => it.command.type)).toEqual(['deny', 'pause'])
  })

  test('may do no more than an administrator allows anybody', async () => {
    const { door, done } = opened(undefined, ['deny'])
    for (const command of COMMANDS) await door.answer(signed(dana, ALPHA, command, NOW))
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
    const reply = await door.answer(signed(dana, ALPHA, command, NOW))
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
    const said = await text(it, signed(mallory, ALPHA, PAUSE, NOW))
    expect(said).toBe(`refused: alpha does not list ${mallory.getPublicKey()}`)
    expect(it.done).toEqual([])
  })

  test('who signs for somebody else', async () => {
    const it = opened()
    const { body } = JSON.parse(signed(dana, ALPHA, PAUSE, NOW)) as { body: string }
    const signature = Buffer.from(mallory.sign(Buffer.from(body))).toString('base64')
    expect(await text(it, JSON.stringify({ body, signature }))).toContain(
      'not signed by who it says',
    )
  })

  test('what was changed on its way, in any letter', async () => {
    const it = opened()
    const asked = JSON.parse(signed(dana, ALPHA, PAUSE, NOW)) as { body: string }
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
    const asked = signed(dana, ALPHA, PAUSE, NOW)
    expect((await it.door.answer(asked)).done).toBe(true)
    expect(await text(it, asked)).toContain('too old, or came before')
    it.at = NOW + 31_000
    expect(await text(it, asked)).toContain('too old, or came before')
    expect(await text(it, signed(dana, ALPHA, PAUSE, NOW))).toContain('too old')
    it.at = NOW - 3_600_000
    expect(await text(it, signed(dana, ALPHA, PAUSE, NOW))).toContain('too old')
    expect(it.done).toHaveLength(1)
  })

  test('what came before its relay was started again', async () => {
    const it = opened()
    const asked = signed(dana, ALPHA, PAUSE, NOW)
    expect((await it.door.answer(asked)).done).toBe(true)
    const { done, text } = await it.again().answer(asked)
    expect([done, text]).toEqual([false, 'refused: it is too old, or came before'])
    expect((await it.again().answer(signed(dana, ALPHA, PAUSE, NOW))).done).toBe(true)
  })

  test('who was taken out of the policy meanwhile', async () => {
    const it = opened()
    expect((await it.door.answer(signed(dana, ALPHA, PAUSE, NOW))).done).toBe(true)
    it.remote = []
    expect(await text(it, signed(dana, ALPHA, PAUSE, NOW))).toContain('alpha does not list')
    expect(it.done).toHaveLength(1)
  })

  test('what comes from a clock that is far off, on either side', async () => {
    const it = opened()
    for (const at of [NOW - 31_000, NOW + 31_000, -1, Number.MAX_VALUE])
      expect(await text(it, signed(dana, ALPHA, PAUSE, at))).toContain('too old')
    for (const at of [NOW - 29_000, NOW + 29_000])
      expect((await it.door.answer(signed(dana, ALPHA, PAUSE, at))).done).toBe(true)
  })

  test('what is for another organisation', async () => {
    const it = opened()
    const elsewhere = { ...ALPHA, organisation: 'evil' }
    expect(await text(it, signed(dana, elsewhere, PAUSE, NOW))).toContain('another organisation')
  })

  test('what is too long to be looked into', async () => {
    const it = opened()
    const words = 'x'.repeat(2000)
    const long = signed(
      dana,
      ALPHA,
      { type: 'deny', session: 's'.repeat(70_000), action: 't', words },
      NOW,
    )
    expect(await text(it, long)).toContain('not signed')
  })

  test('what is for another machine', async () => {
    const it = opened()
    expect(await text(it, signed(dana, { ...ALPHA, machine: 'beta' }, PAUSE, NOW))).toContain(
      'for another machine',
    )
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
