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

/**
 * The newest words count: what was asked for may be taken back.
 *
 * @param evidence the command, as far as the finding rests on it
 */
export function isNamed(naming: Naming, facts: Facts, evidence: string): boolean {
  const targets = naming.targets.map(target => target.trim())
  const last = targets.at(-1) ?? ''
  if (naming.instead === undefined && (targets.length === 0 || targets.includes(''))) return false
  const here = /\b(this|the current|my|the) branch\b|\bHEAD\b/i
  if (isDictated(evidence, facts)) return true
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
    const corrected =
      CORRECTS.test(message) && names(message, target) && !refuses(afterLast(message, target))
    if (corrected && naming.operation.test(before)) cleared = true
    sentences.forEach((sentence, at) => {
      const near = `${before}\n${sentences.slice(0, at).join('\n')}`
      if (asksFor(sentence, near, naming, target, evidence)) cleared = true
    })
  })
  return cleared
}

/** `sorry, I meant b`: the same with another name. */
const CORRECTS = /\bi me(an|ant)\b|\b(sorry|oops|correction|typo)\b|^\s*(no,? no|wait)\b/i

function afterLast(text: string, target: string): string {
  return text.slice(Math.max(0, text.toLowerCase().lastIndexOf(plain(target).toLowerCase()) - 12))
}

const WITHDRAWS =
  /\b(i me(an|ant)\b(?! it)|correction|typo|oops|actually|leave (it|that|them|this)|forget (it|that|about|the)|never ?mind|nvm|hold on|hold off|wait|stop|cancel|scratch that|on second thoughts?|keep (it|that|them|the|this)|not yet|changed my mind|stays?|don'?t|dont|do not|no no|oh no|undo that)\b|^\s*no\b/i

/** A later message that refuses, and speaks of the same or of nothing else. */
function takesBack(message: string, target: string, cleared: boolean): boolean {
  return cleared && WITHDRAWS.test(message) && (names(message, target) || message.length < 160)
}

const PRONOUN =
  /\b(it|them|that|this|those|these|both|that one|the (branch|table|database|pod|container|volume|bucket|stack|instance|resource group|group|namespace|flag|issue|ticket|page|event|secret|disk|volume|snapshot|vm|image|queue|app|site|deployment|account|line|entry|rule|record|list|log|export|item|one|former|latter|release|repo|pr|pull request|directory|folder|file|job|user|role|key|tag|topic|index|record|dataset|whole thing))\b/i

/** Of the clause it stands in only: `reboot it and ping until it is back`. */
const UNTIL = /\b(until|till)\b.*$/i

/** Looking at it, or planning it, is not doing it. */
const ONLY_LOOKS =
  /^\W*(please |pls |can you |could you )?(plan|add (a|an|the|that|this|it) |implement |prepare|draft|describe|explain|list|show|document|check|see|look|find|count|estimate|review|simulate|dry[- ]run|write|remind|ask)\b/i

function asksFor(
  sentence: string,
  near: string,
  naming: Naming,
  target: string,
  evidence: string,
): boolean {
  const { operation, also, instead, unless } = naming
  const spoken = near
    .split('\n')
    .filter(it => it.trim() !== '')
    .slice(-2)
    .join('\n')
  const here =
    instead === undefined
      ? names(sentence, target)
      : instead.test(sentence) ||
        (/\b(it|them|that|those)\b/i.test(sentence) && instead.test(spoken))
  if (!here && !(instead === undefined && PRONOUN.test(sentence) && lastNamed(near, target)))
    return false
  if (also !== undefined && !also.test(sentence)) return false
  if (unless?.test(sentence)) return false
  if (isElsewhere(sentence, evidence)) return false
  if (
    isExcepted(sentence, target) ||
    isConditional(sentence.replace(UNTIL, '')) ||
    isQuestion(sentence)
  )
    return false
  const all = new RegExp(
    operation.source,
    operation.flags.includes('g') ? operation.flags : `${operation.flags}g`,
  )
  for (const match of sentence.matchAll(all)) {
    const clause = clauseAt(sentence, match.index)
    const lead = clause.slice(0, Math.max(0, match.index - sentence.indexOf(clause)))
    if (refuses(lead) || isTold(clause)) continue
    if (UNTIL.test(clause)) continue
    if (ONLY_LOOKS.test(lead) && lead.trim() !== '') continue
    if (
      /ing$/i.test(match[0]) &&
      /^\s+(is|are|was|happens|will|should|stays)\b/i.test(
        sentence.slice(match.index + match[0].length),
      )
    )
      continue
    // `Argo applies it` tells what happens; `README says: …` tells what is written.
    if (/[a-rt-z]s$/i.test(match[0]) && /\w\s*$/.test(lead)) continue
    if (SAYS.test(sentence.slice(0, match.index))) continue
    if (instead === undefined && isAnother(sentence, match, naming, evidence)) continue
    return true
  }
  return false
}

const OTHER_REGISTRY =
  /\b(test ?pypi|verdaccio|github packages|azure (feed|artifacts)|(internal|our|private) (\w+ )?(registry|feed|index)|nexus|artifactory)\b/i

/** Staging is not production, a copy here is not the thing there, and the soft way is not the hard one. */
function isElsewhere(sentence: string, evidence: string): boolean {
  const places = [/\bprod(uction)?\b/i, /\bstag(e|ing)\b/i, /\b(dev|development)\b/i]
  const there = places.findIndex(place => place.test(evidence))
  const said = places.map(place => place.test(sentence))
  if (there >= 0 && said.includes(true) && !said[there]) return true
  if (
    /^(gh|glab|aws|az|gcloud|kubectl)\b/.test(evidence) &&
    /\b(my|the) local (clone|copy|checkout)\b/i.test(sentence)
  )
    return true
  if (/--hard\b/.test(evidence) && /\bsoft\b/i.test(sentence)) return true
  if (/release create/.test(evidence) && !/draft/.test(evidence) && /\bdraft\b/i.test(sentence))
    return true
  if (/\b(publish|push|upload)\b/.test(evidence)) {
    const registry = OTHER_REGISTRY.exec(sentence)?.[0]
    if (registry !== undefined && !evidence.toLowerCase().includes(registry.toLowerCase()))
      return true
  }
  // A line of a file is taken out, not what it speaks of.
  const file =
    /\b(?:block|check|line|reference|mention|section|import|entry)s?\s+(?:from|in|of)\s+([\w./-]+\.\w+)/i.exec(
      sentence,
    )?.[1]
  return file !== undefined && !evidence.includes(file)
}

const SAYS = /\b(says?|said|reads|suggests?|recommends?|tells?)\s*:\s*[^.]*$/i

/** What is named right behind the verb is the object: another thing, or a part, is not this one. */
function isAnother(
  sentence: string,
  match: RegExpExecArray,
  naming: Naming,
  evidence: string,
): boolean {
  const behind = clauseAt(sentence, match.index)
  const tail = sentence.slice(match.index + match[0].length).slice(0, behind.length)
  const host =
    /\b(?:on|at)\s+(?!crates\.io|nuget\.org|npm)([\w-]*\d[\w.-]*|[\w-]+(?:\.[\w-]+)+)/i.exec(
      tail,
    )?.[1]
  if (
    host !== undefined &&
    !evidence.toLowerCase().includes(host.toLowerCase().split('.')[0] ?? host)
  )
    return true
  // `the jobs in x` are not x.
  const of = /^\s+(?:\w+\s+){0,3}\w+s\s+(?:in|inside|within)\s+(?:the\s+)?(\S+)/i.exec(tail)?.[1]
  const last = naming.targets.at(-1)
  if (of !== undefined && last !== undefined && names(of, last)) return true
  const object = tail
    // Where and how is not what.
    .replace(/\b(on|at|via|with|under|by|for|as|using)\s+\S+/gi, ' ')
    .split(/\s+/)
    .slice(0, 6)
    .map(word => word.replace(/^[("'`“#!]+|[)"'`”.,:;!?]+$/g, ''))
    .find(word =>
      /^\d{2,}$|^[A-Za-z]+\d{3,}\w*$|^(?=.*[a-z])[@~\w./:-]*[\w][._/:-][\w./:*-]+$/i.test(word),
    )
  if (object === undefined) return false
  const end = object.split('/').at(-1) ?? object
  return !(
    evidence.toLowerCase().includes(end.toLowerCase()) ||
    naming.targets.some(target => names(object, target) || names(target, object))
  )
}

/** The command itself, word for word, as what is to be done. */
function isDictated(evidence: string, facts: Facts): boolean {
  const command = evidence.replace(/\s+/g, ' ').trim().toLowerCase()
  if (command.split(' ').length < 3) return false
  let said = false
  for (const text of newest(facts.words))
    for (const sentence of sentencesOf(ownWords(text).replace(/`/g, ''))) {
      const plainly = sentence.replace(/\s+/g, ' ').toLowerCase()
      const at = plainly.indexOf(command)
      if (at < 0) {
        if (said && WITHDRAWS.test(sentence)) said = false
        continue
      }
      const lead = plainly.slice(0, at)
      const next = plainly.slice(at + command.length)
      said =
        !/^([\w/.:=-]| -)/.test(next) &&
        !refuses(lead) &&
        !isTold(lead) &&
        !SAYS.test(lead) &&
        !isConditional(plainly) &&
        !isQuestion(plainly)
    }
  return said
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
  const [, user = '', host] = /^([\w.-]+)@([\w.-]+)$/.exec(name) ?? []
  if (host !== undefined) found.push(host)
  if (/[-_.\d]/.test(user)) found.push(user)
  if (name.includes('_')) found.push(name.replaceAll('_', '-'))
  if (name.startsWith('origin/')) found.push(name.slice('origin/'.length))
  if (/^[#!]/.test(name)) found.push(name.slice(1))
  return found
}

/** A version or a tag says which of them. */
function withoutTag(name: string): string {
  return name.replace(
    /(?<=.)[@:](v?\d[\w.+-]*|latest|main|dev|test|staging|prod|stable|next|canary|beta|edge)?$/,
    '',
  )
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
    const bare = withoutTag(name)
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
      (!plain(target).includes('/') &&
        word === word.toLowerCase() &&
        shortForms(word).some(it => wholes.has(it)))
    )
  })
  if (isIt) return true
  // `name@1.2.3` says which version.
  if (
    /^v?\d+\.\d[\w.+-]*$/.test(target) &&
    words.some(word => /[@:=]/.test(word) && word.split(/[@:=]/).at(-1) === target)
  )
    return true
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
