/** `[[ … ]]` and arithmetic: what runs inside them. */
import type { ArithmeticExpression, TestExpression } from 'unbash'
import { foldOne, foldParts } from './fold.ts'
import type { Shell } from './shell.ts'

export function walkTest(node: TestExpression, sh: Shell): void {
  switch (node.type) {
    case 'TestUnary':
    case 'TestNot':
      if (node.type === 'TestNot') walkTest(node.operand, sh)
      else foldOne(node.operand, sh)
      return
    case 'TestBinary':
      foldOne(node.left, sh)
      foldOne(node.right, sh)
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
      return
    case 'ArithmeticUnary':
      walkArithmetic(node.operand, sh)
      return
    case 'ArithmeticTernary':
      for (const part of [node.test, node.consequent, node.alternate]) walkArithmetic(part, sh)
      return
    case 'ArithmeticGroup':
      walkArithmetic(node.expression, sh)
      return
    case 'ArithmeticWord':
      foldParts(node.parts ?? [], sh)
      return
    case 'ArithmeticCommandExpansion':
      if (node.script === undefined) sh.partial(`not parsed: ${node.text}`)
      else sh.substitution(node.script)
  }
}
