/** What a command that talks to a person needs, so that tests can stand in for the person. */
import { createInterface } from 'node:readline/promises'
import { type Places, placesOf } from '../config/places.ts'
import { UsageError } from '../config/usage-error.ts'

export interface Desk {
  readonly places: Places
  readonly cwd: string
  readonly now: Date
  readonly print: (text: string) => void
  /** @returns whether the person says yes; throws when nobody is there to ask */
  readonly ask: (question: string) => Promise<boolean>
}

export function ownDesk(): Desk {
  return {
    places: placesOf(process.env, process.platform),
    cwd: process.cwd(),
    now: new Date(),
    print: text => process.stdout.write(`${text}\n`),
    ask: async question => {
      if (!process.stdin.isTTY || !process.stdout.isTTY)
        throw new UsageError('nobody is here to ask; say --yes to go on without a question')
      const reader = createInterface({ input: process.stdin, output: process.stdout })
      try {
        return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim())
      } finally {
        reader.close()
      }
    },
  }
}
