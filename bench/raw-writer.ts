// The physical limit for a live table in Node: tails the same transcripts by polling, parses every
// line, and paints with raw ANSI, writing only the lines that changed. No framework, no layout.
//   node bench/raw-writer.ts DIR [--columns 200] [--rows 60] [--fps 20]
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const POLL_MS = 50
const DISCOVER_MS = 1000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    columns: { type: 'string', default: '200' },
    rows: { type: 'string', default: '60' },
    fps: { type: 'string', default: '20' },
  },
})
const projects = join(positionals[0] ?? '.', 'projects')
const columns = Number(values.columns)
const height = Number(values.rows)
const headerLines = 3
const listLines = height - headerLines - 1

type Tail = { fd: number; offset: number; rest: Buffer }
type Row = { time: string; session: string; tool: string; state: string; summary: string }

const tails = new Map<string, Tail>()
const calls = new Map<string, Row>()
const rows: Row[] = []
const counters = { lines: 0, calls: 0, approved: 0, blocked: 0, output: 0 }
const buffer = Buffer.allocUnsafe(1 << 20)
let shown: string[] = []

function discover() {
  for (const name of readdirSync(projects, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.jsonl') || tails.has(name)) continue
    tails.set(name, { fd: openSync(join(projects, name), 'r'), offset: 0, rest: Buffer.alloc(0) })
  }
}

function poll() {
  for (const tail of tails.values()) {
    const size = fstatSync(tail.fd).size
    while (tail.offset < size) {
      const got = readSync(tail.fd, buffer, 0, buffer.length, tail.offset)
      if (got === 0) break
      tail.offset += got
      const bytes = Buffer.concat([tail.rest, buffer.subarray(0, got)])
      let from = 0
      for (let to = bytes.indexOf(10); to !== -1; to = bytes.indexOf(10, from)) {
        take(bytes.toString('utf8', from, to))
        from = to + 1
      }
      tail.rest = Buffer.from(bytes.subarray(from))
    }
  }
}

function take(text: string) {
  counters.lines++
  // The peer only reads what bench/stream.ts writes, so the shape is known.
  const line = JSON.parse(text) as {
    type: string
    timestamp: string
    sessionId: string
    toolDenialKind?: string
    message?: { content: unknown; usage?: { output_tokens: number } }
  }
  const blocks = line.message?.content
  if (!Array.isArray(blocks)) return
  counters.output += line.message?.usage?.output_tokens ?? 0
  for (const block of blocks) {
    if (block.type === 'tool_use') {
      const row = {
        time: line.timestamp.slice(11, 19),
        session: line.sessionId.slice(0, 8),
        tool: block.name,
        state: 'pending',
        summary: String(Object.values(block.input)[0]).replaceAll(/\s+/g, ' '),
      }
      counters.calls++
      calls.set(block.id, row)
      rows.push(row)
      if (rows.length > listLines) rows.shift()
    } else if (block.type === 'tool_result') {
      const row = calls.get(block.tool_use_id)
      calls.delete(block.tool_use_id)
      const blocked = line.toolDenialKind !== undefined
      counters[blocked ? 'blocked' : 'approved']++
      if (row !== undefined) row.state = blocked ? 'blocked' : 'approved'
    }
  }
}

const COLORS: Record<string, string> = { approved: '32', blocked: '31', pending: '33' }

function paint() {
  const frame = [
    `raw-writer  ${tails.size} files  ${counters.lines} lines`,
    `${counters.calls} calls  ${counters.approved} approved  ${counters.blocked} blocked  ${counters.output} output tokens`,
    '─'.repeat(columns),
  ]
  for (const { time, session, tool, state, summary } of rows) {
    const left = `${time}  ${session}  ${tool.padEnd(14).slice(0, 14)}  `
    const room = columns - left.length - 11
    frame.push(`${left}\x1b[${COLORS[state]}m${state.padEnd(9)}\x1b[39m  ${summary.slice(0, room)}`)
  }
  let output = ''
  for (let y = 0; y < height - 1; y++) {
    const text = frame[y] ?? ''
    if (text !== shown[y]) output += `\x1b[${y + 1};1H${text}\x1b[K`
  }
  shown = frame
  if (output !== '') process.stdout.write(`\x1b[?2026h${output}\x1b[?2026l`)
}

process.stdout.write('\x1b[?1049h\x1b[?25l\x1b[2J')
discover()
const timers = [
  setInterval(discover, DISCOVER_MS),
  setInterval(poll, POLL_MS),
  setInterval(paint, 1000 / Number(values.fps)),
]
process.on('SIGTERM', () => {
  for (const timer of timers) clearInterval(timer)
  for (const tail of tails.values()) closeSync(tail.fd)
  process.stdout.write('\x1b[?25h\x1b[?1049l')
  process.exit(0)
})
