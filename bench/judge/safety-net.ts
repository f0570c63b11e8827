/** cc-safety-net is the peer of the rates: how it is had, and what it says of commands. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownScript } from '../common.ts'

export const VERSION = '2.4.5'
/** It sorts its settings by these; standard is what it starts with. */
export const LEVELS = ['standard', 'paranoid'] as const
export type Level = (typeof LEVELS)[number]

// As with ccusage: no dependency of the project, installed beside the benchmark's data when needed.
const FOLDER = join(tmpdir(), `signalbox-bench-cc-safety-net-${VERSION}`)

/** @returns the path of its API; throws when it cannot be had */
export function installedApi(): string {
  const installed = join(FOLDER, 'node_modules', 'cc-safety-net')
  if (!existsSync(installed)) {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(join(FOLDER, 'package.json'), '{"private":true}')
    const install = ['install', '--no-save', '--ignore-scripts', '--omit=peer']
    execFileSync('npm', [...install, `cc-safety-net@${VERSION}`], { cwd: FOLDER, stdio: 'pipe' })
  }
  // What its manifest calls cc-safety-net/api.
  return join(installed, 'dist', 'api.js')
}

export interface Answers {
  readonly denied: readonly boolean[]
  readonly times: readonly number[]
}

export function ask(
  api: string,
  level: Level,
  home: string,
  commands: readonly { command: string; cwd: string }[],
): Answers {
  const [node = '', ...args] = ownScript('judge/safety-net-worker.ts', api)
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: home,
    // Nothing of this machine takes part: neither its settings nor what is in its environment.
    env: { PATH: '/usr/bin:/bin', HOME: home, CC_SAFETY_NET_LEVEL: level },
    input: commands.map(it => JSON.stringify(it)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  // What the worker beside this file writes.
  const { kinds, times } = JSON.parse(stdout) as { kinds: string[]; times: number[] }
  return { denied: kinds.map(kind => kind !== 'allow'), times }
}
