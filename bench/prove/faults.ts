// Faults: whatever is killed, whenever, nothing that was given is lost and nothing is let through.
import { cpSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { count, say, withTemp } from '../common.ts'
import { createRandom } from '../random.ts'
import { BATCH, gateKills, type Kills } from './faults/gate-kills.ts'
import { type FaultsHome, faultsHome } from './faults/home.ts'
import { hookKills } from './faults/hook-kills.ts'
import { OTHERS } from './faults/other-kills.ts'
import type { Proof } from './proof.ts'

const SEED = 20261130
/** Homes side by side, each with a gate of its own. */
const LANES = 2

export async function prove(short: boolean): Promise<Proof[]> {
  return [
    await gate(short ? 100 : 10_000),
    await hooks(short ? 16 : 240),
    ...(await others(short ? 3 : 60)),
  ]
}

const withHome = <T>(use: (home: FaultsHome) => Promise<T>): Promise<T> =>
  withTemp('faults', dir => use(faultsHome(dir)))

async function gate(trials: number): Promise<Proof> {
  const all: Kills[] = []
  const batches = Array.from({ length: trials / BATCH }, (_, i) => i)
  const lane = async (home: FaultsHome): Promise<void> => {
    for (let i = batches.shift(); i !== undefined; i = batches.shift()) {
      const kills = await gateKills(home, createRandom(SEED + i), BATCH, `b${i}`)
      all.push(kills)
      tell(kills.faults)
      say(
        `faults: ${all.length * BATCH} gates killed, ${kills.answers} answers in the last ${BATCH}`,
      )
    }
  }
  await Promise.all(Array.from({ length: LANES }, () => withHome(lane)))
  const sum = (of: (kills: Kills) => number): number => all.reduce((n, it) => n + of(it), 0)
  const [faults, answers] = [sum(it => it.faults.length), sum(it => it.answers)]
  return {
    what: `kill -9 of the gate, ${count(trials)} times, while clients and screens ask it`,
    figure: `${faults} faults in ${count(answers)} answers; of overrides ${sum(it => it.overrides.used)} used once, ${sum(it => it.overrides.lost)} lost`,
    bound: '0 faults, 0 lost',
    kept: faults === 0 && sum(it => it.overrides.lost) === 0 && answers > trials / 2,
  }
}

async function hooks(trials: number): Promise<Proof> {
  const { faults, answers } = await withHome(home => hookKills(home, createRandom(SEED), trials))
  tell(faults)
  return {
    what: `kill -9 of the installed hook's processes or the gate under it, ${count(trials)} times`,
    figure: `${faults.length} faults in ${count(answers)} answers`,
    bound: '0 faults',
    kept: faults.length === 0 && answers > 0,
  }
}

function others(trials: number): Promise<Proof[]> {
  return withHome(async home => {
    const fixtures = join(import.meta.dirname, '../../test/fixtures/auto-server-2.1.330')
    cpSync(fixtures, dirname(home.transcript), { recursive: true })
    const proofs: Proof[] = []
    for (const [name, { kills, share }] of Object.entries(OTHERS)) {
      const many = Math.ceil(trials * share)
      const faults = await kills(home, createRandom(SEED), many)
      tell(faults)
      say(`faults: ${name}, killed ${many} times`)
      proofs.push({
        what: `kill -9 of ${name}, ${many} times`,
        figure: `${faults.length} faults`,
        bound: '0 faults',
        kept: faults.length === 0,
      })
    }
    return proofs
  })
}

const tell = (faults: readonly string[]): void => {
  for (const fault of faults) say(`faults: ${fault}`)
}
