/** Whether a later message takes back what an earlier one asked for. */
import { hasThing } from './names.ts'
import { nameLike } from './objects.ts'
import { sentencesOf } from './text.ts'

export const WITHDRAWS =
  /\b(i me(an|ant)\b(?! it)|correction|typo|oops|actually|leave (it|that|them|this)|forget (it|that|about|the)|never ?mind|nvm|hold on|hold off|wait|stop|cancel|scratch that|on second thoughts?|keep (it|that|them|the|this)|not yet|changed my mind|stays?|don'?t|dont|do not|no no|oh no|undo that|doch nicht|lass das|warte|mejor no|espera|attends|finalement)\b|^\s*(no|nein|non)\b/i

/** Said of something else where that is named: `PR 418 stays open, dont merge it`. */
const OF_ITS_OBJECT = /\b(keep|stays?|don'?t|dont|do not)\b/i

/** It refuses, and speaks of the same or of nothing else. */
export function takesBack(message: string, things: readonly string[]): boolean {
  return sentencesOf(message).some(sentence => {
    const match = WITHDRAWS.exec(sentence)
    if (match === null) return false
    if (things.some(it => hasThing(sentence, it))) return true
    const isOther = OF_ITS_OBJECT.test(match[0]) && nameLike(sentence).length > 0
    return !isOther && (message.length < 160 || things.some(it => hasThing(message, it)))
  })
}
