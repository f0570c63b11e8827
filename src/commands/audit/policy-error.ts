import type { Finding } from '../../monitor/finding.ts'

/** A file of the policy that does not fit, with the line that its error begins with. */
export function policyError(error: string, file: string): Finding {
  const [, where = file, what = error] = /^(.+?:\d+)(?::\d+)?: (.*)$/s.exec(error) ?? []
  const mend = 'mend the file; nothing is approved until then'
  return { kind: 'policy-broken', severity: 'high', what, where, mend }
}
