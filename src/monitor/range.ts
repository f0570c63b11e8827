/** What of all that is known is looked at. */
import type { Session } from '../action/world.ts'

export interface Range {
  /** Unix ms; of what began before, or at or after, nothing counts. */
  readonly since: number
  readonly until: number
  /** Only sessions in this folder or below it; `''`: all. */
  readonly project: string
}

export function isIn(session: Session, at: number, { since, until, project }: Range): boolean {
  if (at < since || at >= until) return false
  return project === '' || session.cwd === project || session.cwd.startsWith(`${project}/`)
}
