/** The Audit screen: what somebody should look at, the gravest first. */
import { commandLine, type Finding, type Severity, stepOf } from '../monitor/finding.ts'
import type { Audit } from '../monitor/monitor.ts'
import { pad, safe } from '../monitor/safe-text.ts'
import type { Cell } from './cells.ts'
import { listOf, type Place, type Said } from './list.ts'
import { labelled } from './lists.ts'
import type { Role } from './theme.ts'

const ROLE: Readonly<Record<Severity, Role>> = {
  high: 'blocked',
  medium: 'pending',
  low: 'text',
  info: 'dim',
}

export function auditLines(audit: Audit, cursor: number, none: Said, place: Place): string[] {
  const { role } = place.theme
  const rows = audit.findings.map((finding): Cell[] => {
    const { severity, what, where } = finding
    return [
      { text: pad(severity, 8), style: role[ROLE[severity]] },
      { text: stepOf(finding).padEnd(5), style: role.accent },
      { text: safe(what), style: role.text },
      { text: safe(`| ${where}`), style: role.dim },
    ]
  })
  return listOf([pad('severity', 8), 'm', 'what'], rows, cursor, none, place)
}

/** All of one finding, for the pane. */
export function auditDetails({ findings }: Audit, cursor: number, place: Place): string[] {
  const finding: Finding | undefined = findings[cursor]
  if (finding === undefined) return []
  const { kind, severity, what, where, mend, fix } = finding
  const facts: readonly (readonly [string, string])[] = [
    ['what', what],
    ['where', where],
    ['to do', mend],
    ['m', fix === undefined ? 'copies this, for who can change it' : commandLine(fix)],
    ['kind', `${kind}, ${severity}`],
  ]
  return facts.flatMap(([label, text]) => labelled(label, text, place.theme, place.columns))
}

/** For the line above the list. */
export function auditTitle({ state, findings, problem }: Audit): string {
  const found = state === 'looking' ? 'looking' : `${findings.length} found`
  const why = problem === '' ? '' : `, ${safe(problem)}`
  return `audit: ${found}${why}: {mend} helps, {details} shows, {clear} goes back`
}
