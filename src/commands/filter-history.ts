/** The filters that were typed on the screen, kept for the next one: a line each, the newest last. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stateFolder } from '../config/paths.ts'
import { writePrivate } from '../config/whole-file.ts'
import type { FilterHistory } from '../monitor/link.ts'

const MOST_BYTES = 1 << 20

export function filterHistory(env: NodeJS.ProcessEnv): FilterHistory {
  const file = join(stateFolder(env), 'filters.txt')
  return {
    read: () => {
      try {
        if (!existsSync(file)) return []
        const text = readFileSync(file, 'utf8').slice(-MOST_BYTES)
        return text.split('\n').filter(line => line !== '')
      } catch {
        return [] // what cannot be read is typed again
      }
    },
    keep: history => {
      try {
        writePrivate(file, history.map(line => `${line}\n`).join(''))
      } catch {
        // No room, or not ours to write: the next screen begins without them.
      }
    },
  }
}
