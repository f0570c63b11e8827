/** Something about trust, rules or the record that somebody should look at. */
export interface Finding {
  readonly severity: Severity
  readonly what: string
  /** `FILE:LINE`, the line to change; a folder or a session where there is no line. */
  readonly where: string
  readonly mend: string
}

/** The gravest first. */
export const SEVERITIES = ['high', 'medium', 'low'] as const
export type Severity = (typeof SEVERITIES)[number]

export const isAtLeast = (severity: Severity, limit: Severity): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit)

export const isSeverity = (text: string): text is Severity =>
  SEVERITIES.some(severity => severity === text)
