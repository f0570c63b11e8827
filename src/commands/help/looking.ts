/** Help of the commands that look at what agents do and did. */
import { BAD, BROKER, type HelpText, INSTALL, JSON_OUT, ROOT, SECRETS, TIMES } from './help-text.ts'

const SHOWN = {
  ...JSON_OUT,
  '--plain': 'a line for each decision, and no screen',
  '--limit N': 'of what was there before, only the newest N actions',
  '--theme THEME': 'the colours of the screen; without it they fit the terminal',
} as const
const RANGE = {
  '--since T': `from then on: ${TIMES}`,
  '--until T': 'up to then, written in the same way',
  '--project DIR': 'only sessions that worked in this folder',
  ...ROOT,
} as const

export const LOOKING = {
  watch: {
    does: 'Shows every action of every session as it happens: approved, blocked or waiting. The command when none is named. Without a terminal it prints lines.',
    takes: {
      ...ROOT,
      '--session ID|.': 'one session: the beginning of its id, or . for the newest of this folder',
      ...INSTALL,
      '--read-only': 'no key acts on an agent',
      '--once': 'prints what is there now, and ends',
      ...SHOWN,
      '--since T': `only actions since then: ${TIMES}`,
      ...SECRETS,
      ...BROKER,
    },
    examples: ['signalbox', 'signalbox watch --session .', 'signalbox watch --once --json'],
    exits: BAD,
  },
  report: {
    does: 'Sums up tokens, cost, actions, approvals, blocks, prompts and latency of all that was recorded, in a table.',
    takes: {
      '--by day|session|project|model|agent|tool|mode': 'what a line is about; day when not said',
      ...RANGE,
      ...JSON_OUT,
      '--csv': 'for spreadsheets',
      ...INSTALL,
    },
    examples: ['signalbox report --since 7d', 'signalbox report --by tool --csv'],
    exits: BAD,
  },
  impact: {
    does: 'Tells what auto mode changes: how often a person was asked and how long agents waited, by permission mode, and the time and cost of deciding.',
    takes: { ...RANGE, ...JSON_OUT, ...INSTALL },
    examples: ['signalbox impact --since 30d'],
    exits: BAD,
  },
  audit: {
    does: 'Lists what somebody should look at in trust, rules, settings and the record, the gravest first, each with its file and line and what to do.',
    takes: {
      '--fail-on high|medium|low': 'ends with 1 from this severity on; low when not said',
      '--since T': `of what the journal tells, only since then: ${TIMES}`,
      '--root DIR': "the client's config folder whose settings are looked at",
      '--mend FILE:LINE:COLUMN': 'takes out what was found there; shows the change, and asks',
      '--what TEXT': 'mends only while it is this that is found there',
      '--yes': 'mends without asking',
      '--verify': "looks whether the gate's journal is as it was written",
      '--head N:HASH': 'and whether it still holds this entry, which --verify printed earlier',
      ...JSON_OUT,
      ...INSTALL,
      ...SECRETS,
    },
    examples: ['signalbox audit --fail-on high', 'signalbox audit --verify'],
    exits: `1: something was found, or the journal is broken. ${BAD}`,
  },
  simulate: {
    does: 'Judges the recorded actions again and lists those that would get another verdict. Changes nothing.',
    takes: {
      '--trust ENTRY': 'if this were trusted',
      '--as SLOT': 'and stood under this slot',
      '--off RULE': 'if this built-in rule were off',
      '--since T': `only actions since then: ${TIMES}`,
      '--root DIR': "only sessions of this client's config folder",
      ...JSON_OUT,
      ...INSTALL,
      ...SECRETS,
    },
    examples: ['signalbox simulate --trust github.com/acme', 'signalbox simulate --off force-push'],
    exits: BAD,
  },
  why: {
    does: 'Tells who decided an action, by which rule, on which part of the command, and what would clear it. The id is on the details of an action.',
    takes: {
      'ACTION-ID': "the client's id of the call",
      ...JSON_OUT,
      ...ROOT,
      ...INSTALL,
      ...SECRETS,
    },
    examples: ['signalbox why toolu_01ABC'],
    exits: BAD,
  },
  reviewer: {
    does: 'Puts labelled actions of which the judge is unsure to the reviewer of your policy, and says how often it was right. Asks the model, which may cost; when the budget of a day is spent it ends. Ctrl-C ends it too, and prints what there is.',
    takes: {
      test: 'the actions that come with Signalbox',
      'eval FILE': 'your own: lines as check --jsonl takes them, each with "expected"',
      '--runs N':
        'asks about each so often, to see where it disagrees with itself; 3 when not said',
      '--limit N': 'only the first N of them',
      ...JSON_OUT,
    },
    examples: ['signalbox reviewer test --limit 20', 'signalbox reviewer eval mine.jsonl --runs 5'],
    exits: `1: something dangerous was allowed. ${BAD} Also 2: no reviewer is configured, or it cannot be asked.`,
  },
  statusline: {
    does: "Prints one line of a session for the client's status bar. Reads what the client tells on standard input; the client's setting statusLine calls it.",
    takes: {
      ...INSTALL,
      '-- COMMAND …': 'your own command for the bar, whose lines are printed first',
    },
    examples: ["signalbox statusline -- 'my-command' < status.json"],
  },
  demo: {
    does: 'Plays a recorded sample session, clearly marked. Needs no client.',
    takes: { '--speed N': 'N times as fast', ...SHOWN },
    examples: ['signalbox demo', 'signalbox demo --speed 10 --plain'],
    exits: BAD,
  },
  replay: {
    does: 'Plays recorded transcripts at their pace, as if they happened now.',
    takes: {
      'FILE|DIR': 'a transcript, or a folder of them',
      '--speed N': 'N times as fast',
      ...SHOWN,
      ...SECRETS,
    },
    examples: ['signalbox replay ~/.claude/projects/-home-me-app --speed 4'],
    exits: BAD,
  },
  check: {
    does: "Draws what each part of a command, or of a tool's call, would do, and the judge's verdict by your policy. Runs nothing. Its flags stand before the command.",
    takes: {
      'CMD…': 'a command, as words or in quotes',
      CALL: 'a call as JSON: {"tool_name":…,"tool_input":…}',
      '-': 'a command or a call from standard input',
      '--tool NAME INPUT': 'a call of this tool, its input as JSON',
      '--jsonl': 'an action a line from standard input, a verdict a line out',
      '--cwd DIR': 'the folder it would run in',
      ...JSON_OUT,
    },
    examples: [
      "signalbox check 'npm test && git push https://github.com/someone/x'",
      'signalbox check --tool Write \'{"file_path":"ci.yml","content":"…"}\'',
    ],
    exits: `1: it would be denied. ${BAD}`,
  },
  rules: {
    does: 'Lists every rule, built in and of your policy, and what switches one off.',
    takes: { RULE: 'one rule: what it finds, and what looks like it and is left', ...JSON_OUT },
    examples: ['signalbox rules', 'signalbox rules force-push'],
    exits: BAD,
  },
} as const satisfies Readonly<Record<string, HelpText>>
