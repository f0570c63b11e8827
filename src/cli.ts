/** argv → one command. */
import { COMMANDS } from './commands/table.ts'
import { UsageError } from './config/usage-error.ts'

/** @returns the exit code: 0 fine, 1 a finding, 2 wrong usage or bad input */
export async function run(argv: readonly string[]): Promise<number> {
  const [first = ''] = argv
  if (first === '--help' || first === '-h' || first === 'help') return print(help())
  if (first === '--version' || first === '-V') return print(await version())
  const named = first !== '' && !first.startsWith('-')
  const name = named ? first : 'watch'
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined)
    throw new UsageError(`unknown command '${first}'; 'signalbox --help' lists them`)
  const { run: start } = await command.load()
  return start(named ? argv.slice(1) : argv)
}

/** Runs a command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit(0)
    throw error
  })
  try {
    process.exitCode = await run(argv)
  } catch (error) {
    const text = oneLine(error instanceof Error ? error.message : String(error))
    const own = error instanceof UsageError
    process.stderr.write(`signalbox: ${own ? text : `unexpected: ${text}`}\n`)
    if (!own && process.env.SIGNALBOX_DEBUG) console.error(error)
    process.exitCode = 2
  }
}

/** What was typed may hold anything; it is shown without what could steer the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, c => `\\u{${c.codePointAt(0)?.toString(16)}}`)
}

function help(): string {
  const lines = Object.values(COMMANDS).map(c => `  signalbox ${c.usage}\n      ${c.about}`)
  return [
    "Signalbox: the terminal signal box for coding agents' auto mode.",
    '',
    ...lines,
    '  signalbox --version | --help',
    '',
    "Without --root it reads $CLAUDE_CONFIG_DIR, else ~/.claude. Only init, uninstall and 'trust sync'",
    'change anything there, and they show it first. Nothing leaves the machine.',
    '',
  ].join('\n')
}

async function version(): Promise<string> {
  const own = await import('./config/version.ts')
  return `${own.version()}\n`
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
