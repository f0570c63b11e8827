/** Tool call → effects: the same terms for a shell command, an edit, a fetch or another agent. */
import * as v from 'valibot'
import { MAX_COMMAND, MAX_CONTENT, unreadableInput, unreadableText } from '../limits.ts'
import type { Facts, Ledger, ToolCall } from '../types.ts'
import { contentsOf } from './contents.ts'
import { type Effects, SOMETHING, textContent, type Write } from './effect.ts'
import { mcp } from './mcp.ts'
import { prompt } from './prompts.ts'
import { Shell } from './shell/shell.ts'
import { known } from './shell/value.ts'
import { walkText } from './shell/walk.ts'
import { webFetch, webSearch } from './web.ts'

const text = v.fallback(v.string(), '')
export const COMMAND = v.object({ command: v.string() })
const FILE = v.object({ file_path: v.string() })
const PATH = v.object({ path: text, pattern: text })
const WRITE = v.object({ file_path: v.string(), content: v.string() })
const EDIT = v.object({ file_path: v.string(), old_string: text, new_string: text })
const EDITS = v.object({
  file_path: v.string(),
  edits: v.array(v.object({ old_string: text, new_string: text })),
})
const NOTEBOOK = v.object({ notebook_path: v.string(), new_source: text })
const FETCH = v.object({ url: v.string(), prompt: text })
const SEARCH = v.object({ query: text })
const SCHEDULE = v.object({ prompt: v.string() })
const SKILL = v.object({ skill: v.string(), args: text })

/** What starts an agent under the same rules; with anything else (a mode, say) it is not known. */
const SPAWN = v.strictObject({
  description: text,
  prompt: text,
  subagent_type: text,
  model: text,
  name: text,
  run_in_background: v.optional(v.boolean()),
})

/** Tools of the client that touch nothing but its own lists, screens, agents and shells. */
const INNER = new Set([
  'TodoWrite',
  'TodoRead',
  'TaskCreate',
  'TaskUpdate',
  'TaskList',
  'TaskGet',
  'ToolSearch',
  'BashOutput',
  'KillShell',
  'TaskStop',
  'SendMessage',
  'SubagentHandback',
  'TaskOutput',
  'ListMcpResourcesTool',
  'CronList',
  'CronDelete',
  'KillBash',
  'LSP',
])

/** Tools by which the agent asks a person: never a danger, and never the judge's to decide. */
const QUESTIONS = new Set(['AskUserQuestion', 'ExitPlanMode', 'EnterPlanMode'])

export function effectsOf(call: ToolCall, given: Facts, ledger: Ledger): Effects {
  const made = ledger.createdByAgent
  const facts =
    made.length === 0 ? given : { ...given, createdByAgent: [...given.createdByAgent, ...made] }
  const sh = new Shell(facts, contentsOf(ledger), commandOf(call) ?? '')
  sh.evidence = evidenceOf(call)
  sh.head = headOf(facts, ledger)
  try {
    lower(call, sh)
  } catch {
    // Whatever broke it, nobody saw what it does.
    sh.partial('it could not be looked through')
  }
  return {
    effects: sh.effects,
    coverage: sh.unknowns.length === 0 && sh.cut === null ? 'full' : 'partial',
    unknowns: sh.cut === null ? sh.unknowns : [...sh.unknowns, sh.cut],
    parts: sh.parts,
    left: Object.fromEntries(sh.left),
    made: sh.made,
  }
}

/** Branches that the session changed to count from then on. */
function headOf({ branch, createdByAgent }: Facts, ledger: Ledger): string {
  const last = [...createdByAgent, ...ledger.createdByAgent].findLast(it => it.startsWith('head:'))
  return last === undefined ? branch : last.slice('head:'.length)
}

/** The text of a shell command, or null when it is another tool's call. */
export function commandOf(call: ToolCall): string | null {
  if (call.tool !== 'Bash' && call.tool !== 'PowerShell' && call.tool !== 'Monitor') return null
  const parsed = v.safeParse(COMMAND, call.input)
  return parsed.success ? parsed.output.command : null
}

/** What is shown of a call that is no command: where it goes. */
function evidenceOf({ tool, input }: ToolCall): string {
  const named = v.safeParse(
    v.object({ command: text, file_path: text, notebook_path: text, url: text, path: text }),
    input,
  )
  if (!named.success) return tool
  const { command, file_path, notebook_path, url, path } = named.output
  return (command || file_path || notebook_path || url || path || tool).slice(0, MAX_COMMAND)
}

function lower(call: ToolCall, sh: Shell): void {
  const { tool, input } = call
  if (INNER.has(tool) || QUESTIONS.has(tool)) return
  const why = unreadableInput(input) ?? (commandOf(call) === null ? textOf(call) : null)
  if (why !== null) {
    unread(call, why, sh)
    return
  }
  switch (tool) {
    case 'Bash':
    case 'Monitor': {
      const command = commandOf(call)
      if (command === null) break
      walkText(command, SOMETHING, sh)
      sh.ends()
      return
    }
    case 'Read':
    case 'NotebookRead': {
      const path = v.is(FILE, input)
        ? input.file_path
        : v.is(NOTEBOOK, input)
          ? input.notebook_path
          : null
      if (path === null) break
      sh.read(known(path))
      return
    }
    case 'Glob':
    case 'Grep':
    case 'LS': {
      const parsed = v.safeParse(PATH, input)
      if (!parsed.success) break
      search(parsed.output.path || '.', parsed.output.pattern, tool, sh)
      return
    }
    case 'Write':
    case 'Edit':
    case 'MultiEdit':
    case 'NotebookEdit':
      if (edits(input, sh)) return
      break
    case 'WebFetch': {
      const parsed = v.safeParse(FETCH, input)
      if (!parsed.success) break
      webFetch(parsed.output.url, parsed.output.prompt, sh)
      return
    }
    case 'WebSearch': {
      const parsed = v.safeParse(SEARCH, input)
      webSearch(parsed.success ? parsed.output.query : '', sh)
      return
    }
    case 'Agent':
    case 'Task':
      // Each of its own actions comes before the judge, so starting it does nothing yet.
      if (!v.is(SPAWN, input)) break
      prompt(input.prompt, sh)
      return
    case 'CronCreate':
    case 'ScheduleWakeup': {
      const parsed = v.safeParse(SCHEDULE, input)
      if (!parsed.success) break
      prompt(parsed.output.prompt, sh)
      return
    }
    case 'Skill': {
      const parsed = v.safeParse(SKILL, input)
      if (!parsed.success) break
      skill(`${parsed.output.skill} ${parsed.output.args}`, sh)
      return
    }
    default:
      if (!tool.startsWith('mcp__')) break
      mcp(tool, input, sh)
      return
  }
  // Skills (loading one may run commands), and tools that are not known.
  sh.partial(`not known: ${tool}`)
}

const EDITORS = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit'])

/** Texts that patterns go over; a file's own content may be longer than a question or a name. */
function textOf({ tool, input }: ToolCall): string | null {
  if (tool.length > 200) return 'the name of the tool'
  return unreadableText(input, EDITORS.has(tool) ? MAX_CONTENT : MAX_COMMAND)
}

/** Where it goes is known all the same, and may be enough for a rule. */
function unread({ tool, input }: ToolCall, why: string, sh: Shell): void {
  sh.partial(why)
  const named = v.safeParse(v.object({ file_path: text, notebook_path: text }), input)
  const path = named.success ? named.output.file_path || named.output.notebook_path : ''
  if (path === '' || path.length > MAX_PATH) return
  if (EDITORS.has(tool)) sh.write(sh.target(known(path)), 'edit', SOMETHING)
  else sh.read(known(path))
}

const MAX_PATH = 4096

/** @returns false when the input is not what such a tool takes */
function edits(input: unknown, sh: Shell): boolean {
  const many = v.safeParse(EDITS, input)
  if (many.success) {
    for (const { old_string, new_string } of many.output.edits)
      write(many.output.file_path, 'edit', new_string, old_string, sh)
    return true
  }
  const whole = v.safeParse(WRITE, input)
  if (whole.success) return write(whole.output.file_path, 'replace', whole.output.content, null, sh)
  const edit = v.safeParse(EDIT, input)
  if (edit.success) {
    const { file_path, new_string, old_string } = edit.output
    return write(file_path, 'edit', new_string, old_string, sh)
  }
  const notebook = v.safeParse(NOTEBOOK, input)
  if (!notebook.success) return false
  return write(notebook.output.notebook_path, 'edit', notebook.output.new_source, null, sh)
}

function write(
  path: string,
  how: Write['how'],
  content: string,
  replaced: string | null,
  sh: Shell,
): true {
  const target = sh.target(known(path))
  sh.write(target, how, textContent(content), replaced)
  return true
}

/** Where secrets lie is a secret too, outside the project. */
function search(path: string, pattern: string, tool: string, sh: Shell): void {
  const hunts =
    /id_rsa|id_ed25519|\.pem|\.env|credential|passw|secret|token|api.?key|private.?key|\.p12|\.kdbx|keystore|BEGIN/i.test(
      pattern,
    )
  sh.read({ ...known(path), flows: hunts ? ['secret'] : [] }, tool === 'Grep' || hunts)
}

/** A skill's own steps come before the judge; its name and its words say what it is for. */
function skill(words: string, sh: Shell): void {
  prompt(words, sh)
  if (
    /\b(deploy|publish|release|ship|delete|destroy|purge|merge|approve|send|post|rollback|wipe|reset)\b/i.test(
      words.replace(/[-_:]/g, ' '),
    )
  )
    sh.partial(`a skill that acts: ${words.slice(0, 80)}`)
}
