/** Help of the commands that set up, run and change something. */
import { BAD, BROKER, type HelpText, INSTALL, JSON_OUT } from './help-text.ts'

const UPSTREAM = { '--upstream URL': 'the API behind it' } as const
const DEADLINE = {
  '--deadline-ms N':
    'how long the judge may take, 1 to 60000; 2000 when not said, and the time of a reviewer on top',
} as const
const CHANGES = {
  '--print': 'shows the change, and makes none',
  '--yes': 'makes it without asking',
  '--client DIR': "the client's config folder; else $CLAUDE_CONFIG_DIR, else ~/.claude",
} as const

export const ACTING = {
  relay: {
    does: "Tells a NATS broker (JetStream) what this machine's gate decides, so that 'watch --nats' shows it elsewhere. Without arguments, paths and words, unless the policy says otherwise (fleet.share). While the broker is away it waits, and loses nothing that the journal still holds.",
    takes: {
      ...BROKER,
      '--machine NAME': "this machine's name; its host name when not said",
      ...INSTALL,
    },
    examples: ['signalbox relay --nats nats://broker.corp.example --creds relay.creds'],
    exits: BAD,
  },
  init: {
    does: "Puts the hooks into the client's settings, after showing the exact change, and asks who enables auto mode. Again at any time: it changes what differs.",
    takes: {
      ...CHANGES,
      '--enable-as NAME': 'enables auto mode in your policy, in this name',
      '--gateway URL': 'lists this gateway as a platform of yours',
      '--no-gateway': 'lists none',
      '--checkpoint': 'sends the client through a checkpoint',
      '--upstream URL': 'the API behind the checkpoint',
      '--listen HOST:PORT': 'where the checkpoint listens; 127.0.0.1:8477 when free',
      '--no-checkpoint': 'sends it straight to its API again',
    },
    examples: [
      'signalbox init --print',
      "signalbox init --yes --enable-as 'Dana Doe' --no-gateway",
    ],
    exits: BAD,
  },
  uninstall: {
    does: 'Takes the hooks out of the client, stops the gate, and leaves journal and policy to you.',
    takes: CHANGES,
    examples: ['signalbox uninstall --print', 'signalbox uninstall --yes'],
    exits: BAD,
  },
  doctor: {
    does: 'Tries out the whole way: Node, client, settings, shell, hook, socket, gate and policy. Says of each what is wrong and how to mend it.',
    takes: JSON_OUT,
    examples: ['signalbox doctor'],
    exits: `1: there is a problem. ${BAD}`,
  },
  trust: {
    does: 'Keeps the list of what counts as your own, in your config.yaml, comments and order kept.',
    takes: {
      'add|remove ENTRY': 'such as github.com/acme, *.corp.example, s3://bucket',
      list: 'every entry, where it is good, until when, and the line it stands on',
      undo: 'takes the last edit back',
      sync: "tells the client's own classifier; shows the change, and asks",
      '--as SLOT': 'the slot it stands in; else told from its form',
      '--project DIR': 'good in this project only',
      '--note TEXT': 'why, for those who read it later',
      '--expires DATE|30d': 'the last day it counts, or in so many days',
      '--yes': 'adds what looks like another host; syncs without asking',
      ...JSON_OUT,
    },
    examples: [
      'signalbox trust add github.com/acme --note "the company"',
      'signalbox trust add build.acme.example --as hosts --project . --expires 30d',
    ],
    exits: `1: a policy file has an error (list). ${BAD}`,
  },
  config: {
    does: 'Settings and policy: a commented template, a check of the files, your editor on them, and what is in force with the line each part comes from.',
    takes: {
      init: 'prints a template; with --file it writes one',
      check: 'looks for mistakes, with file, line and column',
      show: 'what is in force',
      edit: 'opens your editor; what does not fit is not saved',
      '--managed': "an administrator's policy instead of yours",
      '--file FILE': 'the file that is written or checked',
      '--by NAME': 'who enables auto mode (init)',
      '--at FILE:LINE': 'the file and line that the editor opens (edit)',
      ...JSON_OUT,
    },
    examples: ['signalbox config init', 'signalbox config check', 'signalbox config edit'],
    exits: `1: a file has a mistake (check, edit). ${BAD}`,
  },
  gate: {
    does: "The process that answers the client's hooks. The hooks start it when it is needed, and it ends by itself.",
    takes: {
      run: 'runs it here',
      '--detach': 'starts it beside, and returns when it answers',
      status: 'whether it runs, for how many sessions; the command when none is named',
      restart: 'ends it and starts another, of the version that is installed now',
      stop: 'ends it; the next hook starts another',
      ...JSON_OUT,
      ...INSTALL,
    },
    examples: ['signalbox gate status', 'signalbox gate restart'],
    exits: `1: no gate answers (status). ${BAD}`,
  },
  hook: {
    does: 'Answers a hook payload from standard input as the installed hook does: through shell, socket and gate.',
    takes: {
      '--print EVENT': 'prints the installed text of this event, and runs nothing',
      ...INSTALL,
    },
    examples: ['signalbox hook --print PreToolUse', 'signalbox hook < payload.json'],
    exits: BAD,
  },
  checkpoint: {
    does: "Stands between clients and their API and answers the client's own safety check where the API does not. Runs until it is stopped.",
    takes: {
      ...UPSTREAM,
      '--listen HOST:PORT | SOCKET': 'where clients reach it; a free port when not said',
      ...DEADLINE,
      '--team': 'for clients on other machines; needs no init here',
      ...INSTALL,
    },
    examples: ['signalbox checkpoint --upstream https://gateway.corp.example'],
    exits: BAD,
  },
  run: {
    does: 'Starts a client with a checkpoint in front of its API, and stops the checkpoint after it.',
    takes: {
      ...UPSTREAM,
      ...DEADLINE,
      ...INSTALL,
      '-- CLIENT [ARG…]': 'the client, and what it is started with',
    },
    examples: [
      'signalbox run -- claude',
      "signalbox run --upstream https://gateway.corp.example -- claude -p 'fix it'",
    ],
    exits: "The client's own exit code. 2 is also wrong usage or bad input.",
  },
  otlp: {
    does: 'Receives what clients export of themselves (OpenTelemetry) on this machine, and keeps it for watch to show. Prints what to set for them.',
    takes: { '--listen HOST:PORT': 'another place than 127.0.0.1:4318', ...INSTALL },
    examples: ['signalbox otlp'],
    exits: BAD,
  },
  completions: {
    does: 'Prints a script for your shell, which then completes commands, flags and values.',
    takes: { 'bash|zsh|fish': 'the shell' },
    examples: ['source <(signalbox completions bash)'],
    exits: BAD,
  },
  help: {
    does: 'Lists the commands; of one, says what it does and takes. The same as COMMAND --help.',
    takes: { COMMAND: 'one of them' },
    examples: ['signalbox help check'],
    exits: BAD,
  },
} as const satisfies Readonly<Record<string, HelpText>>
