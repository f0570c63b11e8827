/** What a terminal would colour how: each stretch of a line with its colours, as text. */
import type { IBufferCell, Terminal } from '@xterm/headless'

export function coloredLines(view: Terminal): string {
  const { active } = view.buffer
  const lines = Array.from({ length: view.rows }, (_, y) => {
    const line = active.getLine(active.viewportY + y)
    const cells = Array.from({ length: view.cols }, (_, x) => line?.getCell(x)).filter(
      cell => cell !== undefined,
    )
    return runs(cells)
  })
  return `${lines.join('\n')}\n`
}

function runs(cells: readonly IBufferCell[]): string {
  let out = ''
  let before = ''
  for (const cell of cells) {
    const look = lookOf(cell)
    if (look !== before) out += `{${look}}`
    before = look
    out += cell.getChars() || (cell.getWidth() === 0 ? '' : ' ')
  }
  return out.trimEnd()
}

function lookOf(cell: IBufferCell): string {
  const color = (rgb: boolean, palette: boolean, value: number): string =>
    rgb ? `#${value.toString(16).padStart(6, '0')}` : palette ? String(value) : ''
  return [
    color(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor()),
    cell.isBgDefault() ? '' : `on ${color(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor())}`,
    cell.isBold() ? 'bold' : '',
    cell.isDim() ? 'dim' : '',
    cell.isInverse() ? 'inverse' : '',
  ]
    .filter(it => it !== '')
    .join(' ')
}
