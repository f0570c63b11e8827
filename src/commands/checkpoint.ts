/** A pass-through between clients and their API, which answers the client's own safety check. */
import { isDeepStrictEqual } from 'node:util'
import { type Checkpoint, serveCheckpoint } from '../checkpoint/serve.ts'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import { addressOf, isLoopback } from '../config/address.ts'
import type { Install } from '../config/install.ts'
import {
  findInstall,
  installFile,
  newInstall,
  privateFolder,
  readInstall,
} from '../config/install-file.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { writePrivate } from '../config/whole-file.ts'
import { Policies } from '../gate/policies.ts'
import { flagsOf } from './flags.ts'
import { gatewayUrl, OWN_API } from './gateway.ts'
import { say } from './say.ts'

export const FLAGS = {
  upstream: 'string',
  listen: 'string',
  install: 'string',
  'deadline-ms': 'string',
  team: 'boolean',
} as const

const LOOK_MS = 3000
const DEADLINE_MS = 2000
const ROOT = 0
/** After the first signal answers that are under way have so long; a second one ends them. */
const GRACE_MS = 60_000

export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  const install = flags.team ? teamInstall(flags.install) : installed(flags.install)
  const { checkpoint: setUp } = install
  const listen = flags.listen ?? setUp?.listen ?? '127.0.0.1:0'
  const elsewhere = flags.team || !isLoopback(addressOf(listen))
  const upstream = upstreamOf(flags.upstream ?? setUp?.upstream)
  const checkpoint = await serveCheckpoint({
    install,
    upstream,
    listen,
    byHand: flags.upstream !== undefined,
    elsewhere,
    deadlineMs: deadlineOf(flags['deadline-ms'], install),
    env: process.env,
  })
  say([
    `Checkpoint on ${checkpoint.url}, in front of ${upstream.href}`,
    `  clients: ANTHROPIC_BASE_URL=${checkpoint.url}`,
    ...(elsewhere ? MEANING : []),
  ])
  // Set up by init: it ends when that was taken back or changed.
  const kept = setUp !== null && flags.listen === undefined && flags.upstream === undefined
  await untilStopped(checkpoint, kept ? install : null)
  return 0
}

const MEANING = [
  '  Clients are taken to be on other machines: they are judged by what their requests tell, no file',
  '  of theirs is looked into, and each is known by a hash of its key. Keys cross this connection in',
  '  the clear unless TLS stands in front of it, and whoever reaches it can use it (docs/admin.md).',
]

/** A machine that only serves others has no client to put hooks into. */
function teamInstall(named: string | undefined): Install {
  const known = findInstall(process.env, named)
  if (known !== null) return known
  const fresh = newInstall(process.env, defaultRoot(process.env))
  privateFolder(fresh.state)
  privateFolder(fresh.sockets)
  writePrivate(installFile(fresh.state), `${JSON.stringify(fresh, null, 2)}\n`)
  return fresh
}

/** @throws UsageError when nothing is installed: the gate is what judges */
export function installed(named: string | undefined): Install {
  const install = findInstall(process.env, named)
  if (install !== null) return install
  const file = installFile(stateFolder(process.env))
  throw new UsageError(`${file}: not there; run 'signalbox init' first`)
}

/** @throws UsageError when no client could use it so */
export function upstreamOf(named: string | undefined): URL {
  return new URL(gatewayUrl('--upstream', named ?? OWN_API))
}

/** How long an answer is held for the gate: as told, or as long as the gate takes with its reviewer. */
export function deadlineOf(text: string | undefined, install: Install): () => number {
  if (text === undefined) {
    const policies = new Policies({ ...install, managedOwner: ROOT })
    return () => DEADLINE_MS + (policies.of('').reviewer?.timeoutMs ?? 0)
  }
  const ms = Number(text)
  if (Number.isInteger(ms) && ms >= 1 && ms <= 60_000) return () => ms
  throw new UsageError(`--deadline-ms takes 1 to 60000, not '${text}'`)
}

function isStill(kept: Install): boolean {
  try {
    return isDeepStrictEqual(readInstall(kept.state)?.checkpoint, kept.checkpoint)
  } catch {
    return false
  }
}

async function untilStopped(checkpoint: Checkpoint, kept: Install | null): Promise<void> {
  await new Promise<void>(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, resolve)
    if (kept !== null)
      setInterval(() => {
        if (!isStill(kept)) resolve()
      }, LOOK_MS).unref() // it must not outlive the server
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(0))
  await checkpoint.close(GRACE_MS)
}
