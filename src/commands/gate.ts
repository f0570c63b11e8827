/** `signalbox gate run|status|restart|stop`: the process that answers the client's hooks. */
import { differenceOf } from '../action/protocol.ts'
import type { Install } from '../config/install.ts'
import { findInstall, installFile } from '../config/install-file.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError, WordsError } from '../config/usage-error.ts'
import { startGate } from '../gate/start.ts'
import { safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { wordsAndFlagsOf } from './flags.ts'
import { askGate, gateStatus, ownSide } from './gate-control.ts'

const START_MS = 5000
/** Who owns the managed policy. */
const ROOT = 0
const LOOK_MS = 20

export const FLAGS = { install: 'string', detach: 'boolean', json: 'boolean' } as const

export async function run(args: readonly string[]): Promise<number> {
  const { words, flags } = wordsAndFlagsOf(args, FLAGS)
  const [what = 'status', ...more] = words
  if (more[0] !== undefined) throw new WordsError(`unexpected '${more[0]}'`)
  const { detach, json } = flags
  const install = findInstall(process.env, flags.install)
  if (install === null) {
    const file = installFile(stateFolder(process.env))
    throw new UsageError(`${file}: not there; run 'signalbox init' first`)
  }
  switch (what) {
    case 'run':
      return detach ? startDetached(install) : runHere(install)
    case 'status':
      return status(install, json)
    case 'stop':
      return stop(install)
    case 'restart':
      await stop(install)
      return startDetached(install)
    default:
      throw new UsageError(`gate takes run, status, restart or stop, not '${what}'`)
  }
}

async function runHere(install: Install): Promise<number> {
  const { runGate } = await import('../gate/run.ts')
  return runGate(install)
}

/** What the hook starts has nothing of it, and waits: only a person's shell is looked through. */
async function reviewerKey({ config, managed }: Install): Promise<Record<string, string>> {
  const { PATH: _, HOME: _home, ...more } = process.env
  if (Object.keys(more).length === 0) return {}
  const { Policies } = await import('../gate/policies.ts')
  const { reviewer } = new Policies({ config, managed, managedOwner: ROOT }).of('')
  if (reviewer?.key.from !== 'environment') return {}
  const { name } = reviewer.key
  const key = process.env[name]
  return key === undefined ? {} : { [name]: key }
}

/** Starts a gate that outlives this process, and waits until it answers. */
async function startDetached(install: Install): Promise<number> {
  startGate(install, await reviewerKey(install))
  const until = performance.now() + START_MS
  while (performance.now() < until) {
    if (!('failed' in (await gateStatus(install.sockets)))) return 0
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
  throw new UsageError(
    `the gate did not start within ${START_MS / 1000} s: 'signalbox gate run' says why`,
  )
}

async function status({ sockets }: Install, json: boolean): Promise<number> {
  const now = await gateStatus(sockets)
  const failed = 'failed' in now
  if (json) process.stdout.write(`${terminalSafeJson(failed ? null : now)}\n`)
  else if (failed) process.stdout.write('no gate answers; the next hook starts one\n')
  else {
    const since = new Date(now.startedAt).toISOString()
    const { pid, version, sessions, pending, screens, journal } = now
    const differs = differenceOf(now, ownSide())
    process.stdout.write(
      `gate ${version}, pid ${pid}, since ${since}\n` +
        `${sessions} sessions, ${pending} pending, ${screens.length} screens attached\n` +
        `journal ${safe(journal.file)}, line ${journal.seq}\n` +
        (now.policyError === '' ? '' : `policy: ${safe(now.policyError)}\n`) +
        (differs === '' ? '' : `${differs}\n`),
    )
  }
  return failed ? 1 : 0
}

/** Asks the gate to end, and waits until it has. */
async function stop({ sockets }: Install): Promise<number> {
  const asked = await askGate(sockets, 'POST', '/stop')
  if ('failed' in asked) {
    process.stdout.write('no gate answers\n')
    return 0
  }
  const until = performance.now() + START_MS
  while (performance.now() < until) {
    if ('failed' in (await gateStatus(sockets))) {
      process.stdout.write('stopped the gate; the next hook starts another\n')
      return 0
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
  throw new UsageError(`the gate did not stop within ${START_MS / 1000} s`)
}
