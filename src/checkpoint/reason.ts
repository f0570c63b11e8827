/** What broke an exchange, in one word or sentence. */

/** A code of the system, or of HTTP, says more to a user than a text; undici's own say less. */
export function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return code === '' || code.startsWith('UND_') ? error.message : code
}
