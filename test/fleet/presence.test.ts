/** Who is at a screen elsewhere counts at a machine that lists them, for as long as signs come. */
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { REMOTE_RIGHTS, type RemoteIdentity, type RemoteRight } from '../../src/config/policy.ts'
import { Presence, signOfLife } from '../../src/fleet/presence.ts'
import { signed } from '../../src/fleet/remote-command.ts'
import { GateClient } from '../../src/sources/gate-client.ts'
import { bash, startGate } from '../gate/world.ts'

const dana = nkeys.createUser()
const mallory = nkeys.createUser()
const ORIGIN = { layer: 'user', file: '', line: 1 } as const
const open: (() => unknown)[] = []
beforeEach(() =>
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date', 'setTimeout', 'clearTimeout'] }),
)
afterEach(async () => {
  vi.useRealTimers()
  for (const close of open.splice(0).reverse()) await close()
})

function machine(may: readonly RemoteRight[] = REMOTE_RIGHTS) {
  const who: RemoteIdentity = { nkey: dana.getPublicKey(), name: 'Dana', may, origin: ORIGIN }
  const it = { here: [] as string[], remote: [who], remoteMay: REMOTE_RIGHTS }
  const presence = new Presence({
    organisation: 'acme',
    policy: () => ({ ...builtInPolicy, fleet: { share: 'reduced', ...it } }),
    attach: ({ name }, until) => {
      it.here.push(name.slice(0, 4))
      until.addEventListener('abort', () => it.here.splice(it.here.indexOf(name.slice(0, 4)), 1))
    },
    clock: Date.now,
  })
  open.push(() => presence.end())
  return Object.assign(it, { presence })
}

const sign = (by = dana, at = Date.now(), organisation = 'acme'): string =>
  signOfLife(by, organisation, at)

describe('somebody elsewhere', () => {
  test('is here from the first sign to a few seconds after the last, once', () => {
    const { presence, here } = machine()
    for (let n = 0; n < 5; n++) {
      presence.heard(sign())
      expect(here).toEqual(['Dana'])
      vi.advanceTimersByTime(6000)
    }
    vi.advanceTimersByTime(6000)
    expect(here).toEqual([])
    presence.heard(sign())
    expect(here).toEqual(['Dana'])
  })

  test('is not, who is not listed, may not approve, or was taken out meanwhile', () => {
    const it = machine()
    it.presence.heard(sign(mallory))
    expect(it.here).toEqual([])
    const denies = machine(['deny', 'pause'])
    denies.presence.heard(sign())
    expect(denies.here).toEqual([])
    it.presence.heard(sign())
    it.remote = []
    vi.advanceTimersByTime(6000)
    it.presence.heard(sign())
    vi.advanceTimersByTime(6000)
    expect(it.here).toEqual([])
  })

  test('is not by signs that are repeated, old, of another organisation, or none', () => {
    const { presence, here } = machine()
    const first = sign()
    presence.heard(first)
    vi.advanceTimersByTime(11_000)
    for (const text of [
      first,
      sign(dana, Date.now() - 31_000),
      sign(dana, Date.now() + 31_000),
      sign(dana, Date.now(), 'evil'),
      signed(dana, { organisation: 'acme', machine: 'alpha' }, { type: 'undo' }, Date.now()),
      'x',
    ])
      presence.heard(text)
    expect(here).toEqual([])
  })
})

describe('a headless call', () => {
  test('is held while somebody elsewhere is there, and refused as unavailable else', async () => {
    vi.useRealTimers()
    const gate = await startGate({
      policy: {
        enabled: { by: 'Ada', on: '2026-01-01', origin: ORIGIN },
        roles: { default: 'decide', projects: {} },
      },
    })
    open.push(gate.stop)
    const socket = join(gate.folder, 'control.sock')
    const who: RemoteIdentity = {
      nkey: dana.getPublicKey(),
      name: 'Dana',
      may: ['approve'],
      origin: ORIGIN,
    }
    const presence = new Presence({
      organisation: 'acme',
      policy: () => ({
        ...builtInPolicy,
        fleet: { share: 'reduced', remote: [who], remoteMay: REMOTE_RIGHTS },
      }),
      attach: (screen, until) => new GateClient(socket, screen).attach(until),
      clock: Date.now,
    })
    open.push(() => presence.end())
    const headless = { 'x-signalbox-entrypoint': 'sdk-cli' }
    await gate.hook('SessionStart', {}, headless)
    const asked = (id: string) => gate.hook('PreToolUse', bash('ASK it', id), headless)

    expect(await asked('t1')).toMatchObject({ decision: 'deny' })
    presence.heard(sign(mallory))
    expect((await asked('t2')).reason).toContain('unavailable, not unsafe')
    presence.heard(sign())
    await vi.waitFor(() => expect(gate.gate.screens.size).toBe(1))
    const held = asked('t3')
    await vi.waitFor(() => expect(gate.gate.pending.size).toBe(1))
    expect((await gate.command({ type: 'approve', session: 's1', action: 't3' })).done).toBe(true)
    expect((await held).decision).toBe('allow')
    presence.end()
    await vi.waitFor(() => expect(gate.gate.screens.size).toBe(0))
    expect((await asked('t4')).reason).toContain('unavailable, not unsafe')
  })

  test('a proposal is told to who is at the machine, and changes nothing', async () => {
    vi.useRealTimers()
    const gate = await startGate()
    open.push(gate.stop)
    const propose = { type: 'propose', session: 's1', slot: 'source_control' } as const
    const reply = await gate.command({ ...propose, entry: 'github.com/acme' })
    expect(reply).toEqual({
      done: true,
      text: 'proposed to trust github.com/acme: somebody at the machine decides',
    })
    const kinds = gate.entries().map(entry => entry.type)
    expect(kinds).not.toContain('trusted')
    expect(gate.entries().find(entry => entry.type === 'alert')).toMatchObject({
      what: 'policy',
      text: "test proposes to trust github.com/acme. If you agree: signalbox trust add 'github.com/acme' --as source_control",
    })
    for (const entry of ["a'; rm -rf ~; '", '--yes', '$(id)', '', 'a b', 'a\nb'])
      expect((await gate.command({ ...propose, entry })).done).toBe(false)
  })
})
