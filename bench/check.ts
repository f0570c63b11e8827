// The reference for token totals: reads every transcript line with JSON.parse, keeps one usage
// per message.id + requestId (the largest), and compares with ccusage and the generator's count.
//   node bench/check.ts DIR
// Shares no code with the generator or with Signalbox on purpose.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ccusageTotals } from './ccusage.ts'

type Entry = { input: number; output: number; read: number; write5m: number; write1h: number }
export type Reference = Entry & { lines: number; messages: number; lengths: number[] }

const num = (value: unknown): number => (typeof value === 'number' ? value : 0)
const obj = (value: unknown): Record<string, unknown> =>
  // Any non-null object may be read by key; every value read is checked again.
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const sum = (entry: Entry) =>
  entry.input + entry.output + entry.read + entry.write5m + entry.write1h

export function readReference(dir: string): Reference {
  const best = new Map<string, Entry>()
  const lengths: number[] = []
  const names = readdirSync(join(dir, 'projects'), { recursive: true, encoding: 'utf8' })
  for (const name of names.filter(entry => entry.endsWith('.jsonl'))) {
    const bytes = readFileSync(join(dir, 'projects', name))
    // By bytes: node:readline also breaks lines at U+2028, which JSON leaves as it is in strings.
    for (let from = 0, to = 0; from < bytes.length; from = to + 1) {
      const next = bytes.indexOf(10, from)
      to = next === -1 ? bytes.length : next
      lengths.push(to - from)
      const text = bytes.toString('utf8', from, to)
      const line = obj(JSON.parse(text))
      const message = obj(line.message)
      if (line.type !== 'assistant' || message.usage === undefined) continue
      const usage = obj(message.usage)
      const split = obj(usage.cache_creation)
      const entry = {
        input: num(usage.input_tokens),
        output: num(usage.output_tokens),
        read: num(usage.cache_read_input_tokens),
        write5m: num(split.ephemeral_5m_input_tokens),
        write1h: num(split.ephemeral_1h_input_tokens),
      }
      const key = `${String(message.id)}:${String(line.requestId)}`
      const known = best.get(key)
      if (known === undefined || sum(entry) > sum(known)) best.set(key, entry)
    }
  }
  const total: Entry = { input: 0, output: 0, read: 0, write5m: 0, write1h: 0 }
  for (const entry of best.values()) {
    total.input += entry.input
    total.output += entry.output
    total.read += entry.read
    total.write5m += entry.write5m
    total.write1h += entry.write1h
  }
  return { ...total, lines: lengths.length, messages: best.size, lengths }
}

if (import.meta.main) {
  const dir = process.argv[2] ?? ''
  const { lengths, ...reference } = readReference(dir)
  lengths.sort((a, b) => a - b)
  const at = (share: number) => lengths[Math.floor(lengths.length * share)] ?? 0
  const size = lengths.reduce((all, length) => all + length, 0)
  const percentiles = { mean: Math.round(size / lengths.length), p50: at(0.5), p90: at(0.9) }
  console.log('lines', { ...percentiles, p99: at(0.99), max: lengths.at(-1) })
  console.log('reference', reference)
  const ccusage = await ccusageTotals(dir)
  console.log('ccusage', ccusage)
  const same =
    ccusage.input === reference.input &&
    ccusage.output === reference.output &&
    ccusage.cacheRead === reference.read &&
    ccusage.cacheWrite === reference.write5m + reference.write1h
  const manifest = existsSync(`${dir}.manifest.json`)
    ? obj(obj(JSON.parse(readFileSync(`${dir}.manifest.json`, 'utf8'))).tokens)
    : {}
  console.log('generator', manifest)
  const told =
    manifest.input === undefined ||
    (manifest.input === reference.input &&
      manifest.output === reference.output &&
      manifest.cacheRead === reference.read &&
      manifest.cacheWrite5m === reference.write5m &&
      manifest.cacheWrite1h === reference.write1h)
  console.log(`ccusage ${same ? 'equal' : 'DIFFERS'}, generator ${told ? 'equal' : 'DIFFERS'}`)
  process.exitCode = same && told ? 0 : 1
}
