// `report` on a gigabyte of transcripts: with no index yet, and once it is there, against ccusage, in turns.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ccusageCommand, parseCcusage } from './ccusage.ts'
import { firstLine, median, type Row, say, seconds, signalbox, withHome } from './common.ts'
import { ensureData } from './history.ts'
import { type Measured, measure } from './process.ts'

const RUNS = 5

export async function report(mb: number): Promise<Row[]> {
  const dir = join(tmpdir(), `signalbox-bench-${mb}`)
  ensureData(dir, mb)
  const command = signalbox('report', '--json', '--root', dir)
  const first: Measured[] = []
  const second: Measured[] = []
  const peer: Measured[] = []
  for (let i = 0; i <= RUNS; i++)
    await withHome(async env => {
      const own = { ...env, CLAUDE_CONFIG_DIR: dir }
      const runs = [
        await ended(command, own),
        await ended(command, own),
        await ended(ccusageCommand(), own),
      ] as const
      if (i === 0) return // the files are in memory from here on
      for (const [k, list] of [first, second, peer].entries()) {
        const one = runs[k]
        if (one !== undefined) list.push(one)
      }
      say(`report: ${i}/${RUNS}  ${runs.map(it => it.wallMs).join(' / ')} ms`)
    })
  const wall = (runs: Measured[]): number => median(runs.map(it => it.wallMs))
  const ratio = (runs: Measured[]): string => (wall(runs) / wall(peer)).toFixed(2)
  const ours = JSON.parse(second[0]?.stdout ?? '{}').total.tokens
  const same = ours.output === parseCcusage(peer[0]?.stdout ?? '').output
  return [
    {
      measure: 'report with no index yet, which it makes',
      signalbox: seconds(wall(first)),
      peer: `${seconds(wall(peer))}, ccusage`,
      note: `ratio ${ratio(first)}; target 0.8`,
    },
    {
      measure: 'the same once the index is there',
      signalbox: seconds(wall(second)),
      peer: `${seconds(wall(peer))}, ccusage`,
      note: `ratio ${ratio(second)}; target 0.2; output tokens ${same ? 'equal' : 'DIFFER'}`,
    },
  ]
}

async function ended(command: string[], env: NodeJS.ProcessEnv): Promise<Measured> {
  const one = await measure(command, { env })
  if (one.code !== 0) throw new Error(`exit ${one.code}: ${firstLine(one.stderr || one.stdout)}`)
  return one
}
