/** argv → one command. Each is loaded only when asked for: most need neither React nor a screen. */
import { UsageError } from './config/usage-error.ts'

interface Command {
  readonly usage: string
  readonly about: string
  readonly load: () => Promise<{ run: (args: readonly string[]) => Promise<number> }>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  watch: {
    usage:
      'watch [--root DIR] [--session ID|.] [--install FILE] [--read-only] [--once] [--json | --plain] [--since T] [--limit N] [--theme NAME]',
    about: 'every action of every session, live (the default)',
    load: () => import('./commands/watch.ts'),
  },
  report: {
    usage:
      'report [--by day|session|project|model|agent|tool|mode] [--since T] [--until T] [--project DIR] [--root DIR] [--json | --csv]',
    about: 'tokens, cost, actions, approvals, blocks, prompts and latency, summed up',
    load: () => import('./commands/report.ts'),
  },
  impact: {
    usage: 'impact [--since T] [--until T] [--project DIR] [--root DIR] [--json]',
    about: 'what auto mode changes: interruptions, waiting, the time and cost of deciding',
    load: () => import('./commands/impact.ts'),
  },
  audit: {
    usage:
      'audit [--fail-on high|medium|low] [--since T] [--root DIR] [--mend FILE:LINE:COLUMN [--yes]] [--verify [--head N:HASH]] [--json] [--install FILE]',
    about: 'what is wrong with trust, rules and settings; whether the journal is as it was written',
    load: () => import('./commands/audit.ts'),
  },
  simulate: {
    usage:
      'simulate [--trust ENTRY [--as SLOT]] [--off RULE] [--since T] [--root DIR] [--json] [--install FILE]',
    about:
      'which recorded actions would get another verdict, if something were trusted or a rule were off',
    load: () => import('./commands/simulate.ts'),
  },
  why: {
    usage: 'why ACTION-ID [--json] [--root DIR] [--install FILE]',
    about: 'who decided an action, by which rule, and what would clear it',
    load: () => import('./commands/why.ts'),
  },
  statusline: {
    usage: 'statusline [--install FILE] [-- COMMAND …] < STATUS.json',
    about: "a session's line for the client's status bar, below what your own command prints",
    load: () => import('./commands/statusline.ts'),
  },
  demo: {
    usage: 'demo [--speed N] [--theme NAME]',
    about: 'plays a sample session, clearly marked',
    load: () => import('./commands/demo.ts'),
  },
  replay: {
    usage: 'replay FILE|DIR [--speed N] [--json | --plain] [--theme NAME]',
    about: 'plays recorded sessions at their pace, or N times as fast',
    load: () => import('./commands/replay.ts'),
  },
  gate: {
    usage: 'gate run|status|stop [--json]',
    about: "the process that answers the client's hooks; the hooks start it when it is needed",
    load: () => import('./commands/gate.ts'),
  },
  checkpoint: {
    usage:
      'checkpoint [--upstream URL] [--listen HOST:PORT | SOCKET] [--deadline-ms N] [--team] [--install FILE]',
    about: "stands between clients and their API, and answers the client's own safety check",
    load: () => import('./commands/checkpoint.ts'),
  },
  otlp: {
    usage: 'otlp [--listen HOST:PORT] [--install FILE]',
    about: 'receives what clients export of themselves (OpenTelemetry), for watch to show',
    load: () => import('./commands/otlp.ts'),
  },
  run: {
    usage: 'run [--upstream URL] [--deadline-ms N] [--install FILE] -- CLIENT [ARG…]',
    about: 'starts a client with a checkpoint in front, and stops the checkpoint after it',
    load: () => import('./commands/run.ts'),
  },
  hook: {
    usage: 'hook [--print EVENT] < PAYLOAD.json',
    about: 'answers a hook payload as the installed hook does; --print shows its text',
    load: () => import('./commands/hook.ts'),
  },
  check: {
    usage:
      'check [--json] [--cwd DIR] CMD… | CALL | - | --tool NAME INPUT, or check --jsonl < LINES',
    about:
      "what each part of a command or of a tool's call (JSON) does, and the verdict; 1 when denied",
    load: () => import('./commands/check.ts'),
  },
  init: {
    usage:
      'init [--print] [--yes] [--client DIR] [--enable-as NAME] [--gateway URL | --no-gateway] [--checkpoint [--upstream URL] [--listen HOST:PORT] | --no-checkpoint]',
    about: 'puts the hooks into the client, after showing the exact change',
    load: () => import('./commands/init.ts'),
  },
  uninstall: {
    usage: 'uninstall [--print] [--yes] [--client DIR]',
    about: 'takes the hooks out again, and nothing else',
    load: () => import('./commands/uninstall.ts'),
  },
  doctor: {
    usage: 'doctor [--json]',
    about: 'tries out all of it, and says how to mend what is wrong',
    load: () => import('./commands/doctor.ts'),
  },
  trust: {
    usage:
      'trust add|remove ENTRY [--as SLOT] [--project DIR] [--note TEXT] [--expires DATE|30d] | list [--as SLOT] | undo | sync [--yes] [--json]',
    about: "what counts as your own; sync tells the client's own classifier",
    load: () => import('./commands/trust.ts'),
  },
  rules: {
    usage: 'rules [ID] [--json]',
    about: 'every rule, built in and of your policy; of one, what it finds and what it leaves',
    load: () => import('./commands/rules.ts'),
  },
  config: {
    usage: 'config init|check|show [--managed] [--file FILE] [--by NAME] [--json]',
    about: 'settings and policy: a commented template, a check, and what is in force, line by line',
    load: () => import('./commands/config.ts'),
  },
}

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
