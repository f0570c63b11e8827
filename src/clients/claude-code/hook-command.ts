/**
 * The shell text of the hook. It must not fail open: the client runs a call whose hook crashes, hangs
 * or prints anything but one whole JSON object, and a repository's settings can set any variable of
 * the hook's environment. Hence, in the order of the text:
 *
 * - Words that act are absolute paths, reserved words, or builtins. `POSIXLY_CORRECT` puts bash into
 *   POSIX mode, where `unset` cannot be a function of the environment's; `unset -f` then frees
 *   `printf`. `LC_ALL=C` keeps a planted locale from widening `A-Z`. `unset p r` takes a mark of export
 *   away, with which the payload would be handed to every program.
 * - The payload is read once, first: what fails later can still be asked again.
 * - Facts of the environment travel as headers. A value with an unexpected character is sent as
 *   `ODD`, neither cut nor empty: a cut URL may be a trusted one, and none at all is the default.
 * - curl sees no environment and no ~/.curlrc; only a whole object is taken for an answer,
 *   and one thing is printed, once: two objects are none, and the call would run.
 * - A gate that asks a person sends blanks meanwhile (they are cut off here): one that is silent for
 *   so long hangs, and nobody waits ten minutes for it.
 * - Sockets in a folder that everybody can write to are asked only while their own folder is ours.
 * - Without one the gate is started and asked once more, for a short time: all of it ends before the
 *   client's own time-out, after which the call would run.
 *
 * What it cannot stop: variables by which the shell itself is replaced before it reads a word. Those
 * are LD_PRELOAD, LD_LIBRARY_PATH, LD_AUDIT, GLIBC_TUNABLES (any shell), SHELLOPTS and PS4 (bash, also
 * as /bin/sh), and BASH_ENV where the client starts bash by that name. `signalbox doctor` looks for them.
 */
import { join } from 'node:path'
import { PROTOCOL, PROTOCOL_HEADER } from '../../action/protocol.ts'
import type { Install } from '../../config/install.ts'
import { isShared } from '../../config/install-file.ts'

interface Times {
  /** Seconds after which the client gives up on the hook. */
  readonly timeout: number
  /** Seconds that the gate may take: a person may be asked. */
  readonly ask: number
  /** The same for the second try, when the gate was not there. */
  readonly again: number
  /** It has a matcher for tools. */
  readonly tool: boolean
}

const HELD: Times = { timeout: 600, ask: 590, again: 5, tool: true }
const TOLD: Times = { timeout: 5, ask: 4, again: 1, tool: false }

/** The events that Signalbox hooks, in the order they are written. */
export const HOOK_EVENTS = {
  PreToolUse: HELD,
  PermissionRequest: HELD,
  PermissionDenied: { timeout: 30, ask: 25, again: 2, tool: true },
  PostToolUse: { ...TOLD, tool: true },
  PostToolUseFailure: { ...TOLD, tool: true },
  UserPromptSubmit: TOLD,
  SessionStart: TOLD,
  SessionEnd: TOLD,
  Stop: TOLD,
  SubagentStart: TOLD,
  SubagentStop: TOLD,
} as const satisfies Record<string, Times>
export type HookEvent = keyof typeof HOOK_EVENTS

// The keys are those of a constant: nothing else can be in it.
export const HOOK_EVENT_NAMES = Object.keys(HOOK_EVENTS) as readonly HookEvent[]

/** What a header says of a variable that is set, but to nothing that it should be. */
export const ODD = '!'

const WORD = 'A-Za-z0-9._-'

/** Header → the variable it tells of, and the characters it may have. Absent: unset or empty. */
const FACTS = {
  'x-signalbox-entrypoint': { variable: 'CLAUDE_CODE_ENTRYPOINT', may: WORD },
  'x-signalbox-attended': { variable: 'CLAUDE_CODE_SESSION_ATTENDED', may: WORD },
  'x-signalbox-pid': { variable: 'CLAUDE_PID', may: '0-9' },
  'x-signalbox-base-url': { variable: 'ANTHROPIC_BASE_URL', may: `][${WORD.slice(0, -1)}:/%~-` },
} as const

/** Header → its text for each variable that is set to anything, one after the other. */
const CLOUD_HEADER = 'x-signalbox-cloud'
const CLOUDS = {
  CLAUDE_CODE_USE_BEDROCK: 'bedrock',
  CLAUDE_CODE_USE_VERTEX: 'vertex',
  CLAUDE_CODE_USE_FOUNDRY: 'foundry',
} as const

/** How every text of ours begins, and nobody else's. */
const START = 'signalbox=1 POSIXLY_CORRECT=1 LC_ALL=C; '

/** Is it a hook that `init` wrote, of whatever install or version? */
export const isHookCommand = (command: string): boolean => command.startsWith(START)

/** Programs that the text starts, besides Node. */
export const HOOK_PROGRAMS = ['/bin/sh', '/bin/cat', '/usr/bin/env', '/usr/bin/curl'] as const

/** Less than a byte a second for ten seconds. */
const SILENCE = '--speed-limit 1 --speed-time 10'

const UNREACHABLE =
  'Signalbox cannot be reached, so nothing is approved for you. signalbox doctor says what to mend.'

/** What is printed when there is no answer: a question to the user, or nothing at all. */
export function answerOnFailure(event: HookEvent): string {
  if (event !== 'PreToolUse') return '{}'
  return JSON.stringify({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'ask',
      permissionDecisionReason: UNREACHABLE,
    },
  })
}

export function hookCommand(install: Install, event: HookEvent): string {
  const { ask, again } = HOOK_EVENTS[event]
  const home = install.home
  const shared = isShared(install.sockets)
  const facts = Object.values(FACTS)
  const letters = facts.map((_, i) => 'abcd'.charAt(i))
  const headers = [
    ...Object.keys(FACTS).map((name, i) => `${name}: $${letters[i]}`),
    `${CLOUD_HEADER}: ${Object.entries(CLOUDS)
      .map(([variable, text]) => `$\{${variable}:+${text}}`)
      .join('')}`,
    `${PROTOCOL_HEADER}: ${PROTOCOL}`,
  ]
  const ofGate = [install.node, install.program, 'gate', 'run', '--install']
  return [
    `${START}unset -f printf${shared ? ' test' : ''}; unset p r; p=$(/bin/cat)`,
    ...facts.map(({ variable, may }, i) => {
      const letter = letters[i]
      return `${letter}=$\{${variable}-}; case $${letter} in *[!${may}]*) ${letter}='${ODD}';; esac`
    }),
    [
      `ask() { ${shared ? `test -O ${quoted(install.sockets)} && ` : ''}r=$(printf %s "$p" | /usr/bin/env -i /usr/bin/curl -qsf --max-time "$1" ${SILENCE}`,
      `--unix-socket ${quoted(join(install.sockets, 'hook.sock'))}`,
      ...headers.map(header => `-H "${header}"`),
      `--data-binary @- http://localhost/hook) && r=\${r#"\${r%%[! ]*}"}`,
      "&& case $r in '{'*'}') :;; *) ! :;; esac; }",
    ].join(' '),
    [
      `ask ${ask} || { /usr/bin/env -i PATH=/usr/bin:/bin ${quoted(`HOME=${home}`)}`,
      ...ofGate.map(quoted),
      `${quoted(join(install.state, 'install.json'))} --detach </dev/null >/dev/null 2>&1;`,
      `ask ${again}; } || r=${quoted(answerOnFailure(event))}`,
    ].join(' '),
    `printf '%s\\n' "$r"`,
  ].join('; ')
}

/** One word of a shell, whatever is in it. */
export function quoted(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
