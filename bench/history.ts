// History: how fast a gigabyte of transcripts is read, against ccusage, and whether both count the
// same tokens; then how soon the live screen shows something on the same data.
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CcusageTotals, ccusageCommand, ccusageNative, parseCcusage } from './ccusage.ts'
import {
  count,
  firstLine,
  median,
  megabytes,
  missing,
  type Row,
  SCREEN,
  say,
  seconds,
  signalbox,
  withHome,
} from './common.ts'
import { defaultOptions, generate, type Manifest, manifestPath } from './generate.ts'
import { type Measured, measure, rssMb } from './process.ts'
import { openPty } from './pty.ts'

const RUNS = 5
const NATIVE_RUNS = 3

export async function history(mb: number): Promise<Row[]> {
  const dir = join(tmpdir(), `signalbox-bench-${mb}`)
  const manifest = ensureData(dir, mb)
  const ours = signalbox('watch', '--once', '--json', '--limit', '50', '--root', dir)
  const peer = ccusageCommand()
  say('history: warm-up')
  let broken = missing()
  const warm = broken === undefined ? await run(ours, dir) : undefined
  if (warm !== undefined) broken = failure(warm)
  if (broken !== undefined) say(`history: Signalbox does not run: ${broken}`)
  const warmPeer = await run(peer, dir)
  if (warmPeer.code !== 0) throw new Error(`ccusage failed: ${firstLine(warmPeer.stderr)}`)
  const oursRuns: Measured[] = []
  const peerRuns: Measured[] = []
  for (let i = 0; i < RUNS; i++) {
    // Alternating, so that a slow moment of the machine meets both.
    if (broken === undefined) {
      const one = await run(ours, dir)
      broken = failure(one)
      oursRuns.push(one)
    }
    peerRuns.push(await run(peer, dir))
    say(
      `history: ${i + 1}/${RUNS}  ${oursRuns.at(-1)?.wallMs ?? '-'} / ${peerRuns.at(-1)?.wallMs} ms`,
    )
  }
  const nativeCommand = ccusageNative()
  const native: Measured[] = []
  for (let i = 0; nativeCommand !== undefined && i < NATIVE_RUNS; i++) {
    native.push(await run(nativeCommand, dir))
  }
  const snapshot =
    warm !== undefined && broken === undefined ? parseSnapshot(warm.stdout) : undefined
  // One failed run spoils the series: a time next to a failure would say nothing.
  if (broken !== undefined) oursRuns.length = 0
  const rows = compare(oursRuns, peerRuns, native, broken)
  rows.unshift({
    measure: 'data',
    signalbox: `${count(Math.round(manifest.bytes / 1e6))} MB`,
    peer: '',
    note: `${count(manifest.lines)} lines, ${manifest.files} files`,
  })
  rows.push(...compareTokens(snapshot, parseCcusage(warmPeer.stdout), manifest))
  rows.push(...(await firstFrame(dir, snapshot, broken)))
  return rows
}

export function ensureData(dir: string, mb: number): Manifest {
  const wanted = { ...defaultOptions, mb }
  if (existsSync(manifestPath(dir)) && existsSync(join(dir, 'projects'))) {
    // Written by generate() itself; one by hand would only cause a new data set.
    const known = JSON.parse(readFileSync(manifestPath(dir), 'utf8')) as Manifest
    const same = (['mb', 'files', 'seed', 'end'] as const).every(key => known[key] === wanted[key])
    if (same) return known
  }
  say(`history: writing ${mb} MB to ${dir}`)
  return generate(dir, wanted)
}

/** Every run has a fresh home: nothing kept by an earlier run may help a later one. */
const run = (command: string[], dir: string): Promise<Measured> =>
  withHome(env => measure(command, { env: { ...env, CLAUDE_CONFIG_DIR: dir } }))

function failure(result: Measured): string | undefined {
  if (result.code !== 0) return `exit ${result.code}: ${firstLine(result.stderr || result.stdout)}`
  try {
    parseSnapshot(result.stdout)
    return undefined
  } catch (error) {
    return `no snapshot: ${String(error)}`
  }
}

function compare(
  ours: Measured[],
  peers: Measured[],
  native: Measured[],
  broken: string | undefined,
): Row[] {
  const wall = (runs: Measured[]) => runs.map(one => one.wallMs)
  const peak = (runs: Measured[]) => median(runs.map(one => one.peakRssMb))
  const cpu = (runs: Measured[]) => median(runs.map(one => one.cpuMs))
  const range = (runs: Measured[]) =>
    `${seconds(Math.min(...wall(runs)))} to ${seconds(Math.max(...wall(runs)))}`
  const ratios = ours.map((one, index) => one.wallMs / (peers[index]?.wallMs ?? Number.NaN))
  const none = broken ?? 'not run'
  const cell = (text: () => string) => (ours.length > 0 ? text() : none)
  const rows = [
    {
      measure: 'read history, wall (median of 5)',
      signalbox: cell(() => `${seconds(median(wall(ours)))} (${range(ours)})`),
      peer: `${seconds(median(wall(peers)))} (${range(peers)})`,
      note: ours.length > 0 ? `pairwise ratio ${median(ratios).toFixed(2)}` : '',
    },
    {
      measure: 'read history, CPU',
      signalbox: cell(() => seconds(cpu(ours))),
      peer: seconds(cpu(peers)),
      note: '',
    },
    {
      measure: 'read history, peak RSS',
      signalbox: cell(() => megabytes(peak(ours))),
      peer: megabytes(peak(peers)),
      note: "ccusage's includes its Node launcher",
    },
  ]
  if (native.length > 0) {
    rows.push({
      measure: 'ccusage, native program alone',
      signalbox: '',
      peer: `${seconds(median(wall(native)))}, ${megabytes(peak(native))}`,
      note: `median of ${native.length}`,
    })
  }
  return rows
}

type Snapshot = { tokens: Manifest['tokens']; costUsd: number; markers: string[] }

function parseSnapshot(json: string): Snapshot {
  // The part of the snapshot's documented shape that is used here.
  const { sessions, actions } = JSON.parse(json) as {
    sessions: { id: string; tokens: Manifest['tokens']; costUsd: number | null }[]
    actions: { summary?: string | null }[]
  }
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
  let costUsd = 0
  for (const session of sessions) {
    tokens.input += session.tokens.input
    tokens.output += session.tokens.output
    tokens.cacheRead += session.tokens.cacheRead
    tokens.cacheWrite5m += session.tokens.cacheWrite5m
    tokens.cacheWrite1h += session.tokens.cacheWrite1h
    costUsd += session.costUsd ?? 0
  }
  const summaries = actions.map(action => (action.summary ?? '').replaceAll(/\s+/g, ' ').trim())
  const markers = [
    ...sessions.map(session => session.id.slice(0, 8)),
    ...summaries.filter(text => text.length >= 8).map(text => text.slice(0, 14).trim()),
  ]
  return { tokens, costUsd, markers: [...new Set(markers)] }
}

function compareTokens(
  snapshot: Snapshot | undefined,
  peer: CcusageTotals,
  manifest: Manifest,
): Row[] {
  const ours = snapshot?.tokens
  const written = manifest.tokens
  const row = (measure: string, own: number | undefined, theirs: number, truth: number) => ({
    measure,
    signalbox: own === undefined ? 'not run' : count(own),
    peer: count(theirs),
    note:
      (own === theirs || own === undefined) && theirs === truth
        ? own === undefined
          ? 'ccusage as written'
          : 'equal, as written'
        : `DIFFERENT, written ${count(truth)}`,
  })
  const writes = (tokens: Manifest['tokens']) => tokens.cacheWrite5m + tokens.cacheWrite1h
  return [
    row('tokens: input', ours?.input, peer.input, written.input),
    row('tokens: output', ours?.output, peer.output, written.output),
    row('tokens: cache read', ours?.cacheRead, peer.cacheRead, written.cacheRead),
    row('tokens: cache write', ours && writes(ours), peer.cacheWrite, writes(written)),
    {
      measure: 'cost',
      signalbox: snapshot ? `$${snapshot.costUsd.toFixed(2)}` : 'not run',
      peer: `$${peer.costUsd.toFixed(2)}`,
      note: 'each with its own price table',
    },
  ]
}

async function firstFrame(
  dir: string,
  snapshot: Snapshot | undefined,
  broken: string | undefined,
): Promise<Row[]> {
  const frame = 'live screen, start to first row, 200x60'
  if (snapshot === undefined) {
    return [{ measure: frame, signalbox: broken ?? 'not run', peer: '', note: '' }]
  }
  return withHome(async env => {
    const pty = await openPty(signalbox('--root', dir), { ...SCREEN, env })
    try {
      const shows = (text: string) => snapshot.markers.some(marker => text.includes(marker))
      const at = await pty.waitFor(shows, 60_000)
      const settled = await pty.settle(90_000)
      const memory = rssMb(pty.pid)
      const ended = pty.exited() ? `ended: ${firstLine(pty.text())}` : undefined
      return [
        {
          measure: frame,
          signalbox: at === undefined ? (ended ?? 'no row within 60 s') : `${Math.round(at)} ms`,
          peer: '',
          note: `history read after ${seconds(settled)}`,
        },
        {
          measure: 'live screen, RSS once history is read',
          signalbox: ended ?? megabytes(memory.now),
          peer: '',
          note: `peak ${megabytes(memory.peak)}`,
        },
      ]
    } finally {
      await pty.stop()
    }
  })
}
