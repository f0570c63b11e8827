// kill -9 of the installed hook's own processes (shell, cat, curl, the Node that starts a gate), and of the
// gate under them. The hook starts each gate itself.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as rest } from 'node:timers/promises'
import { descendants } from '../../process.ts'
import type { Random } from '../../random.ts'
import { faultsOf } from './against-journal.ts'
import { COMMANDS, decisionIn, newStory } from './clients.ts'
import { type FaultsHome, forget, installedHook } from './home.ts'

const AT_ONCE = 2
const LONGEST_MS = 400

/** @returns what must not be, in words, and how many hooks gave an answer */
export async function hookKills(home: FaultsHome, random: Random, trials: number) {
  forget(home)
  const hook = installedHook(home, 'PreToolUse')
  const story = newStory()
  let left = trials
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const [action, command] = [`h${left}`, random.pick(Object.values(COMMANDS))]
      const shell = spawn('/bin/sh', ['-c', hook], {
        env: { ...home.env, CLAUDE_CODE_ENTRYPOINT: 'cli' },
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      shell.stdin.on('error', () => {}) // it was killed before it read
      shell.stdin.end(payloadOf(home, action, command))
      void killSome(home, random, shell.pid ?? 0)
      const answer = (await text(shell.stdout)).trim()
      if (answer === '') continue
      try {
        story.received.push({ action, session: 'h', command, ...decisionIn(answer) })
      } catch {
        story.wrong.push(`${action}: half an answer: ${answer.slice(0, 80)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  killGate(home)
  home.cli('gate', 'run', '--detach')
  home.cli('gate', 'stop')
  const faults = faultsOf(join(home.state, 'journal'), story)
  return { faults, answers: story.received.length }
}

async function killSome(home: FaultsHome, random: Random, shell: number): Promise<void> {
  await rest(random.next() * LONGEST_MS)
  if (random.chance(0.5)) killGate(home)
  if (random.chance(0.3)) return
  const all = [shell, ...descendants(shell)]
  kill(random.pick(all))
}

/** The newest lock names the gate; its number may be another program's by now. Before the first gate there is none. */
export function killGate({ state }: FaultsHome): void {
  const names = existsSync(state) ? readdirSync(state) : []
  for (const name of names.filter(it => it.startsWith('gate.lock.'))) {
    try {
      const pid = Number(readFileSync(join(state, name), 'utf8').split(' ')[0])
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(state)) kill(pid)
    } catch {
      // It is gone.
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

const payloadOf = (home: FaultsHome, action: string, command: string): string =>
  JSON.stringify({
    hook_event_name: 'PreToolUse',
    session_id: 'h',
    transcript_path: home.transcript,
    cwd: home.dir,
    permission_mode: 'auto',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: action,
  })
