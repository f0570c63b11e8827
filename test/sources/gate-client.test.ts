import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GateClient } from '../../src/sources/gate-client.ts'
import { fakeGate, until } from '../helpers/fake-gate.ts'
import { tempFolder } from '../helpers/folder.ts'
import { SCREEN } from '../helpers/gate-events.ts'

describe('the client of the gate', () => {
  test('sends a command with the name of its screen', async () => {
    const gate = await fakeGate(tempFolder(), { done: false, text: 'not now' })
    const client = new GateClient(gate.socket, SCREEN)
    expect(await client.send({ type: 'undo' })).toEqual({ done: false, text: 'not now' })
    expect(gate.requests).toEqual([{ screen: SCREEN, command: { type: 'undo' } }])
  })

  test('fails in words when there is none', async () => {
    const client = new GateClient(join(tempFolder(), 'control.sock'), SCREEN)
    await expect(client.send({ type: 'undo' })).rejects.toThrow('ENOENT')
    expect(await client.status()).toBeNull()
  })

  test('stays attached, and attaches again when the gate comes back', async () => {
    const folder = tempFolder()
    const stop = new AbortController()
    const client = new GateClient(join(folder, 'control.sock'), SCREEN)
    const heard: boolean[] = []
    client.connected.subscribe(() => void heard.push(client.connected.get()))
    client.attach(stop.signal)
    expect(client.connected.get()).toBe(false)
    const gate = await fakeGate(folder)
    await until(() => client.connected.get())
    const [named] = gate.attached.values()
    expect(Object.fromEntries(named ?? [])).toEqual({
      name: 'desk',
      pid: '4711',
      tty: '/dev/pts/3',
    })
    await gate.close()
    await until(() => !client.connected.get())
    const again = await fakeGate(folder)
    await until(() => client.connected.get())
    expect(heard).toEqual([true, false, true])
    stop.abort()
    await until(() => again.attached.size === 0)
  })
})
