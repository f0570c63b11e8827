// The figures of the README:
//   node bench/run.ts [history] [idle] [stream] [latency] [hook] [judge] [--mb 1024]
// Prints a markdown table; progress goes to standard error. Temporary data stays below
// os.tmpdir()/signalbox-bench-*; the big data set is kept there for the next run.
import { parseArgs } from 'node:util'
import { machine, missing, type Row, say, table } from './common.ts'
import { defaultOptions } from './generate.ts'
import { history } from './history.ts'
import { hook } from './hook.ts'
import { judging } from './judge/time.ts'
import { latency } from './latency.ts'
import { idle, stream } from './live.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { mb: { type: 'string', default: String(defaultOptions.mb) } },
})
const mb = Number(values.mb)
const parts: Record<string, () => Promise<Row[]>> = {
  history: () => history(mb),
  idle,
  stream,
  latency,
  hook,
  judge: judging,
}
const unknown = positionals.find(name => !(name in parts))
if (process.platform !== 'linux' || unknown !== undefined || !(mb > 0)) {
  say(
    'usage (Linux only): node bench/run.ts [history] [idle] [stream] [latency] [hook] [judge] [--mb 1024]',
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
