/**
 * What in a text looks like a secret, and the placeholder in its place: the one list for the journal,
 * the screen and whatever is printed or copied. A text is read once, in a time that grows with its
 * length: no pattern can begin anew inside of what it passed over.
 */
import { createHmac } from 'node:crypto'

/** Keys and tokens that tell by their look what they are. */
const KEYS: readonly RegExp[] = [
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/,
  /\bgl(?:pat|dt|ft|soat|cbt|rt|ptt|agent|imt)-[\w-]{16,}/,
  /\bsk-(?=[\w-]{0,80}\d)[\w-]{16,}/,
  /\b(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,}/,
  /\bA(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}\b/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{20,}/,
  /\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{30,}|\brubygems_[0-9a-f]{40,}/,
  /\b(?:dop|doo|dor)_v1_[0-9a-f]{40,}|\bdapi[0-9a-f]{32}|\bdckr_(?:pat|oat)_[\w-]{20,}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-[0-9a-f]{32}\b|(?<!\d)\d{8,10}:AA[\w-]{32,}/,
  /\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}/,
  /\b(?:hf_[A-Za-z0-9]{30,}|glsa_\w{30,}|pul-[0-9a-f]{40}|lin_api_\w{30,}|shp(?:at|ca|pa|ss)_[0-9a-f]{32})/,
  /\b(?:hv[sb]\.[\w-]{20,}|tskey-[a-z]+-[\w-]{16,}|AGE-SECRET-KEY-1[A-Z0-9]{50,}|ATATT3[\w=-]{30,})/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^"'<>-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/,
  // Of an Azure application.
  /\b\w{3}[78]Q~[\w.~-]{31,34}/,
]

/** What is meant to be filled in later is none, nor is a placeholder of our own. */
const NOT_YET = String.raw`(?![-$<{%*]|\\?["']?[$<{%*])`
/** To the end of the word, or of the quotes that it stands in. */
const VALUE = String.raw`(?:\\?"(?:[^"\\\n]|\\[^"n])+|'[^'\n]+|[^\s"'${'`'};&|<>\\]+)`
/** Names of what holds a secret, as variables, fields and flags have them. */
const NAME = String.raw`(?:passw(?:or)?d|passphrase|secret(?:[_-]?access)?(?:[_-]?key)?|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key(?:[_-]?id)?|account[_-]?key|(?:encryption|signing|auth|master|session)[_-]?key|mysql_pwd|(?:\b|_)pass|\b_auth)`

/** What stands before a secret, and the secret. */
const AFTER: readonly RegExp[] = [
  // NAME=value, "name": "value", name: 'value'; a bare word behind a colon may be anything.
  new RegExp(
    String.raw`((?<!<)${NAME}(?:_\w{1,16})?(?:\\?["'])?(?:=|\s{0,3}(?::=?|=>?)\s{0,3}(?=\\?["']|[^\s"']{0,60}\d)))(?!\d{1,6}\b(?![^\s,;)}\]]))${NOT_YET}(${VALUE})`,
  ),
  // --password value, --api-token=value
  new RegExp(String.raw`(\s--?(?:[\w-]{1,40}-)?(?:${NAME})[= ])${NOT_YET}(${VALUE})`),
  // curl -u user:value, also of what works like it
  /(\b(?:curl|wget|http|https|xh)\b[^|;&\n]{0,300}?\s(?:-u|-U|--user|--proxy-user|-a|--auth)[= ]?["']?[^\s:"'/=-][^\s:"'/]{0,100}:)(?![$<{]|\/\/)([^\s"'@\\]{3,})/,
  /(\bsshpass\s+-p\s{0,3})(?![$<{])(["']?[^\s"'\\]{3,})/,
  /(\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^|;&\n]{0,300}?\s-p)(?![$<{])(["']?[^\s"'\\-][^\s"'\\]{2,})/,
  /(\b(?:login|redis-cli)\b[^|;&\n]{0,200}?\s-(?:p|a)\s{1,3}["']?)(?![-$<{])([^\s"'\\]{3,})/,
  // Authorization: Basic …, Bearer …
  /(\bauthorization\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?:(?:basic|bearer|token|bot|apikey|digest)\s{1,3})?)(?![$<{]|(?:basic|bearer|token|bot|apikey|digest)\b)([^\s"'\\]{6,})/,
  /(\bbearer\s{1,3})(?=[\w.~+/-]{0,80}\d)([\w.~+/-]{12,}=*)/,
  /(\b(?:x-[\w-]{0,30}(?:key|token|secret)|cookie|private-token)\\?["']?\s{0,3}:\s{0,3})(?![$<{])([^\s"'\\]{6,})/,
  // https://user:value@host
  /(:\/\/[^\s/:@"']{0,64}:)(?![$<{%*])([^\s/@"'\\]{3,})(?=@)/,
  // Addresses that are a secret themselves.
  /(\bhooks\.slack\.com\/(?:services|workflows|triggers)\/)([\w/]{20,})/,
  /(\bdiscord(?:app)?\.com\/api\/webhooks\/)(\d{5,}\/[\w-]{40,})/,
  /(\b[\w-]{1,60}\.webhook\.office\.com\/)([^\s"'\\]{20,})/,
  /([?&](?:sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature)=)([\w%+/=-]{16,})/,
  // .netrc
  /(\blogin\s{1,3}\S{1,100}\s{1,8}password\s{1,3})(?![$<{])([^\s"'\\]{3,})/,
]

/** A field of this name holds a secret, whatever it looks like. */
const FIELD = new RegExp(`${NAME}$`, 'i')

/**
 * Short texts with none of these hold nothing that the patterns know: most do. What makes a key is a
 * run of letters and digits; the rest has a word or a sign before it.
 */
const HINT =
  /[\w-]{14}|:\/\/[^\s/]*@|pass|secret|token|key|auth|bearer|cookie|mysql|mariadb|redis|curl|wget|http|login|_pwd|sig/i

/** Times and ids are most of what is printed: there is nothing before a secret in one word. */
const STAMP = /^[\d:.TZ-]+$/
const WORD = /^[\w-]+$/

/** The same secret has the same placeholder on one machine, and another on the next. */
export class Secrets {
  readonly #key: string
  readonly #pattern: RegExp
  readonly #after: RegExp
  /** With patterns of the user's any text may hold one. */
  readonly #holdsNone: (text: string) => boolean

  /**
   * @param key is this machine's own, and stays on it
   * @param own patterns of the user's, as `secretProblem` lets them be
   */
  constructor(key: string, own: readonly string[] = []) {
    this.#key = key
    const keys = [...KEYS.map(it => it.source), ...own]
    this.#pattern = new RegExp(keys.map(it => `(?:${it})`).join('|'), 'g')
    this.#after = new RegExp(AFTER.map(it => `(?:${it.source})`).join('|'), 'gi')
    this.#holdsNone = text => own.length === 0 && (STAMP.test(text) || !HINT.test(text))
  }

  text(text: string): string {
    if (text.length < 6 || this.#holdsNone(text)) return text
    const known = text.replace(this.#pattern, found => this.#placeholder(found))
    if (WORD.test(text)) return known
    return known.replace(this.#after, (found: string, ...groups: (string | undefined)[]) => {
      const parts = groups.filter(it => typeof it === 'string').slice(0, 2)
      const [before = '', secret = ''] = parts
      const hidden = secret === '' || before.endsWith('<secret:') || secret.includes('<secret:')
      return hidden ? found : before + this.#quoted(secret)
    })
  }

  /** In every text that a value holds; what stands in a field with a telling name is one as a whole. */
  value(value: unknown, name = ''): unknown {
    if (typeof value === 'string')
      return FIELD.test(name) && isSet(value) ? this.#placeholder(value) : this.text(value)
    if (Array.isArray(value)) return value.map(item => this.value(item, name))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([field, item]) => [this.text(field), this.value(item, field)]),
    )
  }

  /** The quotes that a secret begins with stay. */
  #quoted(secret: string): string {
    const [quotes = ''] = /^\\?["']?/.exec(secret) ?? []
    return quotes + this.#placeholder(secret.slice(quotes.length))
  }

  #placeholder(secret: string): string {
    if (secret.startsWith('<secret:')) return secret
    const hash = createHmac('sha256', this.#key).update(secret).digest('hex')
    return `<secret:${hash.slice(0, 10)}>`
  }
}

const isSet = (value: string): boolean => value.length >= 3 && !/^[$<{%*]/.test(value)

const MOST_CHARS = 200

/**
 * What is wrong with a pattern of the user's, or null. It may hold letters and classes, each once or a
 * fixed number of times, and the last one as often as it comes: so that no text, however it is made,
 * takes long to look through.
 */
export function secretProblem(pattern: string): string | null {
  if (pattern.length > MOST_CHARS) return `is longer than ${MOST_CHARS} characters`
  const [start = ''] = /^(?:\\b)?(?:[A-Za-z0-9_:=/@ -]|\\[.\-/+]){3,}/.exec(pattern) ?? []
  if (start === '')
    return 'must begin with three letters, digits or signs that stand for themselves'
  const atom = String.raw`(?:[A-Za-z0-9_:=/@ ,;"'<>%&~#!-]|\\[wds.\-/+*?()[\]{}|^$\\]|\.|\[\^?(?:\\[wds\-\].\\]|[^\]\\])+\])`
  const whole = new RegExp(
    String.raw`^(?:\\b)?(?:${atom}(?:\{\d{1,3}\})?)*${atom}(?:\+|\*|\?|\{\d{1,3}(?:,\d{0,4})?\})?(?:\\b)?$`,
  )
  if (!whole.test(pattern))
    return 'may hold letters and classes such as [A-Z0-9], each followed by {N}, and only the last by + or {N,}; no groups, alternatives or other repeats'
  try {
    new RegExp(pattern)
    return null
  } catch {
    return 'is no regular expression'
  }
}
