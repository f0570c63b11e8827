/**
 * One question to a model, through the AI SDK: Anthropic's API, or any that speaks OpenAI's chat
 * completions. Loaded when a reviewer is asked for the first time. Nothing of what a server says when
 * something went wrong is passed on: it may hold what it was sent.
 */
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, type LanguageModel, type UserModelMessage } from 'ai'
import * as v from 'valibot'
import { noTokens, type Tokens } from '../../action/action.ts'
import type { ReviewerSettings } from '../../config/policy.ts'
import { oneLine } from './opinion.ts'
import type { Prompt, Stage } from './prompt.ts'

export interface Asked {
  readonly settings: ReviewerSettings
  /** Null where the server wants none. */
  readonly key: string | null
  readonly prompt: Prompt
  readonly stage: Stage
  readonly signal: AbortSignal
}

export interface Said {
  readonly text: string
  /** It was cut at its limit, or the model would not answer. */
  readonly ended: 'whole' | 'cut' | 'refused'
  /** As the server names it. */
  readonly model: string
  readonly tokens: Tokens
  /** US dollars, where the server tells. */
  readonly costUsd: number | null
}

/** No answer was had. */
export class ModelFailed extends Error {
  /** Worth another try. */
  readonly again: boolean
  /** The server asks to wait for so long; 0: it says nothing. */
  readonly afterMs: number
  readonly keyRefused: boolean

  constructor(what: string, status: number | undefined, afterMs = 0) {
    super(what)
    this.again = status === undefined || status === 408 || status === 429 || status >= 500
    this.afterMs = afterMs
    this.keyRefused = status === 401 || status === 403
  }
}

// The SDK prints its warnings, and a command's output is its own.
globalThis.AI_SDK_LOG_WARNINGS = false

/** @throws ModelFailed */
export async function askModel(asked: Asked): Promise<Said> {
  const { settings, prompt, stage, signal } = asked
  const isAnthropic = settings.provider === 'anthropic'
  try {
    const { text, finishReason, usage, response } = await generateText({
      model: modelOf(asked),
      instructions: { role: 'system', content: prompt.system, ...(isAnthropic && MARK) },
      messages: [isAnthropic ? marked(prompt, stage) : joined(prompt, stage)],
      maxOutputTokens: stage.maxTokens,
      temperature: 0,
      maxRetries: 0, // by the reviewer, within its own deadline
      abortSignal: signal,
    })
    return {
      text,
      ended: finishReason === 'stop' ? 'whole' : finishReason === 'length' ? 'cut' : 'refused',
      model: oneLine(response.modelId),
      ...accountIn(usage),
    }
  } catch (error) {
    throw failureOf(error)
  }
}

function modelOf({ settings, key }: Asked): LanguageModel {
  const { provider, model, baseUrl } = settings
  if (provider === 'anthropic') {
    const url = baseUrl === '' ? 'https://api.anthropic.com/v1' : withVersion(baseUrl)
    // Both always: the SDK would else look for them in the environment.
    return createAnthropic({ baseURL: url, apiKey: key ?? '', fetch: guarded })(model)
  }
  const common = { name: 'reviewer', baseURL: baseUrl, fetch: guarded }
  return createOpenAICompatible(key === null ? common : { ...common, apiKey: key })(model)
}

/** The client's own `ANTHROPIC_BASE_URL` goes without. */
const withVersion = (url: string): string => (/\/v\d+$/.test(url) ? url : `${url}/v1`)

const MARK = { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } } as const

function marked({ parts, marks }: Prompt, { question }: Stage): UserModelMessage {
  const content = parts.map((text, i) => ({
    type: 'text' as const,
    text,
    ...(marks.includes(i) && MARK),
  }))
  return { role: 'user', content: [...content, { type: 'text', text: question }] }
}

/** One text: not every server takes parts, and they cache by what texts begin with. */
const joined = ({ parts }: Prompt, { question }: Stage): UserModelMessage => ({
  role: 'user',
  content: `${parts.join('')}\n${question}`,
})

const MAX_ANSWER_BYTES = 1 << 20

/** A key does not follow a redirect to somebody else, and no answer fills the memory. */
const guarded: typeof fetch = async (url, init) => {
  const response = await fetch(url, { ...init, redirect: 'error' })
  let left = MAX_ANSWER_BYTES
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      left -= chunk.byteLength
      if (left < 0) controller.error(new Error('too long'))
      else controller.enqueue(chunk)
    },
  })
  const { status, statusText, headers } = response
  return new Response(response.body?.pipeThrough(limit) ?? null, { status, statusText, headers })
}

interface Usage {
  readonly inputTokenDetails: {
    readonly noCacheTokens: number | undefined
    readonly cacheReadTokens: number | undefined
    readonly cacheWriteTokens: number | undefined
  }
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
  readonly outputTokenDetails: { readonly reasoningTokens: number | undefined }
  readonly raw?: unknown
}

/** Some gateways tell what a request cost. */
const RAW = v.object({ cost: v.pipe(v.number(), v.minValue(0), v.maxValue(100_000)) })

const MOST_TOKENS = 1_000_000_000

/** A server may say anything: less than nothing would fill the budget up again, and JSON has no Infinity. */
const counted = (told: number | undefined): number =>
  Math.round(Math.min(MOST_TOKENS, Math.max(0, told || 0)))

function accountIn(usage: Usage): Pick<Said, 'tokens' | 'costUsd'> {
  const { inputTokenDetails: input, outputTokenDetails: output } = usage
  const raw = v.safeParse(RAW, usage.raw)
  const cacheRead = counted(input.cacheReadTokens)
  const cacheWrite5m = counted(input.cacheWriteTokens)
  const whole = counted(usage.inputTokens)
  const tokens: Tokens = {
    ...noTokens(),
    input: counted(input.noCacheTokens ?? whole - cacheRead - cacheWrite5m),
    output: counted(usage.outputTokens),
    cacheRead,
    cacheWrite5m,
    thinking: counted(output.reasoningTokens),
  }
  return { tokens, costUsd: raw.success ? raw.output.cost : null }
}

function failureOf(error: unknown): ModelFailed {
  if (!APICallError.isInstance(error)) return new ModelFailed('no answer could be had', undefined)
  const { statusCode: status, responseHeaders } = error
  if (status === undefined) return new ModelFailed('no connection', undefined)
  // An answer that came, and is none.
  if (status < 300) return new ModelFailed('an answer in no known form', 422)
  const after = Number(responseHeaders?.['retry-after'])
  return new ModelFailed(`HTTP ${status}`, status, after > 0 ? after * 1000 : 0)
}
