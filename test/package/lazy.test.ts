/** What most commands never need is in files of its own, which they do not load. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const DIST = join(import.meta.dirname, '../../dist')
const texts = readdirSync(DIST)
  .filter(name => name.endsWith('.js'))
  .map(name => ({ name, text: readFileSync(join(DIST, name), 'utf8') }))

test.each([
  ['what asks a reviewer’s model', 'anthropic-version'],
  ['what draws the screen', 'react.transitional.element'],
])('%s is loaded when it is used, and not before', (_, mark) => {
  const own = texts.filter(({ text }) => text.includes(mark)).map(({ name }) => name)
  expect(own.length).toBeGreaterThan(0)
  // From the start of the program, by what each file imports at once.
  const loaded = new Set(['cli.js'])
  for (const name of loaded) {
    const text = texts.find(it => it.name === name)?.text ?? ''
    for (const [, file = ''] of text.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) loaded.add(file)
  }
  expect(loaded.size).toBeGreaterThan(1)
  for (const name of own) expect(loaded).not.toContain(name)
})

test('a gate does not load what asks a model before it asks one', () => {
  const model = texts.filter(({ text }) => text.includes('anthropic-version'))
  for (const { name } of model)
    for (const { text } of texts) expect(text).not.toMatch(new RegExp(`(from|import)"\\./${name}"`))
})
