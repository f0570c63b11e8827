// Writes a Claude Code config folder full of transcripts:
//   node bench/generate.ts DIR --mb 1024 --files 40 --seed 1 [--end 2026-11-22T20:00:00Z]
// The same arguments give the same bytes. What was written is in DIR.manifest.json (beside the
// folder, so that no reader of transcripts trips over it).
import {
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { add, noTokens, type Tokens } from './lines.ts'
import { createRandom, type Random } from './random.ts'
import { createSession, MODELS, type Session } from './session.ts'
import { createTextPools } from './text.ts'

export type Manifest = {
  mb: number
  files: number
  seed: number
  end: string
  bytes: number
  lines: number
  tokens: Tokens
}

export type GenerateOptions = Pick<Manifest, 'mb' | 'files' | 'seed' | 'end'>

const PROJECTS = ['app', 'ledger', 'web-shop', 'infra', 'api', 'docs', 'mobile', 'search', 'ml']
const DAY = 86_400_000
// Weeks of work: sessions start somewhere in this span before the end.
const SPAN = 26 * DAY
const MEAN_MESSAGE_BYTES = 21_000
const CHUNK = 1 << 20

export const defaultOptions: GenerateOptions = {
  mb: 1024,
  files: 40,
  seed: 1,
  end: '2026-11-22T20:00:00.000Z',
}

export const manifestPath = (dir: string): string => `${dir}.manifest.json`

export function generate(dir: string, options: GenerateOptions): Manifest {
  const random = createRandom(options.seed)
  const text = createTextPools(random)
  const end = Date.parse(options.end)
  const manifest: Manifest = { ...options, bytes: 0, lines: 0, tokens: noTokens() }
  rmSync(join(dir, 'projects'), { recursive: true, force: true })
  rmSync(manifestPath(dir), { force: true })
  const starts = new Map<string, number>()
  for (const plan of planFiles(random, options)) {
    const file = join(dir, 'projects', plan.project.replaceAll(/[^a-zA-Z0-9]/g, '-'), plan.path)
    mkdirSync(dirname(file), { recursive: true })
    const messages = Math.max(1, plan.bytes / MEAN_MESSAGE_BYTES)
    const length = Math.min(SPAN / 4, messages * random.int(4000, 40_000))
    // A subagent works while its session does.
    const start = starts.get(plan.sessionId) ?? end - length - random.next() * (SPAN - length)
    starts.set(plan.sessionId, start)
    const session = createSession({
      random,
      text,
      sessionId: plan.sessionId,
      cwd: plan.project,
      model: random.pick(MODELS),
      clock: Math.round(start),
      step: length / messages,
      bulk: 2.2,
      ...(plan.agent ? { agentId: plan.agent.agentId } : {}),
      subagents: plan.subagents,
    })
    const written = writeSession(file, session, plan.bytes)
    if (plan.agent) writeMeta(file, plan.agent)
    const last = new Date(Math.min(session.clock(), end))
    utimesSync(file, last, last)
    manifest.bytes += written.bytes
    manifest.lines += written.lines
    add(manifest.tokens, session.tokens)
  }
  writeFileSync(manifestPath(dir), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

type Agent = { agentId: string; toolUseId: string }
type Plan = {
  project: string
  sessionId: string
  path: string
  bytes: number
  agent?: Agent
  subagents: Agent[]
}

/** A quarter of the files are subagents of the session before them, and smaller. */
function planFiles(random: Random, { files, mb }: GenerateOptions): Plan[] {
  const plans: Plan[] = []
  let parent: Plan | undefined
  for (let i = 0; i < files; i++) {
    if (i % 4 === 3 && parent !== undefined) {
      const agent = { agentId: random.hex(17), toolUseId: random.id('toolu_01', 22) }
      parent.subagents.push(agent)
      const { project, sessionId } = parent
      const path = join(sessionId, 'subagents', `agent-${agent.agentId}.jsonl`)
      plans.push({ project, sessionId, path, bytes: random.int(20, 60), agent, subagents: [] })
      continue
    }
    const project = `/home/dev/${random.pick(PROJECTS)}`
    const sessionId = random.uuid()
    const bytes = random.int(60, 160)
    parent = { project, sessionId, path: `${sessionId}.jsonl`, bytes, subagents: [] }
    plans.push(parent)
  }
  // Sizes were drawn as weights; only now is their sum known.
  const weight = plans.reduce((sum, plan) => sum + plan.bytes, 0)
  for (const plan of plans) plan.bytes = Math.round((plan.bytes / weight) * mb * 1_000_000)
  return plans
}

function writeSession(file: string, session: Session, target: number) {
  const fd = openSync(file, 'w')
  let bytes = 0
  let lines = 0
  let held: string[] = session.start()
  let heldLength = 0
  const flush = () => {
    lines += held.length
    held.push('')
    bytes += writeSync(fd, held.join('\n'))
    held = []
    heldLength = 0
  }
  while (bytes + heldLength < target) {
    for (const line of session.message()) {
      held.push(line)
      heldLength += line.length
    }
    if (heldLength > CHUNK) flush()
  }
  held.push(...session.end())
  flush()
  closeSync(fd)
  return { bytes, lines }
}

function writeMeta(file: string, agent: Agent) {
  const meta = {
    agentType: 'general-purpose',
    isBuiltIn: true,
    description: 'look around',
    toolUseId: agent.toolUseId,
    spawnDepth: 1,
    finished: true,
  }
  writeFileSync(file.replace(/\.jsonl$/, '.meta.json'), JSON.stringify(meta))
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mb: { type: 'string', default: String(defaultOptions.mb) },
      files: { type: 'string', default: String(defaultOptions.files) },
      seed: { type: 'string', default: String(defaultOptions.seed) },
      end: { type: 'string', default: defaultOptions.end },
    },
  })
  const dir = positionals[0]
  if (dir === undefined) {
    console.error('usage: node bench/generate.ts DIR [--mb N] [--files N] [--seed N] [--end TIME]')
    process.exit(2)
  }
  const started = performance.now()
  const manifest = generate(dir, {
    mb: Number(values.mb),
    files: Number(values.files),
    seed: Number(values.seed),
    end: values.end,
  })
  const seconds = (performance.now() - started) / 1000
  console.log(JSON.stringify({ ...manifest, seconds: Number(seconds.toFixed(1)) }))
}
