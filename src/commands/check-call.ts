/** What `check` is asked about: a command, or the call of a tool as JSON. */
import * as v from 'valibot'
import { UsageError } from '../config/usage-error.ts'
import type { ToolCall } from '../judge/types.ts'

const INPUT = v.custom<object>(
  it => typeof it === 'object' && it !== null && !Array.isArray(it),
  'must be an object',
)
const name = v.pipe(v.string('must be a name'), v.nonEmpty('must be a name'))
/** As hooks and transcripts write it, and as `--jsonl` does. Other keys are of no matter. */
const HOOK = v.object({ tool_name: name, tool_input: INPUT })
const LINE = v.object({ tool: name, input: INPUT })

const MEND = `a call is {"tool_name":"Write","tool_input":{…}}`

/** Also what only tries to be JSON. A group of commands has a space after its bracket, and no colon. */
const JSON_OBJECT = /^\s*\{(["']|\s*["'][^"']*["']\s*:|\s*\}\s*$)/

/** @param where whence it came, for an error: `the argument` */
export function callOf(text: string, where: string): ToolCall {
  if (!JSON_OBJECT.test(text)) return command(text)
  const json = parsed(text, where)
  if (typeof json === 'object' && json !== null && 'tool' in json) {
    const { tool, input } = fitted(LINE, json, where)
    return toolCall(tool, input)
  }
  const { tool_name, tool_input } = fitted(HOOK, json, where)
  return toolCall(tool_name, tool_input)
}

export function callOfTool(tool: string, text: string, where: string): ToolCall {
  return toolCall(tool, fitted(INPUT, parsed(text, where), where))
}

export function command(text: string): ToolCall {
  return toolCall('Bash', { command: text })
}

function toolCall(tool: string, input: unknown): ToolCall {
  return { tool, input, agent: '' }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new UsageError(`${where} is no JSON (${what}); ${MEND}, and a command goes after --`)
  }
}

function fitted<S extends v.GenericSchema>(schema: S, value: unknown, where: string) {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const key = v.getDotPath(issue)
  const what = issue.received === 'undefined' ? 'is missing' : issue.message
  throw new UsageError(`${where}: ${key === null ? '' : `${key} `}${what}; ${MEND}`)
}

export async function textOf(input: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  input.setEncoding('utf8')
  for await (const chunk of input) text += String(chunk)
  return text.replace(/\n$/, '')
}
