/** One spelling for what people type: no accents, and the commonest slips mended. */

/** Without accents: one spelling for each verb. */
export function bare(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/\b[a-z]{5,9}\b/g, mended)
}

const OFTEN = [
  'restart',
  'delete',
  'deploy',
  'publish',
  'remove',
  'reboot',
  'archive',
  'revert',
  'release',
  'truncate',
  'upload',
  'cancel',
]

/** `rstart`, `dleete`: one letter is missing, or two have changed places. */
function mended(word: string): string {
  const meant = OFTEN.find(
    verb =>
      verb[0] === word[0] &&
      !verb.startsWith(word) &&
      (verb.length - word.length === 1
        ? Array.from(verb, (_, i) => verb.slice(0, i) + verb.slice(i + 1)).includes(word)
        : verb.length === word.length &&
          Array.from(
            verb,
            (_, i) => verb.slice(0, i) + (verb[i + 1] ?? '') + (verb[i] ?? '') + verb.slice(i + 2),
          ).includes(word)),
  )
  return meant ?? word
}
