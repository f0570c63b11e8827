/** What the user said must not happen, or not yet. Later words may lift it. */
import type { Ledger } from './types.ts'

/** What a boundary can forbid: a word for it, and how people say it. */
const FORBIDDABLE: readonly (readonly [forbids: string, words: RegExp])[] = [
  ['push', /\bpush(es|ing)?\b/i],
  ['commit', /\bcommit(s|ting)?\b/i],
  ['deploy', /\b(deploy\w*|ship|release|roll(ing)? ?out)\b/i],
  ['publish', /\bpublish\w*\b/i],
  ['delete', /\b(delet\w+|remov\w+|rm|drop|destroy\w*)\b/i],
  ['install', /\b(install\w*|add(ing)? (any |new )?(dependenc\w+|packages?))\b/i],
  ['merge', /\bmerg(e|es|ing)\b/i],
  ['network', /\b(network|internet|go online|fetch anything|download\w*)\b/i],
  [
    'edit',
    /\b(edit\w*|chang(e|ing)|modify\w*|touch\w*|write) (any(thing)?|files?|code|the code)\b/i,
  ],
]

const FORBIDS =
  /\b(don'?t|do not|dont|never|no|not|without|avoid|refrain from|must ?n[o']t|should ?n[o']t|stop)\b/i
const WAITS = /\b(wait|hold (off|on)|until|before|ask me|check with me|my go|not yet)\b/i

/** @param before the boundaries kept so far, whose words may no longer be among `words` */
export function boundariesOf(
  words: readonly string[],
  before: Ledger['boundaries'] = [],
): Ledger['boundaries'] {
  let boundaries = before.filter(it => !words.some(text => text.includes(it.words)))
  for (const text of words)
    for (const sentence of sentencesOf(text)) {
      const said = FORBIDDABLE.filter(([, pattern]) => pattern.test(sentence)).map(([name]) => name)
      if (said.length === 0) continue
      const forbidden = said.filter(name => isForbidden(sentence, name))
      boundaries = boundaries.filter(it => !said.includes(it.forbids))
      for (const forbids of forbidden) boundaries = [...boundaries, { words: sentence, forbids }]
    }
  return boundaries
}

export function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?;])\s+|\n+/)
    .map(sentence => sentence.trim())
    .filter(sentence => sentence !== '')
}

/** The refusal stands before the word, in the same clause; a wait may stand anywhere. */
function isForbidden(sentence: string, name: string): boolean {
  const pattern = FORBIDDABLE.find(([forbids]) => forbids === name)?.[1]
  const at = pattern?.exec(sentence)?.index ?? -1
  if (at < 0) return false
  const clause =
    sentence
      .slice(0, at)
      .split(/,|\bbut\b|\bthen\b|\band then\b/i)
      .at(-1) ?? ''
  return FORBIDS.test(clause) || WAITS.test(sentence)
}
