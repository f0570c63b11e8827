import type { Wait } from '../../action/action.ts'
import { SUMMARY_CHARS } from './scanner/fields.ts'

/** The input field that says what a call of the tool does. */
export const TELLING_FIELD: Readonly<Record<string, string>> = {
  Bash: 'command',
  PowerShell: 'command',
  Monitor: 'command',
  Read: 'file_path',
  Write: 'file_path',
  Edit: 'file_path',
  MultiEdit: 'file_path',
  NotebookEdit: 'notebook_path',
  Glob: 'pattern',
  Grep: 'pattern',
  WebFetch: 'url',
  WebSearch: 'query',
  Agent: 'description',
  Task: 'description',
  Skill: 'skill',
  SendMessage: 'message',
}

/** One line for people. The text is the agent's: make it safe before it is printed. */
export function summaryOf(tool: string, input: unknown): string {
  const field = TELLING_FIELD[tool]
  const told = field === undefined ? undefined : fieldOf(input, field)
  if (typeof told === 'string') return cut(told)
  const question = tool === 'AskUserQuestion' ? firstQuestion(input) : undefined
  return cut(question ?? JSON.stringify(input) ?? '')
}

/** Tools that wait for a person by their nature. */
export function waitOf(tool: string): Wait {
  if (tool === 'AskUserQuestion') return 'answer'
  return tool === 'ExitPlanMode' ? 'plan' : 'none'
}

export const cut = (text: string): string =>
  text.slice(0, SUMMARY_CHARS).replace(/[\ud800-\udbff]$/, '')

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function firstQuestion(input: unknown): string | undefined {
  const questions = fieldOf(input, 'questions')
  const question = Array.isArray(questions) ? fieldOf(questions[0], 'question') : undefined
  return typeof question === 'string' ? question : undefined
}
