import { statSync } from 'node:fs'

/** Another one when a file may have changed; of a folder only who may write there; `''`: not there. */
export function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs, uid, mode } = statSync(path, { bigint: true })
    const folder = (mode & 0o170000n) === 0o040000n
    return folder ? `${uid} ${mode}` : `${ino} ${size} ${mtimeNs} ${ctimeNs} ${uid} ${mode}`
  } catch {
    return ''
  }
}
