/** Several sources as one: what each tells comes in its order, and nothing waits for the others. */
import type { Event } from '../action/event.ts'
import { Queue } from './queue.ts'

/** Ends when all have ended, and fails with the first that fails. */
export function merged(
  ...sources: readonly AsyncIterable<readonly Event[]>[]
): AsyncIterable<readonly Event[]> {
  const queue = new Queue<Event>()
  const drain = async (source: AsyncIterable<readonly Event[]>): Promise<void> => {
    for await (const batch of source) for (const event of batch) queue.push(event)
  }
  Promise.all(sources.map(drain)).then(
    () => queue.close(),
    error => queue.fail(error),
  )
  return queue
}
