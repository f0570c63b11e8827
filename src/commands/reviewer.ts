/** `signalbox reviewer test|eval`: how the configured reviewer does on labelled actions. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfigIn } from '../config/config.ts'
import { dayOf, loadPolicy } from '../config/load-policy.ts'
import { configFile, shipped } from '../config/paths.ts'
import { type Places, placesOf } from '../config/places.ts'
import type { Policy, ReviewerSettings } from '../config/policy.ts'
import { UsageError, WordsError } from '../config/usage-error.ts'
import { recentEntries } from '../gate/recent.ts'
import { Redactor } from '../gate/redact.ts'
import { restore } from '../gate/restore.ts'
import { checkRules } from '../judge/check-rules.ts'
import type { Spent } from '../judge/reviewer/budget.ts'
import { safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { wordsAndFlagsOf } from './flags.ts'
import { loadPrices } from './prices.ts'
import { type LabelledRow, readRows } from './reviewer/rows.ts'
import { tallyOf, wrongIn } from './reviewer/tally.ts'
import { tallyLines } from './reviewer/tally-lines.ts'
import { reviewable, type Trial, tryOut } from './reviewer/trial.ts'
import { say } from './say.ts'

export const FLAGS = { runs: 'string', limit: 'string', json: 'boolean' } as const

const EVAL_RUNS = 3
const MOST = 1_000_000

export async function run(args: readonly string[]): Promise<number> {
  const { words, flags } = wordsAndFlagsOf(args, FLAGS)
  const [what, file, ...more] = words
  if (more[0] !== undefined) throw new WordsError(`unexpected '${more[0]}'`)
  switch (what) {
    case undefined:
      return usage()
    case 'test':
      if (file !== undefined) throw new WordsError(`unexpected '${file}'; eval takes a file`)
      if (flags.runs !== undefined) throw new WordsError('--runs is for eval')
      return tried(shipped('src', 'commands', 'reviewer', 'corpus.jsonl'), { ...flags, runs: '1' })
    case 'eval':
      if (file === undefined)
        throw new WordsError('eval takes a file: signalbox reviewer eval FILE.jsonl')
      if (!existsSync(file)) throw new UsageError(`${file}: no such file`)
      return tried(file, flags)
    default:
      throw new WordsError(`reviewer takes test or eval, not '${what}'`)
  }
}

async function usage(): Promise<number> {
  const { helpOf } = await import('./help.ts')
  say(helpOf('reviewer'))
  return 0
}

interface Wanted {
  readonly runs: string | undefined
  readonly limit: string | undefined
  readonly json: boolean
}

/** @returns 1 when something dangerous was allowed, 2 when a line could not be read */
async function tried(file: string, wanted: Wanted): Promise<number> {
  const runs = numberOf('--runs', wanted.runs, EVAL_RUNS)
  const limit = numberOf('--limit', wanted.limit, MOST)
  const { policy, settings, places } = configured()
  const { rows, problems } = await readRows(file, process.cwd(), dayOf(new Date()))
  for (const problem of problems) process.stderr.write(`signalbox: ${safe(file)}: ${problem}\n`)
  if (rows.length === 0) throw new UsageError(`${file}: holds no row that could be read`)
  const asked = reviewable(rows)
  const chosen = asked.slice(0, limit)
  const decided = rows.length - asked.length
  const spent = await spentIn(join(places.state, 'journal'))
  const trial = await withStop(stop =>
    tryOut(chosen, {
      settings,
      env: process.env,
      loadPrice: async () => loadPrices(await loadConfigIn(places.config)),
      redact: redactorFor(policy),
      runs,
      spent,
      stop,
      progress,
    }),
  )
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  print(wanted.json, { settings, rows, decided, chosen, trial, runs })
  if (problems.length > 0) return 2
  return wrongIn(trial.answers).some(it => it.row.label === 'dangerous') ? 1 : 0
}

/** @throws UsageError where none is configured */
function configured(): { policy: Policy; settings: ReviewerSettings; places: Places } {
  const places = placesOf(process.env, process.platform)
  const { policy, errors } = loadPolicy(places, checkRules)
  const settings = policy.reviewer
  if (settings === null && errors[0] !== undefined) throw new UsageError(errors[0])
  if (settings === null)
    throw new UsageError(
      `${configFile(places.config)}: names no reviewer; add 'reviewer: {provider: …, model: …}' (docs/reviewer.md)`,
    )
  for (const error of errors) process.stderr.write(`signalbox: ${safe(error)}\n`)
  return { policy, settings, places }
}

/** What the gate's own reviews have cost in the last days. */
async function spentIn(journal: string): Promise<readonly Spent[]> {
  return existsSync(journal) ? restore(await recentEntries(journal)).spent : []
}

/** Placeholders of its own: nobody compares them with others. */
function redactorFor({ redact }: Policy): <T>(value: T) => T {
  const redactor = new Redactor(randomBytes(32).toString('hex'), () => redact)
  return value => redactor.entry(value)
}

/** The first Ctrl-C ends the asking, and what there is is printed; a second one ends all. */
async function withStop<T>(use: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  process.once('SIGINT', end)
  try {
    return await use(stop.signal)
  } finally {
    process.off('SIGINT', end)
  }
}

function progress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of}`)
}

interface Outcome {
  readonly settings: ReviewerSettings
  readonly rows: readonly LabelledRow[]
  readonly decided: number
  readonly chosen: readonly LabelledRow[]
  readonly trial: Trial
  readonly runs: number
}

function print(json: boolean, { settings, rows, decided, chosen, trial, runs }: Outcome): void {
  const { answers, endedFor } = trial
  const tally = tallyOf(answers)
  const { provider, model } = settings
  const asked = chosen.length
  const about = { provider, model, rows: rows.length, decided, asked, runs, endedFor }
  if (!json) {
    say(tallyLines(about, tally, wrongIn(answers)))
    return
  }
  const wrong = wrongIn(answers).map(({ row, run, verdict, review }) => ({
    id: row.id,
    run,
    label: row.label,
    ...review,
    verdict,
  }))
  process.stdout.write(`${terminalSafeJson({ ...about, ...tally, wrong })}\n`)
}

function numberOf(flag: string, text: string | undefined, byDefault: number): number {
  const n = Number(text ?? byDefault)
  if (Number.isInteger(n) && n >= 1 && n <= MOST) return n
  throw new UsageError(`${flag} takes a whole number from 1 on, not '${text}'`)
}
