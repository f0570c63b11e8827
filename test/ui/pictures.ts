/** The sizes that every screen is looked at in, and the screen as a text. */
import { expect, test } from 'vitest'
import type { Monitor } from '../../src/monitor/monitor.ts'
import type { Size } from '../../src/ui/layout.ts'
import { renderApp, type Shown } from './harness.ts'

export const SIZES: readonly Size[] = [
  { columns: 40, rows: 10 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
]

/** The screen with the selected line pointed out, as plain text has no bar. */
export function pictured(app: Shown): string {
  const selected = app.selectedLine()
  const lines = app.lines().map((line, i) => (i === selected ? `${line}  <= selected` : line))
  return `${lines.join('\n')}\n`
}

export interface Picture {
  /** Of its file. */
  readonly name: string
  readonly monitor: () => Monitor
  readonly keys: readonly string[]
}

/** Each after its keys, whole, at every size, as its file beside the tests has it. */
export function testPictures(
  pictures: readonly Picture[],
  folder = './screens',
  sizes: readonly Size[] = SIZES,
): void {
  const cases = pictures.flatMap(picture =>
    sizes.map(size => ({ ...picture, size, file: `${picture.name}-${size.columns}x${size.rows}` })),
  )
  test.each(cases)('$file', async ({ monitor, keys, size, file }) => {
    const app = await renderApp(monitor(), size)
    await app.press(...keys)
    expect(app.lines()).toHaveLength(size.rows)
    await expect(pictured(app)).toMatchFileSnapshot(`${folder}/${file}.txt`)
  })
}
