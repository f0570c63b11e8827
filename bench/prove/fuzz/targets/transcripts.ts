/**
 * A transcript, as bytes: read whole, and in bulk in pieces of any size, must tell the same events; and
 * whatever they are, the screen and the JSON of it can be shown.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { crc32 } from 'node:zlib'
import { visit } from 'jsonc-parser'
import type { Event } from '../../../../src/action/event.ts'
import { readInput } from '../../../../src/clients/claude-code/input.ts'
import { findTranscripts } from '../../../../src/clients/claude-code/layout.ts'
import { priceList } from '../../../../src/clients/claude-code/prices.ts'
import { SessionFacts } from '../../../../src/clients/claude-code/session-facts.ts'
import { GROUPINGS } from '../../../../src/monitor/groups.ts'
import { Monitor } from '../../../../src/monitor/monitor.ts'
import { plainLines } from '../../../../src/monitor/plain.ts'
import { snapshotOf } from '../../../../src/monitor/snapshot.ts'
import { terminalSafeJson } from '../../../../src/monitor/terminal-json.ts'
import { FIRST_VIEW, SCREENS, type View } from '../../../../src/monitor/view.ts'
import { TranscriptFile } from '../../../../src/sources/transcript-file.ts'
import {
  callLine,
  promptLine,
  resultLine,
  SESSION,
  START,
  stampOf,
  text,
} from '../../../../test/helpers/lines.ts'
import { createRandom, type Random } from '../../../random.ts'
import { checkScreen, checkSpoken, checkText, frameOf } from '../drawn.ts'
import { scratch } from '../scratch.ts'
import { type Bench, must, type Target } from '../target.ts'

const FIXTURES = join(import.meta.dirname, '../../../../test/fixtures')
const LONGEST_SEED = 4000
/** Of so many the screen is drawn, which takes as long as all else. */
const SHOWN = 0.15

/** Lines of real sessions: one to four in a row. */
function seeds(): Buffer[] {
  const own = OWN.map(lines => Buffer.from(text(promptLine('go'), ...lines)))
  const files = readdirSync(FIXTURES).flatMap(it => findTranscripts(join(FIXTURES, it)))
  const recorded = files.flatMap(({ path }) => {
    const lines = readFileSync(path, 'utf8').split('\n')
    const windows = [1, 2, 4].flatMap(size =>
      Array.from({ length: Math.ceil(lines.length / size) }, (_, i) =>
        lines.slice(i * size, (i + 1) * size),
      ),
    )
    return windows.map(it => Buffer.from(`${it.join('\n')}\n`)).filter(fits)
  })
  return [...own, ...recorded]
}

const told = (type: string, more: object): string =>
  JSON.stringify({ type, ...more, sessionId: SESSION, timestamp: stampOf(500) })

/** What the recorded sessions have none of. */
const OWN: readonly (readonly string[])[] = [
  [told('custom-title', { customTitle: 'mine' }), told('ai-title', { aiTitle: 'made' })],
  [told('cost-state', { totalCostUSD: 1.5, modelUsage: { 'claude-opus-4-6': { costUSD: 1.5 } } })],
  [told('permission-mode', { permissionMode: 'plan' })],
  ...['interrupted', 'cancelled', 'permission-rule', 'user-rejected', 'automode-unavailable'].map(
    kind => [
      callLine({ id: 't', input: { command: 'ls' } }),
      resultLine('t', 'no', { error: true, denial: kind }),
    ],
  ),
  [
    callLine({ id: 't', tool: 'mcp__a__b', input: { a: 1 } }),
    resultLine('t', "The user doesn't want to proceed", { error: true }),
  ],
]

/** As a client writes it: whole, and no name twice. */
function isJson(line: string): boolean {
  let names = 0
  try {
    visit(line, { onObjectProperty: () => void names++ })
    return names === namesIn(JSON.parse(line))
  } catch {
    return line.trim() === ''
  }
}

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum: number, inner) => sum + namesIn(inner), own)
}

const fits = (seed: Buffer): boolean => seed.length > 1 && seed.length < LONGEST_SEED

const price = priceList()

class Transcripts implements Bench {
  readonly #folder = scratch('transcript')
  readonly #path = join(this.#folder.path, '11111111-2222-4333-8444-555555555555.jsonl')

  try(input: Buffer): string {
    const random = createRandom(crc32(input))
    const agent = random.chance(0.2) ? 'a1' : ''
    const piece = random.int(1 + (input.length >> 3), 1 + input.length)
    const exact = this.#bothWays(input, agent, piece)
    if (random.chance(SHOWN)) new SessionFacts(this.#path).look()
    if (random.chance(SHOWN)) this.#shown(exact, random)
    return outcomeOf(exact)
  }

  close(): void {
    this.#folder.remove()
  }

  /** @returns what is told when each line is read whole */
  #bothWays(input: Buffer, agent: string, piece: number): Event[] {
    writeFileSync(this.#path, input)
    const exact = this.#read(agent, file => void file.read('exact'))
    const bulk = this.#read(agent, file => {
      while (file.read('bulk', Number.POSITIVE_INFINITY, piece));
    })
    if (isDeepStrictEqual(exact, bulk)) return exact
    // In bulk no line is looked at so closely that all that is wrong with it would be seen.
    const lines = input.toString('utf8').split('\n')
    const whole = lines.filter(isJson)
    must(whole.length < lines.length, `read in bulk it is another: ${difference(exact, bulk)}`)
    this.#bothWays(Buffer.from(whole.join('\n')), agent, piece)
    return exact
  }

  #read(agent: string, read: (file: TranscriptFile) => void): Event[] {
    const events: Event[] = []
    const range = { path: this.#path, agent, from: 0, since: 0 }
    read(new TranscriptFile(range, price, event => void events.push(event)))
    return events
  }

  #shown(events: readonly Event[], random: Random): void {
    const monitor = new Monitor({ place: '/x', readInput, clock: () => START + 60_000 })
    monitor.take(events)
    monitor.publish()
    monitor.setView(view => ({ ...view, ...lookedAt(random) }))
    const size = { columns: random.int(20, 160), rows: random.int(8, 40) }
    const { world } = monitor.current()
    const frame = frameOf(monitor, size, () => null)
    checkScreen(frame)
    if (random.chance(0.2)) checkSpoken(frame)
    if (random.chance(0.3)) {
      checkText(terminalSafeJson(snapshotOf(world)), 'the JSON')
      for (const line of plainLines(world)) checkText(line, 'the plain lines')
    }
    monitor.stop()
  }
}

function lookedAt({ pick, int, chance }: Random): Partial<View> {
  return {
    ...FIRST_VIEW,
    screen: pick(SCREENS),
    details: chance(0.5),
    detailsTop: int(0, 3),
    group: pick(GROUPINGS),
  }
}

/** The kinds of events in their order, with what tells them apart. */
const outcomeOf = (events: readonly Event[]): string =>
  events
    .map(event => {
      switch (event.type) {
        case 'decided':
          return `decided ${event.state} ${event.outcome} ${event.decidedBy}`
        case 'skipped':
          return event.why
        case 'session':
          return `session ${Object.keys(event).length}`
        default:
          return event.type
      }
    })
    .slice(0, 6)
    .join(',')

function difference(exact: readonly Event[], bulk: readonly Event[]): string {
  const at = exact.findIndex((event, i) => !isDeepStrictEqual(event, bulk[i]))
  return `${JSON.stringify(exact[at])} ${JSON.stringify(bulk[at < 0 ? exact.length : at])}`
}

export const transcripts: Target = {
  name: 'transcripts',
  shape: 'json',
  seeds,
  words: ['tool_use', 'tool_result', '<synthetic>', 'automode-blocked', 'is_error', '\\u00e9'],
  open: async () => new Transcripts(),
}
