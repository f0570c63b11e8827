/** Contents of a file that is written more than once. */
import type { Content } from '../effect.ts'

/** A second write may not have happened, or have failed: what was written before may still be there. */
export function either(before: Content | undefined, content: Content): Content {
  const same = before?.text !== null && before?.text === content.text
  if (before === undefined || before.text === '' || same) return content
  const others = [...(before.others ?? []), ...(before.text === null ? [] : [before.text])]
  const { flows, from } = both(before, content)
  return { text: before.text === null ? null : content.text, flows, from, others: others.slice(-4) }
}

export function both(first: Content, second: Content): Content {
  return {
    text: first.text === null || second.text === null ? null : first.text + second.text,
    flows: [...new Set([...first.flows, ...second.flows])],
    from: [...first.from, ...second.from],
  }
}
