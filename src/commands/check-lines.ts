/** `check --jsonl`: one action a line in, one verdict a line out, in the same order. */
import { homedir } from 'node:os'
import { posix } from 'node:path'
import { createInterface } from 'node:readline'
import * as v from 'valibot'
import type { Judgement } from '../action/judgement.ts'
import { NO_SLOT, SLOTS } from '../action/slot.ts'
import { escaped } from '../action/unsafe.ts'
import { builtInPolicy } from '../config/built-in-policy.ts'
import type { Policy, PolicyEntry } from '../config/policy.ts'
import { gatherFacts } from '../judge/facts.ts'
import { type Explained, explainOn } from '../judge/judge.ts'
import { emptyLedger, learn } from '../judge/ledger.ts'
import type { Facts, FileFact, Ledger, ToolCall } from '../judge/types.ts'
import { terminalSafe } from '../monitor/terminal-json.ts'

const list = v.optional(v.array(v.string()), [])
const TRUSTED = v.record(v.picklist(SLOTS, NO_SLOT), v.array(v.string()))
const CTX = v.object({
  cwd: v.optional(v.string()),
  project_root: v.optional(v.string()),
  home: v.optional(v.string()),
  branch: v.optional(v.string(), ''),
  default_branch: v.optional(v.string(), ''),
  remotes: v.optional(v.record(v.string(), v.string()), {}),
  trusted: v.optional(TRUSTED, {}),
  sensitive: v.optional(v.object({ data: list, remote_targets: list, iac_scopes: list })),
  created_by_agent: list,
  files: v.optional(v.record(v.string(), v.string()), {}),
})
type Ctx = v.InferOutput<typeof CTX>

const LINE = v.object({
  id: v.union([v.string(), v.number()]),
  tool: v.optional(v.string()),
  input: v.optional(v.unknown()),
  cmd: v.optional(v.string()),
  session: v.optional(v.union([v.string(), v.number()])),
  user_prompt: v.optional(v.string(), ''),
  cwd: v.optional(v.string()),
  ctx: v.optional(CTX),
})
export type Line = v.InferOutput<typeof LINE>

export interface Looked {
  readonly call: ToolCall
  readonly facts: Facts
  readonly policy: Policy
  readonly ledger: Ledger
  readonly explained: Explained
  /** Milliseconds inside the judge. */
  readonly ms: number
}

const FACTS_MS = 1000

/** Judges lines one after the other; rows of one session share a ledger. */
export class Checker {
  readonly #ledgers = new Map<string | number, Ledger>()
  readonly #cwd: string
  readonly #today: string

  constructor(cwd: string, today: string) {
    this.#cwd = cwd
    this.#today = today
  }

  async judge(line: Line): Promise<{ judgement: Judgement; ms: number }> {
    const { explained, ms } = await this.look(line)
    return { judgement: explained.judgement, ms }
  }

  /** The same, with all that the judgement was made from. */
  async look(line: Line): Promise<Looked> {
    const call = callOf(line)
    const facts = await this.#facts(line, call)
    const policy = policyOf(line.ctx)
    const ledger = (line.session !== undefined && this.#ledgers.get(line.session)) || emptyLedger
    const start = performance.now()
    const explained = explainOn(this.#today)(call, facts, policy, ledger)
    const ms = performance.now() - start
    // What was denied did not run.
    if (line.session !== undefined && explained.judgement.verdict !== 'deny')
      this.#ledgers.set(line.session, learn(ledger, call, facts, policy))
    return { call, facts, policy, ledger, explained, ms }
  }

  async #facts(line: Line, call: ToolCall): Promise<Facts> {
    const { ctx } = line
    const cwd = posix.resolve(this.#cwd, ctx?.cwd ?? ctx?.project_root ?? line.cwd ?? '.')
    const words = line.user_prompt.split(/\n\s*\n/).filter(text => text.trim() !== '')
    if (ctx === undefined) {
      // Nothing of the disk is trusted here: also not the remotes that are there.
      const baseline = { remotes: {}, createdByAgent: [] }
      const it = { cwd, projectRoot: cwd, home: homedir(), call, words, baseline, guarded: [] }
      return gatherFacts(it, FACTS_MS)
    }
    const projectRoot = posix.resolve(cwd, ctx.project_root ?? cwd)
    return {
      cwd: posix.resolve(projectRoot, line.cwd ?? cwd),
      projectRoot,
      home: ctx.home ?? homedir(),
      branch: ctx.branch,
      defaultBranch: ctx.default_branch,
      remotes: ctx.remotes,
      remotesNow: ctx.remotes,
      words,
      createdByAgent: ctx.created_by_agent,
      files: filesOf(ctx, projectRoot),
      guarded: [],
    }
  }
}

export function parseLine(text: string): Line {
  const parsed = v.safeParse(LINE, JSON.parse(text))
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new Error(`${v.getDotPath(issue) ?? 'the line'}: ${issue.message}`)
  }
  if (parsed.output.cmd === undefined && parsed.output.tool === undefined)
    throw new Error("neither 'cmd' nor 'tool'")
  return parsed.output
}

function callOf({ tool, input, cmd }: Line): ToolCall {
  const command = cmd !== undefined && tool === undefined
  return { tool: command ? 'Bash' : (tool ?? 'Bash'), input: input ?? { command: cmd }, agent: '' }
}

function policyOf(ctx: Ctx | undefined): Policy {
  if (ctx === undefined) return builtInPolicy
  const { trusted, sensitive } = ctx
  const trust = SLOTS.flatMap(slot =>
    (trusted[slot] ?? []).map(entry => ({ slot, ...everywhere(entry) })),
  )
  return {
    ...builtInPolicy,
    trust,
    sensitive: {
      data: sensitive?.data.map(everywhere) ?? [],
      remoteTargets: sensitive?.remote_targets.map(everywhere) ?? [],
      iacScopes: sensitive?.iac_scopes.map(everywhere) ?? [],
    },
  }
}

function everywhere(entry: string): PolicyEntry {
  return {
    entry,
    project: '',
    note: '',
    expires: '',
    origin: { layer: 'user', file: '', line: 0 },
  }
}

/** `-> target` is a link. */
function filesOf(ctx: Ctx, root: string): Record<string, FileFact> {
  const files: Record<string, FileFact> = {}
  for (const [path, content] of Object.entries(ctx.files)) {
    const link = content.startsWith('-> ')
    files[posix.resolve(root, path)] = link
      ? { kind: 'link', to: content.slice(3).trim() }
      : { kind: 'file', content }
  }
  return files
}

/** @returns 2 when a line could not be read; the others are answered all the same */
export async function checkLines(
  input: NodeJS.ReadableStream,
  cwd: string,
  today: string,
): Promise<number> {
  const checker = new Checker(cwd, today)
  let number = 0
  let bad = false
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (text.trim() === '') continue
    try {
      const line = parseLine(text)
      const { judgement, ms } = await checker.judge(line)
      const { verdict, rule, reason, resources, clear } = judgement
      const out = { id: line.id, verdict, rule, reason, resources, clear, ms }
      process.stdout.write(`${terminalSafe(JSON.stringify(out))}\n`)
    } catch (error) {
      bad = true
      const what = error instanceof Error ? error.message : String(error)
      process.stderr.write(`signalbox: line ${number}: ${escaped(what)}\n`)
    }
  }
  return bad ? 2 : 0
}
