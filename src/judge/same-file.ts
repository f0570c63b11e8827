/**
 * More than one name for one file: macOS, Windows and some disks of Linux take names in another case
 * for the same, and pass over signs that nobody sees. Which disk a path is on is not asked: patterns
 * for what is guarded take every case everywhere, and a name in disguise is not known.
 */

const DATA_VOLUME = /^\/System\/Volumes\/Data(?=\/)/i
const PRIVATE = /^\/private(?=\/(tmp|var|etc)(\/|$))/i

/** macOS shows the disk of data at a second place, and /tmp, /var and /etc lead to /private. */
export function firstPlace(path: string): string {
  if (!/^\/(system|private)\//i.test(path)) return path
  return path.replace(DATA_VOLUME, '').replace(PRIVATE, '')
}

/** Whether a path is a folder or in it, in any case. */
export function mayBeInside(path: string, folder: string): boolean {
  const [inner, outer] = [path.toLowerCase(), firstPlace(folder).toLowerCase()]
  return inner === outer || inner.startsWith(outer === '/' ? '/' : `${outer}/`)
}

/** What a disk that folds letters and passes over unseen signs would look for. */
function folded(name: string): string {
  return name
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
}

const IS_ASCII = /^[\0-\x7f]*$/

/** A name that is taken for a plain one by some disks; `Straße.md` is a word, `.ßh` is none. */
function isLookAlike(name: string): boolean {
  if (IS_ASCII.test(name) || !IS_ASCII.test(folded(name))) return false
  return name.startsWith('.') || !IS_ASCII.test(name.replaceAll('ß', ''))
}

/** The short names that DOS gave, where a disk of Windows is mounted. */
const SHORT_NAME = /^\/mnt\/[a-z]\/(.*\/)?[^/]{1,6}~\d+(\.[^./]{0,3})?(\/|$)/i
/** Files of macOS by their number, and parts of a file. */
const BY_NUMBER = /^\/\.vol\/|\/\.\.namedfork(\/|$)/i

/** @param path absolute */
export function isDisguised(path: string): boolean {
  if (BY_NUMBER.test(path) || SHORT_NAME.test(path)) return true
  return !IS_ASCII.test(path) && path.split('/').some(isLookAlike)
}

/** The names that a disguise stands for. */
export function undisguised(path: string): string {
  return path
    .split('/')
    .map(name => (isLookAlike(name) ? folded(name) : name))
    .join('/')
    .replace(/\/\.\.namedfork(\/\w+)?$/i, '')
}
