/**
 * `signalbox statusline`: one session's line for the client's status bar, below what the user's own
 * command prints. Whatever goes wrong, it prints what it can and ends well: the bar is the user's.
 */
import { join } from 'node:path'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import { type ClientStatus, parseStatus } from '../clients/claude-code/status-line.ts'
import { loadConfig } from '../config/config.ts'
import type { Install } from '../config/install.ts'
import { findInstall } from '../config/install-file.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { statusLine } from '../monitor/status-line.ts'
import { flagsOf } from './flags.ts'
import { loadPrices } from './prices.ts'
import { outputOf, type UserCommand } from './user-command.ts'

/** The client writes its JSON at once; what holds the pipe open longer is not the client. */
const INPUT_MS = 2000
const INPUT_BYTES = 1 << 20
/** A session that takes longer to read is not shown this time. */
const READING_MS = 3000

export const FLAGS = { install: 'string' } as const

export async function run(args: readonly string[]): Promise<number> {
  const { command, install } = optionsOf(args)
  if (process.stdin.isTTY)
    throw new UsageError(
      'statusline reads JSON on standard input, from the statusLine setting of the client',
    )
  const input = await readInput()
  const theirs = command === null ? '' : outputOf(command, input)
  const ours = within(READING_MS, ownLine(parseStatus(input.toString()), install))
  const above = await theirs
  process.stdout.write(above)
  if (above.length > 0 && !above.toString().endsWith('\n')) process.stdout.write('\n')
  const line = `${await ours}\n`
  await new Promise(resolve => process.stdout.write(line, resolve))
  // Neither a pipe that is held open nor a reading that takes too long holds the bar up.
  process.exit(0)
}

interface StatusOptions {
  readonly command: UserCommand | null
  readonly install: Install | null
}

/** @throws UsageError */
function optionsOf(args: readonly string[]): StatusOptions {
  const split = args.indexOf('--')
  const own = split < 0 ? args : args.slice(0, split)
  const flags = flagsOf(own, FLAGS)
  const [program, ...rest] = split < 0 ? [] : args.slice(split + 1)
  if (split >= 0 && program === undefined)
    throw new UsageError("statusline takes your own command behind --: statusline -- 'my-command'")
  return {
    command: program === undefined ? null : { program, args: rest },
    install: flags.install === undefined ? usualInstall() : findInstall(process.env, flags.install),
  }
}

/** A broken record is for `doctor` to tell. */
function usualInstall(): Install | null {
  try {
    return findInstall(process.env)
  } catch {
    return null
  }
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, INPUT_MS)
  process.stdin.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= INPUT_BYTES) chunks.push(chunk)
    else resolve()
  })
  process.stdin.on('end', resolve).on('error', resolve)
  await promise
  clearTimeout(timer)
  process.stdin.pause()
  return Buffer.concat(chunks)
}

async function ownLine(told: ClientStatus, install: Install | null): Promise<string> {
  const { session, transcript, costUsd } = told
  if (session === '' || transcript === '') return 'signalbox: the client tells of no session'
  const colours = !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  const state = install?.state ?? stateFolder(process.env)
  const { sessionWorld } = await import('../sources/session-world.ts')
  const world = await sessionWorld({
    session,
    transcript,
    root: defaultRoot(process.env),
    index: join(state, 'index', 'sessions'),
    journal: install === null ? null : join(state, 'journal'),
    // The list is large: where the client tells its own total, it is not loaded.
    loadPrice: async () =>
      costUsd === null ? loadPrices(await loadConfig(process.env)) : () => null,
  })
  return statusLine(world, { session, clientCostUsd: costUsd, colours })
}

/** @returns the line, or one that says why there is none */
async function within(ms: number, line: Promise<string>): Promise<string> {
  const late = new Promise<string>(resolve => {
    setTimeout(resolve, ms, 'signalbox: the session takes long to read')
  })
  try {
    return await Promise.race([line, late])
  } catch {
    return "signalbox: the session cannot be read; 'signalbox watch' says why"
  }
}
