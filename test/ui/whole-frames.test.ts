/** How frames reach the terminal: each in one piece, between the marks of synchronized output. */
import { EventEmitter } from 'node:events'
import { render, Text } from 'ink'
import { createElement } from 'react'
import { expect, onTestFinished, test } from 'vitest'
import { inWholeFrames } from '../../src/ui/whole-frames.ts'

const BEGIN = '\u001b[?2026h'
const END = '\u001b[?2026l'

/** A terminal as far as Ink looks at it, which keeps what is written, write by write. */
function keeping() {
  const writes: string[] = []
  const stream = Object.assign(new EventEmitter(), {
    columns: 40,
    rows: 10,
    isTTY: true,
    write: (text: string, done?: () => void): boolean => {
      if (text !== '') writes.push(text)
      done?.()
      return true
    },
  })
  // Ink asks for no more of a stream than this.
  return { writes, terminal: inWholeFrames(stream as unknown as NodeJS.WriteStream) }
}

test('a frame of Ink is one write, from its begin to its end', async () => {
  const { writes, terminal } = keeping()
  const options = { stdout: terminal, interactive: true, patchConsole: false }
  const app = render(createElement(Text, null, 'one'), options)
  onTestFinished(() => app.unmount())
  await app.waitUntilRenderFlush()
  app.rerender(createElement(Text, null, 'two'))
  await app.waitUntilRenderFlush()
  const frames = writes.filter(text => /one|two/.test(text))
  expect(frames).toHaveLength(2)
  for (const frame of frames) expect([frame.slice(0, 8), frame.slice(-8)]).toEqual([BEGIN, END])
  expect(writes.filter(text => text === BEGIN || text === END)).toEqual([])
})

test('what is no frame passes as it came, and at once', () => {
  const { writes, terminal } = keeping()
  terminal.write('\u0007')
  terminal.write(`${BEGIN}all in one${END}`)
  expect(writes).toEqual(['\u0007', `${BEGIN}all in one${END}`])
})

test('a frame that is broken off is shown as far as it came, and nothing is held after it', async () => {
  const { writes, terminal } = keeping()
  terminal.write(BEGIN)
  terminal.write('half')
  await Promise.resolve()
  terminal.write('the end')
  expect(writes).toEqual([`${BEGIN}half`, 'the end'])
})

test('who waits for a write is told, in the midst of a frame, too', async () => {
  const { writes, terminal } = keeping()
  terminal.write(BEGIN)
  await new Promise<void>(resolve => terminal.write('last', () => resolve()))
  expect(writes).toEqual([BEGIN, 'last'])
})
