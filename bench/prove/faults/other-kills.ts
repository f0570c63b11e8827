// kill -9 of every other process at a random moment, and what must hold of its files afterwards.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { parse } from 'yaml'
import { signalbox } from '../../common.ts'
import { openPty } from '../../pty.ts'
import type { Random } from '../../random.ts'
import { checkpoint } from './checkpoint-kills.ts'
import { type FaultsHome, killed } from './home.ts'

/** Trials of one kind of process. @returns what must not be, in words */
export type OtherKills = (home: FaultsHome, random: Random, trials: number) => Promise<string[]>

const READY_MS = 10_000

export function started(home: FaultsHome, ...args: string[]): ChildProcess {
  const [command = '', ...rest] = signalbox(...args)
  return spawn(command, rest, { env: home.env, cwd: home.dir, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function dies(child: ChildProcess, ms: number): Promise<void> {
  await Promise.race([once(child, 'exit'), rest(ms, undefined, { ref: false })])
  await killed(child)
}

/** The settings of the client are as they were, or as init leaves them; and both ways can be gone again. */
const settings: OtherKills = async (home, random, trials) => {
  const faults: string[] = []
  const put = readFileSync(home.settings, 'utf8')
  home.cli('uninstall', '--yes')
  writeFileSync(home.settings, OWN_SETTINGS)
  const INIT = ['init', '--yes', '--no-gateway']
  home.cli(...INIT)
  const whole = readFileSync(home.settings, 'utf8')
  for (let i = 0; i < trials; i++) {
    const begins = i % 2 === 0 ? whole : OWN_SETTINGS
    const [args, ends] = i % 2 === 0 ? [['uninstall', '--yes'], OWN_SETTINGS] : [INIT, whole]
    await dies(started(home, ...args), random.next() * 350)
    const now = readFileSync(home.settings, 'utf8')
    if (now !== begins && now !== ends) faults.push(`${args[0]}: half of the settings were written`)
    home.cli(...args)
    if (readFileSync(home.settings, 'utf8') !== ends) faults.push(`${args[0]}: not the same again`)
  }
  home.cli('uninstall', '--yes')
  writeFileSync(home.settings, '{}')
  home.cli(...INIT)
  return put === '' ? ['init wrote nothing'] : faults
}

const OWN_SETTINGS = '{\n  // mine\n  "model": "opus",\n  "hooks": {}\n}\n'

/** The policy is as it was, or with the new entry; never a mix, and always one that fits. */
const policy: OtherKills = async (home, random, trials) => {
  const faults: string[] = []
  for (let i = 0; i < trials; i++) {
    const entry = `github.com/k${i}`
    const before = readFileSync(home.policy, 'utf8')
    if (i % 2 === 0) {
      await dies(started(home, 'trust', 'add', entry), random.next() * 250)
    } else {
      const editor = `/bin/sh -c 'printf "# ${entry}\\n" >> "$0"'`
      const pty = await openPty(signalbox('config', 'edit'), {
        columns: 80,
        rows: 20,
        env: { ...home.env, EDITOR: editor },
        cwd: home.dir,
      })
      await rest(random.next() * 400)
      kill(pty.pid)
      await pty.stop()
    }
    const now = readFileSync(home.policy, 'utf8')
    if (now !== before && !now.includes(entry)) faults.push(`${entry}: the policy is a mix`)
    if (typeof parse(now)?.auto_mode !== 'object') faults.push(`${entry}: the policy is broken`)
    rmSync(`${home.policy}.lock`, { force: true }) // as the next one would be told to
  }
  home.cli('config', 'check')
  return faults
}

/** What was kept of the transcripts is whole or not taken: a report says the same, killed before or not. */
const index: OtherKills = async (home, random, trials) => {
  const faults: string[] = []
  const folder = join(home.state, 'index')
  const report = (): string => home.cli('report', '--json', '--until', '2026-11-30')
  rmSync(folder, { recursive: true, force: true })
  const expected = report()
  for (let i = 0; i < trials; i++) {
    if (random.chance(0.5)) rmSync(folder, { recursive: true, force: true })
    await dies(started(home, 'report', '--json'), random.next() * 200)
    if (report() !== expected)
      faults.push(`after report ${i} was killed, another says other figures`)
  }
  return faults
}

/** A screen that is killed takes nothing with it; one that is asked to end gives the terminal back. */
const screen: OtherKills = async (home, random, trials) => {
  const faults: string[] = []
  const once = (): string => home.cli('watch', '--once')
  const expected = once()
  for (let i = 0; i < trials; i++) {
    let output = ''
    const pty = await openPty(signalbox('watch'), {
      columns: 100,
      rows: 30,
      env: home.env,
      cwd: home.dir,
    })
    pty.onOutput(piece => {
      output += piece
    })
    const asked = i % 3 === 0
    if (asked) await pty.waitFor(it => it.includes('actions'), READY_MS)
    await rest(random.next() * 400)
    kill(pty.pid, asked ? random.pick(['SIGTERM', 'SIGHUP']) : 'SIGKILL')
    for (let left = 200; !pty.exited() && left > 0; left--) await rest(10)
    if (!pty.exited()) faults.push(`screen ${i} did not end`)
    if (asked && !output.includes('\u001b[?1049l')) faults.push(`screen ${i} kept the terminal`)
    await pty.stop()
    if (once() !== expected)
      faults.push(`after screen ${i} was killed, another shows other figures`)
  }
  home.cli('gate', 'stop') // a screen starts one
  return faults
}

/** What an exporter was told is kept is kept, and what is half written spoils nothing after it. */
const otlp: OtherKills = async (home, random, trials) => {
  const faults: string[] = []
  const folder = join(home.state, 'otlp')
  const acked: string[] = []
  for (let i = 0; i < trials; i++) {
    const child = started(home, 'otlp', '--listen', '127.0.0.1:0')
    const url = await said(child, /http:\/\/[^\s,]+/)
    const sent = async (n: number): Promise<boolean> => {
      const id = `req_${i}_${n}`
      const response = await fetch(`${url}/v1/logs`, POST(logOf(id))).catch(() => null)
      if (response?.status === 200) acked.push(id)
      return response !== null
    }
    await sent(0) // however slow the machine is, one is taken
    const over = rest(random.next() * 80).then(() => killed(child))
    for (let n = 1; child.signalCode === null && (await sent(n)); n++);
    await over
  }
  const days = readdirSync(folder).filter(name => name.endsWith('.jsonl'))
  const lines = days.flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n'))
  const kept = new Set(lines.flatMap(idIn))
  for (const id of acked) if (!kept.has(id)) faults.push(`${id}: said to be kept, and is not`)
  if (acked.length < trials) faults.push(`only ${acked.length} records were taken`)
  return faults
}

const POST = (body: string) => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json' },
})

function logOf(id: string): string {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const attributes = [
    text('session.id', 's'),
    text('event.name', 'api_request'),
    text('event.timestamp', '2026-11-29T10:00:00.000Z'),
    text('request_id', id),
    text('model', 'claude-opus-4-6'),
    ...['input_tokens', 'output_tokens', 'duration_ms', 'cost_usd'].map(key => text(key, '1')),
  ]
  const record = { body: { stringValue: 'claude_code.api_request' }, attributes }
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })
}

function idIn(line: string): string[] {
  return [/req_\d+_\d+/.exec(line)?.[0] ?? []].flat()
}

function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself.
  }
}

/** Reads on afterwards: a program whose reader is gone ends by itself. */
export function said(child: ChildProcess, what: RegExp): Promise<string> {
  let printed = ''
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', piece => {
      printed += piece
      const found = what.exec(printed)
      if (found !== null) resolve(found[0])
    })
    child.on('close', () => reject(new Error(`it said '${printed}', and nothing like ${what}`)))
  })
}

export const OTHERS: Readonly<Record<string, { kills: OtherKills; share: number }>> = {
  'init and uninstall': { kills: settings, share: 1 },
  'trust add and config edit': { kills: policy, share: 1 },
  'report (the index)': { kills: index, share: 1 },
  'the screen': { kills: screen, share: 0.5 },
  'the receiver of telemetry': { kills: otlp, share: 1 },
  'the checkpoint': { kills: checkpoint, share: 1 },
}
