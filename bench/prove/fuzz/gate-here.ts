/** A real gate in a folder of its own: enabled, and deciding; its servers listen nowhere. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentOf, parsePayload } from '../../../src/clients/claude-code/hook-payload.ts'
import type { Install } from '../../../src/config/install.ts'
import { Gate } from '../../../src/gate/gate.ts'
import { Journal } from '../../../src/gate/journal.ts'
import type { GateParts } from '../../../src/gate/parts.ts'
import { partsOf } from '../../../src/gate/run.ts'
import { scratch } from './scratch.ts'

export const CONFIG = `auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }
roles: { default: decide }
trust:
  source_control: [github.com/acme]
  domains: ["*.acme.dev"]
waits: { denied_seconds: 1, ask_seconds: 1 }
`
const MODEL = 'claude-opus-4-6'

export interface GateHere {
  readonly gate: Gate
  readonly config: string
  /** As a client at which somebody sits. */
  readonly hook: (payload: object) => Promise<string>
  readonly close: () => void
}

/** @param over parts in the place of the real ones */
export function gateHere(over: (real: GateParts) => Partial<GateParts> = () => ({})): GateHere {
  const { path, remove } = scratch('gate')
  const at = (name: string): string => {
    mkdirSync(join(path, name), { mode: 0o700 })
    return join(path, name)
  }
  const home = at('home')
  const install: Install = {
    node: process.execPath,
    program: '/opt/signalbox/bin/signalbox.js',
    config: at('config'),
    state: at('state'),
    sockets: at('s'),
    managed: join(path, 'no-policy.yaml'),
    client: at('client'),
    checkpoint: null,
    home,
  }
  const config = join(install.config, 'config.yaml')
  writeFileSync(config, CONFIG, { mode: 0o600 })
  const parts = partsOf(install, new Journal(join(install.state, 'journal')))
  const gate = new Gate({ ...parts, ...over(parts) }, [])
  const hook = (payload: object): Promise<string> =>
    gate.hook(
      parsePayload(JSON.stringify(payload)),
      environmentOf(() => undefined),
      new AbortController().signal,
    )
  const close = (): void => {
    gate.stop('over')
    remove()
  }
  return { gate, config, hook, close }
}

/** With it the model is known: else a gate waits for the client to write it down. */
export const startOf = (session: string): object => ({
  hook_event_name: 'SessionStart',
  session_id: session,
  cwd: '/home/dev/app',
  permission_mode: 'auto',
  model: MODEL,
})
