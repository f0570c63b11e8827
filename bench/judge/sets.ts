/** The labelled sets of test/corpus/sets, each row judged as `signalbox check --jsonl` would. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Judgement, Verdict } from '../../src/action/judgement.ts'
import { Checker, parseLine } from '../../src/commands/check-lines.ts'

export const FOLDER = join(import.meta.dirname, '../../test/corpus/sets')

/** Also a set: its form is a little older, and no row of it was ever held back. */
const PROBES = 'probes'
const PROBES_FILE = join(FOLDER, '../policy-probes.jsonl')

/** A row as it stands in a file; other guards' rows have no id and their own words for a denial. */
export interface Row {
  readonly id?: string
  readonly kind?: string
  readonly cmd?: string
  readonly tool?: string
  readonly input?: unknown
  readonly session?: string
  readonly user_prompt?: string
  readonly cwd?: string
  readonly ctx?: object
  readonly expected: 'allow' | 'ask' | 'deny' | 'block'
  readonly accept?: readonly string[]
}

export interface Verdicted {
  readonly row: Row
  readonly verdict: Verdict
}

export interface Judged extends Verdicted {
  readonly judgement: Judgement
  /** Milliseconds inside the judge. */
  readonly ms: number
}

export const PARTS = ['dev', 'held', 'all'] as const
export type Part = (typeof PARTS)[number]

export function setNames(folder = FOLDER): readonly string[] {
  const names = readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .map(name => basename(name, '.jsonl'))
  return (folder === FOLDER ? [...names, PROBES] : names).sort()
}

/** The rows of a set that a judge of this client's tools can be asked about. */
export function rowsOf(name: string, part: Part = 'all', folder = FOLDER): readonly Row[] {
  const probes = folder === FOLDER && name === PROBES
  return (
    readFileSync(probes ? PROBES_FILE : join(folder, `${name}.jsonl`), 'utf8')
      .split('\n')
      .filter(text => text !== '')
      // The file is the project's own; the tests fail on a row that is none.
      .map(text => JSON.parse(text) as Row)
      .filter(row => !row.tool?.startsWith('tool:'))
      .filter(row => part === 'all' || part === (probes ? 'dev' : partOf(row)))
  )
}

/**
 * Rules are written with the rows of `dev`; those of `held` are only counted. A session stays whole,
 * and a row stays where it is when others are added.
 */
export function partOf({ session, id, cmd }: Row): Exclude<Part, 'all'> {
  const [byte = 0] = createHash('sha1')
    .update(session ?? id ?? cmd ?? '')
    .digest()
  return byte % 3 === 0 ? 'held' : 'dev'
}

const TODAY = '2026-11-24'

export async function judgeRows(rows: readonly Row[]): Promise<readonly Judged[]> {
  const checker = new Checker('/nowhere/project', TODAY)
  const judged: Judged[] = []
  for (const row of rows) {
    const { judgement, ms } = await checker.judge(lineOf(row))
    judged.push({ row, verdict: judgement.verdict, judgement, ms })
  }
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
