/**
 * Whether an order of the user's asks for what a command does: with a verb for it, the things that
 * it names in the same breath, and no other thing, place or strength.
 */
import type { Facts } from '../types.ts'
import { isDictated } from './dictated.ts'
import { isOrder } from './mood.ts'
import { hasThing, plain } from './names.ts'
import { addressesIn, isIn, nameLike } from './objects.ts'
import { fits, isElsewhere, withoutDenied } from './scope.ts'
import { bare } from './spelling.ts'
import { clausesOf, newest, ownWords, sentencesOf } from './text.ts'
import { isThing, stepsOf, thingsIn } from './things.ts'
import { isVerb, wordsFor } from './verbs.ts'
import { takesBack } from './withdrawn.ts'

/** What a rule knows of how people ask for it. */
export interface Naming {
  /** What it is about, where the command does not say. */
  readonly targets: readonly string[]
  /** One match of this in the sentence is needed too. */
  readonly also?: RegExp
  /** Where nothing is named: what a sentence must say instead. */
  readonly instead?: RegExp
  /** No match of this may stand in the sentence. */
  readonly unless?: RegExp
}

interface Act {
  readonly verb: RegExp
  readonly things: readonly string[]
  /** Of the things: of places, one is enough. */
  readonly isNamed: 'some' | 'every'
  /** All that may be named: the whole command, and what it is known to be about. */
  readonly text: string
  readonly naming: Naming | null
}

/** Letters of a command: what people ask for by name is shorter, and a part must not hide behind them. */
const MOST = 4000

/** @param part of the command `whole`: what is to be cleared */
export function isAskedFor(
  part: string,
  whole: string,
  naming: Naming | null,
  facts: Facts,
): boolean {
  if (facts.words.length === 0) return false
  if (part.length > MOST || whole.length > MOST) return false
  if (isDictated(part, facts)) return true
  const act = actOf(part, whole, naming, facts)
  if (act === null) return false
  const messages = newest(facts.words).map(text =>
    here(bare(ownWords(text)).replaceAll(`${facts.home}/`, '~/'), act, facts),
  )
  const all = messages.join('\n')
  if (!isNamedIn(all, act)) return false
  const isSaid = part.startsWith('mcp__')
  if (!isSaid && PRODUCTION.test(part) && !PRODUCTION.test(withoutDenied(all))) return false
  // Each thing that another machine is to do: nothing rides along.
  const steps = stepsOf(part).map(wordsFor)
  if (steps.length > 1 && steps.some(verb => verb !== null && all.search(verb) < 0)) return false
  let asked = false
  messages.forEach((message, i) => {
    const before = messages.slice(Math.max(0, i - 1), i)
    if (asked && takesBack(message, act.things)) asked = false
    if (isCorrection(message, before.join('\n'), act)) asked = true
    const spoken = before.flatMap(sentencesOf)
    // Where a list is about: `on staging:`
    let heading = ''
    for (const sentence of sentencesOf(message)) {
      if (/:\s*$/.test(sentence)) heading = sentence
      const soFar = `${messages.slice(0, i).join('\n')}\n${spoken.join('\n')}\n${sentence}`
      if (
        isNamedIn(soFar, act) &&
        !isElsewhere(heading, act.text) &&
        asks(sentence, spoken.slice(-4).join('\n'), act)
      )
        asked = true
      else if (asked && REVOKES.test(sentence)) asked = false
      spoken.push(sentence)
    }
  })
  return asked
}

/** `hmm no, not today`: in the same breath. */
export const REVOKES =
  /^\W*((hmm+|oh|ah|eh|ach)\W+)?(no|nein|non|nah|nope|wait|scratch that|moment)\b(?! need| problem| one| rush| hurry|body| (for|until|a|five|\d))/i

const PRODUCTION = /(?<![a-z])(prod|production|produktion|produccion|live)(?![a-z])/i

const PATHS = /^\s*(sudo\s+)?(rm|mv|cp|shred|truncate|tee|chmod|chown|unlink|trash)\b/

function actOf(part: string, whole: string, naming: Naming | null, facts: Facts): Act | null {
  const known = naming?.targets.filter(it => isThing(it) && !/\s|^\d$/.test(it)) ?? []
  const own = thingsIn(part)
  const all = thingsIn(whole)
  const tokens = new Set(PATHS.test(part) ? part.split(/[\s'"]+/) : [])
  // A part that names nothing is the end of the whole: `grep -v x | crontab -`.
  const verb =
    (own.things.length > 0 ? wordsFor(part) : null) ?? wordsFor(whole) ?? wordsFor(part) ?? null
  if (verb === null) return null
  // A name that looks like a word of the command line may be what a rule is about: `rm -rf ~/a db`.
  const paths = known.filter(it => own.things.length === 0 || tokens.has(it))
  const both = [...new Set([...own.things, ...paths])]
  const isPlace = own.things.length === 0 && own.places.length > 0
  const places = isPlace ? own.places : []
  const things = isPlace ? [] : ([both, all.things].find(it => it.length > 0) ?? [])
  const home = (text: string): string => text.replaceAll(`${facts.home}/`, '~/')
  return {
    verb: new RegExp([...dictation(part), verb.source].join('|'), 'giu'),
    things: (naming?.instead !== undefined ? [] : things.length > 0 ? things : places).map(home),
    isNamed: places.length > 0 ? 'some' : 'every',
    text: home(bare(`${whole}\n${part}\n${known.join(' ')}`)).toLowerCase(),
    naming,
  }
}

/** What a thing is changed to: `Canceled`, `VOIDED`. */
const STATES = /\b(cancel|void|archiv|clos|resolv|complet|approv|reject|paus)(?:l?ed|e|d|ed)?\b/gi

/** `pulumi up`, `fly deploy`: the command's own first words are a verb too. */
function dictation(part: string): readonly string[] {
  if (part.startsWith('mcp__'))
    return Array.from(
      part.replaceAll('_', ' ').matchAll(STATES),
      match => `${match[1]?.toLowerCase()}\\w*`,
    )
  const [, program, sub] =
    /^(?:\w+=\S+ )*(?:sudo |npx |bundle exec )?([a-z][\w-]+) ([a-z][\w:.-]+)(?=\s|$)/.exec(part) ??
    []
  return program === undefined ||
    sub === undefined ||
    /^(ssh|cat|echo|rm|cp|mv|sudo|curl|kill|tee|sh|bash)$/.test(program)
    ? []
    : [`\\b${program} ${sub.replaceAll('.', '\\.')}(?![\\w-])`]
}

/** "This branch" is the one that is checked out. */
function here(message: string, { things }: Act, { branch }: Facts): string {
  return branch !== '' && things.some(thing => plain(thing) === branch)
    ? message.replace(
        /\b(this|the current|my|the|diesen|den|esta|ma) (branch|rama|branche)\b(?! (protection|rules?|policy))|\bHEAD\b/gi,
        `branch ${branch}`,
      )
    : message
}

/** `sorry, I meant b`: the same with another name. */
const CORRECTS = /\bi me(an|ant)\b|\b(sorry|oops|correction|typo)\b|^\s*(no,? no|wait)\b/i

function isNamedIn(text: string, { things, isNamed }: Act): boolean {
  if (things.length === 0) return true
  return things[isNamed](thing => hasThing(text, thing))
}

function isCorrection(message: string, before: string, { things, verb }: Act): boolean {
  if (!CORRECTS.test(message) || things.length === 0) return false
  const [thing = ''] = things
  const at = Math.max(0, message.toLowerCase().lastIndexOf(plain(thing).toLowerCase()) - 12)
  return (
    things.some(it => hasThing(message, it)) &&
    !/\b(not|no longer|except|leave|keep|stays?|bleibt)\b/i.test(message.slice(at)) &&
    new RegExp(verb.source, 'iu').test(before)
  )
}

function asks(sentence: string, before: string, act: Act): boolean {
  const { verb, things, text, naming } = act
  if (naming?.also !== undefined && !naming.also.test(sentence)) return false
  if (naming?.unless?.test(sentence)) return false
  if (!fits(sentence, act.things, text)) return false
  const clauses = clausesOf(sentence)
  for (const match of sentence.matchAll(verb)) {
    if (!isOrder(sentence, match)) continue
    const at = clauses.findIndex(it => match.index < it.end)
    const clause = clauses[at]?.text.replace(match[0].split(' ')[0] ?? '', ' ')
    if (clause === undefined) continue
    const label = /:\s*$/.test(clauses[at - 1]?.close ?? '') ? `${clauses[at - 1]?.text} ` : ''
    const objects = [...nameLike(label + clause), ...addressesIn(clauses.slice(at + 1))]
    // What is published may have a name that the command does not say.
    // What is changed in a file has names of its own.
    const inFile = /\b(sed|tee)\b|>>/.test(text)
    const others =
      things.length > 0 ? objects : objects.filter(it => !/^[\w-]+\/[\w-]+$|^v?\d+\.\d/.test(it))
    if (others.some(it => !isIn(text, it) && !(inFile && /^[a-z]+(_[a-z]+)+$/.test(it)))) continue
    if (things.length === 0) {
      if (saysHow(sentence, match[0], before, act)) return true
      continue
    }
    const said = act.isNamed === 'some' ? `${before}\n${sentence}` : clause
    if (things.some(it => hasThing(said, it))) return true
    const earlier = clauses.slice(0, at).map(it => it.text)
    if (isLast(earlier, act)) return true
    const isBare = clause.trim().split(/\s+/).length <= 2
    if (isBare && earlier.some(it => things.some(thing => hasThing(it, thing)))) return true
    // Behind it, in a clause that has no other verb.
    const later = clauses.slice(at + 1).map(it => it.text)
    if (
      later.some(it => things.some(thing => hasThing(it, thing)) && !isVerb(it) && isClean(it, act))
    )
      return true
    if (earlier.flatMap(nameLike).some(it => !isIn(text, it))) continue
    if (PRONOUN.test(sentence) && isLast(sentencesOf(before), act)) return true
  }
  return false
}

/** The last of these texts that names anything names the thing, and nothing else. */
function isLast(texts: readonly string[], act: Act): boolean {
  const text = texts.findLast(
    it =>
      nameLike(it).some(name => /[a-z]/i.test(name) && !isIn(act.text, name)) ||
      act.things.some(thing => hasThing(it, thing)),
  )
  return text !== undefined && act.things.some(thing => hasThing(text, thing))
}

function isClean(clause: string, { text }: Act): boolean {
  return nameLike(clause).every(name => isIn(text, name))
}

const PRONOUN =
  /\b(?!the (?:latter|other|former|first|second)\b)(it|its|them|that|this|those|these|both|one|there|same|the \w+|lo|la|los|las|esa|ese|le|les|ca|das|den|die|ihn|sie|es|ce|cette)\b|\w(la|lo|las|los)\b/i

/** Where a command names nothing: its own words, beside the verb. */
function saysHow(sentence: string, verb: string, before: string, { text, naming }: Act): boolean {
  const instead = naming?.instead
  if (instead !== undefined)
    return (
      instead.test(sentence) ||
      ((PRONOUN.test(sentence) || sentence.split(/\s+/).length < 5) && instead.test(before))
    )
  const words: readonly string[] = text.match(/[a-z]{3,}/g) ?? []
  // The verb alone says it where no other command has it: `amend`, `ngrok`.
  if (!COMMON_VERB.test(verb) && words.includes(verb.toLowerCase())) return true
  const rest = sentence.replace(verb.split(' ').at(-1) ?? '', ' ')
  const near = nameLike(rest).length === 0 ? `${before}\n${rest}` : rest
  const said = new Set(near.toLowerCase().match(/[a-z]{3,}/g) ?? [])
  return words.some(
    word => said.has(word) && !/^(the|and|for|all|now|with|run|from|app|not)$/.test(word),
  )
}

const COMMON_VERB =
  /^(run|start|stop|add|set|push|delete|remove|rm|update|commit|drop|deploy|publish|apply|install|open|create|close|merge|kill|clear|clean|reset|restore|put|send|get|sync|release|upload|change|use|make|move|copy|test|build|up|down|on|off)$/i
