/** Starts a client with a checkpoint in front of its API, and stops the checkpoint after it. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { serveCheckpoint } from '../checkpoint/serve.ts'
import { settingsOf } from '../clients/claude-code/installed-hooks.ts'
import { asUsual } from '../config/umask.ts'
import { UsageError } from '../config/usage-error.ts'
import { deadlineOf, installed, upstreamOf } from './checkpoint.ts'
import { flagsOf } from './flags.ts'
import { gatewaysFound } from './gateway.ts'

export const FLAGS = { upstream: 'string', 'deadline-ms': 'string', install: 'string' } as const
/** The client is gone: nobody waits for an answer. */
const GRACE_MS = 0

export async function run(args: readonly string[]): Promise<number> {
  const split = args.indexOf('--')
  const [program, ...rest] = split < 0 ? [] : args.slice(split + 1)
  if (program === undefined)
    throw new UsageError("run takes a client behind --: signalbox run -- claude -p '…'")
  const flags = flagsOf(args.slice(0, split), FLAGS)
  const install = installed(flags.install)
  const [found] = gatewaysFound(install.client, process.env)
  const settings = settingsOf(install.client)
  // The client takes what its settings say over what it is started with.
  if (found?.from === settings)
    throw new UsageError(
      install.checkpoint === null
        ? `${settings}: env.ANTHROPIC_BASE_URL leads past 'run'; use 'signalbox init --checkpoint'`
        : `${settings}: the client goes through the checkpoint already; start it as it is`,
    )
  const checkpoint = await serveCheckpoint({
    install,
    upstream: upstreamOf(flags.upstream ?? found?.url),
    listen: '127.0.0.1:0',
    byHand: flags.upstream !== undefined,
    elsewhere: false,
    deadlineMs: deadlineOf(flags['deadline-ms'], install),
    env: process.env,
  })
  try {
    return await clientEnds(program, rest, checkpoint.url)
  } finally {
    await checkpoint.close(GRACE_MS)
  }
}

/** @returns its exit code, as a shell tells it */
async function clientEnds(program: string, args: readonly string[], url: string): Promise<number> {
  const env = { ...process.env, ANTHROPIC_BASE_URL: url, ...withoutProxy(process.env) }
  const child = asUsual(() => spawn(program, args, { stdio: 'inherit', env }))
  // Ctrl-C goes to the client by the terminal; it decides when it is over.
  const ignore = (): void => {}
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', ignore)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, pass)
  return new Promise((resolve, reject) => {
    child.on('error', error => {
      const code = 'code' in error ? String(error.code) : error.message
      reject(new UsageError(`${program}: cannot be started (${code})`))
    })
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

/** The way to the checkpoint is on this machine; the checkpoint itself uses the proxy. */
function withoutProxy(env: NodeJS.ProcessEnv): Record<string, string> {
  if (!env.HTTP_PROXY && !env.http_proxy) return {}
  const own = [env.NO_PROXY ?? env.no_proxy ?? '', '127.0.0.1'].filter(it => it !== '').join(',')
  return { NO_PROXY: own, no_proxy: own }
}
