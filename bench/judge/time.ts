/** The time of one verdict, over the corpus: inside the judge, without gathering facts. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Checker, parseLine } from '../../src/commands/check-lines.ts'
import type { Row } from '../common.ts'

const FOLDER = join(import.meta.dirname, '../../test/corpus')
const TURNS = 5

export async function judging(): Promise<Row[]> {
  const lines = readdirSync(FOLDER)
    .filter(name => name.endsWith('.jsonl'))
    .flatMap(name => readFileSync(join(FOLDER, name), 'utf8').split('\n'))
    .filter(text => text.includes('"cmd"'))
    .map(text => {
      const { cmd, ctx, user_prompt }: Record<string, unknown> = JSON.parse(text)
      return parseLine(JSON.stringify({ id: 0, cmd, ctx: ctx ?? {}, user_prompt }))
    })
  const times: number[] = []
  for (let turn = 0; turn <= TURNS; turn++) {
    const checker = new Checker('/nowhere/project', '')
    for (const line of lines) {
      const { ms } = await checker.judge(line)
      // The first turn warms up: the gate is a process that stays.
      if (turn > 0) times.push(ms)
    }
  }
  times.sort((a, b) => a - b)
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(3)
  return [
    {
      measure: `one verdict of the judge, ${lines.length} commands`,
      signalbox: `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(0.99999)} ms`,
      peer: '',
      note: 'without gathering facts',
    },
  ]
}
