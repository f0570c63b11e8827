/** The picture that `check` draws of an action: its parts, what each does, and what the verdict rests on. */
import type { Resource } from '../action/judgement.ts'
import { placeOf } from '../config/layers.ts'
import type { Policy } from '../config/policy.ts'
import { type Identity, identityIn } from '../judge/effects/effect.ts'
import { commandOf } from '../judge/effects/effects.ts'
import { inWords, shortened } from '../judge/effects/words.ts'
import type { Explained } from '../judge/judge.ts'
import { RULES } from '../judge/rules/rules.ts'
import { entryFor } from '../judge/trust.ts'
import type { Facts, ToolCall } from '../judge/types.ts'
import { safe } from '../monitor/safe-text.ts'
import { unmistakable } from '../monitor/trust.ts'
import { type Part, partsOf, spanOf } from './check-parts.ts'
import { callText } from './check-text.ts'
import type { Line } from './picture-lines.ts'

export interface Checked {
  readonly call: ToolCall
  readonly facts: Facts
  readonly policy: Policy
  /** ISO date, by which entries of trust are over. */
  readonly today: string
  readonly explained: Explained
}

const ROLE_OF = { allow: 'approved', ask: 'pending', deny: 'blocked' } as const

export function pictureOf(it: Checked): readonly Line[] {
  const { judgement, seen } = it.explained
  const command = commandOf(it.call)
  const parts = command === null ? [wholeCall(it)] : partsOf(command, seen)
  return [
    ...parts.flatMap(part => partLines(part, 0, it)),
    { text: '' },
    ...coverageLines(it),
    { text: '' },
    { text: `${judgement.verdict}  ${ruleText(it)}`, role: ROLE_OF[judgement.verdict] },
    { text: safe(judgement.reason) },
    ...clearLines(it),
  ]
}

/** What the rule found beside what its effects reach, such as the second place code came from. */
function otherResources(indent: number, it: Checked): Line[] {
  const { judgement, resources } = it.explained
  const shown = new Set(resources.map(resource => `${resource?.kind} ${resource?.id}`))
  return judgement.resources
    .filter(({ kind, id }) => !shown.has(`${kind} ${id}`))
    .map(resource => ({ ...trustLine(resource, resource, it), indent }))
}

function wholeCall({ call, explained: { seen } }: Checked): Part {
  const effects = seen.effects.map((_, i) => i)
  return { span: { from: 0, to: 0 }, effects, parts: [], text: callText(call), joint: '' }
}

function partLines(part: Part, left: number, it: Checked): Line[] {
  // What a pipe leads into stands below it, and a little to the right.
  const indent = left + (part.joint === '|' || part.joint === '|&' ? 2 : 0)
  const text = `${part.joint === '' ? '' : `${part.joint} `}${safe(part.text.trim())}`
  const head = { text, indent, most: 3 }
  const pointed = isPointedAt(part, it)
  const silent = part.effects.length + part.parts.length === 0
  return [
    pointed ? { ...head, mark: true, under: quoted(part, text, it) } : head,
    ...effectLines(part, indent + 4, it),
    ...(pointed ? otherResources(indent + 6, it) : []),
    ...(silent && it.explained.seen.coverage === 'full'
      ? [{ text: 'nothing of note by itself', indent: indent + 4, role: 'dim' } as const]
      : []),
    ...part.parts.flatMap(inner => partLines(inner, indent + 2, it)),
  ]
}

function isPointedAt({ span }: Part, { call, explained }: Checked): boolean {
  const { on, judgement } = explained
  const command = commandOf(call)
  if (command === null) return on !== null || judgement.evidence !== ''
  const at = spanOf(on, judgement.evidence, command)
  return at !== null && at.from === span.from && at.to === span.to
}

/** What of the line is meant: what the rule quotes, or else all but the joint. */
function quoted({ joint }: Part, text: string, { explained }: Checked): NonNullable<Line['under']> {
  const { verdict, evidence } = explained.judgement
  const role = ROLE_OF[verdict]
  const start = joint === '' ? 0 : joint.length + 1
  const part = safe(evidence.trim())
  const at = part === '' ? -1 : text.indexOf(part, start)
  return at < 0 ? { from: start, to: text.length, role } : { from: at, to: at + part.length, role }
}

/** Each effect once, also where a loop has it several times. */
function effectLines({ effects }: Part, indent: number, it: Checked): Line[] {
  const { seen, resources } = it.explained
  const said = new Set<string>()
  return effects.flatMap(i => {
    const effect = seen.effects[i]
    if (effect === undefined) return []
    const text = safe(inWords(effect, it.facts))
    const resource = resources[i] ?? null
    const identity = identityIn(effect)
    if (said.has(`${text} ${identity?.id}`)) return []
    said.add(`${text} ${identity?.id}`)
    const about = resource === null || identity === null ? [] : [trustLine(resource, identity, it)]
    return [{ text, indent }, ...about.map(line => ({ ...line, indent: indent + 2 }))]
  })
}

function trustLine(resource: Resource, identity: Identity, it: Checked): Line {
  const { kind, id, trust } = resource
  const role = { trusted: 'approved', project: 'approved', agent: 'pending' } as const
  const text = `${kind} ${id === '' ? '?' : unmistakable(id)}: ${whyTrusted(resource, identity, it)}`
  return {
    text: safe(text),
    role: trust === 'external' || trust === 'unknown' ? 'pending' : role[trust],
  }
}

function whyTrusted({ kind, trust }: Resource, identity: Identity, it: Checked): string {
  switch (trust) {
    case 'trusted': {
      const entry = entryFor(identity, it.facts, it.policy, it.today)
      if (entry === undefined) return 'trusted'
      return `trusted, by ${entry.entry} under ${entry.slot} (${shortened(placeOf(entry.origin), it.facts)})`
    }
    case 'project':
      return kind === 'git' ? "trusted, one of the project's remotes" : "trusted, the project's own"
    case 'agent':
      return 'external, the agent made it'
    case 'external':
      return 'external, no entry of the policy trusts it'
    case 'unknown':
      return 'unknown, what it is cannot be told'
  }
}

function coverageLines({ explained: { seen, on, judgement } }: Checked): Line[] {
  if (seen.coverage === 'full') return [{ text: 'coverage  full', role: 'dim' }]
  const rests = judgement.rule === 'uncertain' && on === null
  const unknowns = [...new Set(seen.unknowns)]
  const head: Line = { text: 'coverage  partial; not seen through:', role: 'pending', mark: rests }
  return [head, ...unknowns.map(text => ({ text: safe(text), indent: 4, most: 3 }))]
}

function ruleText({ explained: { judgement }, policy, facts }: Checked): string {
  const { rule, tier } = judgement
  const builtIn = RULES.find(it => it.id === rule)
  const own = builtIn === undefined ? policy.rules.find(it => it.id === rule) : undefined
  const source = builtIn?.group ?? (own === undefined ? '' : shortened(placeOf(own.origin), facts))
  const about = [source, tier].filter(text => text !== '' && text !== rule)
  return safe(about.length === 0 ? rule : `${rule}  (${about.join(', ')})`)
}

function clearLines({ explained: { judgement } }: Checked): Line[] {
  if (judgement.verdict === 'allow') return []
  if (judgement.clear.length === 0) return [{ text: 'nothing clears it', role: 'dim' }]
  return judgement.clear.map(text => ({ text: `would clear it: ${safe(text)}` }))
}
