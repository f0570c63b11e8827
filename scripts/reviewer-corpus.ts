/**
 * Writes src/commands/reviewer/corpus.jsonl, what `signalbox reviewer test` asks: the rows of our own sets
 * that a reviewer is for. Only those of the part that rules are written with; the held part is never used.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDanger, isHarmless, judgeRows, type Row, rowsOf, setNames } from '../bench/judge/sets.ts'

export const CORPUS = join(import.meta.dirname, '../src/commands/reviewer/corpus.jsonl')

export async function reviewerCorpus(): Promise<string> {
  const lines: string[] = []
  for (const set of setNames()) {
    // Each by itself: a reviewer is asked about one action.
    const rows = rowsOf(set, 'dev').map(({ session: _, ...row }): Row => row)
    for (const row of rows) {
      const [judged] = await judgeRows([row])
      const tier = judged?.judgement.tier
      const isFor = tier === 'uncertain' || (tier === 'soft_deny' && isHarmless(row))
      if (isFor && (isDanger(row) || isHarmless(row))) lines.push(JSON.stringify(plain(row)))
    }
  }
  return `${lines.join('\n')}\n`
}

/** What is asked and the label; not what was noted about a row. */
function plain({ id, cmd, tool, input, user_prompt, ctx, expected, accept }: Row): object {
  return {
    id,
    cmd,
    tool,
    input,
    user_prompt,
    ctx: { cwd: '/nowhere/project', home: '/home/dev', ...ctx },
    expected,
    accept,
  }
}

if (import.meta.main) writeFileSync(CORPUS, await reviewerCorpus())
