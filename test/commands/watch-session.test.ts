/** `signalbox watch --session`: one session alone. */
import { appendFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Snapshot } from '../../src/monitor/snapshot.ts'
import { linesOf, nextLine, runCli, startCli } from '../helpers/cli.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'

/** Of it there are a subagent's lines, too. */
const WITH_AGENT = '05ddb86e-1c43-410d-b3e9-d675f27a54ef'
const OTHER = '98dc736c-31d8-4f33-a354-0f3906590db9'

let home: Home
let project = ''
beforeEach(() => {
  home = newHome()
  project = join(home.folder, 'my.app')
  mkdirSync(project)
  const folder = join(home.client, 'projects', project.replace(/[^a-zA-Z0-9]/g, '-'))
  cpSync(join(FIXTURES, 'auto-classifier-2.1.150'), folder, { recursive: true })
  cpSync(join(FIXTURES, 'manual-2.1.330'), join(home.client, 'projects', 'other'), {
    recursive: true,
  })
})

const watch = (session: string, cwd = project) =>
  runCli(['watch', '--once', '--json', '--session', session], home.env, cwd)

test.each([WITH_AGENT, WITH_AGENT.slice(0, 4), '.'])('%s', async session => {
  const told: Snapshot = JSON.parse((await watch(session)).stdout)
  expect(told.sessions.map(it => it.id)).toEqual([WITH_AGENT])
  expect(told.totals.actions.total).toBe(14)
  expect(new Set(told.actions.map(it => it.agent)).size).toBe(2)
})

test('what comes of other sessions meanwhile is not shown', async () => {
  const child = startCli(['watch', '--json', '--session', OTHER], home.env)
  const lines = linesOf(child)
  const first = JSON.parse(await nextLine(lines))
  expect(first.snapshot.sessions.map((it: { id: string }) => it.id)).toEqual([OTHER])
  const paths = ['other', project.replace(/[^a-zA-Z0-9]/g, '-')].map((name, i) =>
    join(home.client, 'projects', name, `${i === 0 ? OTHER : WITH_AGENT}.jsonl`),
  )
  const call = (path: string, id: string): string => {
    const line = readFileSync(path, 'utf8')
      .split('\n')
      .find(it => it.includes('"tool_use"'))
    const value = JSON.parse(line ?? '')
    value.message.id = `msg_${id}`
    value.message.content = [{ type: 'tool_use', id, name: 'Bash', input: { command: id } }]
    return `${JSON.stringify({ ...value, uuid: id })}\n`
  }
  const [own = '', other = ''] = paths
  appendFileSync(other, call(other, 'strange'))
  appendFileSync(own, call(own, 'own'))
  expect(JSON.parse(await nextLine(lines)).action.id).toBe('own')
  child.kill()
})

test.each([
  ['0x', 'no session begins so'],
  ['nothing', 'no session begins so'],
])('%s: one line, exit code 2', async (session, says) => {
  const { code, stderr } = await watch(session)
  expect([code, stderr.trim().split('\n')]).toEqual([2, [expect.stringContaining(says)]])
})

test('a folder without a session', async () => {
  const { code, stderr } = await watch('.', home.folder)
  expect([code, stderr]).toEqual([2, expect.stringContaining(`no session of ${home.folder}`)])
})
