/** The names in what a person says: of things, hosts and versions, not words of the language. */
import type { Clause } from './text.ts'
import { isVerb } from './verbs.ts'

const REASON =
  /\b(because|since|so that|so the|as (it|they|we|i)\b|per|that'?s|which|who|weil|da|porque|parce)\b.*$/i

/** Names with a digit, a dot, a slash, a dash: of things, not words of the language. */
export function nameLike(clause: string): readonly string[] {
  const plain = clause.replace(REASON, '')
  const places = plain.matchAll(
    /\b(?:(?:on|in|at|from|for|auf|en|sur)\s+([a-z]+\d)|(?:record|instance)\s+#?([a-z]*\d[\w-]*))(?![\w-]|\.\w)/gi,
  )
  const marked = plain
    .replace(
      /(?<!\b(?:on|in|at|to|from|for|auf|en|sur|von|nach)\s)(?<![\w./:-])[a-z]+-[a-z]+(?![\w./:-])/gi,
      ' ',
    )
    .split(/\s+/)
    .filter(word => !word.startsWith('-'))
    .map(word => word.replace(/^[("'`“#!@]+|[)"'`”.,:;!?]+$/g, '').replace(/'s$/, ''))
    .filter(
      word =>
        /^\d{2,}$|^[A-Za-z]+\d{2,}\w*$|^[\w.-]+\/$|^v?\d+(\.\d+){2,}$|^(?=.*[a-z])[@~\w./:-]*\w[._/:-][\w./:*-]+$/i.test(
          word,
        ) && !NOT_A_NAME.test(word),
    )
  return [...marked, ...Array.from(places, match => match[1] ?? match[2] ?? '')]
}

/** `push it to our own server, x.example`: an address in a clause without a verb. */
export function addressesIn(clauses: readonly Clause[]): readonly string[] {
  const next = clauses[0]?.text ?? ''
  return isVerb(next)
    ? []
    : nameLike(next).filter(name =>
        /\.[\w-]+\.[a-z]{2,}$|\.(example|com|io|dev|org|net)$/i.test(name),
      )
}

const NOT_A_NAME =
  /^\d+(%|[smhdkgtx]|gb|mb|min|st|nd|rd|th)$|^\d{1,2}[:.]\d\d$|^(19|20)\d\d$|^(re|pre|non|co|e|auto|no|squash|force|hard|soft)-?[a-z]+(-[a-z]+)?$|^[a-z]+n't$|^(and\/or|he\/she|n\/a|w\/o|read\/write|up\/down|yes\/no|client\/server|ci\/cd|\d+\/(tcp|udp))$|^(e\.g|i\.e|z\.b|p\.ej|a\.s\.a\.p)\.?$|^(?!.*staging$)[a-z]{2,}-[a-z]+(ed|ing)$|^(crates\.io|npmjs\.(com|org)|pypi\.org|rubygems\.org|nuget\.org|r53|k8s|s3|ec2|hex\.pm|github\.com|gitlab\.com)$/i

export function isIn(text: string, name: string): boolean {
  const said = name.toLowerCase().replace(/^~\//, '')

  const last =
    said
      .split('/')
      .filter(it => it !== '')
      .at(-1) ?? ''
  if (/^localhost:\d+$/.test(said)) return text.includes(said.slice(10))
  const label = /^([\w-]{4,})(\.[a-z][\w-]*){2,}$/.exec(said)?.[1]
  if (label !== undefined && new RegExp(`(?<![\\w-])${label}(?![\\w-])`).test(text)) return true
  return [said, last, last.replace(/\.[a-z]{1,6}$/, '')].some(it => it !== '' && text.includes(it))
}
