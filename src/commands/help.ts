/** `signalbox help [COMMAND]`, and `COMMAND --help`. At most 80 columns, on any terminal. */
import { UsageError } from '../config/usage-error.ts'
import { wordsAndFlagsOf } from './flags.ts'
import { ACTING } from './help/acting.ts'
import type { HelpText } from './help/help-text.ts'
import { LOOKING } from './help/looking.ts'
import { COMMANDS, GROUPS } from './table.ts'

export const FLAGS = {} as const
export const TEXTS: Readonly<Record<string, HelpText>> = { ...LOOKING, ...ACTING }

const COLUMNS = 80
/** A longer flag has its text below it. */
const LABEL = 22
const NAME = Math.max(...Object.keys(COMMANDS).map(name => name.length))

export async function run(args: readonly string[]): Promise<number> {
  const { words } = wordsAndFlagsOf(args, FLAGS)
  const [name, ...more] = words
  if (more.length > 0) throw new UsageError('help takes one command, or none')
  process.stdout.write(`${(name === undefined ? overview() : helpOf(name)).join('\n')}\n`)
  return 0
}

const HEADINGS: Readonly<Record<(typeof GROUPS)[number], string>> = {
  watch: 'See what agents do:',
  control: 'Let it decide, and steer it:',
  judge: 'What would be decided, and why:',
  account: 'What came of it:',
  connect: 'Between clients, their API and other machines:',
  help: 'And:',
}

export function overview(): string[] {
  return [
    "Signalbox: the terminal signal box for coding agents' auto mode.",
    '',
    ...GROUPS.flatMap(group => [
      HEADINGS[group],
      ...Object.entries(COMMANDS)
        .filter(([, command]) => command.group === group)
        .flatMap(([name, { about }]) => beside(`  signalbox ${name}`, about, NAME + 14)),
      '',
    ]),
    "'signalbox COMMAND --help' says more of one, 'signalbox --version' which it is.",
    ...wrapped(
      "Without --root it reads $CLAUDE_CONFIG_DIR, else ~/.claude. Only init, uninstall, 'trust sync' and 'audit --mend' change anything there, and they show it first. Nothing leaves the machine, but what a reviewer that you configured is asked, and what a relay that you start tells.",
      COLUMNS,
    ),
  ]
}

/** @throws UsageError when there is no such command */
export function helpOf(name: string): string[] {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  const text = TEXTS[name]
  if (command === undefined || text === undefined)
    throw new UsageError(`unknown command '${name}'; 'signalbox --help' lists them`)
  const { does, takes, examples, exits } = text
  return [
    ...usageLines(`signalbox ${command.usage}`),
    '',
    ...wrapped(does, COLUMNS),
    '',
    ...Object.entries(takes).flatMap(([label, says]) => beside(`  ${label}`, says, LABEL + 2)),
    '',
    ...examples.map(example => `  $ ${example}`),
    ...(exits === undefined ? [] : ['', ...beside('Exit code', exits, 11)]),
  ]
}

/** Broken only between the parts that belong together: `[--mend FILE [--yes]]`. */
function usageLines(usage: string): string[] {
  const parts: string[] = []
  let depth = 0
  for (const word of usage.split(' ')) {
    if (depth > 0) parts.push(`${parts.pop()} ${word}`)
    else parts.push(word)
    depth += word.split('[').length - word.split(']').length
  }
  const short = parts.flatMap(part => (part.length > COLUMNS - 8 ? part.split(' ') : [part]))
  return filled(short, COLUMNS - 4).map((line, i) => (i === 0 ? line : `    ${line}`))
}

function beside(label: string, text: string, column: number): string[] {
  const lines = wrapped(text, COLUMNS - column).map(line => `${' '.repeat(column)}${line}`)
  if (label.length + 2 > column) return [label, ...lines]
  const [first = '', ...rest] = lines
  return [label.padEnd(column) + first.slice(column), ...rest]
}

const wrapped = (text: string, columns: number): string[] => filled(text.split(' '), columns)

function filled(words: readonly string[], columns: number): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
