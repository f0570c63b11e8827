/** Whether the user said what somebody cites as the user's wish, and meant it so. */
import { isSaid, ONLY_LOOKS, UNTIL } from './mood.ts'
import { nameLike } from './objects.ts'
import { REVOKES } from './request.ts'
import {
  clauseAt,
  clausesOf,
  isConditional,
  isQuestion,
  isTold,
  ownWords,
  refuses,
  sentencesOf,
} from './text.ts'
import { takesBack } from './withdrawn.ts'

/** Shorter ones are in nearly every text, and longer ones cite no wish. */
const LEAST = 6
const MOST = 600

/**
 * @param quote copied from the words, in whatever case and spacing
 * @param words all that the user typed, oldest first
 */
export function isMeant(quote: string, words: readonly string[]): boolean {
  if (quote.length > MOST) return false
  const wanted = plain(sentencesOf(quote).join(' '))
  if (wanted.length < LEAST) return false
  const things = nameLike(quote)
  let meant = false
  for (const text of words) {
    // What the user only quotes, a log or a ticket, is not the user's word.
    const own = ownWords(text)
    if (meant && takesBack(own, things)) meant = false
    for (const sense of sensesIn(sentencesOf(own).map(plain), wanted)) {
      if (sense === 'wish') meant = true
      else if (sense === 'refusal') meant = false
    }
  }
  return meant
}

type Sense = 'wish' | 'refusal' | 'neither'

/** How each sentence takes a quote that begins in it; one without it may take back what stands before. */
function* sensesIn(sentences: readonly string[], wanted: string): Iterable<Sense> {
  const text = sentences.join(' ')
  let at = 0
  // `Do not:`, and a list of what not.
  let isForbidden = false
  for (const [i, sentence] of sentences.entries()) {
    if (/:$/.test(sentence)) isForbidden = refuses(sentence)
    const from = text.indexOf(wanted, at)
    const isHere = from >= 0 && from < at + sentence.length
    if (isHere && isForbidden) yield 'refusal'
    else if (isHere) yield senseOver(sentences.slice(i), from - at, from - at + wanted.length)
    else if (REVOKES.test(sentence)) yield 'refusal'
    at += sentence.length + 1
  }
}

/** A quote may go on into the sentences that follow: each has to be a wish. */
function senseOver(sentences: readonly string[], from: number, to: number): Sense {
  const senses: Sense[] = []
  let at = 0
  for (const sentence of sentences) {
    if (at >= to) break
    senses.push(senseOf(sentence, Math.max(0, from - at), Math.min(sentence.length, to - at)))
    at += sentence.length + 1
  }
  if (senses.includes('refusal')) return 'refusal'
  return senses.every(it => it === 'wish') ? 'wish' : 'neither'
}

/** Needless, or forbidden by what comes after it. */
const NEEDLESS = /\b(no need to|need ?n[o']t|do(n'?t| not) (need|have) to)\b/i
const FORBIDDEN =
  /\b(is|are|isn'?t|aren'?t|stays?|remains?|would be|will be)\s+(still |strictly |absolutely )?(not|never|forbidden|prohibited|off[- ]limits|out of|a (bad|terrible)|taboo|verboten|no go)|\b(must ?n[o']t|can(no|')?t|should ?n[o']t|may not|can wait|never)\b/i

/** Refused by what stands in another clause: `do not, whatever happens, push`, `push: no`. */
const REFUSED_BEFORE =
  /\b(not|never|don'?t|dont|nicht)\s*[,(–—-]|\b(anything|everything|all) but\s*$/i
const REFUSED_BEHIND =
  /^\W*(no|nope|never|nein|not (yet|now|today))\b(?! need| problem| rush| hurry)/i

function senseOf(sentence: string, from: number, to: number): Sense {
  const lead = sentence.slice(0, from)
  if (isConditional(sentence.replace(UNTIL, '')) || isQuestion(sentence) || isSaid(lead))
    return 'neither'
  if (REFUSED_BEFORE.test(lead) || REFUSED_BEHIND.test(sentence.slice(to))) return 'refusal'
  const before = clauseAt(sentence, from)
  const own = before.slice(0, Math.max(0, from - sentence.indexOf(before)))
  if (/\b(before|until|unless)\b/i.test(own)) return 'neither'
  if (own.trim() !== '' && ONLY_LOOKS.test(own)) return 'neither'
  let start = 0
  let refused = false
  for (const { text, end } of clausesOf(sentence)) {
    const [begin, stop] = [start, start + text.length]
    start = end
    if (begin >= to || stop <= from) continue
    const cited = text.slice(0, to - begin)
    if (refuses(cited) || NEEDLESS.test(cited) || FORBIDDEN.test(text)) refused = true
    else if (!isTold(text)) return 'wish'
  }
  return refused ? 'refusal' : 'neither'
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase()
