/** Whether the user's own words ask for an operation on a target: both must be named. */
import type { Facts, Ledger } from '../types.ts'
import { boundariesOf } from './boundaries.ts'
import {
  clauseAt,
  isConditional,
  isQuestion,
  isTold,
  newest,
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
  /** Where the command names nothing: what a sentence must say instead of a target. */
  readonly instead?: RegExp
  /** No match of this may stand in the sentence. */
  readonly unless?: RegExp
}

/** The newest words count: what was asked for may be taken back. */
export function isNamed(naming: Naming, facts: Facts): boolean {
  const targets = naming.targets.map(target => target.trim())
  const last = targets.at(-1) ?? ''
  if (naming.instead === undefined && (targets.length === 0 || targets.includes(''))) return false
  const here = /\b(this|the current|my|the) branch\b|\bHEAD\b/i
  const messages = newest(facts.words).map(text => {
    const own = ownWords(text)
    // "This branch" is the one that is checked out.
    return facts.branch !== '' && last === facts.branch
      ? own.replace(here, `branch ${facts.branch}`)
      : own
  })
  const all = messages.join('\n')
  const home = (target: string): string => target.replace(`${facts.home}/`, '~/')
  if (
    naming.instead === undefined &&
    !targets.every(target => names(all, target) || names(all, home(target)))
  )
    return false
  const target = names(all, last) ? last : home(last)
  let cleared = false
  messages.forEach((message, i) => {
    const sentences = sentencesOf(message)
    // A pronoun means what was spoken of last.
    const before = messages.slice(Math.max(0, i - 1), i).join('\n')
    if (takesBack(message, target, cleared)) cleared = false
    sentences.forEach((sentence, at) => {
      const near = `${before}\n${sentences.slice(0, at).join('\n')}`
      if (asksFor(sentence, near, naming, target)) cleared = true
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

/** Looking at it, or planning it, is not doing it. */
const ONLY_LOOKS =
  /^\W*(please |pls |can you |could you )?(plan|prepare|draft|describe|explain|list|show|document|check|see|look|find|count|estimate|review|simulate|dry[- ]run|write|remind|ask)\b/i

function asksFor(sentence: string, near: string, naming: Naming, target: string): boolean {
  const { operation, also, instead, unless } = naming
  const here = instead === undefined ? names(sentence, target) : instead.test(sentence)
  if (!here && !(instead === undefined && PRONOUN.test(sentence) && lastNamed(near, target)))
    return false
  if (also !== undefined && !also.test(sentence)) return false
  if (unless?.test(sentence)) return false
  if (isExcepted(sentence, target) || isConditional(sentence) || isQuestion(sentence)) return false
  const all = new RegExp(
    operation.source,
    operation.flags.includes('g') ? operation.flags : `${operation.flags}g`,
  )
  for (const match of sentence.matchAll(all)) {
    const clause = clauseAt(sentence, match.index)
    const lead = clause.slice(0, Math.max(0, match.index - sentence.indexOf(clause)))
    const does = !refuses(lead) && !isTold(clause) && !(ONLY_LOOKS.test(lead) && lead.trim() !== '')
    if (does) return true
  }
  return false
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

const FILE =
  /\.(tsx?|jsx?|mjs|cjs|py|rb|go|exs?|tf|ya?ml|json|md|sql|sh|rs|java|kt|swift|cs|php|txt|toml|html?|css|parquet|csv|lock)$/i

/** The whole name in its other forms: without a user, a scheme, a remote's name or an end. */
function forms(text: string): readonly string[] {
  const name = plain(text).toLowerCase()
  const found = [name]
  const scp = /^[\w.-]+@([\w.-]+):([\w./~-]+?)(\.git)?$/.exec(name)
  if (scp !== null) found.push(`${scp[1]}/${scp[2]}`, scp[1] ?? '', name.replace(/:.*$/, ''))
  const stored = /^[a-z0-9]+:\/\/([\w.-]+)$/.exec(name)?.[1]
  if (stored !== undefined) found.push(stored)
  const url =
    /^(?:https?|ssh|git|postgres\w*|mysql|mongodb|redis):\/\/(?:[^@/]*@)?([^/]+)(\/.*)?$/.exec(name)
  if (url !== null) {
    const path = (url[2] ?? '').replace(/\.git$/, '')
    found.push(url[1] ?? '', `${url[1]}${path}`)
  }
  const host = /^[\w.-]+@([\w.-]+)$/.exec(name)?.[1]
  if (host !== undefined) found.push(host)
  if (name.startsWith('origin/')) found.push(name.slice('origin/'.length))
  if (name.startsWith('#')) found.push(name.slice(1))
  return found
}

/** Shorter names for the same: only good against a whole one. */
function shortForms(text: string): readonly string[] {
  const found: string[] = []
  for (const name of forms(text)) {
    const last = name.split('/').at(-1) ?? ''
    if (last !== name && last.length > 2 && !/^[a-z0-9]+:\/\//.test(name))
      found.push(last, last.split(':').at(-1) ?? last)
    if (/^[\w-]+(\.[\w-]+)+(:\d+)?$/.test(name) && !FILE.test(name)) {
      const labels = name.replace(/:\d+$/, '').split('.')
      for (let i = 1; i <= labels.length; i++) {
        const short = labels.slice(0, i).join('.')
        if (i > 1 || /[\d-]/.test(short)) found.push(short)
      }
    }
    // `name:tag`, `@scope/name@1.2.3`
    const bare = name.replace(/(?<=.)[@:][\w.+-]*$/, '')
    if (bare !== name && /[a-z]/.test(bare) && !/^[a-z0-9]+$/.test(bare)) found.push(bare)
  }
  return found.filter(name => name.length > 1)
}

/** Whether a text names a thing: `main` is not named by `domain`, `main-old` or `app/main`. */
export function names(text: string, target: string): boolean {
  const bucket = /^([a-z0-9]+:\/\/[^/]+)\/(.+)$/i.exec(plain(target))
  const words = wordsOf(text)
  const wholes = new Set(forms(target))
  const shorts = new Set(shortForms(target))
  const isIt = words.some(word => {
    const own = forms(word)
    return (
      own.some(it => wholes.has(it) || shorts.has(it)) ||
      (!plain(target).includes('/') && shortForms(word).some(it => wholes.has(it)))
    )
  })
  if (isIt) return true
  // More than one word, or a wildcard: as it stands.
  if (/\s/.test(target)) return text.toLowerCase().includes(target.toLowerCase())
  const key = bucket?.[2]
  const own = /^(s3|gs|az|r2|oss|b2|minio):/i.test(target)
  return own && key !== undefined && names(text, bucket?.[1] ?? '') && names(text, key)
}

function wordsOf(text: string): readonly string[] {
  return text
    .split(/[\s,;()"'`“”<>[\]=]+/)
    .map(word => word.replace(/[.:!?]+$/, '').replace(/'s$/, ''))
    .filter(word => word !== '')
}

export function standingBoundaries(facts: Facts, ledger: Ledger): Ledger['boundaries'] {
  return boundariesOf(facts.words, ledger.boundaries)
}
