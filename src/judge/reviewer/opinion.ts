/** The model's answers, read strictly: what is not exactly an answer is none. */
import * as v from 'valibot'
import { AUTHORISATIONS, type Authorisation, RISKS, type Risk } from '../../action/review.ts'
import { UNSAFE } from '../../action/unsafe.ts'
import { isMeant } from '../words/cited.ts'

const SHORT = v.object({ id: v.string(), pass: v.boolean(), quote: v.string() })
const LONG = v.object({
  id: v.string(),
  reason: v.string(),
  quote: v.string(),
  risk: v.picklist(RISKS),
  authorisation: v.picklist(AUTHORISATIONS),
})

export interface Opinion {
  readonly risk: Risk
  readonly authorisation: Authorisation
  readonly reason: string
}

const NOT_SAID = 'it cites words that you did not say, or did not mean so'

/** An answer that is none, or that cannot be so. */
export class BadAnswer extends Error {
  readonly kind: 'malformed' | 'unbelieved'

  constructor(kind: BadAnswer['kind'], what: string) {
    super(what)
    this.kind = kind
  }
}

/** What the short answer lets through; null where it wants a closer look. */
export type Passed = 'of low risk' | 'covered' | null

/** @throws BadAnswer also where it cites words that the user did not say */
export function passedIn(text: string, id: string, words: readonly string[]): Passed {
  const { pass, quote } = parsed(text, id, SHORT)
  if (!pass) return null
  if (quote === '') return 'of low risk'
  if (!isMeant(quote, words)) throw new BadAnswer('unbelieved', NOT_SAID)
  return 'covered'
}

/** @throws BadAnswer also where it cites words that the user did not say */
export function opinionIn(text: string, id: string, words: readonly string[]): Opinion {
  const { risk, authorisation, quote, reason } = parsed(text, id, LONG)
  const line = oneLine(reason)
  if (line === '') throw new BadAnswer('malformed', 'it gave no reason')
  if (authorisation !== 'none' && !isMeant(quote, words))
    throw new BadAnswer('unbelieved', NOT_SAID)
  return { risk, authorisation, reason: line }
}

function parsed<S extends v.GenericSchema<unknown, { id: string }>>(
  text: string,
  id: string,
  schema: S,
): v.InferOutput<S> {
  const answer = v.safeParse(schema, jsonIn(text))
  if (!answer.success)
    throw new BadAnswer('malformed', 'its answer has not the form that was asked for')
  if (answer.output.id !== id)
    throw new BadAnswer('unbelieved', 'its answer is not one to this question')
  return answer.output
}

const FENCE = '```'

/** The whole answer is one object; what a model thinks before it, and a fence around it, aside. */
function jsonIn(text: string): unknown {
  const said = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim()
  // Not by one pattern: a long answer of blanks would hold the gate up for hours.
  const isFenced = said.startsWith(FENCE) && said.endsWith(FENCE)
  const bare = isFenced ? said.slice(FENCE.length, -FENCE.length).replace(/^json/, '') : said
  try {
    return JSON.parse(bare)
  } catch {
    throw new BadAnswer(
      'malformed',
      said === '' ? 'its answer was empty' : 'its answer is not JSON',
    )
  }
}

const MAX_REASON = 200

/** For people and for the agent: one line, no tags, nothing that a terminal acts on. */
export function oneLine(text: string): string {
  const line = text
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(UNSAFE, '')
    .trim()
  return line.length <= MAX_REASON ? line : `${line.slice(0, MAX_REASON - 1).trimEnd()}…`
}
