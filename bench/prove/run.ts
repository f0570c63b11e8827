// The figures of docs/reliability.md:
//   node bench/prove/run.ts [PART…] [--short]
// Prints a markdown table; progress goes to standard error. Exit code 1 when a bound was not kept.
import { parseArgs } from 'node:util'
import { machine, say } from '../common.ts'
import type { Proof, Prove } from './proof.ts'

const PARTS: Readonly<Record<string, () => Promise<{ prove: Prove }>>> = {
  load: () => import('./load.ts'),
  faults: () => import('./faults.ts'),
  fuzz: () => import('./fuzz.ts'),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
})
const names = Object.keys(PARTS)
const unknown = positionals.find(name => !names.includes(name))
if (unknown !== undefined) {
  say(`${unknown}: no such part; there are ${names.join(', ')}`)
  process.exit(2)
}

const line = (part: string, { what, figure, bound, kept }: Proof): string =>
  `| ${part} | ${what} | ${figure} | ${bound} | ${kept ? 'kept' : '**not kept**'} |`

console.log(`${machine()}, ${new Date().toISOString().slice(0, 10)}\n`)
console.log('| part | what | figure | bound | |\n|---|---|---|---|---|')
for (const [name, load] of Object.entries(PARTS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const { prove } = await load()
  for (const proof of await prove(values.short)) {
    console.log(line(name, proof))
    if (!proof.kept) process.exitCode = 1
  }
}
