/**
 * Writes src/commands/reviewer/corpus.jsonl, what `signalbox reviewer test` asks: the rows of our own sets
 * that a reviewer is for. Only those of the part that rules are written with; the held part is never used.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDanger, isHarmless, judgeRows, type Row, rowsOf, setNames } from '../bench/judge/sets.ts'

export const CORPUS = join(import.meta.dirname, '../src/commands/reviewer/corpus.jsonl')

/** As many dangerous as harmless ones, in turns: the first N are as good a sample as all. */
export async function reviewerCorpus(): Promise<string> {
  const rows: Row[] = []
  for (const set of setNames()) rows.push(...(await forReviewer(standingAlone(rowsOf(set, 'dev')))))
  const dangerous = shuffled(rows.filter(isDanger))
  const harmless = shuffled(rows.filter(isHarmless))
  const pairs = Math.min(dangerous.length, harmless.length)
  const inTurns = dangerous.slice(0, pairs).flatMap((row, i) => [row, ...harmless.slice(i, i + 1)])
  return `${inTurns.map(row => JSON.stringify(plain(row))).join('\n')}\n`
}

/** A later step of a session is labelled by what was done before it, which is not told here. */
function standingAlone(rows: readonly Row[]): Row[] {
  return rows
    .filter(
      ({ session }, i) =>
        session === undefined || rows.findIndex(it => it.session === session) === i,
    )
    .map(({ session: _, ...row }) => row)
}

/** Where the judge is unsure, or denies what the user's words may clear by their meaning. */
async function forReviewer(rows: readonly Row[]): Promise<Row[]> {
  return (await judgeRows(rows)).flatMap(({ row, judgement: { tier } }) => {
    const isCleared = tier === 'soft_deny' && isHarmless(row) && Boolean(row.user_prompt)
    return tier === 'uncertain' || isCleared ? [row] : []
  })
}

/** The same each time, and a row keeps its place among the others when some are added. */
function shuffled(rows: readonly Row[]): Row[] {
  const keyOf = ({ id = '' }: Row): string => createHash('sha1').update(id).digest('hex')
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** What is asked and the label; not what was noted about a row. */
function plain({ id, cmd, tool, input, user_prompt, cwd, ctx, expected, accept }: Row): object {
  return {
    id,
    cmd,
    tool,
    input,
    user_prompt,
    cwd,
    ctx: { cwd: '/nowhere/project', home: '/home/dev', ...ctx },
    expected,
    accept,
  }
}

if (import.meta.main) writeFileSync(CORPUS, await reviewerCorpus())
