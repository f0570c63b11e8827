/** What in the client's settings goes past its own safety check, or takes its rules away. */
import { existsSync } from 'node:fs'
import { findNodeAtLocation, type Node } from 'jsonc-parser'
import { readSettingsFile, textOf } from '../../clients/claude-code/settings-file.ts'
import { treeOf } from '../../clients/claude-code/settings-text.ts'
import { UsageError } from '../../config/usage-error.ts'
import type { Finding } from '../../monitor/finding.ts'
import { reachFindings } from './reach.ts'
import { SettingsText } from './settings-mend.ts'

/** @param isProjects of a project: the client reads no `autoMode` there (since 2.1.207) */
export function settingsFindings(path: string, isProjects: boolean): Finding[] {
  if (!existsSync(path)) return []
  try {
    const { text } = textOf(readSettingsFile(path))
    const root = treeOf(path, text)
    if (root === undefined) return []
    const file = new SettingsText(path, text)
    return [
      ...reachFindings(root, isProjects, file),
      ...bypasses(root, file),
      ...(isProjects ? [] : replacedLists(root, file)),
    ]
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const what = error.message
    return [{ kind: 'settings-broken', severity: 'high', what, where: path, mend: 'mend the file' }]
  }
}

/** Rules that auto mode sets aside by itself (code.claude.com, permission-modes). */
const SET_ASIDE =
  /^((Bash|PowerShell)(\(\*\))?|(Agent|Task|Monitor)\b.*|Bash\((python|node|deno|bun|ruby|perl|php|npx|bunx|npm run|yarn run|pnpm run|bun run)\S*[ :]*\*\))$/
const ONLY_READS = /^(Read|Glob|Grep|LS|NotebookRead|TodoWrite|WebSearch)\b/

/** What an allow rule matches is never shown to the client's check. An exact call is somebody's decision. */
function bypasses(root: Node, file: SettingsText): Finding[] {
  const rules = findNodeAtLocation(root, ['permissions', 'allow'])?.children ?? []
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
    const list = findNodeAtLocation(root, ['autoMode', name])
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
