/** A thread that folds old transcripts and hands over what it found, without a copy. */
import { parentPort } from 'node:worker_threads'
import { foldRanges, transferList } from './history-part.ts'
import type { Range } from './transcript-file.ts'

parentPort?.on('message', (ranges: readonly Range[]) => {
  const part = foldRanges(ranges)
  parentPort?.postMessage(part, transferList(part))
})
