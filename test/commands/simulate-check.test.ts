/** Every recorded action: what the gate said, what `simulate` says, and what `check` says of the same facts. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EntryOf, parseEntry } from '../../src/action/entry.ts'
import { hookCommand } from '../../src/clients/claude-code/hook-command.ts'
import { findTranscripts } from '../../src/clients/claude-code/layout.ts'
import { dayFiles } from '../../src/gate/journal.ts'
import type { Facts } from '../../src/judge/types.ts'
import { startCli } from '../helpers/cli.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'

interface Call {
  readonly id: string
  readonly tool: string
  readonly input: unknown
}

/** The calls of all recorded sessions, as the client wrote them down. */
function recordedCalls(): Call[] {
  return findTranscripts(FIXTURES).flatMap(({ path }, i) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter(Boolean)
      .flatMap(line => JSON.parse(line).message?.content ?? [])
      .filter(block => block.type === 'tool_use')
      // Ids of different recordings meet.
      .map(({ id, name, input }) => ({ id: `${i}-${id}`, tool: name, input })),
  )
}

let home: Home
let project = ''
beforeEach(async () => {
  home = newHome()
  project = join(home.folder, 'app')
  mkdirSync(project)
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
})
afterEach(async () => {
  await home.run('gate', 'stop')
})

async function hook(event: 'PreToolUse' | 'PostToolUse', { id, tool, input }: Call): Promise<void> {
  const shell = spawn('/bin/sh', ['-c', hookCommand(home.install(), event)], { env: home.env })
  const call = { tool_use_id: id, tool_name: tool, tool_input: input, tool_response: {} }
  const about = { session_id: 's1', cwd: project, permission_mode: 'auto' }
  shell.stdin.end(JSON.stringify({ hook_event_name: event, ...about, ...call }))
  await text(shell.stdout)
}

type Judged = EntryOf<'judged'> & { readonly facts: Omit<Facts, 'words'> }

function judgedEntries(): Judged[] {
  const folder = join(home.state, 'journal')
  return dayFiles(folder)
    .flatMap(file => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean))
    .map(parseEntry)
    .flatMap(it => (it?.type === 'judged' ? [it as Judged] : [])) // as the gate writes them
}

/** The facts of then, as `check --jsonl` takes them. */
function checkLine({ action, tool, input, facts }: Judged): string {
  const files = Object.entries(facts.files).flatMap(([path, fact]) =>
    fact.kind === 'file'
      ? [[path, fact.content]]
      : fact.kind === 'link'
        ? [[path, `-> ${fact.to}`]]
        : [],
  )
  const ctx = {
    cwd: facts.cwd,
    project_root: facts.projectRoot,
    home: facts.home,
    branch: facts.branch,
    default_branch: facts.defaultBranch,
    remotes: facts.remotes,
    created_by_agent: facts.createdByAgent,
    files: Object.fromEntries(files),
  }
  return JSON.stringify({ id: action, session: 's1', tool, input, ctx })
}

test('they agree', async () => {
  const calls = recordedCalls()
  expect(calls.length).toBeGreaterThan(40)
  for (const call of calls) {
    await hook('PreToolUse', call)
    await hook('PostToolUse', call)
  }
  const entries = judgedEntries()
  expect(entries).toHaveLength(calls.length)
  const simulated = await home.run('simulate', '--json')
  expect(JSON.parse(simulated.stdout)).toEqual({
    actions: calls.length,
    passedOver: 0,
    changes: [],
  })
  const check = startCli(['check', '--jsonl'], home.env, project)
  check.stdin.end(`${entries.map(checkLine).join('\n')}\n`)
  const verdicts = (await text(check.stdout))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(verdicts.map(it => [it.id, it.verdict, it.rule, it.reason])).toEqual(
    entries.map(({ action, judgement: it }) => [action, it.verdict, it.rule, it.reason]),
  )
})
