/** A throw-away machine on which the story happened: transcripts, policy, journal, and the real gate. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { EntryBody, Role } from '../../src/action/entry.ts'
import type { Judgement } from '../../src/action/judgement.ts'
import type { Install } from '../../src/config/install.ts'
import { loadPolicy } from '../../src/config/load-policy.ts'
import { Journal } from '../../src/gate/journal.ts'
import { checkRules } from '../../src/judge/check-rules.ts'
import { judgeOn } from '../../src/judge/judge.ts'
import { emptyLedger } from '../../src/judge/ledger.ts'
import type { Facts } from '../../src/judge/types.ts'
import { sessionEntry } from '../../test/helpers/gate-events.ts'
import { Agents } from './agents.ts'
import { type Clock, type HeldGate, heldGate, JUDGED_MS } from './held-gate.ts'
import { type Name, NOW, type Step, story } from './story.ts'
import { appendStep, put, SESSIONS, writeSession } from './transcripts.ts'

/** The same one every time: some pictures show paths. */
export const USUAL_HOME = '/tmp/signalbox-pictures'

const POLICY = `auto_mode: { enabled_by: Dana, enabled_on: 2026-11-02 }
trust:
  source_control:
    - { entry: github.com/acme, note: the company }
  domains: ["*.acme.example", nodejs.org]
  registries:
    - { entry: "https://npm.acme.example", expires: 2026-10-31 }
rules_off: [new-package]
rules:
  - id: ask-deploy
    tier: ask
    reason: A person looks at every deployment.
    command: make deploy
    match: [make deploy ENV=prod]
projects:
  /home/dev/infra:
    role: decide
    trust:
      clusters: ["k8s:staging"]
    sensitive:
      iac_scopes: ["k8s:prod"]
`

/** Something for the audit: a rule of the client's that goes past every check. */
const SETTINGS = `{
  "permissions": {
    "allow": ["Bash(npm test)", "Bash(curl *)"]
  }
}
`

export interface Machine extends Pick<HeldGate, 'nextScreen' | 'stop'> {
  readonly home: string
  /** Of the gate and of what happens here; a screen has its own. */
  readonly clock: Clock
  /** What the client's hooks were answered once a person had decided, oldest first. */
  readonly heard: readonly string[]
  /** The agent of the shop asks for something, and waits. */
  readonly asks: (command: string) => Promise<void>
  /** Another gate after one that was stopped. */
  readonly startGate: () => Promise<void>
}

/** @param home is emptied first */
export async function startMachine(home = USUAL_HOME): Promise<Machine> {
  rmSync(home, { recursive: true, force: true })
  const install = installOn(home)
  const steps = story()
  for (const name of Object.keys(SESSIONS) as Name[]) writeSession(name, steps, install.client) // its own keys
  writeJournal(journal(steps, judgeIn(install)), install)
  const open = steps.filter(isOpen)
  const clock = { now: open[0]?.at ?? NOW }
  let gate = await heldGate({ install, clock, factsIn, wasThere: true })
  const agents = new Agents(() => gate, install.client)
  for (const step of open) {
    clock.now = step.at + HOOK_MS
    await agents.does(step)
  }
  clock.now = NOW
  return {
    home,
    clock,
    heard: agents.heard,
    nextScreen: () => gate.nextScreen(),
    asks: async command => {
      const step = askedNow(command, clock.now)
      appendStep(step, install.client)
      await agents.does(step)
    },
    startGate: async () => {
      gate = await heldGate({ install, clock, factsIn, wasThere: false })
      await agents.askAgain()
    },
    stop: () => gate.stop(),
  }
}

function installOn(home: string): Install {
  const state = join(home, '.local/state/signalbox')
  const install: Install = {
    node: process.execPath,
    program: 'signalbox',
    config: join(home, '.config/signalbox'),
    state,
    sockets: join(state, 's'),
    managed: join(home, 'no-managed-policy.yaml'),
    client: join(home, '.claude'),
    home,
    checkpoint: null,
  }
  put(join(install.config, 'config.yaml'), POLICY)
  put(join(install.client, 'settings.json'), SETTINGS)
  put(join(state, 'install.json'), JSON.stringify(install))
  return install
}

const askedNow = (command: string, at: number): Step => ({
  id: `toolu_at_${at}`,
  session: 'shop',
  at,
  tool: 'Bash',
  input: { command },
  went: 'waits',
  decisionMs: 0,
  runMs: 0,
})

/** From the call to its hook. */
const HOOK_MS = 3

/** Of a session with hooks, and not over: the gate is asked about it once it is there. */
const isOpen = ({ session, went }: Step): boolean =>
  session !== 'docs' && (went === 'waits' || went === 'runs')

function writeJournal(bodies: readonly EntryBody[], { state }: Install): void {
  let now = 0
  const written = new Journal(join(state, 'journal'), () => now)
  for (const body of bodies) {
    now = body.at
    written.append(body)
  }
  written.close()
}

type Judging = (step: Step) => Judgement

/** The verdicts are the judge's own. */
function judgeIn({ config }: Install): Judging {
  const { policy } = loadPolicy({ config, managed: '/nonexistent', managedOwner: 0 }, checkRules)
  const judge = judgeOn('2026-11-24')
  return ({ session, tool, input }) =>
    judge({ tool, input, agent: '' }, factsOf(session), policy, emptyLedger)
}

/** What an earlier gate wrote of what is over. */
function journal(steps: readonly Step[], judging: Judging): EntryBody[] {
  const gated = steps.filter(step => step.session !== 'docs' && !isOpen(step))
  const began = (['shop', 'infra'] as const).map(name => ({
    ...sessionEntry(0, {
      session: SESSIONS[name].id,
      cwd: SESSIONS[name].cwd,
      role: roleOf(name),
      preconditions: {
        enabled: 'Dana on 2026-11-02',
        model: 'claude-opus-4-6',
        modelAllowed: true,
        platform: 'anthropic',
        platformAllowed: true,
      },
      why: name === 'infra' ? 'the policy says so for it' : "the client's own check works",
    }),
    at: (gated.find(step => step.session === name)?.at ?? NOW) - 1000,
  }))
  const bodies = gated.flatMap(step => entriesOf(step, judging))
  return [...began, ...bodies].sort((a, b) => a.at - b.at)
}

const roleOf = (name: Name): Role => (name === 'infra' ? 'decide' : 'guard')

function entriesOf(step: Step, judging: Judging): EntryBody[] {
  const { id: session, cwd } = SESSIONS[step.session]
  const judgement = judging(step)
  const role = roleOf(step.session)
  const refused = step.went === 'blocked'
  if (refused !== (judgement.verdict === 'deny'))
    throw new Error(`${JSON.stringify(step.input)}: ${judgement.verdict}, but it ${step.went}`)
  const answer = refused ? 'deny' : role === 'guard' ? 'abstain' : judgement.verdict
  const at = step.at + HOOK_MS
  const judged: EntryBody = {
    type: 'judged',
    at,
    session,
    action: step.id,
    agent: '',
    tool: step.tool,
    input: step.input,
    inputHash: step.id,
    cwd,
    permissionMode: 'auto',
    role,
    judgement,
    answer,
    by: 'judge',
    grant: '',
    ms: JUDGED_MS,
    facts: { ...factsOf(step.session), words: 0 },
  }
  if (refused) return [judged]
  const ended = at + step.decisionMs + step.runMs
  const ok = step.went !== 'failed'
  return [
    judged,
    {
      type: 'ran',
      at: ended,
      session,
      action: step.id,
      ok,
      runMs: step.runMs,
      inputHash: step.id,
    },
  ]
}

function factsIn(folder: string): Facts {
  const name = (Object.keys(SESSIONS) as Name[]).find(it => SESSIONS[it].cwd === folder) // its own keys
  if (name === undefined) throw new Error(`${folder}: no session is there`)
  return factsOf(name)
}

function factsOf(name: Name): Facts {
  const { cwd } = SESSIONS[name]
  const remotes = { origin: `https://github.com/acme/${name}.git` }
  return {
    cwd,
    projectRoot: cwd,
    home: '/home/dev',
    branch: 'cart-rounding',
    defaultBranch: 'main',
    remotes,
    remotesNow: remotes,
    words: [],
    createdByAgent: [],
    files: {},
    guarded: [],
  }
}
