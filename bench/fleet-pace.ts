// So many a second, evenly.
import { setTimeout as rest } from 'node:timers/promises'

export async function paced(count: number, perSecond: number, each: () => void): Promise<void> {
  const begun = performance.now()
  for (let done = 0; done < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - begun) / 1000) * perSecond) + 1)
    while (done < due) {
      each()
      done++
    }
    await rest(1)
  }
}
