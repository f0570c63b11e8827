/** What the parts of `signalbox trust` have in common. */
import { resolve } from 'node:path'
import { isSlot, NO_SLOT, type Slot } from '../action/slot.ts'
import { type LoadedPolicy, loadPolicy } from '../config/load-policy.ts'
import { UsageError, WordsError } from '../config/usage-error.ts'
import { checkRules } from '../judge/check-rules.ts'
import type { Desk } from './desk.ts'

export function current(desk: Desk): LoadedPolicy {
  return loadPolicy(desk.places, checkRules)
}

/** The slot that `--as` names. */
export function slotNamed(name: string | undefined): Slot | null {
  if (name === undefined) return null
  if (!isSlot(name)) throw new UsageError(`'${name}' ${NO_SLOT}`)
  return name
}

export function noMore(words: readonly string[]): void {
  if (words.length > 0) throw new WordsError(`unexpected '${words[0]}'`)
}

export function projectNamed(project: string | undefined, desk: Desk): string | undefined {
  return project === undefined ? undefined : resolve(desk.cwd, project)
}

export function where(project: string): string {
  return project === '' ? 'everywhere' : `in ${project} only`
}
