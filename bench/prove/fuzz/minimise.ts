/** The smallest part of an input that still does it: halves are left out, then smaller pieces. */
const MOST_TRIES = 1500
const MOST_MS = 15_000

export async function minimise(
  input: Buffer,
  still: (input: Buffer) => Promise<boolean>,
): Promise<Buffer> {
  const end = performance.now() + MOST_MS
  let least = input
  let tries = 0
  for (let piece = least.length >> 1; piece > 0; piece >>= 1) {
    for (let at = 0; at < least.length; ) {
      if (++tries > MOST_TRIES || performance.now() > end) return least
      const without = Buffer.concat([least.subarray(0, at), least.subarray(at + piece)])
      if (without.length < least.length && (await still(without))) least = without
      else at += piece
    }
  }
  return least
}
