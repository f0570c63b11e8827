/** Lines of a lower layer that go against the managed policy, or against one that settles them. */
import { type PassedOver, placeOf } from '../../config/layers.ts'
import type { Merged } from '../../config/merge-policy.ts'
import type { PolicyRule } from '../../config/policy.ts'
import { haveInCommon } from '../../judge/check-rules.ts'
import type { Finding } from '../../monitor/finding.ts'

export function layerFindings(merged: Merged): Finding[] {
  const { policy, passedOver } = merged
  return [...passedOver.map(notCounted), ...exceptions(policy.rules), ...otherRoles(merged)]
}

/** A line that the layers' merge left out. */
export function notCounted({ origin, why, by }: PassedOver): Finding {
  const isAgainstManaged = by === 'managed' && origin.layer !== 'managed'
  return {
    kind: 'line-passed-over',
    severity: isAgainstManaged ? 'medium' : 'low',
    what: `${why}: this line does not count`,
    where: placeOf(origin),
    mend: isAgainstManaged
      ? "take it out, or have it put into the managed policy: 'signalbox config show' says what counts"
      : 'take out the one that is not meant',
  }
}

/** A role for one project goes before the default, also before an administrator's. */
function otherRoles({ policy: { roles }, origins }: Merged): Finding[] {
  const set = origins['roles.default']
  if (set?.layer !== 'managed') return []
  return Object.entries(roles.projects).flatMap(([project, role]) => {
    const origin = origins[`roles.projects.${project}`]
    if (origin?.layer !== 'user' || role === roles.default) return []
    return [
      {
        kind: 'role-over-managed' as const,
        severity: 'medium' as const,
        what: `${project} has the role ${role}, where the managed policy says ${roles.default} (${placeOf(set)})`,
        where: placeOf(origin),
        mend: "an administrator can lock 'roles'; else take this one out",
      },
    ]
  })
}

/** An `allow` rule is an exception to every soft denial, also to an administrator's. */
function exceptions(rules: readonly PolicyRule[]): Finding[] {
  const managed = rules.filter(it => it.origin.layer === 'managed' && it.tier !== 'allow')
  return rules
    .filter(it => it.tier === 'allow' && it.origin.layer === 'user')
    .flatMap(allow =>
      managed.filter(it => haveInCommon(allow, it)).map(it => exceptionOf(allow, it)),
    )
}

function exceptionOf(allow: PolicyRule, managed: PolicyRule): Finding {
  const where = placeOf(allow.origin)
  const rule = `the managed rule '${managed.id}' (${placeOf(managed.origin)})`
  if (managed.tier === 'soft_deny')
    return {
      kind: 'allow-over-managed',
      severity: 'high',
      what: `the rule '${allow.id}' allows what ${rule} denies`,
      where,
      mend: "an administrator can make that rule hard_deny, or lock 'rules'; else take this one out",
    }
  return {
    kind: 'allow-over-managed',
    severity: 'low',
    what: `the rule '${allow.id}' is to allow what ${rule} stops, and does not`,
    where,
    mend: 'take it out: the managed rule counts',
  }
}
