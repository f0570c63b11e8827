/** What `init` must know of the policies before it asks. The gate reads them in full. */
import { readFileSync, statSync } from 'node:fs'
import { codeOf } from '../config/error-code.ts'
import { documentOf, plainOf } from '../config/yaml-file.ts'

export interface PolicyFacts {
  /** `''` when auto mode is not enabled here. */
  readonly enabledBy: string
  readonly enabledOn: string
  readonly off: boolean
  readonly platforms: readonly string[]
  readonly locked: readonly string[]
  /** Why the file does not count, or `''`. */
  readonly problem: string
}

/** @returns null when there is no such file */
export function policyFacts(path: string): PolicyFacts | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    return { ...NOTHING, problem: `${path}: cannot be read (${codeOf(error)})` }
  }
  const document = documentOf(text)
  const [broken] = document.errors
  if (broken !== undefined)
    return { ...NOTHING, problem: `${path}: ${broken.message.split('\n')[0]}` }
  const read = plainOf(document)
  if ('broken' in read) return { ...NOTHING, problem: `${path}: ${read.broken}` }
  const value = read.value ?? {}
  if (!isRecord(value)) return { ...NOTHING, problem: `${path}: must hold settings by name` }
  const mode = value.auto_mode
  return {
    enabledBy: isRecord(mode) ? textOf(mode.enabled_by) : '',
    enabledOn: isRecord(mode) ? textOf(mode.enabled_on) : '',
    off: mode === false || mode === 'off',
    platforms: listOf(value.platforms).map(it => textOf(isRecord(it) ? it.platform : it)),
    locked: listOf(value.locked).map(textOf),
    problem: '',
  }
}

const NOTHING = { enabledBy: '', enabledOn: '', off: false, platforms: [], locked: [] }

/** An administrator's file counts only when no one else can have written it. */
export function managedFacts(path: string, owner = 0): PolicyFacts | null {
  const facts = policyFacts(path)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (facts === null || stat === undefined || facts.problem !== '') return facts
  const trusted = stat.uid === owner && (stat.mode & 0o022) === 0
  return trusted
    ? facts
    : { ...NOTHING, problem: `${path}: must belong to root and be writable by nobody else` }
}

/** Nothing else is one: what can be written in YAML may say of itself how it turns into a text. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
