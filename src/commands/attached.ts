/** The gate of this machine, as far as a screen needs it. */
import { spawnSync } from 'node:child_process'
import { existsSync, readlinkSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { ScreenName } from '../action/command.ts'
import type { Event } from '../action/event.ts'
import type { Install } from '../config/install.ts'
import { installFile } from '../config/install-file.ts'
import { configFile, configFolder } from '../config/paths.ts'
import { CONTROL_SOCKET } from '../gate/sockets.ts'
import { startGate } from '../gate/start.ts'
import type { Watched } from '../monitor/link.ts'
import type { MonitorOptions } from '../monitor/monitor.ts'
import { type JournalOptions, journal } from '../sources/journal.ts'
import { merged } from '../sources/merged.ts'
import { type OtlpOptions, otlp, otlpFolder } from '../sources/otlp.ts'

/**
 * The same, and what the client exported of itself (`signalbox otlp`) where that is kept. A screen that
 * follows sees it begin, too.
 */
export function withTelemetry(
  events: AsyncIterable<readonly Event[]>,
  state: string,
  options: Omit<OtlpOptions, 'folder'>,
): AsyncIterable<readonly Event[]> {
  const folder = otlpFolder(state)
  return options.follow || existsSync(folder)
    ? merged(events, otlp({ ...options, folder }))
    : events
}

/** Transcripts, and the gate's journal beside them where there is one. */
export function withJournal(
  transcripts: AsyncIterable<readonly Event[]>,
  install: Install | null,
  options: Omit<JournalOptions, 'folder'>,
): AsyncIterable<readonly Event[]> {
  if (install === null) return transcripts
  return merged(transcripts, journal({ ...options, folder: join(install.state, 'journal') }))
}

export type Desk = Pick<MonitorOptions, 'send' | 'connected' | 'policy' | 'trust' | 'asides'> & {
  /** What is to be said of the gate's version, or `''`. */
  readonly differs?: Watched<string>
}

/** All that a screen can do, beside showing; without an install it can look into things only. */
export async function desk(install: Install | null, signal: AbortSignal): Promise<Desk> {
  const { asides } = await import('./asides.ts')
  const policyFile = configFile(install?.config ?? configFolder(process.env))
  if (install === null) return { asides: asides([], policyFile, signal) }
  const flags = ['--install', installFile(install.state)]
  return { ...(await attach(install, signal)), asides: asides(flags, policyFile, signal) }
}

/** Tells the gate that somebody is at this screen, for as long as it lives. */
async function attach(install: Install, signal: AbortSignal): Promise<Omit<Desk, 'asides'>> {
  const { GateClient } = await import('../sources/gate-client.ts')
  const client = new GateClient(join(install.sockets, CONTROL_SOCKET), screenName())
  // A screen can only answer what the gate holds for it: from the first action on.
  if ((await client.status()) === null) startGate(install)
  client.attach(signal)
  const { watchPolicy, trustTools } = await import('./trust-tools.ts')
  return {
    send: client.send,
    connected: client.connected,
    differs: client.differs,
    policy: watchPolicy(install, signal),
    trust: trustTools(install),
  }
}

function screenName(): ScreenName {
  return { name: userName(), pid: process.pid, tty: ttyName() }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'screen' // a user id without a name
  }
}

/** `/dev/pts/3`; `''` without a terminal. */
function ttyName(): string {
  try {
    const path = readlinkSync('/proc/self/fd/0')
    return path.startsWith('/dev/') ? path : ''
  } catch {
    const { stdout, status } = spawnSync('tty', { stdio: ['inherit', 'pipe', 'ignore'] })
    return status === 0 ? stdout.toString().trim() : ''
  }
}
