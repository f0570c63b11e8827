/** The gate's journal: the last days first, then what is appended, across midnight. */
import type { Event } from '../action/event.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { type DayFilesOptions, dayFiles } from './day-files.ts'
import { JournalFile } from './journal-file.ts'

export interface JournalOptions extends DayFilesOptions {
  readonly loadPrice: () => Promise<Price>
}

export function journal(options: JournalOptions): AsyncIterable<readonly Event[]> {
  return dayFiles(options, {
    opener: async push => {
      const price = await options.loadPrice()
      return path => new JournalFile(path, price, push)
    },
    read: at => ({ type: 'journal-read', at }),
  })
}
