/**
 * A model's server on loopback, of both kinds: Anthropic's messages and OpenAI's chat completions. It says
 * what a script says, and keeps every request. What it said can be kept in a file, and played again.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as rest } from 'node:timers/promises'

export interface AskedOf {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** All that the model is given, as one text. */
  readonly prompt: string
  /** The stage's own question, at its end. */
  readonly question: string
  readonly stage: 1 | 2
  /** That the answer has to repeat. */
  readonly id: string
}

export interface Usage {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  /** US dollars, as some gateways tell. */
  readonly cost?: number
}

/** What the server does with a request. A text is what the model says. */
export type Reply =
  | string
  | {
      readonly says?: string
      readonly usage?: Partial<Usage>
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      /** In the place of the whole answer. */
      readonly raw?: string
      readonly afterMs?: number
      readonly stop?: string
      /** Closes the connection in the middle of the answer. */
      readonly breaks?: boolean
    }

export type Script = (asked: AskedOf) => Reply

export const USAGE: Usage = { input: 120, output: 30, cacheRead: 1000, cacheWrite: 200 }

export interface ModelServer {
  /** For `base_url`. */
  readonly url: string
  readonly requests: AskedOf[]
  script: Script
  close(): Promise<void>
}

export async function modelServer(script: Script): Promise<ModelServer> {
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const asked = askedIn(request.url ?? '', request.headers, body)
    it.requests.push(asked)
    await answer(it.script(asked), asked, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server on a port has an address of that form.
  const { port } = server.address() as AddressInfo
  const it: ModelServer = {
    url: `http://127.0.0.1:${port}/v1`,
    requests: [],
    script,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return it
}

/** Of both kinds as far as they matter here; what is not there fails the test. */
interface Body {
  readonly system?: readonly { readonly text: string }[]
  readonly messages: readonly { readonly content: string | readonly { readonly text: string }[] }[]
}

function askedIn(path: string, headers: IncomingHttpHeaders, body: string): AskedOf {
  const { system = [], messages } = JSON.parse(body) as Body
  const texts = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [content] : content.map(part => part.text),
  )
  const prompt = [...system.map(it => it.text), ...texts].join('\n')
  const question = texts.at(-1)?.split('\n').at(-1) ?? ''
  const id = /"id":"([0-9a-f]+)"/.exec(question)?.[1] ?? ''
  return { path, headers, body, prompt, question, stage: /"pass":true/.test(question) ? 1 : 2, id }
}

async function answer(reply: Reply, asked: AskedOf, response: ServerResponse): Promise<void> {
  const it = typeof reply === 'string' ? { says: reply } : reply
  if (it.afterMs) await rest(it.afterMs)
  if (response.destroyed) return
  const usage = { ...USAGE, ...it.usage }
  const whole = asked.path.endsWith('/messages')
    ? anthropic(it.says ?? '', usage, it.stop)
    : openAi(it.says ?? '', usage, it.stop)
  const status = it.status ?? 200
  const json = it.raw ?? JSON.stringify(status === 200 ? whole : { error: { message: 'no' } })
  response.writeHead(status, { 'content-type': 'application/json', ...it.headers })
  if (it.breaks) {
    response.write(json.slice(0, json.length / 2))
    response.destroy()
  } else response.end(json)
}

const anthropic = (says: string, usage: Usage, stop = 'end_turn'): object => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content: [{ type: 'text', text: says }],
  stop_reason: stop,
  stop_sequence: null,
  usage: {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite,
  },
})

/** Its `prompt_tokens` hold the cached ones. */
const openAi = (says: string, usage: Usage, stop = 'stop'): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 0,
  model: 'qwen3-coder',
  choices: [{ index: 0, message: { role: 'assistant', content: says }, finish_reason: stop }],
  usage: {
    prompt_tokens: usage.input + usage.cacheRead,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.cacheRead + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead },
    ...(usage.cost === undefined ? {} : { cost: usage.cost }),
  },
})

/** An honest model: low risk or not, and an opinion when it is asked for one. */
export const says = (
  opinion: Partial<Record<'risk' | 'authorisation' | 'quote' | 'reason', string>> & {
    pass?: boolean
  },
): Script => {
  const { pass = false, ...rest } = opinion
  const whole = { reason: 'It runs a tool.', quote: '', risk: 'medium', authorisation: 'none' }
  return ({ stage, id }) =>
    JSON.stringify(
      stage === 1 ? { id, pass, quote: opinion.quote ?? '' } : { id, ...whole, ...rest },
    )
}

/** Keeps in a file what a script says to each prompt (by its hash); from then on the file says it. */
export function replayed(file: string, record?: Script): Script {
  const kept = new Map<string, Reply>(
    existsSync(file)
      ? // Written by this function.
        (JSON.parse(readFileSync(file, 'utf8')) as [string, Reply][])
      : [],
  )
  return asked => {
    // Placeholders of secrets are others in each process.
    const text = asked.prompt.replaceAll(asked.id, 'ID').replace(/secret:[0-9a-f]{10}/g, 'secret')
    const key = createHash('sha256').update(text).digest('hex').slice(0, 16)
    const known = kept.get(key) ?? record?.({ ...asked, id: 'ID' })
    if (known === undefined) return { status: 404 }
    if (!kept.has(key)) {
      kept.set(key, known)
      writeFileSync(file, `${JSON.stringify([...kept], null, 1)}\n`)
    }
    return JSON.parse(JSON.stringify(known).replaceAll('ID', asked.id)) as Reply // as it was kept
  }
}
