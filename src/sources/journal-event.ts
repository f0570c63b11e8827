/** An entry of the journal → the event it is, or null where the screen needs none. */
import { type Entry, isProbe } from '../action/entry.ts'
import type { LineRef } from '../action/event.ts'
import type { GateEvent } from '../action/gate-event.ts'
import { summaryOf } from '../clients/claude-code/tools.ts'
import type { Price } from '../clients/claude-code/transcript.ts'

export function eventOf(entry: Entry, line: LineRef, price: Price): GateEvent | null {
  if (isProbe(entry)) return null
  switch (entry.type) {
    case 'session': {
      const { transcript: _, type: _type, seq: _seq, prev: _prev, ...facts } = entry
      return { type: 'gated', ...facts }
    }
    case 'judged': {
      // Inputs and facts stay on disk: they are many, large, and shown one at a time.
      const { input, facts: _, seq: _seq, prev: _prev, ...judged } = entry
      return { ...judged, summary: summaryOf(entry.tool, input), line }
    }
    case 'request': {
      const { seq: _seq, prev: _prev, ...request } = entry
      const costUsd = price(entry.model, entry.tokens, entry.at)
      return { ...request, origin: 'checkpoint', querySource: '', costUsd }
    }
    case 'paused':
      return {
        type: 'paused',
        at: entry.at,
        session: entry.session ?? '',
        hard: entry.hard,
        why: entry.why,
      }
    case 'resumed':
      return { type: 'resumed', at: entry.at, session: entry.session ?? '' }
    case 'session-ended': // the client's own word on it is newer: it says when one goes on
    case 'pruned':
      return null
    default: {
      const { seq: _seq, prev: _prev, ...event } = entry
      return event
    }
  }
}
