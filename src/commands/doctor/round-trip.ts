/** Runs the hook as the client does, and asks the gate how it is. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROBE } from '../../action/entry.ts'
import { differenceOf, fits, PROTOCOL } from '../../action/protocol.ts'
import { answerOnFailure, hookCommand } from '../../clients/claude-code/hook-command.ts'
import type { Install } from '../../config/install.ts'
import { gateStatus, ownSide } from '../gate-control.ts'
import { type Check, ok, problem, warning } from './check.ts'

const WAIT_MS = 15_000

/** The shell → the socket → the gate, and back. It starts the gate when it is not running. */
export async function hookCheck(install: Install): Promise<Check> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-doctor-'))
  const file = join(folder, 'harmless.txt')
  writeFileSync(file, 'nothing\n')
  const payload = JSON.stringify({
    session_id: PROBE.session,
    transcript_path: join(folder, 'doctor.jsonl'),
    cwd: folder,
    permission_mode: 'default',
    hook_event_name: 'PreToolUse',
    tool_name: 'Read',
    tool_input: { file_path: file },
    tool_use_id: PROBE.action,
  })
  try {
    const started = performance.now()
    const printed = await runShell(hookCommand(install, 'PreToolUse'), payload)
    const ms = Math.round(performance.now() - started)
    return judged(printed, ms)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function judged(printed: string | null, ms: number): Check {
  const name = 'hook'
  if (printed === null)
    return problem(
      name,
      `no answer in ${WAIT_MS / 1000} s`,
      'stop the gate; the next hook starts it',
    )
  if (printed.trim() === answerOnFailure('PreToolUse'))
    return problem(
      name,
      'works, but cannot reach the gate, so every call is asked about',
      "see the gate below; 'signalbox gate run' says why it does not start",
    )
  try {
    JSON.parse(printed)
    return ok(name, `shell, socket, gate and back in ${ms} ms`)
  } catch {
    return problem(name, 'prints no JSON', "run 'signalbox init' again")
  }
}

/** @returns null when it takes too long */
async function runShell(command: string, payload: string): Promise<string | null> {
  const child = spawn('/bin/sh', ['-c', command], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true, // so that curl can be ended with it
  })
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    resolve(null)
  }, WAIT_MS)
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    printed += text
  })
  child.on('close', () => resolve(printed))
  child.on('error', () => resolve(''))
  child.stdin.on('error', () => {}) // it ended without reading
  child.stdin.end(payload)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

export async function gateChecks(install: Install): Promise<Check[]> {
  const status = await gateStatus(install.sockets)
  if ('failed' in status)
    return [
      problem(
        'gate',
        `does not answer on ${join(install.sockets, 'control.sock')} (${status.failed})`,
        `start it: ${install.node} ${install.program} gate run`,
      ),
    ]
  const { pid, version, sessions, pending, screens, policyError } = status
  const differs = differenceOf(status, ownSide())
  const many = `${sessions} sessions, ${pending} waiting, ${screens.length} screens`
  return [
    differs === ''
      ? ok('gate', `version ${version}, process ${pid}: ${many}`)
      : (fits(status.protocol, PROTOCOL) ? warning : problem)(
          'gate',
          `process ${pid} is of version ${version}, this is ${ownSide().version}: ${many}`,
          'signalbox gate restart',
        ),
    ...(policyError === ''
      ? []
      : [warning('gate policy', policyError, 'the gate keeps the last good policy until then')]),
  ]
}
