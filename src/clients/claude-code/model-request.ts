/** What a request to the model tells of the session it belongs to. Headers and fields as seen in 2.1.330. */
import * as v from 'valibot'

const text = v.optional(v.nullable(v.string()), '')
const REMOTE = v.object({ name: text, host: text, remote: text })
const CONTEXT = v.object({
  permission_mode: text,
  live_cwd: text,
  home_dir: text,
  trusted_directories: v.optional(
    v.nullable(
      v.object({
        additional: v.optional(
          v.array(v.object({ source: text, resolved: v.optional(v.array(v.string()), []) })),
          [],
        ),
      }),
    ),
    null,
  ),
  git_state: v.optional(
    v.nullable(
      v.object({
        root: text,
        branch: text,
        default_branch: text,
        visibility: v.optional(
          v.nullable(v.object({ remotes: v.optional(v.array(REMOTE), []) })),
          null,
        ),
      }),
    ),
    null,
  ),
})
const BLOCK = v.looseObject({
  type: v.optional(v.string(), ''),
  text: v.optional(v.string(), ''),
  tool_use_id: v.optional(v.string(), ''),
  is_error: v.optional(v.boolean(), false),
})
const BODY = v.looseObject({
  model: v.optional(v.string(), ''),
  safeguards: v.optional(
    v.array(v.looseObject({ type: v.string(), classifier_context: v.optional(v.unknown()) })),
    [],
  ),
  messages: v.optional(
    v.array(v.object({ role: v.string(), content: v.union([v.string(), v.array(BLOCK)]) })),
    [],
  ),
})
type Message = v.InferOutput<typeof BODY>['messages'][number]

/** What the client wants checked, and in which state it is. */
export interface CheckContext {
  readonly permissionMode: string
  readonly cwd: string
  readonly home: string
  /** Folders beside the project that a person gave the client, absolute. */
  readonly folders: readonly string[]
  readonly git: {
    readonly root: string
    readonly branch: string
    readonly defaultBranch: string
    readonly remotes: Readonly<Record<string, string>>
  }
}

export interface ModelRequest {
  readonly model: string
  /** Null when the client does not ask for the check, or not in a way that is known. */
  readonly check: CheckContext | null
  /** The client asks for the check. */
  readonly asks: boolean
  /** What a person typed, oldest first; nothing of a subagent's, which is told by another agent. */
  readonly words: readonly string[]
  /** Calls whose result is no error, of the newest turn. */
  readonly ran: readonly string[]
}

/** @throws SyntaxError or ValiError when it is no request to a model */
export function readModelRequest(body: string, agent: string): ModelRequest {
  const value: unknown = JSON.parse(body)
  const parsed = v.safeParse(BODY, value)
  if (!parsed.success) {
    // Whether it asks is told even where the rest is not known: then there is no verdict.
    const { model } = v.parse(v.looseObject({ model: v.optional(v.string(), '') }), value)
    const asks = /"dangerous_tool_use"/.test(JSON.stringify(Object(value).safeguards) ?? '')
    return { model, asks, check: null, words: [], ran: [] }
  }
  const { model, safeguards, messages } = parsed.output
  const asked = safeguards.find(it => it.type === 'dangerous_tool_use')
  const context = v.safeParse(CONTEXT, asked?.classifier_context)
  return {
    model,
    asks: asked !== undefined,
    check: context.success ? contextOf(context.output) : null,
    words: agent === '' ? messages.flatMap(wordsIn) : [],
    ran: ranIn(messages),
  }
}

/** Where a folder was named; a repository's settings are not a person's word. */
const OF_A_PERSON = /^(cliArg|session|command|userSettings|flagSettings|policySettings)$/

function contextOf(context: v.InferOutput<typeof CONTEXT>): CheckContext {
  const { permission_mode: permissionMode, live_cwd: cwd, home_dir: home, git_state: git } = context
  const remotes = git?.visibility?.remotes ?? []
  return {
    permissionMode: permissionMode ?? '',
    cwd: cwd ?? '',
    home: home ?? '',
    folders: (context.trusted_directories?.additional ?? [])
      .filter(it => OF_A_PERSON.test(it.source ?? ''))
      .flatMap(it => it.resolved),
    git: {
      root: git?.root ?? '',
      branch: git?.branch ?? '',
      defaultBranch: git?.default_branch ?? '',
      remotes: Object.fromEntries(
        remotes.map(it => [it.name ?? '', `https://${it.host ?? ''}/${it.remote ?? ''}`]),
      ),
    },
  }
}

/** The client's own texts begin with a tag, or as it words what it was told by itself. */
const NOT_TYPED =
  /^\s*(<[a-z][\w-]*[ >]|\[(Request interrupted|SYSTEM)|Caveat:|This session is being continued|The \w+ hook )/i

function wordsIn({ role, content }: Message): readonly string[] {
  if (role !== 'user') return []
  const texts = typeof content === 'string' ? [content] : content.map(it => it.text)
  const plain = typeof content === 'string' || content.every(it => it.type !== 'tool_result')
  // Beside results stand the client's remarks on them.
  return plain ? texts.filter(it => it.trim() !== '' && !NOT_TYPED.test(it)) : []
}

function ranIn(messages: readonly Message[]): readonly string[] {
  const last = messages.findLastIndex(it => it.role === 'assistant')
  return messages
    .slice(last + 1)
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .filter(it => it.type === 'tool_result' && !it.is_error)
    .map(it => it.tool_use_id)
}

type Header = (name: string) => string

/** Which session a request belongs to; `''` where the client does not say. */
export function callerOf(header: Header): {
  readonly session: string
  readonly agent: string
  readonly retry: number
} {
  return {
    session: header('x-claude-code-session-id').slice(0, 100),
    agent: header('x-claude-code-agent-id').slice(0, 100),
    retry: Number(header('x-stainless-retry-count')) || 0,
  }
}

/** Only these are answers of a model. */
export const isModelRequest = (method: string, path: string): boolean =>
  method === 'POST' && /\/v1\/messages$/.test(path.split('?')[0] ?? '')
