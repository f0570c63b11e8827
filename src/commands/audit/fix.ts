/** Commands that mend what was found. */
import type { PolicyEntry, TrustEntry } from '../../config/policy.ts'

/** Takes an entry out; only of the user's own file, which is all that the command edits. */
export function removal(it: TrustEntry): { readonly fix: string[] } | Record<never, never> {
  if (it.origin.layer !== 'user') return {}
  const project = it.project === '' ? [] : ['--project', it.project]
  return { fix: ['trust', 'remove', it.entry, '--as', it.slot, ...project] }
}

export const isTrust = (it: PolicyEntry): it is TrustEntry => 'slot' in it
