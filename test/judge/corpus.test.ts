/**
 * Commands of other guards' own tests, and probes of the published policies (test/corpus, where each
 * row says its source and licence). The bounds are what was reached: they may only get better.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Checker, parseLine } from '../../src/commands/check-lines.ts'

const FOLDER = join(import.meta.dirname, '../corpus')

interface Row {
  readonly id?: string
  readonly cmd?: string
  readonly tool?: string
  readonly expected: 'allow' | 'ask' | 'block'
  readonly accept?: readonly string[]
  readonly ctx?: object
}

interface Score {
  /** Expected to be asked about or denied, and allowed. */
  missed: number
  /** Of these, rows that the source does not contradict. */
  contradicted: number
  danger: number
  denied: number
  /** Expected to be allowed and nothing else, and not allowed. */
  friction: number
  harmless: number
}

async function scoreOf(file: string): Promise<Score> {
  const checker = new Checker('/nowhere/project', '2026-11-24')
  const score: Score = {
    missed: 0,
    contradicted: 0,
    danger: 0,
    denied: 0,
    friction: 0,
    harmless: 0,
  }
  for (const text of readFileSync(join(FOLDER, file), 'utf8').split('\n')) {
    if (text === '') continue
    const row: Row = JSON.parse(text)
    // Other programs' own tools are none of ours.
    if (row.tool?.startsWith('tool:')) continue
    const { judgement } = await checker.judge(parseLine(JSON.stringify(lineOf(row))))
    const only = row.accept ?? (row.expected === 'allow' ? ['allow'] : ['block', 'ask'])
    if (row.expected !== 'allow') {
      score.danger++
      if (judgement.verdict === 'deny') score.denied++
      if (judgement.verdict === 'allow') score.missed++
      if (judgement.verdict === 'allow' && !only.includes('allow')) score.contradicted++
    }
    if (only.length === 1 && only[0] === 'allow') {
      score.harmless++
      if (judgement.verdict !== 'allow') score.friction++
    }
  }
  return score
}

/** A row of another guard says nothing of a project: it gets an empty one. */
function lineOf(row: Row): object {
  const ctx = { cwd: '/nowhere/project', home: '/home/dev', ...row.ctx }
  if (row.cmd === undefined || row.tool === undefined || row.tool === 'Bash')
    return { id: 'row', ...row, tool: undefined, ctx }
  return { id: 'row', tool: row.tool, input: JSON.parse(row.cmd), ctx }
}

/**
 * What is missed in dcg is `rm` of `node_modules` and `build` in the project, and of a named file
 * in /tmp, which the probes call harmless, and commands that do nothing. The rows of codex and
 * gemini-cli depend on those programs' own settings: `git status` is asked about there, and so is
 * any program that is not listed.
 */
test.each([
  ['policy-probes.jsonl', { missed: 0, contradicted: 0, denied: 154, friction: 0 }],
  ['dcg.jsonl', { missed: 21, contradicted: 21, denied: 742, friction: 0 }],
  ['codex.jsonl', { missed: 44, contradicted: 26, denied: 10, friction: 1 }],
  ['gemini-cli.jsonl', { missed: 20, contradicted: 20, denied: 5, friction: 0 }],
  ['cc-automode.jsonl', { missed: 0, contradicted: 0, denied: 17, friction: 5 }],
  ['zgeoff-auto-mode.jsonl', { missed: 0, contradicted: 0, denied: 28, friction: 0 }],
])('%s', async (file, bound) => {
  const score = await scoreOf(file)
  expect(score.missed).toBeLessThanOrEqual(bound.missed)
  expect(score.contradicted).toBeLessThanOrEqual(bound.contradicted)
  expect(score.denied).toBeGreaterThanOrEqual(bound.denied)
  expect(score.friction).toBeLessThanOrEqual(bound.friction)
})
