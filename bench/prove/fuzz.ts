/**
 * Fuzzing: everything that reads what others wrote is given inputs that are real ones, changed.
 *   node bench/prove/fuzz.ts [TARGET…] [--inputs N] [--seed N]
 * What is found is kept in test/fuzz/found, where a test runs it again for ever.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { count, say } from '../common.ts'
import { HANG_MS, type Run } from './fuzz/engine.ts'
import { type Job, runAll } from './fuzz/jobs.ts'
import type { Target } from './fuzz/target.ts'
import { TARGETS } from './fuzz/targets.ts'
import type { Proof, Prove } from './proof.ts'

const FOUND = join(import.meta.dirname, '../../test/fuzz/found')
const LONG = 1_000_000
/** In a minute at most, all of them. */
const SHORT = 4000
/** Of the heap, between the first quarter of the inputs and the end: what a run keeps, and no more. */
const GROWTH_MB = 16

export const prove: Prove = short => proofs(TARGETS, short ? shortOf : inputsOf, 1)

const inputsOf = ({ inputs = LONG }: Target): number => inputs
const shortOf = (target: Target): number => Math.min(SHORT, inputsOf(target) / 30)

async function proofs(
  targets: readonly Target[],
  inputs: (target: Target) => number,
  seed: number,
): Promise<Proof[]> {
  const jobs = targets.map(target => ({ target: target.name, inputs: inputs(target), seed }))
  const runs = new Map<Job, Run>()
  await runAll(jobs, (job, run) => {
    runs.set(job, run)
    const { found } = run
    say(`${job.target}: ${proofOf(job, run).figure}`)
    for (const { what, input } of found) say(`  ${what}: ${keep(job.target, input)}`)
  })
  return [...runs].map(([job, run]) => proofOf(job, run))
}

function proofOf({ target, inputs, seed }: Job, run: Run): Proof {
  const { found, slowestMs, growthMb, outcomes } = run
  const rate = count(Math.round(run.inputs / run.seconds))
  return {
    what: `${target}: inputs without a fault`,
    figure: `${count(run.inputs)}, ${found.length} faults, ${count(outcomes)} kinds of outcome, slowest ${slowestMs.toFixed(0)} ms, heap ${growthMb.toFixed(1)} MB, ${rate}/s`,
    bound: `${count(inputs)} (seed ${seed}), no fault, ${HANG_MS} ms, ${GROWTH_MB} MB`,
    kept: run.inputs === inputs && found.length === 0 && growthMb < GROWTH_MB,
  }
}

function keep(target: string, input: Uint8Array): string {
  const name = createHash('sha256').update(input).digest('hex').slice(0, 12)
  const path = join(FOUND, target, name)
  mkdirSync(join(FOUND, target), { recursive: true })
  writeFileSync(path, input)
  return path
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { inputs: { type: 'string' }, seed: { type: 'string', default: '1' } },
  })
  const chosen = TARGETS.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  )
  const wanted = Number(values.inputs)
  const inputs = wanted > 0 ? () => wanted : inputsOf
  for (const proof of await proofs(chosen, inputs, Number(values.seed))) {
    console.log(
      `${proof.kept ? 'kept' : 'NOT KEPT'}: ${proof.what}: ${proof.figure}; ${proof.bound}`,
    )
    if (!proof.kept) process.exitCode = 1
  }
}
