/** `signalbox otlp`: keeps what the client exports of itself (OpenTelemetry), on this machine. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { telemetryIn } from '../clients/claude-code/otlp.ts'
import { type Address, addressOf, isLoopback } from '../config/address.ts'
import { findInstall } from '../config/install-file.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { DayWriter } from '../otlp/day-writer.ts'
import { createReceiver } from '../otlp/receiver.ts'
import { otlpFolder } from '../sources/otlp.ts'
import { flagsOf } from './flags.ts'
import { say } from './say.ts'

/** The port that exporters use when they are told none. */
const LISTEN = '127.0.0.1:4318'
/** As many as the journal keeps when nothing else is said. */
const KEEP_DAYS = 30

export const FLAGS = { listen: 'string', install: 'string' } as const

export async function run(args: readonly string[]): Promise<number> {
  const { listen = LISTEN, install } = flagsOf(args, FLAGS)
  const at = hereOf(listen)
  const state = findInstall(process.env, install)?.state ?? stateFolder(process.env)
  const writer = new DayWriter(otlpFolder(state), KEEP_DAYS)
  let complaint = ''
  const server = createReceiver({
    take: body => writer.append(telemetryIn(body, Date.now())),
    complain: text => {
      if (text !== complaint) say([`cannot keep what was sent: ${text}`])
      complaint = text
    },
  })
  const url = await listening(server, at, listen)
  say([`Receiving on ${url}, kept in ${otlpFolder(state)}`, ...clientLines(url)])
  await untilStopped(server)
  writer.close()
  return 0
}

const clientLines = (url: string): string[] => [
  '  clients: CLAUDE_CODE_ENABLE_TELEMETRY=1 OTEL_LOGS_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp \\',
  '           CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1 OTEL_TRACES_EXPORTER=otlp \\',
  `           OTEL_EXPORTER_OTLP_PROTOCOL=http/json OTEL_EXPORTER_OTLP_ENDPOINT=${url} claude`,
]

/** @throws UsageError */
function hereOf(listen: string): Extract<Address, { host: string }> {
  const at = addressOf(listen)
  if ('path' in at || !isLoopback(at))
    throw new UsageError(
      `--listen ${listen}: only this machine may send, on a port of 127.0.0.1, ::1 or localhost`,
    )
  return at
}

/** @returns what clients take for the endpoint @throws UsageError when it cannot listen there */
async function listening(
  server: Server,
  at: Extract<Address, { host: string }>,
  text: string,
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      const code = 'code' in error ? String(error.code) : error.message
      reject(new UsageError(`--listen ${text}: cannot listen there (${code})`))
    })
    server.listen(at, resolve)
  })
  server.on('error', () => {}) // a connection that could not be taken up: the others go on
  // A server that listens on a port says which.
  const { port } = server.address() as AddressInfo
  return `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}`
}

/** What is being sent is still taken, and answered. */
async function untilStopped(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, resolve)
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(0))
  await new Promise(resolve => {
    server.close(resolve)
    server.closeIdleConnections()
  })
}
