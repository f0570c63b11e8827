/** The commands in a text, each within the one that holds it, for the picture of `check`. */
import type { Effect, Effects, Span } from '../judge/effects/effect.ts'

export interface Part {
  readonly span: Span
  /** Positions in `Effects.effects`. */
  readonly effects: readonly number[]
  readonly parts: readonly Part[]
  /** As written, with `…` for what its parts say. */
  readonly text: string
  /** What stands between it and the part before: `|`, `&&`, `||`, or `''`. */
  readonly joint: string
}

interface Growing extends Span {
  readonly effects: number[]
  readonly inner: Growing[]
}

export function partsOf(source: string, seen: Effects): readonly Part[] {
  const nodes = new Map<string, Growing>()
  const at = ({ from, to }: Span): Growing => {
    const key = `${from} ${to}`
    const node = nodes.get(key) ?? { from, to, effects: [], inner: [] }
    nodes.set(key, node)
    return node
  }
  for (const span of seen.parts) at(span)
  for (const [i, { span }] of seen.effects.entries()) at(span).effects.push(i)
  if (nodes.size === 0) at({ from: 0, to: source.length })
  return finished(nested([...nodes.values()]), source)
}

function nested(nodes: readonly Growing[]): readonly Growing[] {
  const roots: Growing[] = []
  const open: Growing[] = []
  for (const node of nodes.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    // By where they begin: whatever ends before this one does can hold no later one either.
    while ((open.at(-1)?.to ?? node.to) < node.to) open.pop()
    const around = open.at(-1)?.inner ?? roots
    around.push(node)
    open.push(node)
  }
  return roots
}

/** Brackets around one thing say nothing that the thing does not. */
const ONLY_BRACKETS = /^[\s(){};]*…[\s(){};]*$/

function finished(nodes: readonly Growing[], source: string): readonly Part[] {
  const parts: Part[] = []
  let before: number | null = null
  for (const node of nodes) {
    const text = textOf(node, source)
    const joint = before === null ? '' : jointIn(source.slice(before, node.from))
    const inner = finished(node.inner, source)
    const [first, ...rest] = inner
    if (first !== undefined && node.effects.length === 0 && ONLY_BRACKETS.test(text))
      parts.push({ ...first, joint: joint || first.joint }, ...rest)
    else parts.push({ span: node, effects: node.effects, parts: inner, text, joint })
    before = node.to
  }
  return parts
}

function textOf({ from, to, inner }: Growing, source: string): string {
  const [first] = inner
  const last = inner.at(-1)
  if (first === undefined || last === undefined) return source.slice(from, to)
  return `${source.slice(from, first.from)}…${source.slice(last.to, to)}`
}

function jointIn(between: string): string {
  return /^[\s)}]*(\|\|?|&&)[\s({]*$/.exec(between)?.[1] ?? ''
}

/** The part that an effect rests on, or the one that a rule of the policy's own quotes. */
export function spanOf(on: Effect | null, evidence: string, source: string): Span | null {
  if (on !== null) return on.span
  const from = evidence === '' ? -1 : source.indexOf(evidence)
  return from < 0 ? null : { from, to: from + evidence.length }
}
