/** What the hook meets when what it names has gone: Node, the program, the folder of the sockets. */
import { spawn } from 'node:child_process'
import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hookCommand } from '../../src/clients/claude-code/hook-command.ts'
import { bash } from '../gate/world.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { type Home, newHome } from '../helpers/home.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const FORCE = 'git push --force origin main'

async function hooked(home: Home, hook: string): Promise<string> {
  const shell = spawn('/bin/sh', ['-c', hook], { env: home.env })
  const about = { session_id: 's1', cwd: home.folder, permission_mode: 'auto' }
  shell.stdin.end(JSON.stringify({ hook_event_name: 'PreToolUse', ...about, ...bash(FORCE, 't1') }))
  return text(shell.stdout)
}

const doctor = async (home: Home): Promise<{ name: string; text: string; mend: string }[]> => {
  const { checks } = JSON.parse((await home.run('doctor', '--json')).stdout)
  return checks.filter((it: { state: string }) => it.state === 'problem')
}

describe('a Node that moved', () => {
  /** A home whose install names a Node of its own, at a place that can go. */
  async function withOwnNode(): Promise<{ home: Home; node: string }> {
    const home = newHome()
    const node = join(home.folder, 'node-24')
    try {
      linkSync(process.execPath, node)
    } catch {
      copyFileSync(process.execPath, node) // on another disk
    }
    const init = spawn(node, [PROGRAM, 'init', '--yes', '--enable-as', 'Ada', '--no-gateway'], {
      env: home.env,
    })
    await text(init.stdout)
    open.push(() => home.run('gate', 'stop'))
    return { home, node }
  }

  test('is asked about, doctor names it, and init with the new one mends it', async () => {
    const { home, node } = await withOwnNode()
    expect(home.install().node).toBe(node)
    const hook = hookCommand(home.install(), 'PreToolUse')
    expect(await hooked(home, hook)).toContain('"deny"')
    await home.run('gate', 'stop')
    renameSync(node, `${node}-away`)
    const answer = await hooked(home, hook)
    expect(answer).toContain('"ask"')
    expect(answer).toContain('signalbox doctor says what to mend')
    expect(await doctor(home)).toContainEqual(
      expect.objectContaining({
        name: 'programs',
        text: `not there: ${node}`,
        mend: "run 'signalbox init' again",
      }),
    )
    await home.run('init', '--yes', '--no-gateway')
    expect(await hooked(home, hookCommand(home.install(), 'PreToolUse'))).toContain('"deny"')
    expect(await doctor(home)).toEqual([])
  })

  test('while the gate runs, nothing changes until it ends', async () => {
    const { home, node } = await withOwnNode()
    const hook = hookCommand(home.install(), 'PreToolUse')
    expect(await hooked(home, hook)).toContain('"deny"')
    rmSync(node)
    expect(await hooked(home, hook)).toContain('"deny"')
  })
})

describe('the folder of the sockets', () => {
  async function running(): Promise<{ home: Home; hook: string; sockets: string }> {
    const home = newHome()
    await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
    open.push(() => home.run('gate', 'stop'))
    const hook = hookCommand(home.install(), 'PreToolUse')
    await hooked(home, hook)
    return { home, hook, sockets: home.install().sockets }
  }

  test('that is cleaned away is made again, by the gate that runs', async () => {
    const { home, hook, sockets } = await running()
    const { pid } = JSON.parse((await home.run('gate', 'status', '--json')).stdout)
    rmSync(sockets, { recursive: true })
    await vi.waitFor(async () => expect(await hooked(home, hook)).toContain('"deny"'), 20_000)
    expect(JSON.parse((await home.run('gate', 'status', '--json')).stdout).pid).toBe(pid)
  }, 40_000)

  test('in whose place a file stands for a while is taken again when that is gone', async () => {
    const { home, hook, sockets } = await running()
    rmSync(sockets, { recursive: true })
    writeFileSync(sockets, '')
    expect(await hooked(home, hook)).toContain('"ask"')
    rmSync(sockets)
    mkdirSync(sockets, { mode: 0o700 })
    await vi.waitFor(async () => expect(await hooked(home, hook)).toContain('"deny"'), 20_000)
  }, 60_000)
})
