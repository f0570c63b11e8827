/** Finds out whether the client's requests go through a gateway. */
import { settingsOf } from '../clients/claude-code/installed-hooks.ts'
import { readSettingsFile, textOf } from '../clients/claude-code/settings-file.ts'
import { plainValue, treeOf } from '../clients/claude-code/settings-text.ts'
import { UsageError } from '../config/usage-error.ts'

export interface Gateway {
  readonly url: string
  /** Where that is said. */
  readonly from: string
}

/** Where the client's own API is. */
export const OWN_API = 'https://api.anthropic.com'
const OWN = /^https:\/\/api\.anthropic\.com\/?$/i

export const isOwnApi = (url: string): boolean => OWN.test(url)

export function gatewaysFound(client: string, env: NodeJS.ProcessEnv): Gateway[] {
  const path = settingsOf(client)
  const { text } = textOf(readSettingsFile(path))
  treeOf(path, text)
  const found = [
    { url: env.ANTHROPIC_BASE_URL ?? '', from: 'ANTHROPIC_BASE_URL' },
    { url: variablesOf(plainValue(text)).ANTHROPIC_BASE_URL ?? '', from: path },
  ].filter(({ url }) => isBaseUrl(url) && !OWN.test(url))
  return found.filter(({ url }, i) => found.findIndex(other => other.url === url) === i)
}

/** The environment that settings give to the client and its hooks. */
export function variablesOf(settings: unknown): Readonly<Record<string, string>> {
  const env: unknown = Object(settings).env
  return Object.fromEntries(
    Object.entries(Object(env)).map(([name, value]) => [name, String(value)]),
  )
}

/** @throws UsageError when no client could use it so */
export function gatewayUrl(flag: string, text: string): string {
  if (isBaseUrl(text)) return text
  throw new UsageError(
    `${flag} takes a base URL like https://gateway.example, without password or query, not '${text}'`,
  )
}

function isBaseUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return username + password + search + hash === ''
}
