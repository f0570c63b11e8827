/** The commands. Each is loaded only when asked for: most need neither React nor a screen. */
import type { Kinds } from './flags.ts'

/** In the order in which they are met. */
export const GROUPS = ['watch', 'control', 'judge', 'account', 'connect', 'help'] as const

export interface Command {
  readonly group: (typeof GROUPS)[number]
  readonly usage: string
  readonly about: string
  readonly load: () => Promise<{
    readonly run: (args: readonly string[]) => Promise<number>
    /** All that any part of it takes: what the usage names. */
    readonly FLAGS: Kinds
  }>
}

/** By its name. Help and completions are made from the usages: `usage.ts` says how they are read. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  watch: {
    group: 'watch',
    usage:
      'watch [--root DIR] [--session ID|.] [--install FILE] [--read-only] [--once] [--json | --plain] [--since T] [--limit N] [--theme THEME] [--show-secrets] [--nats URL [--creds FILE] [--ca FILE] [--organisation NAME]]',
    about: 'every action of every session, live (the default)',
    load: () => import('./watch.ts'),
  },
  demo: {
    group: 'watch',
    usage: 'demo [--speed N] [--json | --plain] [--limit N] [--theme THEME]',
    about: 'plays a sample session, clearly marked',
    load: () => import('./demo.ts'),
  },
  replay: {
    group: 'watch',
    usage:
      'replay FILE|DIR [--speed N] [--json | --plain] [--limit N] [--theme THEME] [--show-secrets]',
    about: 'plays recorded sessions at their pace, or N times as fast',
    load: () => import('./replay.ts'),
  },
  statusline: {
    group: 'watch',
    usage: 'statusline [--install FILE] [-- COMMAND …] < STATUS.json',
    about: "a session's line for the client's status bar, below what your own command prints",
    load: () => import('./statusline.ts'),
  },
  init: {
    group: 'control',
    usage:
      'init [--print] [--yes] [--client DIR] [--enable-as NAME] [--gateway URL | --no-gateway] [--checkpoint [--upstream URL] [--listen HOST:PORT] | --no-checkpoint]',
    about: 'puts the hooks into the client, after showing the exact change',
    load: () => import('./init.ts'),
  },
  doctor: {
    group: 'control',
    usage: 'doctor [--json]',
    about: 'tries out all of it, and says how to mend what is wrong',
    load: () => import('./doctor.ts'),
  },
  uninstall: {
    group: 'control',
    usage: 'uninstall [--print] [--yes] [--client DIR]',
    about: 'takes the hooks out again, and nothing else',
    load: () => import('./uninstall.ts'),
  },
  gate: {
    group: 'control',
    usage: 'gate run [--detach] | status [--json] | restart | stop [--install FILE]',
    about: "the process that answers the client's hooks; the hooks start it when it is needed",
    load: () => import('./gate.ts'),
  },
  trust: {
    group: 'control',
    usage:
      'trust add|remove ENTRY [--as SLOT] [--project DIR] [--note TEXT] [--expires DATE|30d] | list [--as SLOT] | undo | sync [--yes] [--json]',
    about: "what counts as your own; sync tells the client's own classifier",
    load: () => import('./trust.ts'),
  },
  config: {
    group: 'control',
    usage:
      'config init|check|show|edit [--managed] [--file FILE] [--by NAME] [--at FILE:LINE] [--json]',
    about:
      'settings and policy: a commented template, a check, your editor, and what is in force by line',
    load: () => import('./config.ts'),
  },
  check: {
    group: 'judge',
    usage: 'check [--json] [--cwd DIR] CMD… | CALL | - | --tool NAME INPUT | --jsonl < LINES',
    about:
      "what each part of a command or of a tool's call (JSON) does, and the verdict; 1 when denied",
    load: () => import('./check.ts'),
  },
  why: {
    group: 'judge',
    usage: 'why ACTION-ID [--json] [--root DIR] [--install FILE] [--show-secrets]',
    about: 'who decided an action, by which rule, and what would clear it',
    load: () => import('./why.ts'),
  },
  rules: {
    group: 'judge',
    usage: 'rules [RULE] [--json]',
    about: 'every rule, built in and of your policy; of one, what it finds and what it leaves',
    load: () => import('./rules.ts'),
  },
  simulate: {
    group: 'judge',
    usage:
      'simulate [--trust ENTRY [--as SLOT]] [--off RULE] [--since T] [--root DIR] [--json] [--install FILE] [--show-secrets]',
    about:
      'which recorded actions would get another verdict, if something were trusted or a rule were off',
    load: () => import('./simulate.ts'),
  },
  reviewer: {
    group: 'judge',
    usage: 'reviewer test [--limit N] [--json] | eval FILE [--runs N] [--limit N] [--json]',
    about:
      'how your reviewer, a model that is asked where the judge is unsure, does on labelled actions',
    load: () => import('./reviewer.ts'),
  },
  report: {
    group: 'account',
    usage:
      'report [--by day|session|project|model|agent|tool|mode] [--since T] [--until T] [--project DIR] [--root DIR] [--json | --csv] [--install FILE]',
    about: 'tokens, cost, actions, approvals, blocks, prompts and latency, summed up',
    load: () => import('./report.ts'),
  },
  impact: {
    group: 'account',
    usage: 'impact [--since T] [--until T] [--project DIR] [--root DIR] [--json] [--install FILE]',
    about: 'what auto mode changes: interruptions, waiting, the time and cost of deciding',
    load: () => import('./impact.ts'),
  },
  audit: {
    group: 'account',
    usage:
      'audit [--fail-on high|medium|low] [--since T] [--root DIR] [--mend FILE:LINE:COLUMN [--what TEXT] [--yes]] [--verify [--head N:HASH]] [--json] [--install FILE] [--show-secrets]',
    about: 'what is wrong with trust, rules and settings; whether the journal is as it was written',
    load: () => import('./audit.ts'),
  },
  run: {
    group: 'connect',
    usage: 'run [--upstream URL] [--deadline-ms N] [--install FILE] -- CLIENT [ARG…]',
    about: 'starts a client with a checkpoint in front, and stops the checkpoint after it',
    load: () => import('./run.ts'),
  },
  checkpoint: {
    group: 'connect',
    usage:
      'checkpoint [--upstream URL] [--listen HOST:PORT | SOCKET] [--deadline-ms N] [--team] [--install FILE]',
    about: "stands between clients and their API, and answers the client's own safety check",
    load: () => import('./checkpoint.ts'),
  },
  otlp: {
    group: 'connect',
    usage: 'otlp [--listen HOST:PORT] [--install FILE]',
    about: 'receives what clients export of themselves (OpenTelemetry), for watch to show',
    load: () => import('./otlp.ts'),
  },
  relay: {
    group: 'connect',
    usage:
      'relay --nats URL [--creds FILE] [--ca FILE] [--organisation NAME] [--machine NAME] [--install FILE]',
    about: "tells a NATS broker what this machine's gate decides, for 'watch --nats' elsewhere",
    load: () => import('./relay.ts'),
  },
  hook: {
    group: 'connect',
    usage: 'hook [--print EVENT] [--install FILE] < PAYLOAD.json',
    about: 'answers a hook payload as the installed hook does; --print shows its text',
    load: () => import('./hook.ts'),
  },
  completions: {
    group: 'help',
    usage: 'completions bash|zsh|fish',
    about: 'a script for your shell, which then completes commands, flags and values',
    load: () => import('./completions.ts'),
  },
  help: {
    group: 'help',
    usage: 'help [COMMAND]',
    about: 'the commands; of one, its flags, with examples',
    load: () => import('./help.ts'),
  },
}
