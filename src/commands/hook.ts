/**
 * `signalbox hook`: what the client's hook does, by hand. Reads a hook payload, and answers it the way
 * the installed text does: through a shell, the socket and the gate. `--print EVENT` shows that text.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import {
  HOOK_EVENT_NAMES,
  type HookEvent,
  hookCommand,
} from '../clients/claude-code/hook-command.ts'
import { findInstall } from '../config/install-file.ts'
import { UsageError } from '../config/usage-error.ts'
import { flagsOf } from './flags.ts'

export const FLAGS = { print: 'string', install: 'string' } as const

export async function run(args: readonly string[]): Promise<number> {
  const { print, install: named } = flagsOf(args, FLAGS)
  const install = findInstall(process.env, named)
  if (install === null) throw new UsageError("nothing is installed; run 'signalbox init' first")
  if (print !== undefined) {
    process.stdout.write(`${hookCommand(install, eventOf(print))}\n`)
    return 0
  }
  const payload = await text(process.stdin)
  const command = hookCommand(install, eventOf(eventIn(payload)))
  const shell = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'] })
  shell.stdin.end(payload)
  const [code] = await once(shell, 'close')
  return code === 0 ? 0 : 2
}

function eventOf(name: string): HookEvent {
  const event = HOOK_EVENT_NAMES.find(known => known === name)
  if (event === undefined)
    throw new UsageError(`'${name}' is no event that is hooked: ${HOOK_EVENT_NAMES.join(', ')}`)
  return event
}

const PAYLOAD = v.pipe(v.string(), v.parseJson(), v.object({ hook_event_name: v.string() }))

function eventIn(payload: string): string {
  const parsed = v.safeParse(PAYLOAD, payload)
  if (!parsed.success)
    throw new UsageError('standard input is no hook payload: JSON with "hook_event_name"')
  return parsed.output.hook_event_name
}
