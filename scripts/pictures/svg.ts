/** A terminal's screen as an SVG: each cell where it stands, with the colours the program gave it. */
import type { IBufferCell, Terminal } from '@xterm/headless'

/** What a terminal adds of its own. */
export interface Look {
  readonly ink: string
  readonly ground: string
  /** The 16 colours that programs call by number. */
  readonly palette: readonly string[]
}

interface Style {
  readonly fill: string
  /** `''`: the terminal's own. */
  readonly ground: string
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
}

/** Neighbouring cells of one look. */
interface Piece {
  readonly x: number
  readonly cells: number
  readonly text: string
  readonly style: Style
}

const CELL = { width: 8.4, height: 18 }
const FONT = 14
const BASELINE = 13.5
const MARGIN = 12

export function svgOf(terminal: Terminal, title: string, look: Look): string {
  const width = rounded(terminal.cols * CELL.width + 2 * MARGIN)
  const height = terminal.rows * CELL.height + 2 * MARGIN
  const rows = Array.from({ length: terminal.rows }, (_, y) => rowOf(terminal, y, look))
  const colors = [...new Set(rows.flat().map(({ style }) => style.fill))]
  const classOf = (fill: string): string => `c${colors.indexOf(fill)}`
  const lines = rows.map((pieces, y) => drawnRow(pieces, y, classOf))
  const css = colors.map(fill => `.${classOf(fill)}{fill:${fill}}`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>text{font:${FONT}px "DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre}.b{font-weight:bold}.d{fill-opacity:.55}.i{font-style:italic}.u{text-decoration:underline}${css}</style>
<rect width="100%" height="100%" rx="8" fill="${look.ground}"/>
${lines.filter(line => line !== '').join('\n')}
</svg>
`
}

function rowOf(terminal: Terminal, y: number, look: Look): Piece[] {
  const buffer = terminal.buffer.active
  const line = buffer.getLine(buffer.viewportY + y)
  const pieces: Piece[] = []
  for (let x = 0; x < terminal.cols; x++) {
    const cell = line?.getCell(x)
    const cells = cell?.getWidth() ?? 0
    if (cell === undefined || cells === 0) continue
    const piece = { x, cells, text: cell.getChars() || ' ', style: styleOf(cell, look) }
    const last = pieces.at(-1)
    if (last !== undefined && areOne(last, piece)) pieces[pieces.length - 1] = joined(last, piece)
    else pieces.push(piece)
  }
  return pieces
}

/** Only of ASCII is it sure that every font gives each sign the same room. */
const isPlain = (text: string): boolean => /^[ -~]+$/.test(text)
const isDrawn = (text: string): boolean => /^[\u2500-\u259f]+$/.test(text)

function areOne(one: Piece, next: Piece): boolean {
  const alike = (key: keyof Style): boolean => one.style[key] === next.style[key]
  const same = (Object.keys(one.style) as (keyof Style)[]).every(alike) // its own keys
  return (
    same && ((isPlain(one.text) && isPlain(next.text)) || (isDrawn(one.text) && isDrawn(next.text)))
  )
}

const joined = (one: Piece, next: Piece): Piece => ({
  ...one,
  cells: one.cells + next.cells,
  text: one.text + next.text,
})

function styleOf(cell: IBufferCell, look: Look): Style {
  const ink = colorOf(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor(), look)
  const ground = colorOf(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor(), look)
  const [fill, behind] =
    cell.isInverse() === 0
      ? [ink ?? look.ink, ground ?? '']
      : [ground ?? look.ground, ink ?? look.ink]
  return {
    fill,
    ground: behind,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
  }
}

function colorOf(isRgb: boolean, isNumber: boolean, color: number, look: Look): string | null {
  if (isRgb) return `#${color.toString(16).padStart(6, '0')}`
  if (!isNumber) return null
  const named = look.palette[color]
  if (named === undefined) throw new Error(`the pictures know no colour ${color}`)
  return named
}

function drawnRow(pieces: readonly Piece[], y: number, classOf: (fill: string) => string): string {
  const top = MARGIN + y * CELL.height
  const grounds = pieces
    .filter(({ style }) => style.ground !== '')
    .map(({ x, cells, style }) => {
      const size = `width="${rounded(cells * CELL.width)}" height="${CELL.height}"`
      return `<rect x="${leftOf(x)}" y="${top}" ${size} fill="${style.ground}"/>`
    })
  const shown = pieces.filter(({ text }) => text.trim() !== '')
  const signs = shown
    .filter(({ text }) => isDrawn(text))
    .map(({ x, text, style }) => {
      const paths = Array.from(text, (sign, i) => pathOf(sign, MARGIN + (x + i) * CELL.width, top))
      return `<path class="${classesOf(style, classOf)}" d="${paths.join('')}"/>`
    })
  const words = shown
    .filter(({ text }) => !isDrawn(text))
    .flatMap(wordsOf)
    .map(({ x, cells, text, style }) => {
      const length = cells === 1 ? '' : ` textLength="${rounded(cells * CELL.width)}"`
      return `<tspan x="${leftOf(x)}"${length} class="${classesOf(style, classOf)}">${escaped(text)}</tspan>`
    })
  const text =
    words.length === 0 ? '' : `<text y="${rounded(top + BASELINE)}">${words.join('')}</text>`
  return [...grounds, ...signs, text].join('')
}

/** Wide gaps are left out: what stands behind them keeps its place by its own `x`. */
function wordsOf(piece: Piece): Piece[] {
  if (!isPlain(piece.text)) return [piece]
  return Array.from(piece.text.matchAll(/\S+(?: \S+)*/g), match => ({
    ...piece,
    x: piece.x + match.index,
    cells: match[0].length,
    text: match[0],
  }))
}

function classesOf(
  { fill, bold, dim, italic, underline }: Style,
  classOf: (fill: string) => string,
): string {
  const marks = [bold && 'b', dim && 'd', italic && 'i', underline && 'u']
  return [classOf(fill), ...marks.filter(mark => mark !== false)].join(' ')
}

const leftOf = (x: number): number => rounded(MARGIN + x * CELL.width)
const rounded = (length: number): number => Math.round(length * 100) / 100

/** Lines to the left, right, top and bottom of a cell. */
const LINES: Readonly<Record<string, string>> = {
  '─': 'lr',
  '│': 'tb',
  '┌': 'rb',
  '┐': 'lb',
  '└': 'rt',
  '┘': 'lt',
  '├': 'rtb',
  '┤': 'ltb',
  '┬': 'lrb',
  '┴': 'lrt',
  '┼': 'lrtb',
  '╭': 'rb',
  '╮': 'lb',
  '╰': 'rt',
  '╯': 'lt',
  '╴': 'l',
  '╵': 't',
  '╶': 'r',
  '╷': 'b',
}
const STROKE = 1.2

/** Blocks and lines as areas: a font would leave gaps between the rows. */
function pathOf(sign: string, left: number, top: number): string {
  const { width, height } = CELL
  const area = (x: number, y: number, w: number, h: number): string =>
    `M${rounded(left + x)} ${rounded(top + y)}h${rounded(w)}v${rounded(h)}h${rounded(-w)}z`
  const code = sign.codePointAt(0) ?? 0
  if (code >= 0x2581 && code <= 0x2588) {
    const eighths = ((code - 0x2580) * height) / 8
    return area(0, height - eighths, width, eighths)
  }
  if (code >= 0x2589 && code <= 0x258f) return area(0, 0, ((0x2590 - code) * width) / 8, height)
  const [x, y] = [(width - STROKE) / 2, (height - STROKE) / 2]
  const arms: Readonly<Record<string, string>> = {
    l: area(0, y, width / 2 + STROKE / 2, STROKE),
    r: area(x, y, width / 2 + STROKE / 2, STROKE),
    t: area(x, 0, STROKE, height / 2 + STROKE / 2),
    b: area(x, y, STROKE, height / 2 + STROKE / 2),
  }
  const found = LINES[sign]
  if (found === undefined) throw new Error(`the pictures cannot draw ${sign}`)
  return Array.from(found, arm => arms[arm] ?? '').join('')
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c)
}
