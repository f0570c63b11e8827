/** A tool call that is no command, as one line: its name, and each part of its input, cut. */
import type { ToolCall } from '../judge/types.ts'

const MOST = 120

export function callText({ tool, input }: ToolCall): string {
  if (typeof input !== 'object' || input === null) return tool
  const parts = Object.entries(input).map(([name, value]) => `${name}: ${cut(textOf(value))}`)
  return [tool, parts.join(', ')].filter(text => text !== '').join(' ')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function cut(text: string): string {
  const lines = text.split('\n').length
  if (text.length <= MOST) return text
  const more = lines > 1 ? ` (${lines} lines)` : ` (${text.length} characters)`
  return `${text.slice(0, MOST)}…${more}`
}
