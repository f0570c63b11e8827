/** `signalbox completions bash|zsh|fish`: a script for the shell, made from the usages of the commands. */
import { SLOTS } from '../action/slot.ts'
import { HOOK_EVENT_NAMES } from '../clients/claude-code/hook-command.ts'
import { UsageError } from '../config/usage-error.ts'
import { RULES } from '../judge/rules/rules.ts'
import { themePaths } from '../ui/theme.ts'
import { bashScript } from './completions/bash.ts'
import { fishScript } from './completions/fish.ts'
import type { Completed } from './completions/spoken.ts'
import { typedBy } from './completions/usage.ts'
import { zshScript } from './completions/zsh.ts'
import { wordsAndFlagsOf } from './flags.ts'
import { COMMANDS } from './table.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export const FLAGS = {} as const

export async function run(args: readonly string[]): Promise<number> {
  const { words } = wordsAndFlagsOf(args, FLAGS)
  const [shell = '', ...more] = words
  if (more.length > 0 || !(shell === 'bash' || shell === 'zsh' || shell === 'fish'))
    throw new UsageError(`completions takes one shell: ${Object.keys(SCRIPTS).join(', ')}`)
  process.stdout.write(SCRIPTS[shell](completed(process.env)))
  return 0
}

export function completed(env: NodeJS.ProcessEnv): Completed[] {
  const known = {
    SLOT: SLOTS,
    THEME: themesOf(env),
    EVENT: HOOK_EVENT_NAMES,
    RULE: RULES.map(rule => rule.id),
    COMMAND: Object.keys(COMMANDS),
  }
  return Object.entries(COMMANDS).map(([name, { usage, about }]) => ({
    name,
    about,
    ...typedBy(usage, known),
  }))
}

/** A file of any name may lie there: what a script would have to quote is left out. */
function themesOf(env: NodeJS.ProcessEnv): string[] {
  return [...themePaths(env).keys()].filter(name => /^[\w.-]+$/.test(name))
}
