/** Whether the user typed the command itself, as what is to be done. */
import type { Facts } from '../types.ts'
import { isSaid } from './mood.ts'
import {
  isConditional,
  isQuestion,
  isTold,
  newest,
  ownWords,
  refuses,
  sentencesOf,
} from './text.ts'
import { WITHDRAWS } from './withdrawn.ts'

export function isDictated(evidence: string, facts: Facts): boolean {
  const command = evidence
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(bundle exec|npx) /, '')
    .toLowerCase()
  const words = command.split(' ').length
  if (words < 2 || (words < 3 && !command.includes(' -'))) return false
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
        !isSaid(lead) &&
        !isConditional(plainly) &&
        !isQuestion(plainly)
    }
  return said
}
