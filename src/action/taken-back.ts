const WORDS =
  /\b(undo|revert|roll(ing)? (it|that|this|them|everything)? ?back|(put|take) (it|that|this|them) back|restore (it|that|them|the (old|previous|original)))\b/i
const NOT = /\b(don'?t|do not|never|without|not) (\w+ )?$/i

/** Whether a person asks to take something back, as far as the words tell: some may mean something else. */
export function takesBack(text: string): boolean {
  const found = WORDS.exec(text)
  return found !== null && !NOT.test(text.slice(0, found.index))
}
