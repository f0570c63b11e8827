/** Texts that are secrets by their look: keys and tokens of well-known forms, passwords in URLs. */

const KEYS =
  /\b(sk_live_[A-Za-z0-9]{8,}|sk-(ant|proj)-[\w-]{12,}|A[KS]IA[0-9A-Z]{12,}|gh[pousr]_[A-Za-z0-9]{12,}|github_pat_\w{16,}|glpat-[\w-]{8,}|xox[abpr]-[\w-]{8,}|AIza[\w-]{20,}|npm_[A-Za-z0-9]{20,}|SG\.[\w-]{16,}|eyJ[\w-]{10,}\.eyJ[\w-]{6,}\.[\w-]{6,})|-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/
const NAMED =
  /\b(pass(word|wd)?|secret|api_?key|access_?key|auth_?token|client_?secret|private_?key|jwt_?key|db_?pass\w*)(["']?\s*[:=]\s*["']?|%3D|%3A)(?!\s*[$<{*]|\s*["']?\s*$|x{3,}|\.{3}|process|os\.|env|none|null|true|false|your|test\b|example|changeme|placeholder|dummy|fake|\d{1,3}\b)[^\s"'&]{6,}/i
const IN_URL =
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']+:(?!\$|<|\*|pass(word)?@|test@|postgres@|root@|x-oauth)[^\s/@"']{4,}@(?!localhost|127\.0\.0\.1|db\b|postgres\b)/i

/** Whether a text holds what looks like a live secret. */
export function holdsSecret(text: string): boolean {
  return KEYS.test(text) || NAMED.test(text) || IN_URL.test(text)
}

/** A value in a URL that says nothing to a reader and may say much to whoever gets it. */
export function holdsPacked(text: string): boolean {
  if (holdsSecret(text)) return true
  const [, query = ''] = /\?(.*)$/.exec(text) ?? []
  return query.split('&').some(part => {
    const value = part.slice(part.indexOf('=') + 1)
    return (
      /^[A-Za-z0-9+/_-]{32,}={0,2}$/.test(value) &&
      /\d/.test(value) &&
      /[A-Z]/.test(value) &&
      /[a-z]/.test(value)
    )
  })
}
