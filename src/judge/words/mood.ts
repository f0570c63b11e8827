/** Whether a verb is an order: not refused, told, asked, planned or put under a condition. */
import { clauseAt, isConditional, isQuestion, isTold, refuses } from './text.ts'

/** Of the clause it stands in only: `reboot it and ping until it is back`. */
export const UNTIL = /\b(until|till)\b.*$/i

/** Looking at it, or planning it, is not doing it. */
export const ONLY_LOOKS =
  /^\W*(please |pls |can you |could you )?(plan|add (a|an|the|that|this|it) |implement |prepare|draft|describe|explain|list|show|document|check|see|look|find|count|estimate|review|simulate|dry[- ]run|write|remind|propose|suggest|ask)(?:\b|(?<=\s))/i

const SAYS = /\b(says?|said|reads|suggests?|recommends?|tells?)\s*:\s*.*$/i

/** Words of somebody else stand before it. */
export function isSaid(lead: string): boolean {
  return SAYS.test(lead)
}

export function isOrder(sentence: string, match: RegExpExecArray): boolean {
  if (isConditional(sentence.replace(UNTIL, '')) || isQuestion(sentence)) return false
  const clause = clauseAt(sentence, match.index)
  const lead = clause.slice(0, Math.max(0, match.index - sentence.indexOf(clause)))
  if (/\b(before|until|unless)\b/i.test(lead)) return false
  if (refuses(lead) || isTold(clause)) return false
  if (ONLY_LOOKS.test(lead) && lead.trim() !== '') return false
  const behind = sentence.slice(match.index + match[0].length)
  if (
    /(?:–|—|-|\.\.\.|,)\s*(no|nein|non|nah),?\s+(too|not|only|better|rather|lieber|mejor)\b/i.test(
      behind,
    )
  )
    return false
  if (/ing$/i.test(match[0]) && /^\s+(is|are|was|happens|will|should|stays)\b/i.test(behind))
    return false
  // A noun: `the release notes`; a condition: `the ok for dropping it`.
  if (
    /\b(the|this|that|our|their|last|next|each|every)\s+$/i.test(lead) &&
    !/^(the|this|that)/i.test(match[0])
  )
    return false
  if (/ing$/i.test(match[0]) && /\b(for|before|after|of|about|when|while|on|to|by)\s+$/i.test(lead))
    return false
  // `Argo applies it` tells what happens; `README says: …` tells what is written.
  if (/^\w*[a-rt-z]s$/i.test(match[0]) && /\w\s*$/.test(lead)) return false
  return !isSaid(sentence.slice(0, match.index))
}
