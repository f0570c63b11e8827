// To what is drawn: `signalbox watch --nats` in a terminal of its own.
import { count, SCREEN, signalbox } from './common.ts'
import {
  type Bench,
  type Call,
  dropped,
  ENTRIES,
  emptied,
  entryAt,
  type Pace,
  withRelay,
} from './fleet-bench.ts'
import { paced } from './fleet-pace.ts'
import { Markers, onPainted } from './markers.ts'
import { openPty, type Pty } from './pty.ts'
import { createRandom } from './random.ts'

const ACTIONS = ENTRIES / 2
const START_MS = 20_000
const ALL_MS = 60_000
/** Of all rounds: no marker comes twice. */
const random = createRandom(7)

/** @returns entries a second, from the first frame with some of them to the one that counts all */
export function screenRate(bench: Bench, organisation: string): Promise<number> {
  return withScreen(bench, organisation, async screen => {
    const { result } = await withRelay(bench, organisation, () => counted(screen))
    const [first, last] = result
    await dropped(bench, organisation)
    return (((last.actions - first.actions) * 2) / (last.at - first.at)) * 1000
  })
}

/**
 * Of each action, from the journal to the frame that has its row; infinity for one that never showed. What
 * comes in the first second is not counted: a screen that was just opened is still warming up.
 * @param organisation has a relay @returns milliseconds
 */
export async function screenLatencies(
  bench: Bench,
  organisation: string,
  { entries, perSecond }: Pace,
): Promise<number[]> {
  await emptied(bench, organisation)
  return withScreen(bench, organisation, async screen => {
    const markers = new Markers(screen)
    let n = 0
    await paced(perSecond + entries, perSecond, () => {
      const isWarm = n >= perSecond
      const entry = entryAt(bench, n++)
      if (isWarm && entry.type === 'judged') {
        const marker = random.hex(16)
        const it = marked(entry, marker)
        markers.give(marker)
        bench.journal.append(it)
      } else bench.journal.append(entry)
    })
    return markers.all()
  })
}

/** Of a path its last part is told elsewhere, and stands in the row: `git > 0123456789abcdef`. */
function marked(entry: Extract<Call, { type: 'judged' }>, marker: string): Call {
  const { judgement } = entry
  const own = { kind: 'path', id: `/home/dev/app/${marker}`, trust: 'project' } as const
  const resources = [own, ...judgement.resources.slice(1)]
  return { ...entry, judgement: { ...judgement, resources } }
}

/** On the stream, and at rest. */
async function withScreen<T>(
  { url, env }: Bench,
  organisation: string,
  use: (screen: Pty) => Promise<T>,
): Promise<T> {
  const command = signalbox('watch', '--nats', url, '--organisation', organisation)
  const screen = await openPty(command, { ...SCREEN, env })
  try {
    const shown = await screen.waitFor(text => text.includes('0 actions, following'), START_MS)
    if (shown === undefined) throw new Error(`no screen: ${screen.text().slice(-400)}`)
    await screen.settle(START_MS)
    return await use(screen)
  } finally {
    await screen.stop()
  }
}

interface Counted {
  readonly actions: number
  readonly at: number
}

/** What the title counts at first, and that it counts all. */
function counted(screen: Pty): Promise<readonly [Counted, Counted]> {
  const all = `${count(ACTIONS)} actions, following`
  let first: Counted | null = null
  return new Promise((resolve, reject) => {
    const late = () =>
      reject(new Error(`the screen never said ${all}; at first: ${first?.actions}`))
    const timer = setTimeout(late, ALL_MS)
    onPainted(screen, (text, at) => {
      // Both are whole: of a line is drawn what is behind its first change, and here the first digit changes.
      first ??= countIn(text, at)
      if (first === null || !text.includes(all)) return
      clearTimeout(timer)
      resolve([first, { actions: ACTIONS, at }])
    })
  })
}

function countIn(text: string, at: number): Counted | null {
  const told = /(?<![\d,])([1-9][\d,]*) actions, following/.exec(text)?.[1]
  return told === undefined ? null : { actions: Number(told.replaceAll(',', '')), at }
}
