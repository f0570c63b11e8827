/** What the client's hooks send, and what may be answered. Sources: HOST.md 2.2-2.4, VERIFIED "Hooks". */
import * as v from 'valibot'
import { PROTOCOL_HEADER, protocolIn } from '../../action/protocol.ts'

const text = v.optional(v.string(), '')
const common = {
  session_id: v.pipe(v.string(), v.minLength(1)),
  transcript_path: text,
  cwd: text,
  permission_mode: text,
  /** Absent for a session's main agent. */
  agent_id: text,
}
const call = { ...common, tool_name: v.string(), tool_input: v.unknown(), tool_use_id: text }

const PAYLOAD = v.variant('hook_event_name', [
  v.object({ hook_event_name: v.literal('SessionStart'), ...common, source: text, model: text }),
  v.object({ hook_event_name: v.literal('SessionEnd'), ...common, reason: text }),
  v.object({ hook_event_name: v.literal('UserPromptSubmit'), ...common, prompt: text }),
  v.object({ hook_event_name: v.literal('PreToolUse'), ...call }),
  /** Has no `tool_use_id` (both generations). */
  v.object({ hook_event_name: v.literal('PermissionRequest'), ...call }),
  v.object({ hook_event_name: v.literal('PermissionDenied'), ...call, reason: text }),
  v.object({
    hook_event_name: v.literal('PostToolUse'),
    ...call,
    duration_ms: v.optional(v.nullable(v.number()), null),
  }),
  v.object({
    hook_event_name: v.literal('PostToolUseFailure'),
    ...call,
    duration_ms: v.optional(v.nullable(v.number()), null),
    is_interrupt: v.optional(v.boolean(), false),
  }),
  v.object({ hook_event_name: v.literal('Stop'), ...common }),
  v.object({ hook_event_name: v.literal('SubagentStart'), ...common }),
  v.object({ hook_event_name: v.literal('SubagentStop'), ...common }),
])
export type HookPayload = v.InferOutput<typeof PAYLOAD>
export type PayloadOf<E extends HookPayload['hook_event_name']> = Extract<
  HookPayload,
  { hook_event_name: E }
>

/** @throws SyntaxError or ValiError on anything else; the gate then asks, it never lets through */
export function parsePayload(json: string): HookPayload {
  return v.parse(PAYLOAD, JSON.parse(json))
}

/** Facts of the hook's environment, which a repository can set: they may only tighten. */
export interface HookEnvironment {
  /** `cli`, `sdk-cli`, … */
  readonly entrypoint: string
  /** `1`, `0`, or `''` on clients that do not say. */
  readonly attended: string
  readonly pid: number
  /** `''`: the client's own API. */
  readonly baseUrl: string
  /** `bedrock`, `vertex`, `foundry`, or `''`. */
  readonly cloud: string
  /** What the hook speaks; 0: it does not say. */
  readonly protocol: number
}

/** @param header looks up a header of the request by its lower-case name */
export function environmentOf(header: (name: string) => string | undefined): HookEnvironment {
  const of = (name: string): string => header(`x-signalbox-${name}`) ?? ''
  return {
    entrypoint: of('entrypoint'),
    attended: of('attended'),
    pid: Number(of('pid')) || 0,
    baseUrl: of('base-url'),
    cloud: of('cloud'),
    protocol: protocolIn(header(PROTOCOL_HEADER)),
  }
}

/** Somebody sits at the client and can answer its dialogs. */
export const isAttended = (env: HookEnvironment): boolean =>
  env.attended === '' ? env.entrypoint === 'cli' : env.attended === '1'

export const ABSTAIN = '{}'

export function preToolUseAnswer(decision: 'allow' | 'ask' | 'deny', reason: string): string {
  return answer('PreToolUse', {
    permissionDecision: decision,
    ...(decision === 'allow' ? {} : { permissionDecisionReason: reason }),
  })
}

/** @param leaveAuto also takes the session out of auto mode: honoured only with an approval */
export function permissionRequestAnswer(
  behavior: 'allow' | 'deny',
  message: string,
  leaveAuto = false,
): string {
  const toDefault = [{ type: 'setMode', mode: 'default', destination: 'session' }]
  const decision =
    behavior === 'allow'
      ? { behavior, ...(leaveAuto ? { updatedPermissions: toDefault } : {}) }
      : { behavior, message }
  return answer('PermissionRequest', { decision })
}

export const retryAnswer = (): string => answer('PermissionDenied', { retry: true })

/** Facts for the client's own classifier (2.1.236 and later). */
export const contextAnswer = (classifierContext: string): string =>
  answer('PostToolUse', { classifierContext: classifierContext.slice(0, 2000) })

function answer(hookEventName: HookPayload['hook_event_name'], fields: object): string {
  return JSON.stringify({ hookSpecificOutput: { hookEventName, ...fields } })
}

/** The client could not check (behind a gateway, or its classifier is out of reach). */
export const isOutage = (reason: string): boolean =>
  /^(Classifier unavailable|Auto mode (could not evaluate|is unavailable|can't check))/.test(reason)

/** Tools that put a question to the user; their dialogs are the client's alone. */
export const asksUser = (tool: string): boolean =>
  tool === 'AskUserQuestion' || tool === 'ExitPlanMode'
