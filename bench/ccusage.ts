// ccusage is the peer for history: how it is run and what its JSON says.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { withHome } from './common.ts'

export type CcusageTotals = {
  input: number
  output: number
  cacheRead: number
  cacheWrite: number
  costUsd: number
}

const require = createRequire(import.meta.url)
const ARGS = ['daily', '--offline', '--json']

/** The command as installed: its Node launcher, on the same Node that runs Signalbox. */
export const ccusageCommand = (): string[] => [
  process.execPath,
  require.resolve('ccusage/src/cli.js'),
  ...ARGS,
]

/** The native program without its launcher, or nothing where the package lays it out otherwise. */
export function ccusageNative(): string[] | undefined {
  try {
    const from = createRequire(require.resolve('ccusage/src/cli.js'))
    const name = `@ccusage/ccusage-${process.platform}-${process.arch}`
    return [from.resolve(`${name}/bin/ccusage`), ...ARGS]
  } catch {
    return undefined
  }
}

export function parseCcusage(json: string): CcusageTotals {
  // The shape of ccusage 20's own output; a missing number shows up as NaN in the table.
  const { totals } = JSON.parse(json) as { totals: Record<string, unknown> }
  return {
    input: Number(totals.inputTokens),
    output: Number(totals.outputTokens),
    cacheRead: Number(totals.cacheReadTokens),
    cacheWrite: Number(totals.cacheCreationTokens),
    costUsd: Number(totals.totalCost),
  }
}

export async function ccusageTotals(dir: string): Promise<CcusageTotals> {
  const [command = '', ...args] = ccusageCommand()
  return withHome(async home => {
    const env = { ...home, CLAUDE_CONFIG_DIR: dir }
    const { stdout } = await promisify(execFile)(command, args, { env, maxBuffer: 1 << 28 })
    return parseCcusage(stdout)
  })
}
