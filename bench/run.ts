// The figures of the README:
//   node bench/run.ts [history] [report] [idle] [stream] [latency] [frames] [hook] [checkpoint] [reviewer] [fleet] [judge] [--mb 1024]
// Prints a markdown table, and for `judge` a second one with its rates; progress goes to standard error.
// Temporary data stays below os.tmpdir()/signalbox-bench-*, and for `judge` below the user's cache; the
// big data set and the peers are kept for the next run.
import { parseArgs } from 'node:util'
import { checkpoint } from './checkpoint.ts'
import { machine, missing, type Row, say, table } from './common.ts'
import { fleet } from './fleet.ts'
import { frames } from './frames.ts'
import { defaultOptions } from './generate.ts'
import { history } from './history.ts'
import { hook } from './hook.ts'
import { judging } from './judge/judging.ts'
import { latency } from './latency.ts'
import { idle, stream } from './live.ts'
import { report } from './report.ts'
import { reviewer } from './reviewer.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { mb: { type: 'string', default: String(defaultOptions.mb) } },
})
const mb = Number(values.mb)
const texts: string[] = []
const parts: Record<string, () => Promise<Row[]>> = {
  history: () => history(mb),
  report: () => report(mb),
  idle,
  stream,
  latency,
  frames,
  hook,
  checkpoint,
  reviewer,
  fleet,
  judge: async () => {
    const { rows, text } = await judging()
    texts.push(text)
    return rows
  },
}
const unknown = positionals.find(name => !(name in parts))
if (process.platform !== 'linux' || unknown !== undefined || !(mb > 0)) {
  say(
    'usage (Linux only): node bench/run.ts [history] [report] [idle] [stream] [latency] [frames] [hook] [checkpoint] [reviewer] [fleet] [judge] [--mb 1024]',
  )
  process.exit(2)
}
const reason = missing()
if (reason !== undefined) say(`Signalbox itself is not measured: ${reason}`)

const rows: Row[] = []
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  try {
    rows.push(...(await part()))
  } catch (error) {
    // The other parts still say something.
    rows.push({ measure: name, signalbox: `failed: ${String(error)}`, peer: '', note: '' })
    process.exitCode = 1
  }
}
console.log(`${machine()}, ${new Date().toISOString().slice(0, 10)}\n`)
console.log(table(rows))
for (const text of texts) console.log(`\n${text}`)
