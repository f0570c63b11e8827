/** What is asked of the web: a question can carry something away, and an answer can give orders. */

import { hostName } from '../resources/host.ts'
import { parseUrl, urlIdentity } from '../resources/url.ts'
import { holdsPacked, holdsSecret } from '../secrets.ts'
import type { Shell } from './shell/shell.ts'

/** Addresses that do something when they are asked. */
const HOOKS =
  /(^|\.)(hooks\.slack\.com|api\.telegram\.org|discord(app)?\.com|webhook\.site|requestbin\.\w+|pipedream\.net|requestcatcher\.com|interact\.sh|oast\.\w+|hookb\.in|maker\.ifttt\.com|hooks\.zapier\.com)$/
const ORDERS =
  /\b(do|follow|execute|run|obey|perform|apply)\b[^.]{0,40}\b(exactly|what(ever)? it says|(the|its|all|any) (instructions?|commands?|steps?)|them)\b/i

export function webFetch(url: string, prompt: string, sh: Shell): void {
  const from = urlIdentity(url)
  const host = parseUrl(url)?.host ?? ''
  const hook = HOOKS.test(host) && !/^https:\/\/discord\.com\/(developers|channels)/.test(url)
  if (holdsSecret(decoded(url)))
    sh.emit({ kind: 'send', to: from, means: 'http', payload: ['secret'], does: 'write' })
  else if (hook || holdsPacked(url))
    sh.emit({ kind: 'send', to: from, means: 'http', payload: ['unknown'], does: 'write' })
  else sh.emit({ kind: 'receive', from })
  if (ORDERS.test(prompt)) sh.partial('a page whose instructions are to be followed')
  // Names that only a company's own name servers know.
  if (
    /\.(internal|corp|intra|intranet|lan|local|private|home)$/.test(host) ||
    (hostName(host) !== null && !host.includes('.') && host !== 'localhost')
  )
    sh.emit({ kind: 'receive', from: { kind: 'host', id: host } })
}

export function webSearch(query: string, sh: Shell): void {
  const service = { kind: 'service', id: 'web-search' } as const
  if (holdsSecret(query))
    sh.emit({ kind: 'send', to: service, means: 'http', payload: ['secret'], does: 'write' })
  else sh.emit({ kind: 'receive', from: service })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
