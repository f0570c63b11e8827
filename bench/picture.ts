// The picture of the README: the real program's real screen, as an SVG.
//   node bench/picture.ts FILE.svg [SECONDS] [KEYS] -- ARGUMENTS OF SIGNALBOX
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import xterm, { type IBufferCell, type Terminal } from '@xterm/headless'
import { signalbox, withHome } from './common.ts'
import { openPty } from './pty.ts'

const COLUMNS = 120
const ROWS = 30
const CELL = { width: 8.4, height: 18 }
const GROUND = '#0d1117'
const INK = '#c9d1d9'
// Where this checkout stands is nobody's business.
const CHECKOUT = fileURLToPath(new URL('..', import.meta.url))

const split = process.argv.indexOf('--')
const [file = 'screen.svg', seconds = '5', keys = ''] = process.argv.slice(2, split)

const lines = await withHome(async env => {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true })
  const size = { columns: COLUMNS, rows: ROWS, env: { ...env, COLORTERM: 'truecolor' } }
  const screen = await openPty(signalbox(...process.argv.slice(split + 1)), size)
  screen.onOutput(text => terminal.write(text))
  await sleep(Number(seconds) * 1000)
  screen.write(keys)
  await sleep(600)
  const drawn = Array.from({ length: ROWS }, (_, y) => lineOf(terminal, y))
  await screen.stop()
  return drawn
})

const width = COLUMNS * CELL.width + 24
const height = ROWS * CELL.height + 24
writeFileSync(
  file,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="${GROUND}"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
${lines.join('\n')}
</g>
</svg>
`,
)

/** Neighbouring cells of one look are one piece of text. */
function lineOf(terminal: Terminal, y: number): string {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y)
  const pieces: { x: number; text: string; fill: string; ground: string | null }[] = []
  for (let x = 0; x < COLUMNS; x++) {
    const cell = line?.getCell(x)
    if (cell === undefined || cell.getWidth() === 0) continue
    const fill = cell.isFgRGB() ? hex(cell.getFgColor()) : INK
    const ground = cell.isBgRGB() ? hex(cell.getBgColor()) : null
    const last = pieces.at(-1)
    const text = cell.getChars() || ' '
    if (last?.fill === fill && last.ground === ground && narrow(cell)) last.text += text
    else pieces.push({ x, text, fill, ground })
  }
  return pieces.map(piece => draw(piece, y)).join('')
}

function narrow(cell: IBufferCell): boolean {
  return cell.getWidth() === 1
}

function hex(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`
}

function draw(
  piece: { x: number; text: string; fill: string; ground: string | null },
  y: number,
): string {
  const left = 12 + piece.x * CELL.width
  const top = 12 + y * CELL.height
  const shown = piece.text.replace(CHECKOUT, '~/signalbox/')
  const text = shown.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c)
  const size = Array.from(shown).length * CELL.width
  const ground =
    piece.ground === null
      ? ''
      : `<rect x="${left}" y="${top}" width="${size}" height="${CELL.height}" fill="${piece.ground}"/>`
  if (text.trim() === '') return ground
  return `${ground}<text x="${left}" y="${top + 13.5}" textLength="${size}" fill="${piece.fill}">${text}</text>`
}
