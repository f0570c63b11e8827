/** What the gate and its judge said of one action, for the details. */
import type { Ungated } from '../action/gate-state.ts'
import type { World } from '../action/world.ts'
import { clock, duration } from '../monitor/format.ts'
import { type Opinion, opinionOf, requestOf, toldOfAction } from '../monitor/gate-view.ts'
import { glyphs } from '../monitor/glyphs.ts'
import { reviewText } from '../monitor/reviews.ts'
import { safe, safeLines, wrap } from '../monitor/safe-text.ts'
import { hidden } from '../monitor/secrets.ts'
import { unmistakable } from '../monitor/trust.ts'
import { labelled } from './lists.ts'
import type { Theme } from './theme.ts'

/** Why an action of a gated session is ungated, for people. */
export const UNGATED: Readonly<Record<Ungated, string>> = {
  'no-record': 'it ran, and the gate was not asked',
  'late-record': 'it ran before the gate was asked',
  'other-input': 'other input ran than the gate judged',
  'ran-though-refused': 'it ran though the gate refused it',
}

export function gateDetails(world: World, row: number, theme: Theme, columns: number): string[] {
  const action = world.gate.byRow.get(row)
  const ungated = world.gate.ungated.get(row)
  const of = (label: string, text: string): string[] =>
    text === '' ? [] : labelled(label, text, theme, columns)
  const loud =
    ungated === undefined
      ? []
      : of('UNGATED', `${UNGATED[ungated]}: look at the hooks of this session`)
  if (action === undefined) return loud
  const opinion = opinionOf(action)
  const shown = world.reasons.at(world.actions.columns.reason[row] ?? 0)
  const { judged, asked, answered } = action
  const screen = answered?.screen
  const by = screen ? ` by ${screen.name} (pid ${screen.pid}, ${screen.tty || 'no terminal'})` : ''
  return [
    ...loud,
    ...(opinion === null ? [] : judgementLines(opinion, shown, theme, columns)),
    ...of('reviewer', reviewText(action, shown)),
    ...of(
      'gate',
      judged === null
        ? ''
        : `answered ${judged.answer} in ${duration(judged.ms)}, role ${judged.role}${judged.grant === '' ? '' : ', by a grant'}`,
    ),
    ...of(
      'asked',
      asked === null ? '' : `${clock(asked.at)}, until ${clock(asked.until)}: ${asked.why}`,
    ),
    ...of('meanwhile', asked?.held === 'Checkpoint' ? REFUSED_FOR_NOW : ''),
    ...of(
      'answered',
      answered === null
        ? ''
        : [`${answered.answer}${by}`, answered.words, answered.changed].filter(Boolean).join(' | '),
    ),
    ...world.gate.notices.flatMap(n =>
      n.type === 'alert' && n.action === action.id && n.session === action.session
        ? of('ALERT', `${n.what}: ${n.text}`)
        : [],
    ),
  ]
}

const REFUSED_FOR_NOW =
  'the agent was refused and goes on; once approved, its next call like it goes through'

/** How the model was asked that came up with an action. */
export function requestDetails(world: World, row: number, theme: Theme, columns: number): string[] {
  const request = requestOf(world, row)
  if (request === null) return []
  const { upstream, request: id, firstMs, ms, status, error, retry, checked } = request
  const text = [
    `${duration(ms)}${firstMs === null ? '' : `, first byte after ${duration(firstMs)}`}`,
    `HTTP ${status}${error === '' ? '' : ` ${error}`}`,
    retry === 0 ? '' : `tried ${retry} times before`,
    `check: ${checked}`,
    `${upstream} ${id}`.trim(),
  ].filter(it => it !== '')
  return labelled('request', text.join(' | '), theme, columns)
}

/** What the client's own telemetry says of an action. */
export function telemetryDetails(
  world: World,
  row: number,
  theme: Theme,
  columns: number,
): string[] {
  const told = toldOfAction(world, row)
  if (told === null) return []
  const text = [
    told.decision === null ? '' : `${told.decision} by ${told.source || '?'}`,
    told.classifier === '' ? '' : `its classifier: ${told.classifier}`,
    told.runMs === null ? '' : `the tool ran ${duration(told.runMs)}`,
  ].filter(it => it !== '')
  return labelled('client', text.join(' | '), theme, columns)
}

/** @param shown the reason that already stands above */
function judgementLines(
  { judgement, opinionOnly }: Opinion,
  shown: string,
  theme: Theme,
  columns: number,
): string[] {
  const { verdict, rule, tier, reason, evidence, resources, clear } = judgement
  const whose = opinionOnly ? "the judge's own opinion, which did not decide: " : ''
  const touched = resources
    .map(r => `${unmistakable(r.id)} (${r.kind}, ${r.trust})`)
    .join(` ${glyphs().dot} `)
  const of = (label: string, text: string): string[] =>
    text === '' ? [] : labelled(label, text, theme, columns)
  return [
    ...of('rule', `${whose}${verdict} by ${rule} (${tier})`),
    ...of('says', reason === shown ? '' : reason),
    ...of('evidence', evidence),
    ...of('touches', touched),
    ...of('clears', clear.join(` ${glyphs().dot} `)),
  ]
}

/**
 * A text in lines, with the part that the rule rests on marked: in colour, and by `>` before its
 * lines.
 */
export function markedLines(
  text: string,
  evidence: string,
  theme: Theme,
  columns: number,
): string[] {
  const { role } = theme
  // A secret in what is marked, and in what it stands in, is hidden in the same way.
  const [whole, part] = [hidden(text), hidden(evidence)]
  const start = evidence === '' ? -1 : whole.indexOf(part)
  const lines = safeLines(whole)
  const before = start < 0 ? 0 : safeLines(whole.slice(0, start)).join('\n').length
  const marked = start < 0 ? '' : safeLines(part).join('\n')
  const end = lines.join('\n').startsWith(marked, before) ? before + marked.length : before
  let offset = 0
  return lines.flatMap(one => {
    const parts = wrap(one, Math.max(8, columns - 2)).map(part => {
      const [from, to] = [before, end].map(at => Math.max(0, Math.min(part.length, at - offset)))
      offset += part.length
      const inside = part.slice(from, to)
      if (inside === '') return `  ${role.text(part)}`
      return `${role.blocked('>')} ${role.text(part.slice(0, from))}${role.blocked(inside)}${role.text(part.slice(to))}`
    })
    offset += 1 // the newline
    return parts
  })
}

/** The evidence of an action, or `''`. */
export const evidenceOf = (world: World, row: number): string =>
  opinionOf(world.gate.byRow.get(row))?.judgement.evidence ?? ''

/** Safe already: for the list. */
export const ungatedReason = (world: World, row: number): string => {
  const ungated = world.gate.ungated.get(row)
  return ungated === undefined ? '' : safe(UNGATED[ungated])
}
