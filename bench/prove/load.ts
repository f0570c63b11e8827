// How much the screen and the gate bear, and what becomes of it: nothing may be lost, and where it is
// too much the screen says so.
import { decisions } from './load/decisions.ts'
import { burst, flood, many, saturated } from './load/screens.ts'
import { week } from './load/week.ts'
import type { Proof } from './proof.ts'

export async function prove(short: boolean): Promise<Proof[]> {
  const proofs: Proof[] = []
  for (const part of [many, burst, flood, saturated, decisions, week])
    proofs.push(...(await part(short)))
  return proofs
}
