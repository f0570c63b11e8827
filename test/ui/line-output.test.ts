/** The short way that the bundle draws by must show what Ink's own would, cell by cell. */
import xterm from '@xterm/headless'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import InkOutput from '../../node_modules/ink/build/output.js'
import LineOutput from '../../src/ui/line-output.ts'
import { coloredLines } from '../walk/colors.ts'

type Page = (output: InkOutput) => void

const SIZE = { width: 24, height: 6 }
const write = (
  x: number,
  y: number,
  text: string,
  change = (line: string): string => line,
): Page => {
  return output => output.write(x, y, text, { transformers: [change] })
}

async function shown(Kind: typeof InkOutput, pages: readonly Page[]): Promise<string> {
  const output = new Kind(SIZE)
  for (const page of pages) page(output)
  const view = new xterm.Terminal({ cols: SIZE.width, rows: SIZE.height, allowProposedApi: true })
  const text = output.get().output.replaceAll('\n', '\r\n')
  await new Promise<void>(resolve => view.write(text, resolve))
  return coloredLines(view)
}

async function expectSame(pages: readonly Page[]): Promise<void> {
  expect(await shown(LineOutput, pages)).toBe(await shown(InkOutput, pages))
}

const piece = fc.constantFrom('git push', 'é', '日本', '👍', ' ', '', '  x', '…')
const styled = fc
  .tuple(fc.constantFrom('', '\u001b[31m', '\u001b[1m', '\u001b[48;2;9;9;9m', '\u001b[7m'), piece)
  .map(([open, text]) => open + text)
/** Styles may be left on at its end. */
const line = fc
  .array(styled, { maxLength: 4 })
  .map(parts => parts.join(''))
  .chain(text => fc.constantFrom(text, `${text}\u001b[0m`))

test('a page of lines is shown as Ink shows it', async () => {
  const pages = fc
    .uniqueArray(fc.nat({ max: 7 }), { maxLength: 6 })
    .chain(rows =>
      fc
        .array(line, { minLength: rows.length, maxLength: rows.length })
        .map(texts => texts.map((text, i) => write(0, rows[i] ?? 0, text))),
    )
  await fc.assert(fc.asyncProperty(pages, expectSame), { numRuns: 200 })
})

test.each<[string, Page[]]>([
  ['a text that does not begin at the edge', [write(0, 1, 'under it'), write(3, 1, 'over')]],
  ['two texts on one row', [write(0, 2, 'the longer one'), write(0, 2, 'short')]],
  ['a text of two lines', [write(0, 0, 'one\ntwo'), write(0, 3, 'four')]],
  [
    'a text that is cut to a box',
    [output => output.clip({ x1: 0, x2: 4, y1: 0, y2: 2 }), write(0, 0, 'longer than it')],
  ],
  ['a text that its element changes', [write(0, 0, 'loud', text => text.toUpperCase())]],
])('%s is shown as Ink shows it', async (_, pages) => {
  await expectSame(pages)
})

test('what a line leaves on does not colour the one below it', async () => {
  const screen = await shown(LineOutput, [write(0, 0, '\u001b[31mred'), write(0, 1, 'plain')])
  expect(screen.split('\n').slice(0, 2)).toEqual(['{1}red{}', 'plain'])
})
