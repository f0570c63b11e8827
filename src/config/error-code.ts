/** What the system calls an error (`ENOENT`), or the error's own words. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
