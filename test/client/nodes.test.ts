/** The packed program under every Node that it says it runs on. */
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Finished } from '../helpers/cli.ts'
import { copyOfFixtures, folderOfFile, tempFolder } from '../helpers/folder.ts'
import { openTerminal } from '../helpers/terminal.ts'
import { answerToForcedPush, freshHome, npm, pack, runProgram } from '../package/packed.ts'
import { installNode, NODE_VERSIONS } from './install.ts'

const place = folderOfFile()
const program = join(place, 'node_modules', 'signalbox', 'bin', 'signalbox.js')

beforeAll(async () => {
  await npm(place, 'install', await pack(tempFolder()))
})

describe.each(NODE_VERSIONS)('Node %s', version => {
  async function start() {
    const node = await installNode(version)
    const home = freshHome(tempFolder())
    const env = { ...home, PATH: `${dirname(node)}:${home.PATH}` }
    const signalbox = (...args: string[]): Promise<Finished> =>
      runProgram(node, [program, ...args], { cwd: place, env })
    return { node, env, signalbox }
  }

  test('tells its version, judges, and reads transcripts', async () => {
    const { node, signalbox } = await start()
    expect((await runProgram(node, ['--version'])).stdout).toBe(`v${version}\n`)
    const told = await signalbox('--version')
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(await signalbox('check', 'rm -rf ~')).toMatchObject({ code: 1, stderr: '' })
    expect(await signalbox('check', 'git status')).toMatchObject({ code: 0, stderr: '' })
    const root = join(copyOfFixtures(), 'auto-server-2.1.330')
    const { code, stdout, stderr } = await signalbox('watch', '--once', '--json', '--root', root)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { actions } = JSON.parse(stdout).totals
    expect(actions).toMatchObject({ total: 14, approved: 10, blocked: 4 })
  })

  test('its gate answers the installed hook', async () => {
    const { env, signalbox } = await start()
    const done = await signalbox('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
    expect(done).toMatchObject({ code: 0, stderr: '' })
    try {
      const stdout = await answerToForcedPush(place, env)
      expect(stdout).toContain('"permissionDecision":"deny"')
      const doctor = await signalbox('doctor')
      expect(doctor).toMatchObject({ code: 0, stderr: '' })
    } finally {
      await signalbox('gate', 'stop')
    }
  })

  test('its screen draws and takes keys', async () => {
    const { node, env } = await start()
    const root = copyOfFixtures()
    const args = [program, '--root', root]
    const screen = openTerminal({ command: node, args, env, columns: 120, rows: 30 })
    try {
      await screen.waitFor(/approved \d+/)
      screen.write('s')
      await screen.waitFor(/sessions/i)
      screen.write('q')
      expect(await screen.exited).toBe(0)
    } finally {
      await screen.close()
    }
  })
})
