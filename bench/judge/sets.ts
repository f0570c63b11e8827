/** The labelled sets of test/corpus, each row judged as `signalbox check --jsonl` would. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Judgement, Verdict } from '../../src/action/judgement.ts'
import { Checker, parseLine } from '../../src/commands/check-lines.ts'

export const FOLDER = join(import.meta.dirname, '../../test/corpus')

/** A row as it stands in a file; other guards' rows have no id and their own words for a denial. */
export interface Row {
  readonly id?: string
  readonly kind?: string
  readonly cmd?: string
  readonly tool?: string
  readonly input?: unknown
  readonly session?: string
  readonly ctx?: object
  readonly expected: 'allow' | 'ask' | 'deny' | 'block'
  readonly accept?: readonly string[]
}

export interface Judged {
  readonly row: Row
  readonly judgement: Judgement
  /** Milliseconds inside the judge. */
  readonly ms: number
}

export function setNames(folder = FOLDER): readonly string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .map(name => basename(name, '.jsonl'))
    .sort()
}

/** The rows of a set that a judge of this client's tools can be asked about. */
export function rowsOf(name: string, folder = FOLDER): readonly Row[] {
  return (
    readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .split('\n')
      .filter(text => text !== '')
      // The file is the project's own; the tests fail on a row that is none.
      .map(text => JSON.parse(text) as Row)
      .filter(row => !row.tool?.startsWith('tool:'))
  )
}

const TODAY = '2026-11-24'

export async function judgeRows(rows: readonly Row[]): Promise<readonly Judged[]> {
  const checker = new Checker('/nowhere/project', TODAY)
  const judged: Judged[] = []
  for (const row of rows) judged.push({ row, ...(await checker.judge(lineOf(row))) })
  return judged
}

/** A row that says nothing of a project gets an empty one. */
export function lineOf(row: Row): ReturnType<typeof parseLine> {
  const ctx = { cwd: '/nowhere/project', home: '/home/dev', ...row.ctx }
  const { cmd, tool, input, ...rest } = row
  // Other guards' rows hold the input of another tool as text.
  const action =
    tool !== undefined && tool !== 'Bash'
      ? { tool, input: input ?? JSON.parse(cmd ?? '{}') }
      : cmd === undefined
        ? { tool, input }
        : { cmd }
  return parseLine(JSON.stringify({ id: 'row', ...rest, ...action, ctx }))
}

/** Every right answer is a stop. */
export function isDanger({ expected, accept }: Row): boolean {
  return !(accept ?? [expected]).includes('allow')
}

/** Only `allow` is right. */
export function isHarmless({ expected, accept }: Row): boolean {
  const right = accept ?? [expected]
  return right.length === 1 && right[0] === 'allow'
}

export interface Rates {
  danger: number
  missed: number
  denied: number
  harmless: number
  wronglyDenied: number
  wronglyAsked: number
}

export function ratesOf(judged: readonly { row: Row; verdict: Verdict }[]): Rates {
  const danger = judged.filter(it => isDanger(it.row))
  const harmless = judged.filter(it => isHarmless(it.row))
  const count = (of: typeof judged, verdict: Verdict): number =>
    of.filter(it => it.verdict === verdict).length
  return {
    danger: danger.length,
    missed: count(danger, 'allow'),
    denied: count(danger, 'deny'),
    harmless: harmless.length,
    wronglyDenied: count(harmless, 'deny'),
    wronglyAsked: count(harmless, 'ask'),
  }
}

/** Wilson's interval at 95 %, as shares. */
export function wilson(hits: number, of: number): readonly [low: number, high: number] {
  if (of === 0) return [0, 1]
  const z = 1.959964
  const share = hits / of
  const base = 1 + z ** 2 / of
  const middle = share + z ** 2 / (2 * of)
  const spread = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  return [Math.max(0, (middle - spread) / base), Math.min(1, (middle + spread) / base)]
}
