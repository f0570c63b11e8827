// One session (or subagent) as the lines of its transcript, in the shapes of Claude Code 2.1.330.
import {
  add,
  costState,
  type Message,
  noTokens,
  request,
  requestBlob,
  type Tokens,
  thinking,
  usageFields,
} from './lines.ts'
import type { Random } from './random.ts'
import type { TextPools } from './text.ts'
import { type Fields, makeToolCall, type Subagent, type ToolCall } from './tools.ts'

export const MODELS = [
  'claude-opus-4-6',
  'claude-sonnet-5',
  'claude-haiku-4-5-20251001',
  'claude-opus-5-5',
] as const

export type SessionOptions = {
  random: Random
  text: TextPools
  sessionId: string
  cwd: string
  model: string
  /** Milliseconds since the epoch of the next line; moved on by every message. */
  clock: number
  /** Mean milliseconds between two messages of the model. */
  step: number
  bulk: number
  agentId?: string
  subagents?: Subagent[]
}

export type Session = {
  readonly sessionId: string
  /** What was counted so far, one usage per message. */
  readonly tokens: Tokens
  readonly clock: () => number
  start: () => string[]
  message: () => string[]
  end: () => string[]
  /** One tool call alone: the line of the request and, when asked for, the line of its result. */
  call: (now: number) => { request: string; result: (at: number) => string }
}

export function createSession(options: SessionOptions): Session {
  const { random, text, sessionId, cwd } = options
  const tokens = noTokens()
  const subagents = [...(options.subagents ?? [])]
  let { model, clock } = options
  let parentUuid: string | null = null
  let promptId = random.uuid()
  let cacheRead = random.int(4000, 16_000)
  let turns = 0
  const startedAt = clock
  const context = {
    random,
    text,
    cwd,
    bulk: options.bulk,
    nextAgent: () => subagents.shift(),
  }
  const stamp = () => new Date(clock).toISOString()
  const tail = () => ({
    userType: 'external',
    entrypoint: 'cli',
    cwd,
    sessionId,
    version: '2.1.330',
    gitBranch: 'main',
  })
  const head = () => ({
    parentUuid,
    isSidechain: options.agentId !== undefined,
    ...(options.agentId === undefined ? {} : { agentId: options.agentId }),
  })
  /** A line of the conversation: it has a uuid and becomes the parent of the next one. */
  const linked = (before: Fields, type: string, after: Fields) => {
    const uuid = random.uuid()
    const line = { ...head(), ...before, type, uuid, timestamp: stamp(), ...after, ...tail() }
    parentUuid = uuid
    return JSON.stringify(line)
  }
  const attachment = (fields: Fields) => linked({ attachment: fields }, 'attachment', {})
  const metadata = (type: string, fields: Fields) => JSON.stringify({ type, sessionId, ...fields })

  const prompt = () => {
    promptId = random.uuid()
    turns++
    const content = random.chance(0.2) ? text.unicode(random.int(20, 900)) : text.prose(160)
    const uuid = random.uuid()
    const line = {
      ...head(),
      promptId,
      type: 'user',
      message: { role: 'user', content },
      uuid,
      timestamp: stamp(),
      permissionMode: 'auto',
      promptSource: 'typed',
      turnOrigin: 'human',
      turnPosition: { promptIndex: turns - 1, turnIndex: turns },
      ...tail(),
    }
    parentUuid = uuid
    return JSON.stringify(line)
  }

  const usage = () => {
    cacheRead = cacheRead > 170_000 ? 18_000 : cacheRead + random.int(0, 2500)
    const created = random.int(0, 9000)
    const long = random.chance(0.5) ? 0 : random.int(0, created)
    return {
      input: random.int(1, 1400),
      output: random.size(420, 0.8, 16_000) + 8,
      cacheRead,
      cacheWrite5m: created - long,
      cacheWrite1h: long,
    }
  }

  const assistant = (message: Message, index: number) => {
    const last = index === message.blocks.length - 1
    // Early lines of a response have a placeholder that grows: only the last one is the real count.
    const output = last ? message.tokens.output : Math.min(message.tokens.output, 1 + index * 3)
    return linked(
      {
        message: {
          id: message.id,
          type: 'message',
          role: 'assistant',
          model,
          stop_sequence: null,
          content: [message.blocks[index]],
          stop_reason: last ? message.stopReason : null,
          usage: usageFields(message.tokens, output, message.iterations),
          stop_details: null,
        },
        ...(message.stopReason === 'tool_use' ? { toolInputStreamMs: random.int(1, 900) } : {}),
        serverClassifierRequest: message.request,
        apiBlockIndex: index,
        requestId: message.requestId,
        requestRef: message.request,
        requestedModel: model,
        promptCacheRequested: '1h',
      },
      'assistant',
      { effort: 'high', perTurnEffort: null, madeBy: 'model' },
    )
  }

  const resultLine = (call: ToolCall, id: string, source: string | null) => {
    const { content, isError, line } = call.result()
    const flag = isError === undefined ? {} : { is_error: isError }
    const block = { tool_use_id: id, type: 'tool_result', content, ...flag }
    const message = { role: 'user', content: [block] }
    const { toolUseResult, ...decision } = line
    const after = { toolUseResult, sourceToolAssistantUUID: source, ...decision }
    return linked({ promptId, message }, 'user', after)
  }

  const newMessage = (blocks: Fields[], stopReason: string): Message => {
    const counted = usage()
    add(tokens, counted)
    return {
      id: random.id('msg_01', 22),
      requestId: random.id('req_011', 21),
      request: random.uuid(),
      blocks,
      stopReason,
      tokens: counted,
      iterations: random.chance(0.02),
    }
  }

  const message = () => {
    const lines: string[] = []
    clock += Math.round(options.step * (0.4 + random.next()))
    if (random.chance(0.01)) model = random.pick(MODELS)
    const answer = random.chance(0.06)
    const blocks: Fields[] = []
    const calls: { call: ToolCall; id: string; block: number }[] = []
    if (random.chance(0.5)) blocks.push(thinking(text, random))
    if (answer || random.chance(0.25)) {
      const body = random.chance(0.15) ? text.unicode : text.prose
      blocks.push({ type: 'text', text: body(random.size(1500, 0.8, 12_000)) })
    }
    const draw = random.next()
    for (let n = answer ? 0 : draw < 0.7 ? 1 : draw < 0.88 ? 2 : 3; n > 0; n--) {
      const call = makeToolCall(context)
      const id = call.id ?? random.id('toolu_01', 22)
      calls.push({ call, id, block: blocks.length })
      blocks.push({ type: 'tool_use', id, name: call.name, input: call.input })
    }
    const made = newMessage(blocks, answer ? 'end_turn' : 'tool_use')
    if (random.chance(0.1)) lines.push(requestBlob(text, random, sessionId))
    lines.push(request(made, random, sessionId, model, stamp()))
    // Half of the time a result arrives while the response is still being written.
    const early = random.chance(0.5)
    const waiting: { call: ToolCall; id: string; source: string | null }[] = []
    for (let index = 0; index < blocks.length; index++) {
      clock += random.int(2, 900)
      lines.push(assistant(made, index))
      const here = calls.find(entry => entry.block === index)
      if (here === undefined) continue
      waiting.push({ call: here.call, id: here.id, source: parentUuid })
      if (!early) continue
      for (const { call, id, source } of waiting.splice(0)) lines.push(resultLine(call, id, source))
    }
    for (const { call, id, source } of waiting) {
      clock += random.int(5, 1500)
      lines.push(resultLine(call, id, source))
    }
    if (random.chance(0.25)) {
      lines.push(attachment({ type: 'total_tokens_reminder', used: cacheRead, total: 200_000 }))
    }
    if (answer) {
      lines.push(metadata('last-prompt', { lastPrompt: text.prose(80), leafUuid: parentUuid }))
      clock += random.int(2000, 60_000)
      lines.push(prompt())
    }
    return lines
  }

  return {
    sessionId,
    tokens,
    clock: () => clock,
    start: () => [
      ...(options.agentId ? [] : [metadata('permission-mode', { permissionMode: 'auto' })]),
      prompt(),
      attachment({ type: 'environment' }),
      attachment({ type: 'skill_listing', content: text.prose(2400) }),
      attachment({ type: 'auto_mode' }),
    ],
    message,
    end: () => (options.agentId ? [] : [costState(sessionId, model, tokens, startedAt, clock)]),
    call: now => {
      clock = now
      const call = makeToolCall(context)
      const id = call.id ?? random.id('toolu_01', 22)
      const block = { type: 'tool_use', id, name: call.name, input: call.input }
      const request = assistant(newMessage([block], 'tool_use'), 0)
      const source = parentUuid
      return {
        request,
        result: at => {
          clock = at
          return resultLine(call, id, source)
        },
      }
    },
  }
}
