/** Whether a later message takes back what an earlier one asked for. */
import { hasThing } from './names.ts'

export const WITHDRAWS =
  /\b(i me(an|ant)\b(?! it)|correction|typo|oops|actually|leave (it|that|them|this)|forget (it|that|about|the)|never ?mind|nvm|hold on|hold off|wait|stop|cancel|scratch that|on second thoughts?|keep (it|that|them|the|this)|not yet|changed my mind|stays?|don'?t|dont|do not|no no|oh no|undo that|doch nicht|lass das|warte|mejor no|espera|attends|finalement)\b|^\s*(no|nein|non)\b/i

/** It refuses, and speaks of the same or of nothing else. */
export function takesBack(message: string, things: readonly string[]): boolean {
  return (
    WITHDRAWS.test(message) && (things.some(it => hasThing(message, it)) || message.length < 160)
  )
}
