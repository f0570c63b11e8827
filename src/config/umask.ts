/**
 * What this program makes is its user's alone, whatever the umask it was started with: also a socket
 * before its mode is set, and a folder under a umask that would take its owner's rights away.
 */
let usual: number | null = null

export function keepPrivate(): void {
  usual ??= process.umask(0o077)
}

/** Starts a program of the user's: what that one makes is none of our business. */
export function asUsual<T>(start: () => T): T {
  if (usual === null) return start()
  process.umask(usual)
  try {
    return start()
  } finally {
    process.umask(0o077)
  }
}
