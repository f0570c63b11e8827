/** In which permission mode a session was, and when: every time that anybody told it. */
export interface ToldMode {
  /** Unix ms */
  readonly at: number
  readonly mode: string
}

/** Sources tell in any order, so that each word is kept where it belongs. */
export function tellMode(modes: ToldMode[], at: number, mode: string): void {
  let place = modes.length
  while (place > 0 && (modes[place - 1]?.at ?? 0) > at) place--
  const before = modes[place - 1]
  if (before?.at === at && before.mode === mode) return
  modes.splice(place, 0, { at, mode })
}

/** Of what was told up to then, Unix ms, only the changes. */
export function keepChanges(modes: ToldMode[], upTo: number): void {
  const kept = modes.filter(({ at, mode }, i) => at > upTo || mode !== modes[i - 1]?.mode)
  modes.splice(0, modes.length, ...kept)
}

/** @returns the last word up to then, else the first one there is; `''` where nobody told */
export function modeAt(modes: readonly ToldMode[], at: number): string {
  let low = 0
  let high = modes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((modes[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return (modes[low - 1] ?? modes[0])?.mode ?? ''
}
