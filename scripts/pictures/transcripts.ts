/** What the client writes of the story: transcripts, and which sessions live. */
import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  BY_MODE,
  callLine,
  promptLine,
  resultLine,
  START,
  USAGE,
} from '../../test/helpers/lines.ts'
import { type Name, NOW, type Step } from './story.ts'

export const SESSIONS: Readonly<Record<Name, { id: string; cwd: string; prompt: string }>> = {
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

/** With a time that is the same whenever it is made. */
export function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, text, { mode: 0o600 })
  utimesSync(path, NOW / 1000, NOW / 1000)
}

export function transcriptOf(name: Name, client: string): string {
  const { id, cwd } = SESSIONS[name]
  return join(client, 'projects', cwd.replaceAll('/', '-'), `${id}.jsonl`)
}

const textOf = (name: Name, lines: readonly string[]): string =>
  lines.map(line => `${line.replaceAll('/home/dev/app', SESSIONS[name].cwd)}\n`).join('')

/** @param client its folder */
export function writeSession(name: Name, all: readonly Step[], client: string): void {
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
  put(transcriptOf(name, client), textOf(name, lines))
  // The client's own word on which sessions live; the process is this one.
  const pid = [process.pid, process.ppid, 1][Object.keys(SESSIONS).indexOf(name)]
  const status = steps.at(-1)?.went === 'waits' ? 'waiting' : 'busy'
  const told = { pid, sessionId: id, status, updatedAt: NOW - 30_000, startedAt: first }
  put(join(client, 'sessions', `${pid}.json`), JSON.stringify(told))
}

/** The session goes on. */
export function appendStep(step: Step, client: string): void {
  const { session } = step
  const lines = linesOf(step, SESSIONS[session].id)
  appendFileSync(transcriptOf(session, client), textOf(session, lines))
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
