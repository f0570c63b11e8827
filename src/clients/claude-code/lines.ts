/** The shape of a transcript line, as far as it is read. Unknown lines and fields are passed over. */
import * as v from 'valibot'

const text = v.optional(v.fallback(v.string(), ''), '')
const maybeText = v.optional(v.fallback(v.optional(v.string()), undefined))
const tokens = v.optional(v.fallback(v.pipe(v.number(), v.finite(), v.minValue(0)), 0), 0)

const USAGE = v.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_creation: v.optional(
    v.fallback(v.object({ ephemeral_5m_input_tokens: tokens, ephemeral_1h_input_tokens: tokens }), {
      ephemeral_5m_input_tokens: 0,
      ephemeral_1h_input_tokens: 0,
    }),
    {},
  ),
  output_tokens_details: v.optional(
    v.fallback(v.object({ thinking_tokens: tokens }), { thinking_tokens: 0 }),
    {},
  ),
})
export type Usage = v.InferOutput<typeof USAGE>

const BLOCK = v.object({
  type: text,
  text: text,
  id: text,
  name: text,
  input: v.optional(v.unknown()),
  tool_use_id: text,
  is_error: v.optional(v.fallback(v.boolean(), false), false),
  content: v.optional(v.unknown()),
})
export type Block = v.InferOutput<typeof BLOCK>

const PERMISSION_DECISION = v.object({
  decision: maybeText,
  source: maybeText,
  reasonType: maybeText,
})

export const LINE = v.object({
  type: text,
  subtype: text,
  sessionId: text,
  uuid: text,
  timestamp: text,
  agentId: text,
  version: text,
  cwd: text,
  entrypoint: text,
  permissionMode: text,
  isMeta: v.optional(v.fallback(v.boolean(), false), false),
  customTitle: text,
  aiTitle: text,
  toolDenialKind: maybeText,
  toolDenialBeforeRun: v.optional(v.fallback(v.boolean(), false), false),
  permissionDecision: v.optional(v.fallback(v.optional(PERMISSION_DECISION), undefined)),
  totalCostUSD: v.optional(v.fallback(v.optional(v.number()), undefined)),
  modelUsage: v.optional(
    v.fallback(v.record(v.string(), v.object({ costUSD: v.optional(v.number(), 0) })), {}),
    {},
  ),
  message: v.optional(
    v.fallback(
      v.optional(
        v.object({
          id: text,
          role: text,
          model: text,
          content: v.optional(
            v.fallback(v.union([v.string(), v.array(v.fallback(BLOCK, v.parse(BLOCK, {})))]), ''),
            '',
          ),
          usage: v.optional(v.fallback(v.optional(USAGE), undefined)),
        }),
      ),
      undefined,
    ),
  ),
})
export type Line = v.InferOutput<typeof LINE>

/** @returns the line, or null when the JSON is no object. Throws SyntaxError on broken JSON. */
export function parseLine(json: string): Line | null {
  const result = v.safeParse(LINE, JSON.parse(json))
  return result.success ? result.output : null
}
