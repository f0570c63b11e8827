/** What a model answered, gathered from the events of a stream or from a whole message. */
import * as v from 'valibot'
import type { Tokens } from '../action/action.ts'
import { tokensOf, type Usage, usageOf } from '../clients/claude-code/usage.ts'

/** A tool call as it was completed. */
export interface Called {
  readonly id: string
  readonly name: string
  /** Undefined when its JSON is not whole. */
  readonly input: unknown
}

const BLOCK = v.looseObject({
  type: v.string(),
  id: v.optional(v.string(), ''),
  name: v.optional(v.string(), ''),
  input: v.optional(v.unknown()),
})
const MESSAGE = v.looseObject({
  id: v.optional(v.string(), ''),
  model: v.optional(v.string(), ''),
  content: v.optional(v.array(BLOCK), []),
  usage: v.optional(v.looseObject({}), {}),
})
const EVENT = v.variant('type', [
  v.looseObject({ type: v.literal('message_start'), message: MESSAGE }),
  v.looseObject({
    type: v.literal('content_block_start'),
    index: v.number(),
    content_block: BLOCK,
  }),
  v.looseObject({
    type: v.literal('content_block_delta'),
    index: v.number(),
    delta: v.looseObject({ partial_json: v.optional(v.string(), '') }),
  }),
  v.looseObject({ type: v.literal('content_block_stop'), index: v.number() }),
  v.looseObject({ type: v.literal('message_delta'), usage: v.optional(v.looseObject({}), {}) }),
  v.looseObject({
    type: v.literal('error'),
    error: v.optional(v.looseObject({ type: v.optional(v.string(), '') }), {}),
  }),
])

/** Longer inputs than any tool takes, all of an answer together: then the calls count as broken. */
const MAX_INPUT = 32 << 20

interface OpenCall {
  readonly id: string
  readonly name: string
  readonly input: unknown
  readonly parts: string[]
  isBroken: boolean
}

export class Answer {
  id = ''
  model = ''
  /** The API's own word for what went wrong, or `''`. */
  error = ''
  readonly calls: Called[] = []
  #usage: Usage = usageOf({})
  readonly #open = new Map<number, OpenCall>()
  readonly #closed = new Set<number>()
  /** Letters of all inputs so far. */
  #length = 0

  get tokens(): Tokens {
    return tokensOf(this.#usage)
  }

  /** A tool call is being told, so that the deltas of its input matter. */
  get isInCall(): boolean {
    return this.#open.size > 0
  }

  /** Takes in one event of a stream; anything else is passed over. */
  event(value: unknown): void {
    const parsed = v.safeParse(EVENT, value)
    if (!parsed.success) return
    const event = parsed.output
    switch (event.type) {
      case 'message_start':
        this.#message(event.message)
        break
      case 'content_block_start':
        this.#start(event.index, event.content_block)
        break
      case 'content_block_delta':
        this.#delta(event.index, event.delta.partial_json)
        break
      case 'content_block_stop':
        this.#stop(event.index)
        break
      case 'message_delta':
        this.#usage = later(this.#usage, event.usage)
        break
      case 'error':
        this.error = event.error.type ?? ''
        break
      default:
        event satisfies never
    }
  }

  /** The answer is at its end: what was not told whole is broken. */
  end(): void {
    for (const index of this.#open.keys()) {
      const { id = '', name = '' } = this.#open.get(index) ?? {}
      this.calls.push({ id, name, input: undefined })
    }
    this.#open.clear()
  }

  /** Takes in a message that came whole, or the error that came in its place. */
  whole(value: unknown): void {
    const message = v.safeParse(MESSAGE, value)
    if (!message.success) return
    this.#message(message.output)
    this.event(value)
  }

  #message({ id, model, content, usage }: v.InferOutput<typeof MESSAGE>): void {
    this.id = id
    this.model = model
    this.#usage = later(this.#usage, usage)
    for (const { type, id: call, name, input } of content)
      if (type === 'tool_use') this.calls.push({ id: call, name, input })
  }

  #start(index: number, { type, id, name, input }: v.InferOutput<typeof BLOCK>): void {
    if (type !== 'tool_use') return
    // Two blocks with one place: a client may put them together in another way than we do.
    const other = this.#open.get(index)
    if (other !== undefined) this.calls.push({ id: other.id, name: other.name, input: undefined })
    const isBroken = other !== undefined || this.#closed.has(index)
    this.#open.set(index, { id, name, input, parts: [], isBroken })
  }

  #delta(index: number, part: string): void {
    const call = this.#open.get(index)
    if (call === undefined) return
    this.#length += part.length
    if (this.#length > MAX_INPUT) call.isBroken = true
    else call.parts.push(part)
  }

  #stop(index: number): void {
    const call = this.#open.get(index)
    if (call === undefined) return
    this.#open.delete(index)
    this.#closed.add(index)
    const { id, name, parts, isBroken } = call
    const input = parts.length === 0 ? call.input : parsed(parts.join(''))
    this.calls.push({ id, name, input: isBroken ? undefined : input })
  }
}

/** @returns undefined for what is no JSON */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The end of an answer tells the whole count; what it leaves out stays as it was. */
function later(before: Usage, fields: Readonly<Record<string, unknown>>): Usage {
  const told = usageOf(fields)
  return {
    input: Math.max(before.input, told.input),
    output: Math.max(before.output, told.output),
    cacheRead: Math.max(before.cacheRead, told.cacheRead),
    cacheWrite: Math.max(before.cacheWrite, told.cacheWrite),
    cacheWrite5m: Math.max(before.cacheWrite5m, told.cacheWrite5m),
    cacheWrite1h: Math.max(before.cacheWrite1h, told.cacheWrite1h),
    thinking: Math.max(before.thinking, told.thinking),
  }
}
