/** Whether the user's own words ask for an operation on a target: both must be named. */
import { boundariesOf, sentencesOf } from './boundaries.ts'
import type { Facts, Ledger } from './types.ts'

/** What a person would say for it, and what it must be about. */
export interface Naming {
  readonly operation: RegExp
  /** Each of these must be named, as a whole word. None: cannot be cleared by words. */
  readonly targets: readonly string[]
}

/** Sentences that refuse, or tell of what was, are no request. */
const NO_REQUEST =
  /\b(don'?t|do not|never|without|avoid|not|no longer|cannot|can'?t|why|what if|should (i|we)|already)\b|\?\s*$/i

export function isNamed({ operation, targets }: Naming, facts: Facts): boolean {
  if (targets.length === 0 || targets.some(target => target === '')) return false
  return facts.words.some(text =>
    sentencesOf(text).some(
      sentence =>
        operation.test(sentence) &&
        !NO_REQUEST.test(sentence) &&
        targets.every(target => holdsWord(sentence, target)),
    ),
  )
}

/** `main` is not named by `domain` or `main-old`. */
function holdsWord(sentence: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(^|[^\\w./:@-])${escaped}(?![\\w/:@-]|\\.\\w)`, 'i').test(sentence)
}

export function standingBoundaries(facts: Facts, ledger: Ledger): Ledger['boundaries'] {
  return boundariesOf(facts.words, ledger.boundaries)
}
