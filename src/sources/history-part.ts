import { totalTokens } from '../action/action.ts'
import type { Event } from '../action/event.ts'
import { fold } from '../action/fold.ts'
import { type RawWorld, World } from '../action/world.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { agentEvent, type Range, readRange } from './transcript-file.ts'

/** Prices are filled in by whoever has the price list, once a part, not in every thread. */
const noPrice: Price = () => null

export function foldRanges(ranges: readonly Range[]): RawWorld {
  const world = new World('', 'part')
  for (const range of ranges) {
    let session = ''
    readRange(range, noPrice, (event: Event) => {
      if ('session' in event) session = event.session
      fold(world, event)
    })
    const named = agentEvent(range.path, range.agent, session)
    if (named !== null && session !== '') fold(world, named)
  }
  return world.toRaw()
}

/** The buffers of a part, which move to the other thread instead of being copied. */
export function transferList(part: RawWorld): ArrayBuffer[] {
  const columns = [...Object.values(part.actions.columns), ...Object.values(part.messages.columns)]
  return [...columns, ...part.texts]
    .map(array => array.buffer)
    .filter(b => b instanceof ArrayBuffer)
}

/**
 * Sets the cost of every answer in a part; not-a-number where the model's price is not known.
 * @returns whether any is another than before
 */
export function pricePart(part: RawWorld, price: Price): boolean {
  const { columns, length } = part.messages
  let changed = false
  for (let row = 0; row < length; row++) {
    const tokens = {
      input: columns.input[row] ?? 0,
      output: columns.output[row] ?? 0,
      cacheRead: columns.cacheRead[row] ?? 0,
      cacheWrite5m: columns.cacheWrite5m[row] ?? 0,
      cacheWrite1h: columns.cacheWrite1h[row] ?? 0,
      thinking: columns.thinking[row] ?? 0,
    }
    const model = part.models[columns.model[row] ?? 0] ?? ''
    const known = totalTokens(tokens) === 0 ? null : price(model, tokens, columns.at[row] ?? 0)
    const costUsd = known ?? Number.NaN
    changed ||= !Object.is(costUsd, columns.costUsd[row])
    columns.costUsd[row] = costUsd
  }
  return changed
}
