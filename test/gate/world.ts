/** A gate with a judge by keyword, on real sockets in a folder of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as rest } from 'node:timers/promises'
import * as v from 'valibot'
import { CHECK_REPLY, type CheckReply, type CheckRequest } from '../../src/action/check.ts'
import {
  COMMAND_REPLY,
  type CommandInput,
  type CommandReply,
  type ScreenName,
} from '../../src/action/command.ts'
import { type Entry, parseEntry } from '../../src/action/entry.ts'
import type { Judgement } from '../../src/action/judgement.ts'
import { priceList, type Rates } from '../../src/clients/claude-code/prices.ts'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import type { Policy } from '../../src/config/policy.ts'
import { Gate } from '../../src/gate/gate.ts'
import { dayFiles, Journal } from '../../src/gate/journal.ts'
import type { GateParts } from '../../src/gate/parts.ts'
import { recentEntries } from '../../src/gate/recent.ts'
import { Redactor } from '../../src/gate/redact.ts'
import { serve } from '../../src/gate/server.ts'
import { Reviewer } from '../../src/judge/reviewer/reviewer.ts'
import type { Facts, Ledger } from '../../src/judge/types.ts'

export const SCREEN: ScreenName = { name: 'test', pid: 1, tty: '/dev/pts/9' }
export const CWD = '/home/dev/app'

const LEDGER: Ledger = { createdByAgent: [], secretsRead: [], boundaries: [], fetched: {} }
const FACTS: Facts = {
  cwd: CWD,
  projectRoot: CWD,
  home: '/home/dev',
  branch: 'main',
  defaultBranch: 'main',
  remotes: {},
  remotesNow: {},
  words: [],
  createdByAgent: [],
  files: {},
  guarded: [],
}

/** `DENY …`, `HARD …`, `ASK …`, `GUARD …` in a command say what is judged; all else is allowed. */
function judgeByWord(command: string, trusted: readonly string[]): Judgement {
  const word = /\b(DENY|HARD|ASK|GUARD|UNSURE)\b/.exec(command)?.[1]
  const base = { evidence: command, resources: [], clear: ['override'] }
  if (word === undefined || trusted.some(entry => command.includes(entry)))
    return { ...base, verdict: 'allow', rule: 'in-project', tier: 'allow', reason: 'harmless' }
  if (word === 'HARD' || word === 'GUARD')
    return {
      ...base,
      verdict: 'deny',
      rule: word === 'GUARD' ? 'guard-config' : 'hard',
      tier: 'hard_deny',
      reason: 'never',
    }
  if (word === 'DENY')
    return { ...base, verdict: 'deny', rule: 'soft', tier: 'soft_deny', reason: 'dangerous' }
  const tier = word === 'ASK' ? 'ask' : 'uncertain'
  return { ...base, verdict: 'ask', rule: tier, tier, reason: 'not sure' }
}

export interface TestGate {
  readonly gate: Gate
  readonly folder: string
  /** Sends a hook's payload; session `s1`, auto mode, an attended client unless told otherwise. */
  hook(event: string, payload?: object, headers?: Record<string, string>): Promise<HookAnswer>
  /** Asks as a checkpoint does about Bash calls: id → command. */
  check(calls: Readonly<Record<string, string>>, more?: Partial<CheckRequest>): Promise<CheckReply>
  /** What that sends. */
  request(calls: Readonly<Record<string, string>>, more?: Partial<CheckRequest>): CheckRequest
  command(command: CommandInput): Promise<CommandReply>
  entries(): Entry[]
  stop(): void
}

export interface HookAnswer {
  readonly text: string
  /** `allow`, `ask`, `deny`, or `abstain`. */
  readonly decision: string
  readonly reason: string
}

export interface TestGateOptions {
  readonly policy?: Partial<Policy>
  readonly model?: string
  /** For the reviewer: where its key may be. */
  readonly env?: NodeJS.ProcessEnv
  readonly prices?: Readonly<Record<string, Rates>>
  /** How long facts take. */
  readonly factsMs?: number
  /** An earlier gate's folder, to go on in. */
  readonly folder?: string
}

export async function startGate(options: TestGateOptions = {}): Promise<TestGate> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sb-gate-'))
  const trusted: string[] = []
  const policy: Policy = { ...builtInPolicy, ...options.policy }
  const journal = new Journal(join(folder, 'journal'))
  const parts: GateParts = {
    journal,
    policies: {
      of: () => policy,
      error: '',
      trust: ({ entry }) => {
        trusted.push(entry)
        return () => void trusted.splice(trusted.indexOf(entry), 1)
      },
      untrust: ({ entry }) => {
        trusted.splice(trusted.indexOf(entry), 1)
        return () => void trusted.push(entry)
      },
    },
    redactor: new Redactor('key'),
    judge: ({ input }) => judgeByWord(commandOf(input), trusted),
    reviewer: new Reviewer({
      env: options.env ?? {},
      clock: Date.now,
      loadPrice: async () => priceList(options.prices),
    }),
    learn: ledger => ledger,
    recall: () => ({ ledger: LEDGER, facts: new Map() }),
    gatherFacts: async ({ words }) => {
      if (options.factsMs) await rest(options.factsMs)
      return { ...FACTS, words }
    },
    projectOf: async () => ({ root: CWD, baseline: {} }),
    agentMade: () => {},
    clientRules: { add: () => '', remove: () => {}, removeAll: () => {} },
    clock: Date.now,
    checkpoint: null,
    version: '0.0.0',
  }
  const gate = new Gate(parts, await recentEntries(join(folder, 'journal')))
  const servers = await serve(gate, folder, () => {})
  return {
    gate,
    folder,
    hook: (event, payload = {}, headers = {}) =>
      sendHook(folder, { ...common(event, options.model), ...payload }, headers),
    request: requestFor,
    check: async (calls, more = {}) => {
      const asked = requestFor(calls, more)
      const body = await post(join(folder, 'hook.sock'), '/check', JSON.stringify(asked), {})
      return v.parse(CHECK_REPLY, JSON.parse(body))
    },
    command: command => sendCommand(folder, command),
    entries: () => entriesIn(folder),
    stop: () => {
      servers.close()
      gate.stop('test')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const commandOf = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'command' in input ? String(input.command) : ''

const common = (event: string, model = 'claude-opus-4-6') => ({
  hook_event_name: event,
  session_id: 's1',
  transcript_path: '',
  cwd: CWD,
  permission_mode: 'auto',
  ...(event === 'SessionStart' ? { model } : {}),
})

const callOf = (action: string, command: string) => ({ action, tool: 'Bash', input: { command } })

/** Of a session behind an API that does not check, through a checkpoint that was started by hand. */
const CHECK: CheckRequest = {
  session: 's1',
  agent: '',
  model: 'claude-opus-4-6',
  listen: 'http://127.0.0.1:8477',
  upstream: 'https://gateway.example',
  byHand: true,
  permissionMode: 'auto',
  cwd: CWD,
  elsewhere: false,
  home: '/home/dev',
  folders: [],
  git: { root: CWD, branch: 'main', defaultBranch: 'main', remotes: {} },
  words: [],
  ran: [],
  calls: [],
  answered: null,
}

export const requestFor: TestGate['request'] = (calls, more = {}) => ({
  ...CHECK,
  calls: Object.entries(calls).map(([id, it]) => callOf(id, it)),
  ...more,
})

/** A Bash call as the hooks tell it. */
export const bash = (command: string, id: string) => ({
  tool_name: 'Bash',
  tool_input: { command },
  tool_use_id: id,
})

function entriesIn(folder: string): Entry[] {
  return dayFiles(join(folder, 'journal')).flatMap(file =>
    readFileSync(join(folder, 'journal', file), 'utf8')
      .split('\n')
      .map(entryOf)
      .filter(entry => entry !== null),
  )
}

function entryOf(line: string): Entry | null {
  try {
    return parseEntry(line)
  } catch {
    return null // what a test put there
  }
}

async function sendHook(
  folder: string,
  payload: object,
  headers: Record<string, string>,
): Promise<HookAnswer> {
  const body = await post(join(folder, 'hook.sock'), '/hook', JSON.stringify(payload), {
    'x-signalbox-entrypoint': 'cli',
    ...headers,
  })
  // The client's own shape; a test that reads it wrongly fails.
  const { hookSpecificOutput: output } = JSON.parse(body) as {
    hookSpecificOutput?: {
      permissionDecision?: string
      permissionDecisionReason?: string
      decision?: { behavior: string; message?: string }
      retry?: boolean
    }
  }
  const decision = output?.permissionDecision ?? output?.decision?.behavior ?? 'abstain'
  const reason = output?.permissionDecisionReason ?? output?.decision?.message ?? ''
  return { text: body.trim(), decision, reason }
}

export async function sendCommand(folder: string, command: CommandInput): Promise<CommandReply> {
  const body = await post(
    join(folder, 'control.sock'),
    '/command',
    JSON.stringify({ screen: SCREEN, command }),
    {},
  )
  return v.parse(COMMAND_REPLY, JSON.parse(body))
}

export function post(
  socketPath: string,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: 'POST', headers }, response => {
      text(response).then(resolve, reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
