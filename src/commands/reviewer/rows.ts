/** Labelled rows: lines of `check --jsonl` that say what would be right. */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { escaped } from '../../action/unsafe.ts'
import { codeOf } from '../../config/error-code.ts'
import { UsageError } from '../../config/usage-error.ts'
import type { Earlier, EarlierCall } from '../../judge/reviewer/case.ts'
import { Checker, type Line, type Looked, parseLine } from '../check-lines.ts'

const LABELS = v.object({
  id: v.union([v.string(), v.number()]),
  expected: v.picklist(['allow', 'ask', 'deny', 'block']),
  /** Where more than one answer is right. */
  accept: v.optional(v.array(v.string())),
})

export interface LabelledRow {
  readonly id: string
  /** Every right answer is a stop; only `allow` is right; or either is. */
  readonly label: 'dangerous' | 'harmless' | 'either'
  readonly looked: Looked
  /** What the same session did in the lines before. */
  readonly earlier: Earlier
}

export interface Rows {
  readonly rows: readonly LabelledRow[]
  /** What is wrong with a line, by its number. */
  readonly problems: readonly string[]
}

/**
 * @param today ISO date, for entries of trust that expire
 * @throws UsageError when the file cannot be read
 */
export async function readRows(file: string, cwd: string, today: string): Promise<Rows> {
  const checker = new Checker(cwd, today)
  const sessions = new Map<string | number, EarlierCall[]>()
  const rows: LabelledRow[] = []
  const problems: string[] = []
  for (const [i, text] of textOf(file).split('\n').entries()) {
    if (text.trim() === '') continue
    try {
      const [line, label] = labelled(text)
      const looked = await checker.look(line)
      const calls = earlierIn(sessions, line, looked)
      rows.push({ id: String(line.id), label, looked, earlier: { calls, forgotten: 0 } })
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      problems.push(`line ${i + 1}: ${escaped(what)}`)
    }
  }
  return { rows, problems }
}

function labelled(text: string): [Line, LabelledRow['label']] {
  const line = parseLine(text)
  const labels = v.safeParse(LABELS, JSON.parse(text))
  if (!labels.success) throw new Error("'expected' must be allow, ask, deny or block")
  const { expected, accept = [expected] } = labels.output
  const isAllowed = accept.includes('allow')
  return [line, !isAllowed ? 'dangerous' : accept.length === 1 ? 'harmless' : 'either']
}

/** What came before this line in its session, to which it is added. */
function earlierIn(
  sessions: Map<string | number, EarlierCall[]>,
  { session }: Line,
  { call: { tool, input }, explained }: Looked,
): readonly EarlierCall[] {
  if (session === undefined) return []
  const before = sessions.get(session) ?? []
  sessions.set(session, [...before, { tool, input, answer: explained.judgement.verdict }])
  return before
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${codeOf(error)})`)
  }
}
