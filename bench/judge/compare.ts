/** How often Signalbox and cc-safety-net are right about the same commands, in the same run. */
import * as v from 'valibot'
import { firstLine, type Row as Line, say } from '../common.ts'
import type { Folders } from './folders.ts'
import { cellsOf, HEAD, ratesOf } from './rates.ts'
import { type Answers, ask, installedApi, LEVELS, type Level, VERSION } from './safety-net.ts'
import { judgeRows, rowsOf, setNames, type Verdicted } from './sets.ts'
import { figures } from './time.ts'

const OURS = 'Signalbox'
const PEER = `cc-safety-net ${VERSION}`
const COMMAND = v.object({ command: v.string() })

/** One row, as each guard judged it. */
interface Compared extends Verdicted {
  readonly set: string
  readonly bash: boolean
}

export interface Comparison {
  readonly times: readonly Line[]
  readonly text: string
}

export async function compare(folders: Folders): Promise<Comparison> {
  say('judge: rates')
  const ours = await judged()
  const bash = ours.filter(it => it.bash)
  const guards = new Map([[OURS, bash]])
  let trouble = ''
  const times: Line[] = []
  try {
    const api = installedApi()
    for (const level of LEVELS) {
      say(`judge: ${PEER}, ${level}`)
      const { denied, times: taken } = askAll(api, level, folders, bash)
      const theirs = bash.map((it, i) => ({ ...it, verdict: verdictOf(denied[i]) }))
      guards.set(`${PEER}, ${level}`, theirs)
      const measure = `one decision of cc-safety-net on the ${bash.length} commands, ${level}`
      times.push({ measure, signalbox: '', peer: figures(taken), note: 'it reads its facts, too' })
    }
  } catch (error) {
    trouble = firstLine(String(error))
  }
  return { times, text: [...tableOf(guards, ours), '', ...notes(trouble)].join('\n') }
}

async function judged(): Promise<readonly Compared[]> {
  const all: Compared[] = []
  for (const set of setNames()) {
    // Steps with other tools are judged too: the ones after them depend on it.
    for (const { row, verdict } of await judgeRows(rowsOf(set)))
      all.push({
        row,
        verdict,
        set,
        bash: (row.tool ?? 'Bash') === 'Bash',
      })
  }
  return all
}

function askAll(api: string, level: Level, folders: Folders, of: readonly Compared[]): Answers {
  const commands = of.map(({ row }) => {
    const { call, cwd } = folders.place(row)
    return { ...v.parse(COMMAND, call.input), cwd }
  })
  return ask(api, level, folders.home, commands)
}

const verdictOf = (denied: boolean | undefined): 'deny' | 'allow' => (denied ? 'deny' : 'allow')

function tableOf(
  guards: ReadonlyMap<string, readonly Compared[]>,
  ours: readonly Compared[],
): readonly string[] {
  const lines = [`| rows | guard | ${HEAD.join(' | ')} |`, `|${'---|'.repeat(HEAD.length + 2)}`]
  const add = (name: string, of: (it: Compared) => boolean): void => {
    for (const [guard, all] of guards) {
      const rows = all.filter(of)
      const [missed = '', denied = '', wronglyDenied = '', asked = ''] = cellsOf(ratesOf(rows))
      const cells =
        guard === OURS ? [missed, denied, wronglyDenied, asked] : [missed, '', wronglyDenied, '']
      if (rows.length > 0)
        lines.push(`| ${[`${name}, ${rows.length}`, guard, ...cells].join(' | ')} |`)
    }
  }
  for (const set of setNames()) add(set, it => it.set === set)
  add('together', () => true)
  const others = ours.filter(it => !it.bash)
  lines.push(
    `| other tools, ${others.length} | ${OURS} | ${cellsOf(ratesOf(others)).join(' | ')} |`,
  )
  return lines
}

function notes(trouble: string): readonly string[] {
  return [
    ...(trouble === '' ? [] : [`${PEER} could not be had: ${trouble}`, '']),
    'In brackets 95 % intervals by Wilson. The rows are the commands of Bash in test/corpus/sets, the same',
    'for each guard; the last line is of the calls of other tools, which the peer’s API does not take.',
    `${PEER} blocks or allows, and never asks. It is given the command and a folder with the row’s`,
    'files, but not the words, the trust list or the earlier steps, which its API does not take; and it is',
    'made for destructive commands and files with secrets, while the sets ask about more than that. The',
    'sets are Signalbox’s own, and its rules were mended with them: test/corpus/README.md has what it did at first sight.',
  ]
}
