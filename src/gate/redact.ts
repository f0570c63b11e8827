/** Inputs as the journal keeps them: secrets as stable placeholders, texts cut. */
import { createHmac } from 'node:crypto'

/** As much as the judge reads of a command: what is cut here was never looked at. */
const MAX_TEXT = 16_384

const SECRETS: readonly RegExp[] = [
  /\b(?:ghp|gho|ghu|ghs|ghr|github_pat)_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bsk-(?:ant-)?[A-Za-z0-9_-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=\bBearer\s+)[A-Za-z0-9._~+/-]{12,}=*/gi,
  /(?<=:\/\/[^\s/:@]{1,64}:)[^\s/@]{3,}(?=@)/g,
  /(?<=\b\w*(?:password|passwd|secret|token|api_?key)\w*["']?\s*[=:]\s*["']?)[^\s"'&;|]{6,}/gi,
]

/** The same secret has the same placeholder on one machine, and another on the next. */
export class Redactor {
  readonly #key: string

  /** @param key is this machine's own, and stays on it */
  constructor(key: string) {
    this.#key = key
  }

  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map(item => this.value(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.value(item)]))
  }

  text(text: string): string {
    const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
    return SECRETS.reduce(
      (out, secret) => out.replace(secret, found => this.#placeholder(found)),
      short,
    )
  }

  #placeholder(secret: string): string {
    const hash = createHmac('sha256', this.#key).update(secret).digest('hex')
    return `<secret:${hash.slice(0, 10)}>`
  }
}
