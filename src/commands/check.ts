/** `signalbox check`: what the judge says of an action, for people and for scripts. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../config/usage-error.ts'
import type { ToolCall } from '../judge/types.ts'
import { safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { callOf, callOfTool, command, textOf } from './check-call.ts'
import { checkLines } from './check-lines.ts'
import { examined } from './check-own.ts'
import { pictureOf } from './check-picture.ts'
import { type Desk, ownDesk } from './desk.ts'
import { flagsOf } from './flags.ts'
import { drawn, type Paint } from './picture-lines.ts'

const PLAIN_COLUMNS = 80
/** Longer lines are hard to read. */
const MOST_COLUMNS = 100

interface Given {
  readonly json: boolean
  readonly jsonl: boolean
  readonly cwd: string
  readonly tool: string | undefined
  readonly words: readonly string[]
  /** After `--` there is nothing but a command. */
  readonly plain: boolean
}

export const FLAGS = {
  json: 'boolean',
  jsonl: 'boolean',
  cwd: 'string',
  tool: 'string',
} as const

export async function run(args: readonly string[], desk: Desk = ownDesk()): Promise<number> {
  const given = givenOf(args)
  if (given.jsonl)
    return checkLines(process.stdin, given.cwd, new Date().toISOString().slice(0, 10))
  if (!existsSync(given.cwd)) throw new UsageError(`--cwd ${given.cwd}: no such folder`)
  const call = await asked(given)
  const { checked, errors } = await examined(call, given.cwd, desk)
  const { judgement } = checked.explained
  for (const error of errors) process.stderr.write(`signalbox: ${safe(error)}\n`)
  if (given.json) desk.print(terminalSafeJson(judgement))
  else desk.print(drawn(pictureOf(checked), columns(), await ownPaint()))
  return judgement.verdict === 'deny' ? 1 : 0
}

/** Options stand before the command: all from its first word on is the command's. */
function givenOf(args: readonly string[]): Given {
  let own = 0
  while (/^-./.test(args[own] ?? '') && args[own] !== '--')
    own += args[own] === '--cwd' || args[own] === '--tool' ? 2 : 1
  const { json, jsonl, cwd = '.', tool } = flagsOf(args.slice(0, own), FLAGS)
  const plain = args[own] === '--'
  return { json, jsonl, cwd: resolve(cwd), tool, words: args.slice(plain ? own + 1 : own), plain }
}

async function asked({ tool, words, plain }: Given): Promise<ToolCall> {
  const [first, ...more] = words
  if (first === undefined)
    throw new UsageError(
      tool === undefined
        ? "check what? 'signalbox check CMD…', a call as JSON, - for standard input, or --jsonl"
        : `--tool ${tool}: its input is missing; give it as JSON, or - for standard input`,
    )
  if (tool !== undefined && more.length > 0)
    throw new UsageError(
      `--tool ${tool} takes one input, as JSON in quotes, and not ${words.length} words`,
    )
  if (plain && tool === undefined) return command(words.join(' '))
  const piped = first === '-' && more.length === 0
  const text = piped ? await textOf(process.stdin) : words.join(' ')
  const where = piped ? 'standard input' : 'the argument'
  if (text.trim() === '') throw new UsageError(`${where} is empty; there is nothing to check`)
  if (tool !== undefined) return callOfTool(tool, text, where)
  return more.length > 0 ? command(text) : callOf(text, where)
}

function columns(): number {
  return Math.min(process.stdout.columns || PLAIN_COLUMNS, MOST_COLUMNS)
}

async function ownPaint(): Promise<Paint> {
  if (!process.stdout.isTTY) return () => text => text
  const [{ loadThemes }, { groundOfEnv }, { loadConfig }] = await Promise.all([
    import('../ui/theme.ts'),
    import('../ui/background.ts'),
    import('../config/config.ts'),
  ])
  // A file that does not fit was named already.
  const { theme } = await loadConfig(process.env).catch(() => ({ theme: undefined }))
  const [chosen] = loadThemes(process.env, theme ?? groundOfEnv(process.env) ?? undefined)
  return role => chosen?.role[role] ?? (text => text)
}
