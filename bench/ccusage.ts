// ccusage is the peer for history: how it is run and what its JSON says.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withHome } from './common.ts'

export type CcusageTotals = {
  input: number
  output: number
  cacheRead: number
  cacheWrite: number
  costUsd: number
}

// Not a dependency of the project: some of its platform packages are missing from registries, and
// then `npm ci` refuses the whole lock file. Installed beside the benchmark's data when needed.
const VERSION = '20.0.24'
const FOLDER = join(tmpdir(), `signalbox-bench-ccusage-${VERSION}`)

function installed(): NodeJS.Require {
  const manifest = join(FOLDER, 'package.json')
  if (!existsSync(join(FOLDER, 'node_modules', 'ccusage'))) {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(manifest, '{"private":true}')
    execFileSync('npm', ['install', '--no-save', `ccusage@${VERSION}`], { cwd: FOLDER })
  }
  return createRequire(manifest)
}

const ARGS = ['daily', '--offline', '--json']

/** The command as installed: its Node launcher, on the same Node that runs Signalbox. */
export const ccusageCommand = (): string[] => [
  process.execPath,
  installed().resolve('ccusage/src/cli.js'),
  ...ARGS,
]

/** The native program without its launcher, or nothing where the package lays it out otherwise. */
export function ccusageNative(): string[] | undefined {
  try {
    const from = createRequire(installed().resolve('ccusage/src/cli.js'))
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
