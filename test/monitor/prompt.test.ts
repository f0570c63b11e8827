/** What is typed into a question is what is seen of it. */
import { expect, test } from 'vitest'
import { type Prompt, promptKey } from '../../src/monitor/prompt.ts'

const HIDDEN = '\u2028\u2029\u202e\u200b\u0085\ud800'

test('a filter gets a name of one line, with nothing hidden in it', () => {
  const asked: Prompt = { kind: 'keep', filter: 'state:blocked', typed: 'mi' }
  const { prompt } = promptKey(asked, '', `${HIDDEN}ne`, 0)
  if (prompt === null) throw new Error('the question is over')
  expect(promptKey(prompt, 'enter', '', 0).keep).toEqual({ name: 'mine', filter: 'state:blocked' })
})

test('so do the words for an agent, in any letters', () => {
  const asked: Prompt = { kind: 'words', label: '', typed: '', session: 's', action: 'a' }
  const { prompt } = promptKey(asked, '', `nö, 漢字${HIDDEN} 👍`, 0)
  expect(prompt).toMatchObject({ typed: 'nö, 漢字 👍' })
})
