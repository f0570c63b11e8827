/** A throw-away machine on which the story happened: transcripts, policy, journal, and a gate that listens. */
import { appendFileSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { EntryBody, Role } from '../../src/action/entry.ts'
import type { Judgement } from '../../src/action/judgement.ts'
import { loadPolicy } from '../../src/config/load-policy.ts'
import { Journal } from '../../src/gate/journal.ts'
import { checkRules } from '../../src/judge/check-rules.ts'
import { judgeOn } from '../../src/judge/judge.ts'
import { emptyLedger } from '../../src/judge/ledger.ts'
import type { Facts } from '../../src/judge/types.ts'
import { sessionEntry } from '../../test/helpers/gate-events.ts'
import {
  BY_MODE,
  callLine,
  promptLine,
  resultLine,
  START,
  USAGE,
} from '../../test/helpers/lines.ts'
import { type ListeningGate, listeningGate } from './listening-gate.ts'
import { type Name, NOW, type Step, story } from './story.ts'

/** The same one every time: some pictures show paths. */
export const USUAL_HOME = '/tmp/signalbox-pictures'

interface Places {
  readonly client: string
  readonly state: string
  readonly sockets: string
  readonly config: string
}

const SESSIONS: Readonly<Record<Name, { id: string; cwd: string; prompt: string }>> = {
  shop: {
    id: '3f6c1a52-9d1e-4c70-8b65-0a7d5e2f4c11',
    cwd: '/home/dev/shop',
    prompt: 'round the cart once, at the end, and push a branch',
  },
  infra: {
    id: '7be90d14-52c3-4f0a-9e1b-6c8f1d3a2b22',
    cwd: '/home/dev/infra',
    prompt: 'bring the new web image to staging',
  },
  docs: {
    id: 'c2d47f80-1b6a-4e95-a3f7-9d0e8b7c6a33',
    cwd: '/home/dev/docs',
    prompt: 'the install guide is out of date',
  },
}

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

export interface Machine extends ListeningGate {
  readonly home: string
  /** The agent of the shop asks for something, and waits. */
  readonly asks: (command: string, at: number) => void
  /** The gate lets nothing more through. */
  readonly pauses: (at: number) => void
}

/** @param home is emptied first */
export async function startMachine(home = USUAL_HOME): Promise<Machine> {
  rmSync(home, { recursive: true, force: true })
  const state = join(home, '.local/state/signalbox')
  const at: Places = {
    client: join(home, '.claude'),
    state,
    sockets: join(state, 's'),
    config: join(home, '.config/signalbox'),
  }
  put(join(at.config, 'config.yaml'), POLICY)
  put(join(at.client, 'settings.json'), SETTINGS)
  const managed = join(home, 'no-managed-policy.yaml')
  const [node, program] = [process.execPath, 'signalbox']
  const install = { ...at, node, program, managed, home, checkpoint: null }
  put(join(state, 'install.json'), JSON.stringify(install))
  const steps = story()
  for (const name of Object.keys(SESSIONS) as Name[]) writeSession(name, steps, at) // its own keys
  writeJournal(journal(steps, at), at)
  const pauses = (when: number): void =>
    writeJournal([{ type: 'paused', at: when, session: null, hard: false, why: 'lunch' }], at)
  return { home, asks: asking(at), pauses, ...(await listeningGate(at.sockets)) }
}

const asking =
  (places: Places): Machine['asks'] =>
  (command, at) => {
    const step: Step = {
      id: `toolu_at_${at}`,
      session: 'shop',
      at,
      tool: 'Bash',
      input: { command },
      went: 'waits',
      decisionMs: 0,
      runMs: 0,
    }
    appendFileSync(transcriptOf('shop', places), textOf('shop', linesOf(step, SESSIONS.shop.id)))
    writeJournal(entriesOf(step, judgeIn(places)), places)
  }

function writeJournal(bodies: readonly EntryBody[], { state }: Places): void {
  let now = 0
  const written = new Journal(join(state, 'journal'), () => now)
  for (const body of bodies) {
    now = body.at
    written.append(body)
  }
  written.close()
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, text, { mode: 0o600 })
  utimesSync(path, NOW / 1000, NOW / 1000)
}

function transcriptOf(name: Name, { client }: Pick<Places, 'client'>): string {
  const { id, cwd } = SESSIONS[name]
  return join(client, 'projects', cwd.replaceAll('/', '-'), `${id}.jsonl`)
}

const textOf = (name: Name, lines: readonly string[]): string =>
  lines.map(line => `${line.replaceAll('/home/dev/app', SESSIONS[name].cwd)}\n`).join('')

function writeSession(name: Name, all: readonly Step[], { client }: Places): void {
  const { id, prompt } = SESSIONS[name]
  const steps = all.filter(step => step.session === name)
  const first = steps[0]?.at ?? NOW
  const lines = [
    promptLine(prompt, { at: first - 4000 - START, session: id }),
    ...steps.flatMap((step, i) => [
      // A person went on with it: the model did not think for an hour.
      ...(step.at - (steps[i - 1]?.at ?? step.at) > 60_000
        ? [promptLine('go on', { at: step.at - 2000 - (step.runMs % 1700) - START, session: id })]
        : []),
      ...linesOf(step, id),
    ]),
  ]
  put(transcriptOf(name, { client }), textOf(name, lines))
  // The client's own word on which sessions live; the process is this one.
  const pid = [process.pid, process.ppid, 1][Object.keys(SESSIONS).indexOf(name)]
  const status = steps.at(-1)?.went === 'waits' ? 'waiting' : 'busy'
  const told = { pid, sessionId: id, status, updatedAt: NOW - 30_000, startedAt: first }
  put(join(client, 'sessions', `${pid}.json`), JSON.stringify(told))
}

const REFUSED = 'PreToolUse:Bash hook error: Signalbox'
const BY_CLASSIFIER = { decision: 'accept', source: 'config', reasonType: 'classifier' }

function linesOf(step: Step, session: string): string[] {
  const { id, tool, input, at, decisionMs, runMs, went } = step
  const usage = { ...USAGE, output_tokens: 90 + (step.runMs % 400) }
  const call = callLine(
    { id, tool, input },
    { at: at - START, session, message: `msg_${id}`, usage },
  )
  const end = { at: at + decisionMs + runMs - START, session }
  const soon = { at: at + 30 - START, session }
  switch (went) {
    case 'waits':
    case 'runs':
      return [call]
    case 'blocked':
      return [call, resultLine(id, REFUSED, { ...soon, error: true })]
    case 'denied':
      return [
        call,
        resultLine(
          id,
          'Permission for this action was denied by the auto mode classifier. Reason: deletes files outside the project.',
          {
            ...soon,
            error: true,
            denial: 'automode-blocked',
            decision: { ...BY_CLASSIFIER, decision: 'reject' },
          },
        ),
      ]
    case 'failed':
      return [call, resultLine(id, 'Exit code 1', { ...end, error: true, decision: BY_CLASSIFIER })]
    case 'mode':
    case 'classifier':
      return [
        call,
        resultLine(id, 'ok', { ...end, decision: went === 'mode' ? BY_MODE : BY_CLASSIFIER }),
      ]
  }
}

type Judging = (step: Step) => Judgement

/** The verdicts are the judge's own. */
function judgeIn({ config }: Places): Judging {
  const { policy } = loadPolicy({ config, managed: '/nonexistent', managedOwner: 0 }, checkRules)
  const judge = judgeOn('2026-11-24')
  return ({ session, tool, input }) =>
    judge({ tool, input, agent: '' }, factsOf(session), policy, emptyLedger)
}

/** What the gate wrote of it. */
function journal(steps: readonly Step[], places: Places): EntryBody[] {
  const judging = judgeIn(places)
  const gated = steps.filter(step => step.session !== 'docs')
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
  const at = step.at + 3
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
    ms: 2.4,
    facts: { ...factsOf(step.session), words: 0 },
  }
  if (step.went === 'waits')
    return [
      judged,
      {
        type: 'asked',
        at: at + 5,
        session,
        action: step.id,
        until: at + 540_000,
        why: judgement.reason,
        held: 'PermissionRequest',
      },
    ]
  if (refused || step.went === 'runs') return [judged]
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
