/** What in the client's settings goes past its own safety check, or takes its rules away. */
import { realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Node } from 'jsonc-parser'
import { readSettingsFile, textOf } from '../../clients/claude-code/settings-file.ts'
import { propertyOf, treeOf } from '../../clients/claude-code/settings-text.ts'
import { UsageError } from '../../config/usage-error.ts'
import { isInside } from '../../judge/paths.ts'
import type { Finding } from '../../monitor/finding.ts'
import { reachFindings } from './reach.ts'
import { SettingsText } from './settings-mend.ts'

/** @param isProjects of a project: the client reads no `autoMode` there (since 2.1.207) */
export function settingsFindings(path: string, isProjects: boolean): Finding[] {
  const stat = statOf(path)
  if (stat === undefined) return []
  // A link to a device would be read for ever.
  if (stat !== null && !stat.isFile()) return [broken(path, `${path}: is no file`)]
  try {
    const { text } = textOf(readSettingsFile(path))
    const root = treeOf(path, text)
    if (root === undefined) return []
    const file = new SettingsText(path, text)
    const found = [
      ...reachFindings(root, isProjects, file),
      ...bypasses(root, file),
      ...(isProjects ? [] : replacedLists(root, file)),
    ]
    const target = isProjects ? leadsOut(path) : null
    return target === null ? found : found.map(it => byHand(it, target))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return [broken(path, error.message)]
  }
}

const broken = (where: string, what: string): Finding => {
  return { kind: 'settings-broken', severity: 'high', what, where, mend: 'mend the file' }
}

/** Null: it is there, and reading it will say why it cannot be read. */
function statOf(path: string): ReturnType<typeof statSync> | null | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return null
  }
}

/** Where a project's settings really are, when a link leads out of the project. */
function leadsOut(path: string): string | null {
  const target = realpathSync(path)
  return isInside(target, realpathSync(dirname(dirname(path)))) ? null : target
}

/** A repository says by a link which file is meant, as the user's own settings with the gate's hooks. */
function byHand({ fix: _, mended: __, ...found }: Finding, target: string): Finding {
  return { ...found, mend: `take the link away: it leads out of the project, to ${target}` }
}

/** Of several with one name the last, as the client takes it. */
function memberIn(root: Node, outer: string, name: string): Node | undefined {
  const object = propertyOf(root, outer)?.children?.[1]
  return object?.type === 'object' ? propertyOf(object, name)?.children?.[1] : undefined
}

/** Rules that auto mode sets aside by itself (code.claude.com, permission-modes). */
const SET_ASIDE =
  /^((Bash|PowerShell)(\(\*\))?|(Agent|Task|Monitor)\b.*|Bash\((python|node|deno|bun|ruby|perl|php|npx|bunx|npm run|yarn run|pnpm run|bun run)\S*[ :]*\*\))$/
const ONLY_READS = /^(Read|Glob|Grep|LS|NotebookRead|TodoWrite|WebSearch)\b/

/** What an allow rule matches is never shown to the client's check. An exact call is somebody's decision. */
function bypasses(root: Node, file: SettingsText): Finding[] {
  const rules = memberIn(root, 'permissions', 'allow')?.children ?? []
  return rules.flatMap(node => {
    const rule = String(node.value)
    const isWide = !rule.includes('(') || rule.includes('*')
    if (!isWide || SET_ASIDE.test(rule) || ONLY_READS.test(rule)) return []
    return [
      {
        kind: 'permissions-allow',
        severity: 'medium',
        what: `permissions.allow ${rule}: what it matches goes past the client's own check`,
        where: file.placeOf(node),
        mend: 'name the exact call, or leave it to the check',
        ...file.without(node),
      },
    ]
  })
}

/** A list without the client's own lines replaces them: its rules against force pushes, say, are gone. */
function replacedLists(root: Node, file: SettingsText): Finding[] {
  return ['environment', 'allow', 'soft_deny', 'hard_deny'].flatMap(name => {
    const list = memberIn(root, 'autoMode', name)
    if (list?.type !== 'array' || list.children?.some(it => it.value === '$defaults')) return []
    return [
      {
        kind: 'auto-mode-list',
        severity: 'high',
        what: `autoMode.${name} without "$defaults" replaces the client's own list`,
        where: file.placeOf(list),
        mend: 'put "$defaults" first into the list',
        ...file.withFirst(list, '$defaults'),
      },
    ]
  })
}
