/** Requests that are none, on both sockets: the gate goes on for everybody else. */
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { bash, post, SCREEN, startGate, type TestGate } from './world.ts'

const open: TestGate[] = []
afterEach(() => {
  for (const gate of open.splice(0)) gate.stop()
})

async function gateHere(): Promise<TestGate> {
  const gate = await startGate()
  open.push(gate)
  return gate
}

/** @returns what came back, to the end of the connection */
function raw(gate: TestGate, socket: 'control.sock' | 'hook.sock', bytes: string): Promise<string> {
  const connection = connect(join(gate.folder, socket))
  connection.end(bytes)
  return text(connection)
}

const isAlive = async (gate: TestGate): Promise<boolean> => {
  const { decision } = await gate.hook('PreToolUse', bash('HARD', 't1'))
  return decision === 'deny'
}

describe('a path that is none', () => {
  test.each(['//', 'http://[', 'h://[', '/\\\\[', 'http://a:b:c'])('%s', async path => {
    const gate = await gateHere()
    await raw(gate, 'control.sock', `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    await raw(gate, 'hook.sock', `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(await isAlive(gate)).toBe(true)
  })

  test('is answered that it is none', async () => {
    const gate = await gateHere()
    const said = await raw(
      gate,
      'control.sock',
      'GET // HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    )
    expect(said).toMatch(/^HTTP\/1\.1 404 /)
    expect(said).toContain('{"done":false,"text":"this is no path"}')
  })
})

test('what a checkpoint meters while nothing can be written costs its own request only', async () => {
  const gate = await gateHere()
  const { journal } = gate.gate.parts
  const append = journal.append.bind(journal)
  journal.append = () => {
    throw new Error('ENOSPC')
  }
  const tokens = {
    input: 1,
    output: 1,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    thinking: 0,
  }
  const metered = {
    ...{ session: 's1', agent: '', model: 'm', listen: '', upstream: '', byHand: false },
    ...{ request: 'r', message: 'm', status: 200, error: '', retry: 0, tokens },
    ...{ firstMs: null, ms: 1, actions: [], checked: 'nobody' },
  }
  const told = post(join(gate.folder, 'hook.sock'), '/metered', JSON.stringify(metered), {})
  await expect(told).rejects.toThrow(/socket hang up/)
  journal.append = append
  expect(await isAlive(gate)).toBe(true)
  expect(await gate.command({ type: 'pause' })).toMatchObject({ done: true })
  expect(gate.entries()).toContainEqual(expect.objectContaining({ screen: SCREEN }))
})
