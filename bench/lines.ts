// Pieces of transcript lines that need no state of the session.
import type { Random } from './random.ts'
import type { TextPools } from './text.ts'
import type { Fields } from './tools.ts'

export type Tokens = {
  input: number
  output: number
  cacheRead: number
  cacheWrite5m: number
  cacheWrite1h: number
}

export const noTokens = (): Tokens => ({
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
})

export type Message = {
  id: string
  requestId: string
  request: string
  blocks: Fields[]
  stopReason: string
  tokens: Tokens
  iterations: boolean
}

export function add(sum: Tokens, more: Tokens): void {
  sum.input += more.input
  sum.output += more.output
  sum.cacheRead += more.cacheRead
  sum.cacheWrite5m += more.cacheWrite5m
  sum.cacheWrite1h += more.cacheWrite1h
}

export function usageFields(tokens: Tokens, output: number, iterations: boolean): Fields {
  const counts = {
    input_tokens: tokens.input,
    cache_creation_input_tokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
    cache_read_input_tokens: tokens.cacheRead,
    output_tokens: output,
  }
  const split = {
    ephemeral_1h_input_tokens: tokens.cacheWrite1h,
    ephemeral_5m_input_tokens: tokens.cacheWrite5m,
  }
  return {
    ...counts,
    output_tokens_details: { thinking_tokens: 0 },
    server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
    service_tier: 'standard',
    cache_creation: split,
    inference_geo: '',
    // A few responses repeat their counts in here: adding those up would count twice.
    iterations: iterations ? [{ ...counts, cache_creation: split, type: 'message' }] : [],
    speed: 'standard',
    fallback_credit: null,
  }
}

export function thinking(text: TextPools, random: Random): Fields {
  const signature = text.base64(random.int(400, 2600))
  return { type: 'thinking', thinking: text.prose(random.size(1500, 0.7, 12_000)), signature }
}

export function request(
  made: Message,
  random: Random,
  sessionId: string,
  model: string,
  at: string,
) {
  return JSON.stringify({
    type: 'api-request',
    sessionId,
    id: made.request,
    timestamp: at,
    version: '2.1.330',
    querySource: 'repl_main_thread',
    shapeHash: random.hex(64),
    params: { model },
    keep: 0,
    tail: [],
    cacheControl: [],
    requestDigest: random.hex(64),
  })
}

export function requestBlob(text: TextPools, random: Random, sessionId: string): string {
  const content = [{ type: 'text', text: text.prose(random.size(1200, 0.8, 9000)) }]
  const message = { role: 'user', content }
  return JSON.stringify({ type: 'api-request-blob', sessionId, hash: random.hex(64), message })
}

export function costState(
  sessionId: string,
  model: string,
  tokens: Tokens,
  startTime: number,
  now: number,
): string {
  return JSON.stringify({
    type: 'cost-state',
    sessionId,
    totalCostUSD: tokens.output / 40_000,
    totalAPIDuration: now - startTime,
    totalAPIDurationWithoutRetries: now - startTime,
    totalToolDuration: 1427,
    totalLinesAdded: 3,
    totalLinesRemoved: 1,
    totalDuration: now - startTime,
    startTime,
    modelUsage: {
      [model]: {
        inputTokens: tokens.input,
        outputTokens: tokens.output,
        thinkingTokens: 0,
        cacheReadInputTokens: tokens.cacheRead,
        cacheCreationInputTokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
        cacheCreationEphemeral5mInputTokens: tokens.cacheWrite5m,
        cacheCreationEphemeral1hInputTokens: tokens.cacheWrite1h,
        webSearchRequests: 0,
        costUSD: tokens.output / 40_000,
      },
    },
    hasUnknownModelCost: false,
  })
}
