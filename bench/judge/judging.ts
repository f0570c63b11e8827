/** The part `judge` of the benchmark: how fast decisions are, and how often they are right. */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Row, withTemp } from '../common.ts'
import { compare } from './compare.ts'
import { Folders } from './folders.ts'
import { times } from './time.ts'

// Guards take what is below the system's folder for temporary files more lightly.
const CACHE = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')

export async function judging(): Promise<{ rows: Row[]; text: string }> {
  mkdirSync(CACHE, { recursive: true })
  return withTemp(
    'judge',
    async home => {
      const folders = new Folders(home)
      const ours = await times(folders)
      const { times: theirs, text } = await compare(folders)
      return { rows: [...ours, ...theirs], text }
    },
    CACHE,
  )
}
