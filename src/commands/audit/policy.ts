/** What is wrong with the policy although it is valid. */
import type { ResourceKind } from '../../action/judgement.ts'
import { SLOT_OF } from '../../action/slot.ts'
import { placeOf } from '../../config/layers.ts'
import type { Policy, PolicyEntry, TrustEntry } from '../../config/policy.ts'
import { isInside } from '../../judge/paths.ts'
import { covers } from '../../judge/trust.ts'
import type { Facts } from '../../judge/types.ts'
import type { Finding } from '../../monitor/finding.ts'
import { isTrust, removal } from './fix.ts'
import { wideFindings, wideRules } from './wide.ts'

/**
 * @param today ISO date
 * @param facts of no project: only `~` is read from them
 */
export function policyFindings(policy: Policy, today: string, facts: Facts): Finding[] {
  const { data, remoteTargets, iacScopes } = policy.sensitive
  return [
    ...[...policy.trust, ...data, ...remoteTargets, ...iacScopes].flatMap(it => expired(it, today)),
    ...policy.trust.flatMap((it, i) => shadowed(it, i, policy.trust, today, facts)),
    ...policy.trust.flatMap(it => meaningless(it, facts)),
    ...wideFindings(policy.trust, facts),
    ...wideRules(policy.rules),
    ...policy.rulesOff.map(({ id, origin }) => ({
      kind: 'rule-off' as const,
      severity: 'medium' as const,
      what: `the built-in rule ${id} is off`,
      where: placeOf(origin),
      mend: "take the line out: 'signalbox rules' says what it would stop",
    })),
  ]
}

function expired(it: PolicyEntry, today: string): Finding[] {
  const { entry, expires, origin } = it
  if (expires === '' || today <= expires) return []
  return [
    {
      kind: 'entry-expired',
      severity: 'low',
      what: `${entry} ended on ${expires}: it counts for nothing`,
      where: placeOf(origin),
      mend: 'take the line out, or give it another date',
      ...(isTrust(it) ? removal(it) : {}),
    },
  ]
}

/** An entry that another covers wherever it counts: taking it out would change nothing. */
function shadowed(
  it: TrustEntry,
  at: number,
  all: readonly TrustEntry[],
  today: string,
  facts: Facts,
): Finding[] {
  if (it.expires !== '' && it.expires < today) return []
  const wider = all.find((other, i) => {
    if (i === at || other.slot !== it.slot || !outlasts(other, it) || !reaches(other, it))
      return false
    // Of two that are the same the first counts.
    const isSame =
      other.entry === it.entry && other.project === it.project && other.expires === it.expires
    return isSame ? i < at : other.entry === it.entry || coversAll(other, it, facts)
  })
  if (wider === undefined) return []
  return [
    {
      kind: 'entry-shadowed',
      severity: 'low',
      what: `${it.entry} says nothing more than ${wider.entry} (${placeOf(wider.origin)})`,
      where: placeOf(it.origin),
      mend: 'take out the one that is not meant: as it is, the wider one counts',
      ...removal(it),
    },
  ]
}

/** A folder that is not even in itself is written in a way that the judge does not read as one. */
function meaningless(it: TrustEntry, facts: Facts): Finding[] {
  if (it.slot !== 'paths' || covers(it, { kind: 'path', id: folderIn(it, facts) }, facts)) return []
  return [
    {
      kind: 'entry-means-nothing',
      severity: 'low',
      what: `${it.entry} covers nothing as it is written`,
      where: placeOf(it.origin),
      mend: "write the folder plainly, without '.', double slashes or a slash at its end",
      ...removal(it),
    },
  ]
}

const folderIn = ({ entry }: TrustEntry, { home }: Facts): string =>
  entry.replace(/^~(?=\/|$)/, home)

const outlasts = (other: TrustEntry, it: TrustEntry): boolean =>
  other.expires === '' || (it.expires !== '' && it.expires <= other.expires)

const reaches = (other: TrustEntry, it: TrustEntry): boolean =>
  other.project === '' || (it.project !== '' && isInside(it.project, other.project))

/** A pattern is no name of a thing, so whether it is covered is not known. */
function coversAll(other: TrustEntry, it: TrustEntry, facts: Facts): boolean {
  if (it.entry.includes('*')) return false
  const id = it.slot === 'paths' ? folderIn(it, facts) : it.entry
  return KINDS.filter(kind => SLOT_OF[kind] === it.slot).every(kind =>
    covers(other, { kind, id }, facts),
  )
}

const KINDS = Object.keys(SLOT_OF) as ResourceKind[] // the record has a key for each kind
