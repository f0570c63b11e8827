/** The real gate on its real sockets, in this process: its clock is held, and what differs from run to run is not. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ScreenName } from '../../src/action/command.ts'
import type { EntryBody } from '../../src/action/entry.ts'
import { PROTOCOL, PROTOCOL_HEADER } from '../../src/action/protocol.ts'
import type { Install } from '../../src/config/install.ts'
import { dayOf } from '../../src/config/load-policy.ts'
import { Gate } from '../../src/gate/gate.ts'
import { Journal } from '../../src/gate/journal.ts'
import { Policies } from '../../src/gate/policies.ts'
import { recentEntries } from '../../src/gate/recent.ts'
import { partsOf } from '../../src/gate/run.ts'
import { serve } from '../../src/gate/server.ts'
import { HOOK_SOCKET } from '../../src/gate/sockets.ts'
import { judgeOn } from '../../src/judge/judge.ts'
import type { Facts } from '../../src/judge/types.ts'
import { post } from '../../test/gate/world.ts'

/** Unix ms; who holds it moves it on. */
export interface Clock {
  now: number
}

/** What an agent asks its user about. */
export interface Question {
  readonly session: string
  readonly action: string
}

export interface HeldGate {
  /** Fulfilled when the next screen has told the gate that it is there. */
  readonly nextScreen: () => Promise<void>
  /** Sends what a hook of the client sends. @returns what the client is answered */
  readonly hook: (payload: object) => Promise<string>
  /** Fulfilled when the gate asks a person. */
  readonly isAsking: (about: Question) => Promise<void>
  readonly stop: () => void
}

/** Who sits at the screen, as every machine would name them. */
const SCREEN: ScreenName = { name: 'dana', pid: 4300, tty: '/dev/pts/4' }
const PID = 4242
const VERSION = '0.1.0'
/** How long a judgement takes, on a machine that is always as fast. */
export const JUDGED_MS = 2.4
const LOOK_MS = 5

class SteadyJournal extends Journal {
  /** Before the story: no journal has that any more. */
  startIsLongAgo = false

  override append(body: EntryBody): void {
    if (body.type === 'gate-started' && this.startIsLongAgo) return
    super.append(steady(body))
  }
}

function steady(body: EntryBody): EntryBody {
  switch (body.type) {
    case 'gate-started':
      return { ...body, pid: PID, version: VERSION }
    case 'gate-stopped':
      return { ...body, pid: PID }
    case 'judged':
      return { ...body, ms: JUDGED_MS }
    case 'answered':
      return body.screen === null ? body : { ...body, screen: SCREEN }
    case 'command':
      return { ...body, screen: SCREEN }
    default:
      return body
  }
}

class WatchedGate extends Gate {
  attached: (() => void)[] = []

  override attach(screen: ScreenName): () => void {
    for (const attached of this.attached.splice(0)) attached()
    return super.attach(screen)
  }
}

interface Holding {
  readonly install: Install
  readonly clock: Clock
  /** The story's folders are nowhere on this disk. */
  readonly factsIn: (folder: string) => Facts
  /** When the story began. */
  readonly wasThere: boolean
}

export async function heldGate({ install, clock, factsIn, wasThere }: Holding): Promise<HeldGate> {
  const now = (): number => clock.now
  const folder = join(install.state, 'journal')
  const journal = new SteadyJournal(folder, now)
  journal.startIsLongAgo = wasThere
  const parts = {
    ...partsOf(install, journal),
    policies: new Policies({ ...install, managedOwner: 0 }, now),
    judge: judgeOn(dayOf(new Date(clock.now))),
    gatherFacts: async ({ cwd, words }: { cwd: string; words: readonly string[] }) => ({
      ...factsIn(cwd),
      words,
    }),
    projectOf: async (cwd: string) => ({ root: cwd, baseline: factsIn(cwd).remotes }),
    clock: now,
  }
  const gate = new WatchedGate(parts, await recentEntries(folder, clock.now))
  const servers = await serve(gate, install.sockets, () => {})
  const headers = { 'x-signalbox-entrypoint': 'cli', [PROTOCOL_HEADER]: String(PROTOCOL) }
  return {
    nextScreen: () => new Promise(resolve => gate.attached.push(resolve)),
    hook: payload =>
      post(join(install.sockets, HOOK_SOCKET), '/hook', JSON.stringify(payload), headers),
    isAsking: async ({ session, action }) => {
      while (gate.pending.find(session, action) === undefined) await sleep(LOOK_MS)
    },
    stop: () => {
      servers.close()
      gate.stop('the walk is over')
    },
  }
}
