/** Small pieces that come at once go on as one: each piece costs as much as a large one. */
import { finished, type Readable, type Writable } from 'node:stream'

/**
 * Writes all of `from` to `into`, which is ended with it, or broken off.
 * @param done told when `into` is through with it, and of what cut it short
 */
export function gatherInto(
  from: Readable,
  into: Writable,
  done: (error?: Error | null) => void = () => {},
): void {
  let pieces: Buffer[] = []
  const flush = (): void => {
    const [first] = pieces
    if (first === undefined || into.destroyed) return
    const bytes = pieces.length === 1 ? first : Buffer.concat(pieces)
    pieces = []
    if (!into.write(bytes)) from.pause()
  }
  from.on('data', piece => {
    if (pieces.push(piece) === 1) process.nextTick(flush)
  })
  into.on('drain', () => from.resume())
  from.on('end', () => {
    flush()
    into.end()
  })
  from.on('error', error => into.destroy(error))
  from.on('close', () => {
    if (!from.readableEnded) into.destroy(new Error('the API broke off'))
  })
  into.on('close', () => from.destroy())
  finished(into, { readable: false }, done)
}
