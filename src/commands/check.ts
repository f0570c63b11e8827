/** `signalbox check`: what the judge says of a command, for people and for scripts. */
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Judgement } from '../action/judgement.ts'
import { builtInPolicy } from '../config/built-in-policy.ts'
import { UsageError } from '../config/usage-error.ts'
import { gatherFacts } from '../judge/facts.ts'
import { judgeOn } from '../judge/judge.ts'
import { emptyLedger } from '../judge/ledger.ts'
import { safe } from '../monitor/safe-text.ts'
import { checkLines } from './check-lines.ts'

const FACTS_MS = 1000

interface Given {
  readonly json: boolean
  readonly jsonl: boolean
  readonly cwd: string
  readonly words: readonly string[]
}

export async function run(args: readonly string[]): Promise<number> {
  const given = givenOf(args)
  const today = new Date().toISOString().slice(0, 10)
  if (given.jsonl) return checkLines(process.stdin, given.cwd, today)
  if (given.words.length === 0)
    throw new UsageError("check what? 'signalbox check CMD…', or --jsonl")
  const { cwd } = given
  const call = { tool: 'Bash', input: { command: given.words.join(' ') }, agent: '' }
  const baseline = { remotes: null, createdByAgent: [] }
  const facts = await gatherFacts(
    { cwd, projectRoot: cwd, home: homedir(), call, words: [], baseline, guarded: [] },
    FACTS_MS,
  )
  const judgement = judgeOn(today)(call, facts, builtInPolicy, emptyLedger)
  process.stdout.write(given.json ? `${JSON.stringify(judgement)}\n` : shown(judgement))
  return judgement.verdict === 'deny' ? 1 : 0
}

/** Options stand before the command: all from its first word on is the command's. */
function givenOf(args: readonly string[]): Given {
  let own = 0
  while (args[own]?.startsWith('-') && args[own] !== '--') own += args[own] === '--cwd' ? 2 : 1
  try {
    const { values } = parseArgs({
      args: args.slice(0, own),
      options: { json: { type: 'boolean' }, jsonl: { type: 'boolean' }, cwd: { type: 'string' } },
    })
    const words = args.slice(args[own] === '--' ? own + 1 : own)
    return {
      json: values.json ?? false,
      jsonl: values.jsonl ?? false,
      cwd: resolve(values.cwd ?? '.'),
      words,
    }
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : String(error)).split(/[.\n] ?/)
    throw new UsageError(`${what}; see 'signalbox --help'`)
  }
}

function shown(it: Judgement): string {
  const lines = [`${it.verdict}  ${it.rule}  (${it.tier})`, it.reason]
  if (it.evidence !== '') lines.push(`evidence   ${it.evidence}`)
  for (const { kind, id, trust } of it.resources) lines.push(`resource   ${kind} ${id} (${trust})`)
  for (const clear of it.clear) lines.push(`would clear it: ${clear}`)
  return `${lines.map(line => safe(line)).join('\n')}\n`
}
