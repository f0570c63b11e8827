/**
 * The shape of a transcript line, as far as it is read. Unknown lines and fields are passed over; a
 * field of another type counts as absent. Written by hand and not with the schema library: this is
 * the one border that a gigabyte crosses, and there the library cost a third of a second.
 */
import { amount, isWholeUsage, type Usage, usageOf } from './usage.ts'

export interface Block {
  readonly type: string
  readonly id: string
  readonly name: string
  readonly input: unknown
  readonly tool_use_id: string
  /** Null when it is not told: some tools leave it out when they succeed. */
  readonly is_error: boolean | null
  readonly content: unknown
}

export interface Message {
  readonly id: string
  readonly model: string
  /** Null when it is neither a text nor blocks. */
  readonly content: string | readonly Block[] | null
  /** Null when it does not tell all that an answer's cost is made of. */
  readonly usage: Usage | null
}

export interface PermissionDecision {
  readonly decision: string
  readonly source: string
  readonly reasonType: string
}

export interface Line {
  readonly type: string
  readonly sessionId: string
  readonly timestamp: string
  readonly agentId: string
  readonly version: string
  readonly cwd: string
  readonly entrypoint: string
  readonly permissionMode: string
  readonly isMeta: boolean
  readonly customTitle: string
  readonly aiTitle: string
  /** What the client shows of a result, where that is a text: so are errors and refusals. */
  readonly toolUseResult: string
  readonly toolDenialKind: string
  readonly toolDenialBeforeRun: boolean
  readonly permissionDecision: PermissionDecision | null
  readonly totalCostUSD: number | null
  /** US dollars by model. */
  readonly modelUsage: Readonly<Record<string, number>>
  readonly message: Message | null
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** @returns the line, or null when the JSON is no object. Throws SyntaxError on broken JSON. */
export function parseLine(json: string): Line | null {
  const value: unknown = JSON.parse(json)
  return isFields(value) ? lineOf(value) : null
}

function lineOf(f: Fields): Line {
  return {
    type: text(f.type),
    sessionId: text(f.sessionId),
    timestamp: text(f.timestamp),
    agentId: text(f.agentId),
    version: text(f.version),
    cwd: text(f.cwd),
    entrypoint: text(f.entrypoint),
    permissionMode: text(f.permissionMode),
    isMeta: f.isMeta === true,
    customTitle: text(f.customTitle),
    aiTitle: text(f.aiTitle),
    toolUseResult: text(f.toolUseResult),
    toolDenialKind: text(f.toolDenialKind),
    toolDenialBeforeRun: f.toolDenialBeforeRun === true,
    permissionDecision: permissionDecisionOf(f.permissionDecision),
    totalCostUSD: typeof f.totalCostUSD === 'number' ? f.totalCostUSD : null,
    modelUsage: isFields(f.modelUsage) ? costsOf(f.modelUsage) : {},
    message: isFields(f.message) ? messageOf(f.message) : null,
  }
}

function messageOf(f: Fields): Message {
  return {
    id: text(f.id),
    model: text(f.model),
    content: contentOf(f.content),
    usage: isFields(f.usage) && isWholeUsage(f.usage) ? usageOf(f.usage) : null,
  }
}

function contentOf(value: unknown): Message['content'] {
  if (Array.isArray(value)) return value.filter(isFields).map(blockOf)
  return typeof value === 'string' ? value : null
}

function blockOf(f: Fields): Block {
  return {
    type: text(f.type),
    id: text(f.id),
    name: text(f.name),
    input: f.input,
    tool_use_id: text(f.tool_use_id),
    is_error: typeof f.is_error === 'boolean' ? f.is_error : null,
    content: f.content,
  }
}

export function permissionDecisionOf(value: unknown): PermissionDecision | null {
  if (!isFields(value)) return null
  const { decision, source, reasonType } = value
  return { decision: text(decision), source: text(source), reasonType: text(reasonType) }
}

function costsOf(f: Fields): Record<string, number> {
  const entries = Object.entries(f).map(([model, usage]) => [
    model,
    isFields(usage) ? amount(usage.costUSD) : 0,
  ])
  return Object.fromEntries(entries)
}

/** The file beside a subagent's transcript. Throws SyntaxError on broken JSON. */
export function agentMetaOf(json: string): { agentType: string; description: string } {
  const value: unknown = JSON.parse(json)
  const f = isFields(value) ? value : {}
  return { agentType: text(f.agentType), description: text(f.description) }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
