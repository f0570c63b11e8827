// A client of the gate's hooks that keeps its connection, as no shell does: what is measured is the gate.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface Asked {
  readonly ms: number
  /** `allow`, `ask`, `deny`, or `abstain`. */
  readonly answer: string
}

export interface Asker {
  ask(command: string): Promise<Asked>
  close(): void
}

/** @param dir the home of `withGate`; each index is a session with a project of its own */
export function askerOf(dir: string, index: number): Asker {
  const socketPath = join(socketsOf(dir), 'hook.sock')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const cwd = join(dir, `project-${index}`)
  const session = `load-${index}`
  const transcript = join(dir, 'client', 'projects', `-p-${index}`, `${session}.jsonl`)
  mkdirSync(cwd, { recursive: true })
  mkdirSync(dirname(transcript), { recursive: true })
  writeFileSync(transcript, modelLine(session, cwd))
  let calls = 0
  const ask = async (command: string): Promise<Asked> => {
    const body = JSON.stringify({
      hook_event_name: 'PreToolUse',
      session_id: session,
      transcript_path: transcript,
      cwd,
      permission_mode: 'auto',
      tool_name: 'Bash',
      tool_input: { command },
      tool_use_id: `toolu_${index}_${calls++}`,
    })
    const headers = { 'x-signalbox-attended': '1', 'x-signalbox-entrypoint': 'cli' }
    const begun = performance.now()
    const answer = await new Promise<string>((resolve, reject) => {
      const asking = request({ socketPath, path: '/hook', method: 'POST', agent, headers })
      asking.on('response', response => text(response).then(resolve, reject))
      asking.on('error', reject)
      asking.end(body)
    })
    const ms = performance.now() - begun
    // The client's form; what has no decision in it abstains.
    const { hookSpecificOutput: said } = JSON.parse(answer) as {
      hookSpecificOutput?: { permissionDecision?: string }
    }
    return { ms, answer: said?.permissionDecision ?? 'abstain' }
  }
  return { ask, close: () => agent.destroy() }
}

/** The gate only decides where it knows the model. */
export const modelLine = (sessionId: string, cwd: string): string =>
  `${JSON.stringify({
    type: 'assistant',
    uuid: '00000000-0000-4000-8000-000000000000',
    timestamp: new Date().toISOString(),
    sessionId,
    cwd,
    version: '2.1.330',
    message: { id: 'msg_1', role: 'assistant', model: 'claude-opus-4-6', content: [] },
  })}\n`

export const stateOf = (dir: string): string => join(dir, 'state', 'signalbox')

export function socketsOf(dir: string): string {
  // As `init` wrote it.
  const install = JSON.parse(readFileSync(join(stateOf(dir), 'install.json'), 'utf8')) as {
    sockets: string
  }
  return install.sockets
}
