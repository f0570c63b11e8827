// Faults: whatever is killed, whenever, nothing that was given is lost and nothing is let through.
import { count, say, withTemp } from '../common.ts'
import { createRandom } from '../random.ts'
import { BATCH, gateKills, type Kills } from './faults/gate-kills.ts'
import { faultsHome } from './faults/home.ts'
import type { Proof } from './proof.ts'

const SEED = 20261130

export async function prove(short: boolean): Promise<Proof[]> {
  return [...(await gate(short ? 100 : 10_000))]
}

async function gate(trials: number): Promise<Proof[]> {
  const random = createRandom(SEED)
  const all: Kills[] = []
  await withTemp('faults', async dir => {
    const home = faultsHome(dir)
    for (let done = 0; done < trials; done += BATCH) {
      const kills = await gateKills(home, random, Math.min(BATCH, trials - done), `b${done}`)
      all.push(kills)
      for (const fault of kills.faults) say(`faults: ${fault}`)
      say(`faults: ${done + kills.trials} gates killed, ${kills.answers} answers in the last batch`)
    }
  })
  const sum = (of: (kills: Kills) => number): number => all.reduce((n, it) => n + of(it), 0)
  const faults = sum(it => it.faults.length)
  const answers = sum(it => it.answers)
  return [
    {
      what: `kill -9 of the gate, ${count(trials)} times, while clients and screens ask it`,
      figure: `${faults} faults in ${count(answers)} answers; ${sum(it => it.overrides.used)} overrides used once, ${sum(it => it.overrides.lost)} lost`,
      bound: '0 faults, 0 lost',
      kept: faults === 0 && answers > trials,
    },
  ]
}
