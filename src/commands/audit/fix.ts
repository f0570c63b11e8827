/** Commands that mend what was found. */
import { accessSync, constants, lstatSync } from 'node:fs'
import { readSettingsFile, textOf } from '../../clients/claude-code/settings-file.ts'
import type { PolicyEntry, TrustEntry } from '../../config/policy.ts'
import { removeItemOn } from '../../config/yaml-edit.ts'
import type { Finding, Kind } from '../../monitor/finding.ts'

/** Takes an entry out; only of the user's own file, which is all that the command edits. */
export function removal(it: TrustEntry): { readonly fix: string[] } | Record<never, never> {
  if (it.origin.layer !== 'user') return {}
  const project = it.project === '' ? [] : ['--project', it.project]
  return { fix: ['trust', 'remove', it.entry, '--as', it.slot, ...project] }
}

export const isTrust = (it: PolicyEntry): it is TrustEntry => 'slot' in it

/** Taking the line out is what they ask for. */
const LINES: ReadonlySet<Kind> = new Set<Kind>([
  'rule-off',
  'rule-too-wide',
  'line-passed-over',
  'allow-over-managed',
  'entry-expired',
  'entry-shadowed',
  'entry-means-nothing',
])

/**
 * What stands as an item on a line of its own in the user's policy file can be taken out; for what
 * else stands in a file of this user's there is the editor.
 * @param own files that may be links: dotfiles often are
 */
export function withMend(found: Finding, file: string, own: readonly string[]): Finding {
  if (found.fix !== undefined) return found
  const taken =
    LINES.has(found.kind) && found.where.startsWith(`${file}:`) ? out(found, file) : found
  return taken.fix === undefined ? withEditor(taken, own) : taken
}

function out(found: Finding, file: string): Finding {
  const line = Number(found.where.slice(file.length + 1))
  const { text } = textOf(readSettingsFile(file))
  const next = removeItemOn(text, line)
  if (next === null) return found
  return {
    ...found,
    fix: ['audit', '--mend', `${file}:${line}:1`],
    mended: now => (now === text ? next : null),
  }
}

const EDITED = /^(.+\.(?:ya?ml|json))(?::\d+)?$/

function withEditor(found: Finding, own: readonly string[]): Finding {
  const [, file] = EDITED.exec(found.where) ?? []
  if (file === undefined || !canChange(file, own)) return found
  return { ...found, fix: ['config', 'edit', '--at', found.where] }
}

/** A repository's link may lead to what the user never meant. */
function canChange(file: string, own: readonly string[]): boolean {
  try {
    accessSync(file, constants.W_OK)
    return own.includes(file) || !lstatSync(file).isSymbolicLink()
  } catch {
    return false
  }
}
