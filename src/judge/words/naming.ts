/** Whether the user's own words ask for an operation on a target: both must be named. */
import type { Facts, Ledger } from '../types.ts'
import { boundariesOf } from './boundaries.ts'
import {
  clauseAt,
  isConditional,
  isQuestion,
  isTold,
  ownWords,
  refuses,
  sentencesOf,
} from './text.ts'

/** What a person would say for it, and what it must be about. */
export interface Naming {
  readonly operation: RegExp
  /** The last must stand in the very sentence, the others anywhere. None: words cannot clear it. */
  readonly targets: readonly string[]
  /** One match of this in the sentence is needed too. */
  readonly also?: RegExp
}

/** The newest words count: what was asked for may be taken back. */
export function isNamed(naming: Naming, facts: Facts): boolean {
  const { targets } = naming
  const last = targets.at(-1)
  if (last === undefined || targets.some(target => target.trim() === '')) return false
  const messages = facts.words.map(ownWords)
  const all = messages.join('\n')
  if (!targets.every(target => names(all, target))) return false
  let cleared = false
  messages.forEach((message, i) => {
    const sentences = sentencesOf(message)
    // A pronoun means what was spoken of last.
    const before = messages.slice(Math.max(0, i - 1), i).join('\n')
    if (takesBack(message, last, cleared)) cleared = false
    sentences.forEach((sentence, at) => {
      const near = `${before}\n${sentences.slice(0, at).join('\n')}`
      if (asksFor(sentence, near, naming, last)) cleared = true
    })
  })
  return cleared
}

const WITHDRAWS =
  /\b(actually|leave (it|that|them|this)|forget (it|that|about|the)|never ?mind|nvm|hold on|hold off|wait|stop|cancel|scratch that|on second thoughts?|keep (it|that|them|the|this)|not yet|changed my mind|stays?|don'?t|dont|do not|no no|oh no|undo that)\b|^\s*no\b/i

/** A later message that refuses, and speaks of the same or of nothing else. */
function takesBack(message: string, target: string, cleared: boolean): boolean {
  return cleared && WITHDRAWS.test(message) && (names(message, target) || message.length < 160)
}

const PRONOUN =
  /\b(it|them|that|this|those|these|both|that one|the (branch|table|database|pod|container|volume|bucket|stack|instance|resource group|group|namespace|flag|release|repo|pr|pull request|directory|folder|file|job|user|role|key|tag|topic|index|record|dataset|whole thing))\b/i

function asksFor(
  sentence: string,
  near: string,
  { operation, also }: Naming,
  target: string,
): boolean {
  const found = operation.exec(sentence)
  if (found === null) return false
  const here = names(sentence, target)
  if (!here && !(PRONOUN.test(sentence) && lastNamed(near, target))) return false
  if (also !== undefined && !also.test(sentence)) return false
  const clause = clauseAt(sentence, found.index)
  const lead = clause.slice(0, clause.search(operation) < 0 ? undefined : clause.search(operation))
  if (refuses(lead) || isExcepted(sentence, target)) return false
  return !isConditional(sentence) && !isQuestion(sentence) && !isTold(clause)
}

/** The target is the last thing of its sort that was spoken of. */
function lastNamed(text: string, target: string): boolean {
  const sentences = sentencesOf(text)
  return sentences.slice(-2).some(sentence => names(sentence, target))
}

/** `all but x`, `everything except x`, `keep x`. */
function isExcepted(sentence: string, target: string): boolean {
  const at = sentence.toLowerCase().indexOf(plain(target).toLowerCase())
  if (at < 0) return false
  return /\b(except|excluding|apart from|other than|but not|all but|keep|keeps|leave|not)\s+[^,;.]{0,40}$/i.test(
    sentence.slice(0, at),
  )
}

const plain = (target: string): string => target.replace(/\/+$/, '')

/** The ways in which people write a name. */
function spellings(target: string): readonly string[] {
  const name = plain(target)
  const found = [name]
  const path = name.split('/')
  const [last = ''] = path.slice(-1)
  // `deploy/orders-worker`, `docker.io/acme/app:1`, `arn:…:policy/Name`, `lib/room.ex`
  if (path.length > 1 && last.length > 2 && !/^[a-z0-9]+:\/\//i.test(name)) found.push(last)
  if (/^arn:/.test(name)) found.push(last.split(':').at(-1) ?? last)
  const host =
    /@([\w.-]+)/.exec(name)?.[1] ??
    (/^[\w-]+(\.[\w-]+)+(:\d+)?$/.test(name) ? name.replace(/:\d+$/, '') : undefined)
  if (
    host !== undefined &&
    !/\.(ts|js|py|rb|go|ex|exs|tf|ya?ml|json|md|sql|sh|rs|java|kt|swift|cs|php|txt|toml|html?|css)$/.test(
      name,
    )
  ) {
    found.push(host)
    const labels = host.split('.')
    for (let i = 1; i < labels.length; i++) {
      const short = labels.slice(0, i).join('.')
      if (i > 1 || /[\d-]/.test(short)) found.push(short)
    }
  }
  // `name:tag`, `@scope/name@1.2.3`
  const bare = name.replace(/(?<=.)[@:][\w.+-]*$/, '')
  if (bare !== name && !/^[a-z0-9]+:\/\//i.test(name) && /[a-z]/i.test(bare)) found.push(bare)
  return found
}

export function names(text: string, target: string): boolean {
  return spellings(target).some(name => holdsWord(text, name))
}

/** `main` is not named by `domain` or `main-old`. */
function holdsWord(text: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')
  return new RegExp(`(^|[^\\w./:@-]|\\s[@#])#?${escaped}(?![\\w@-]|[./:]\\w|/\\*)`, 'i').test(text)
}

export function standingBoundaries(facts: Facts, ledger: Ledger): Ledger['boundaries'] {
  return boundariesOf(facts.words, ledger.boundaries)
}
