/** Whatever happens to the gate, nothing is let through: the action asks, and headless it is refused. */
import { existsSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readInstall } from '../../src/config/install-file.ts'
import { startApi } from './api.ts'
import { type GatedHome, listed, makeGatedHome } from './gated.ts'
import { CLIENT_VERSIONS, installClient } from './install.ts'
import { openInteractive, runHeadless, submitPrompt } from './session.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const SAFE = { name: 'Bash', input: { command: 'touch made.txt' } }

/** A home where Signalbox decides and would allow what the agent does. */
async function setUp() {
  const api = await startApi([[SAFE], 'All done.'])
  open.push(api)
  const home = await makeGatedHome(listed(api))
  open.push({ close: home.remove })
  return { api, home, made: () => existsSync(join(home.project, 'made.txt')) }
}

async function changeSettings(home: GatedHome, change: (text: string) => string): Promise<void> {
  const before = home.settings()
  const after = change(before)
  expect(after).not.toBe(before)
  await writeFile(join(home.config, 'settings.json'), after)
}

/** The hook can then start no gate. */
async function loseNode(home: GatedHome): Promise<void> {
  await home.signalbox('gate', 'stop')
  await changeSettings(home, text => text.replaceAll(process.execPath, '/nonexistent/node'))
}

async function gatePid(home: GatedHome): Promise<number> {
  await home.signalbox('gate', 'run', '--detach')
  const { stdout } = await home.signalbox('gate', 'status', '--json')
  const status: { pid: number } = JSON.parse(stdout)
  return status.pid
}

function socketOf(home: GatedHome): string {
  const install = readInstall(join(home.root, '.local/state/signalbox'))
  return join(install?.sockets ?? '', 'hook.sock')
}

describe.each(CLIENT_VERSIONS)('client %s', version => {
  test('a gate that was stopped is started by the hook', async () => {
    const client = await installClient(version)
    const { api, home, made } = await setUp()
    await home.signalbox('gate', 'stop')
    await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })
    expect(made()).toBe(true)
    expect((await home.journal()).filter(entry => entry.type === 'judged')).toHaveLength(1)
  })

  test('Node is gone: headless it is refused, with the reason', async () => {
    const client = await installClient(version)
    const { api, home, made } = await setUp()
    await loseNode(home)
    await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })
    expect(made()).toBe(false)
    expect(await home.transcript()).toContain('Signalbox cannot be reached')
  })

  test('Node is gone: interactive it is asked, with the reason', async () => {
    const client = await installClient(version)
    const { api, home, made } = await setUp()
    await loseNode(home)
    const session = openInteractive(client, api, home, { mode: 'auto' })
    open.push(session)
    await submitPrompt(session, 'do the thing')
    const dialog = await session.waitFor('Do you want to proceed?')
    expect(dialog).toContain('Signalbox cannot be reached')
    expect(made()).toBe(false)
  })

  test('a gate that hangs is not waited for', async () => {
    const client = await installClient(version)
    const { api, home, made } = await setUp()
    const pid = await gatePid(home)
    process.kill(pid, 'SIGSTOP')
    try {
      await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })
      expect(made()).toBe(false)
      expect(await home.transcript()).toContain('Signalbox cannot be reached')
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })

  test('half an answer is none', async () => {
    const client = await installClient(version)
    const { api, home, made } = await setUp()
    await loseNode(home)
    rmSync(socketOf(home), { force: true })
    const half = createServer(socket => {
      const body =
        '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow"}}'
      socket
        .on('error', () => {})
        .once('data', () => {
          socket.end(
            `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 60)}`,
          )
        })
    })
    await new Promise<void>(resolve => half.listen(socketOf(home), resolve))
    open.push({ close: async () => void half.close() })
    await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })
    expect(made()).toBe(false)
    expect(await home.transcript()).toContain('Signalbox cannot be reached')
  })
})

test('a hook that the client gives up on is a refusal, where the client knows how (2.1.330)', async () => {
  const client = await installClient('2.1.330')
  const { api, home, made } = await setUp()
  await changeSettings(home, text => text.replaceAll('"timeout": 600', '"timeout": 1'))
  const pid = await gatePid(home)
  process.kill(pid, 'SIGSTOP')
  try {
    await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })
    expect(made()).toBe(false)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
})
