/** Something about trust, rules, settings or the record that somebody should look at. */
export interface Finding {
  /** Stays the same over versions: scripts and screens sort by it. */
  readonly kind: Kind
  readonly severity: Severity
  readonly what: string
  /** `FILE:LINE`, the line to change; a folder or a session where there is no line. */
  readonly where: string
  readonly mend: string
  /**
   * Arguments of this program that mend it, or help to: absent where it is not for this user to mend.
   */
  readonly fix?: readonly string[]
  /**
   * The whole file with it mended, where `fix` is `audit --mend`; told to nobody.
   * @param now what the file says; @returns null when that is not what was looked at
   */
  readonly mended?: (now: string) => string | null
}

export const KINDS = [
  'journal-broken',
  'ungated',
  'policy-broken',
  'repository-loosens',
  'rule-off',
  'line-passed-over',
  'allow-over-managed',
  'entry-expired',
  'entry-shadowed',
  'entry-too-wide',
  'entry-unused',
  'verdicts-differ',
  'overrides',
  'overrides-of-one-rule',
  'denied-effect-reached',
  'denied-effect-retried',
  'settings-broken',
  'permissions-allow',
  'auto-mode-list',
  'hooks-off',
  'bypass-mode',
  'project-hook',
  'project-variable',
  'role-over-managed',
  'rule-too-wide',
  'entry-means-nothing',
] as const
export type Kind = (typeof KINDS)[number]

/** The gravest first; `info` is told, and never a failure. */
export const SEVERITIES = ['high', 'medium', 'low', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** From where on a finding can be a failure. */
export const LIMITS = ['high', 'medium', 'low'] as const
export type Limit = (typeof LIMITS)[number]

export const isAtLeast = (severity: Severity, limit: Limit): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit)

export const isLimit = (text: string): text is Limit => LIMITS.some(limit => limit === text)

/** What the command is for, and so what the key does that follows it. */
export type Step = 'mend' | 'edit' | 'show' | 'tell'

export function stepOf({ fix }: Pick<Finding, 'fix'>): Step {
  switch (fix?.[0]) {
    case undefined:
      return 'tell'
    case 'config':
      return 'edit'
    case 'why':
    case 'doctor':
      return 'show'
    default:
      return 'mend'
  }
}

/** The arguments as a person types them. */
export const commandLine = (fix: readonly string[]): string =>
  [
    'signalbox',
    ...fix.map(it => (/^[\w@%+=:,./-]+$/.test(it) ? it : `'${it.replaceAll("'", "'\\''")}'`)),
  ].join(' ')
