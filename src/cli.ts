/** argv → one command. */
import { escaped } from './action/unsafe.ts'
import { COMMANDS } from './commands/table.ts'
import { keepPrivate } from './config/umask.ts'
import { UsageError, WordsError } from './config/usage-error.ts'

/** @returns the exit code: 0 fine, 1 a finding, 2 wrong usage or bad input */
export async function run(argv: readonly string[]): Promise<number> {
  const [first = ''] = argv
  if (isHelp(first)) return helped([])
  if (first === '--version' || first === '-V') return print(await version())
  const named = first !== '' && !first.startsWith('-')
  const name = named ? first : 'watch'
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined)
    throw new UsageError(`unknown command '${first}'; 'signalbox --help' lists them`)
  const args = named ? argv.slice(1) : argv
  if (wantsHelp(name, args)) return helped([name])
  const { run: start } = await command.load()
  try {
    return await start(args)
  } catch (error) {
    if (!(error instanceof WordsError)) throw error
    throw new UsageError(`${error.message}; see 'signalbox ${name} --help'`)
  }
}

const isHelp = (arg: string): boolean => arg === '--help' || arg === '-h'

/** What follows `--` belongs to another program, and so does what follows the first word of `check`. */
function wantsHelp(name: string, args: readonly string[]): boolean {
  const end = args.findIndex(arg => arg === '--' || (name === 'check' && !arg.startsWith('-')))
  return (end < 0 ? args : args.slice(0, end)).some(isHelp)
}

async function helped(words: readonly string[]): Promise<number> {
  const help = await import('./commands/help.ts')
  return help.run(words)
}

/** Runs a command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  keepPrivate()
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') process.exit(0)
    throw error
  })
  try {
    process.exitCode = await run(argv)
  } catch (error) {
    // What was typed may hold anything.
    const text = escaped(error instanceof Error ? error.message : String(error))
    const own = error instanceof UsageError
    process.stderr.write(`signalbox: ${own ? text : `unexpected: ${text}`}\n`)
    if (!own && process.env.SIGNALBOX_DEBUG) console.error(error)
    process.exitCode = 2
  }
}

async function version(): Promise<string> {
  const own = await import('./config/version.ts')
  return `${own.version()}\n`
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
