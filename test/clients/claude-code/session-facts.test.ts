/** What the gate reads of a transcript it reads for as long as the session lives, and keeps little of it. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { SessionFacts } from '../../../src/clients/claude-code/session-facts.ts'
import { tempFolder } from '../../helpers/folder.ts'

const resultOf = (id: string, content: string): string =>
  `${JSON.stringify({
    type: 'user',
    message: { role: 'user', content: [{ tool_use_id: id, type: 'tool_result', content }] },
  })}\n`

test('it knows which calls ended, and which of them ran', () => {
  const file = join(tempFolder(), 't.jsonl')
  const facts = new SessionFacts(file)
  appendFileSync(file, resultOf('toolu_01FirstOfThem', 'done') + resultOf('toolu_é', 'done'))
  facts.look()
  appendFileSync(file, resultOf('toolu_01Refused', '<tool_use_error>no</tool_use_error>'))
  facts.look()
  expect([...facts.ended]).toEqual(['toolu_01FirstOfThem', 'toolu_é', 'toolu_01Refused'])
  expect(facts.takeRan()).toEqual(['toolu_01FirstOfThem', 'toolu_é'])
})

test('of 20 MB of results it keeps their ids', () => {
  const file = join(tempFolder(), 't.jsonl')
  const facts = new SessionFacts(file)
  const before = heapMb()
  for (let i = 0; i < 1000; i++) {
    appendFileSync(file, resultOf(`toolu_01ABCDEFGHIJKLMNOPQR${i}`, 'x'.repeat(20_000)))
    facts.look()
  }
  expect(heapMb() - before).toBeLessThan(4)
  expect(facts.ended.size).toBe(1000)
})

function heapMb(): number {
  setFlagsFromString('--expose-gc')
  // Node has it only by a flag; a new context has it by now.
  const collect: () => void = runInNewContext('gc')
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}
