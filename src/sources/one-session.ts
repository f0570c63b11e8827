/** Of all that sources tell, what is about one session, or about all of them. */
import type { Event } from '../action/event.ts'

export async function* ofSession(
  events: AsyncIterable<readonly Event[]>,
  session: string,
): AsyncGenerator<readonly Event[]> {
  for await (const batch of events) {
    const own = batch.filter(
      it => !('session' in it) || it.session === session || it.session === '',
    )
    if (own.length > 0) yield own
  }
}
