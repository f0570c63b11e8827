/** `[[ … ]]` and arithmetic: what runs inside them. */
import type { ArithmeticExpression, TestExpression } from 'unbash'
import { SOMETHING } from '../effect.ts'
import { foldOne, foldParts } from './fold.ts'
import type { Shell } from './shell.ts'
import { unknown } from './value.ts'
import { walkText } from './walk.ts'

/** Names that it assigns to: `x = 1`, `x += 1`, `x++`, `--x`. */
const ASSIGNS =
  /([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)|(?:\+\+|--)([A-Za-z_]\w*)/g

/**
 * A text that is worked out as a number: a command in it runs, and so does one in the value of a
 * variable that it names.
 */
export function walkNumber(text: string, sh: Shell): void {
  if (!/[A-Za-z_`]/.test(text) || !sh.enter()) return
  try {
    if (/\$\(|`/.test(text)) walkText(`: ${text}`, SOMETHING, sh)
    for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) {
      const value = sh.variable(name)
      for (const held of value?.known ? [value.text] : (value?.or ?? []))
        if (held !== text) walkNumber(held, sh)
    }
    for (const [, before, after = ''] of text.matchAll(ASSIGNS))
      sh.set(before ?? after, unknown(`$${before ?? after}`))
  } finally {
    sh.leave()
  }
}

export function walkTest(node: TestExpression, sh: Shell): void {
  switch (node.type) {
    case 'TestUnary':
    case 'TestNot':
      if (node.type === 'TestNot') walkTest(node.operand, sh)
      else {
        const { text } = foldOne(node.operand, sh)
        if (/^-[vR]$/.test(node.operator)) walkNumber(text, sh)
      }
      return
    case 'TestBinary':
      for (const { text } of [foldOne(node.left, sh), foldOne(node.right, sh)])
        if (/^-(eq|ne|lt|le|gt|ge)$/.test(node.operator)) walkNumber(text, sh)
      return
    case 'TestLogical':
      for (const operand of node.operands) walkTest(operand, sh)
      return
    case 'TestGroup':
      walkTest(node.expression, sh)
  }
}

export function walkArithmetic(node: ArithmeticExpression, sh: Shell): void {
  switch (node.type) {
    case 'ArithmeticBinary':
      walkArithmetic(node.left, sh)
      walkArithmetic(node.right, sh)
      if (/^([-+*/%&|^]|<<|>>)?=$/.test(node.operator)) changes(node.left, sh)
      return
    case 'ArithmeticUnary':
      walkArithmetic(node.operand, sh)
      if (/^(\+\+|--)$/.test(node.operator)) changes(node.operand, sh)
      return
    case 'ArithmeticTernary':
      for (const part of [node.test, node.consequent, node.alternate]) walkArithmetic(part, sh)
      return
    case 'ArithmeticGroup':
      walkArithmetic(node.expression, sh)
      return
    case 'ArithmeticWord':
      walkNumber(node.parts === undefined ? node.value : foldParts(node.parts, sh).text, sh)
      return
    case 'ArithmeticCommandExpansion':
      if (node.script === undefined) sh.partial(`not parsed: ${node.text}`)
      else sh.substitution(node.script)
  }
}

function changes(node: ArithmeticExpression, sh: Shell): void {
  const name = node.type === 'ArithmeticWord' ? /^\w+/.exec(node.value)?.[0] : undefined
  if (name !== undefined) sh.set(name, unknown(`$${name}`))
}
