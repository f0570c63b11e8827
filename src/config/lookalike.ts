/** Hosts that look like another: mixed scripts, letters of another script, and punycode. */
import { domainToASCII, domainToUnicode } from 'node:url'

export interface Lookalike {
  /** As it was written. */
  readonly host: string
  /** What it really is. */
  readonly punycode: string
  /** How it is drawn. */
  readonly unicode: string
  /** Letters of scripts that no one language mixes, or only letters that look like Latin ones. */
  readonly deceptive: boolean
}

const SCRIPTS = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
  Cherokee: /\p{Script=Cherokee}/u,
  Hebrew: /\p{Script=Hebrew}/u,
  Arabic: /\p{Script=Arabic}/u,
  Georgian: /\p{Script=Georgian}/u,
  Devanagari: /\p{Script=Devanagari}/u,
  Thai: /\p{Script=Thai}/u,
  Han: /\p{Script=Han}/u,
  Hiragana: /\p{Script=Hiragana}/u,
  Katakana: /\p{Script=Katakana}/u,
  Hangul: /\p{Script=Hangul}/u,
  Bopomofo: /\p{Script=Bopomofo}/u,
} as const

/** Scripts that one language writes together. */
const TOGETHER: readonly (readonly string[])[] = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Hangul'],
  ['Latin', 'Han', 'Bopomofo'],
]

/** Letters that most fonts draw like Latin ones. */
const LIKE_LATIN = /^[0-9\-асеорхуіјѕһԁԛԝӏոսցհοαινρυχωϲϳ]+$/u

/** @returns what a host that is not plain ASCII really is; null when it is what it looks like */
export function lookalike(host: string): Lookalike | null {
  const bare = host.toLowerCase().replace(/^\*\./, '')
  const plain = /^[\x20-\x7e]*$/.test(bare)
  if (plain && !bare.split('.').some(label => label.startsWith('xn--'))) return null
  const unicode = domainToUnicode(bare) || bare
  const punycode = domainToASCII(bare) || bare
  const deceptive = unicode.split('.').some(deceives) || punycode === unicode
  return { host, punycode, unicode, deceptive }
}

function deceives(label: string): boolean {
  if (/^[\x20-\x7e]*$/.test(label)) return false
  const used = Object.entries(SCRIPTS)
    .filter(([, letters]) => letters.test(label))
    .map(([name]) => name)
  const mixed = used.length > 1 && !TOGETHER.some(set => used.every(name => set.includes(name)))
  return mixed || LIKE_LATIN.test(label)
}
