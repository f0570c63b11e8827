/** Programs by which an agent could reach the guard, its client or its own screen. */
import { NOTHING, SOMETHING } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import { optionsOf, valuesOf } from '../value.ts'
import { walkText } from '../walk.ts'
import { tool } from './tool.ts'

/** `signalbox` commands that only show something. */
const SHOWS = new Set(['watch', 'demo', 'replay', 'check', 'doctor', 'audit', 'why', 'help'])

/** Without one of these `signalbox` and `watch` are a screen, whose keys act. */
const NO_SCREEN = new Set([
  '--once',
  '--json',
  '--plain',
  '--read-only',
  '--help',
  '-h',
  '--version',
  '-V',
])

export const signalbox: Handler = (call, sh) => {
  const [first] = call.args
  const named = first !== undefined && !first.text.startsWith('-')
  const screen = !named || first.text === 'watch'
  const shows = screen
    ? call.args.some(arg => arg.known && NO_SCREEN.has(arg.text))
    : first.known && SHOWS.has(first.text)
  if (!shows) sh.emit({ kind: 'guard-config', what: 'command' })
  else sh.exec('declared', 'signalbox')
  return SOMETHING
}

const UNSAFE_CLIENT =
  /^--(dangerously.*|allow-dangerously.*|settings|setting-sources|permission-mode|permission-prompt-tool|allowed-?tools|mcp-config|bare|plugin-dir|yolo|full-auto|auto-approve|yes-always|approval-mode|ask-for-approval|sandbox|force|always-approve|skip-permissions\S*|auto-confirm|trust-all-tools|no-confirm|unsafe\S*)(=.*)?$|^(danger-full-access|approval_policy=never)$/i

/** Another agent: with settings of its own it is not under this guard. */
const agent: Handler = (call, sh) => {
  const words = call.args.map(arg => arg.text)
  const [first = ''] = words
  if (/^(--version|-v|-V|--help|-h|doctor)$/.test(first) && words.length === 1) return SOMETHING
  const unsafe =
    words.some(word => UNSAFE_CLIENT.test(word)) ||
    call.args.some(arg => !arg.known && arg.text.startsWith('$'))
  const settings = /^(config|mcp|plugin|plugins|install|update|setup-token|auto-mode)$/.test(first)
  if (
    unsafe ||
    settings ||
    sh.scope.variables.has('CLAUDE_CONFIG_DIR') ||
    call.env.has('CLAUDE_CONFIG_DIR')
  )
    sh.emit({ kind: 'guard-config', what: 'client' })
  else
    sh.exec(
      /^claude/.test(call.name.text) ? 'unknown' : 'hidden',
      `${call.name.text}: another agent`,
    )
  return SOMETHING
}

const TMUX_SHOWS =
  /^(ls|list-.*|display-message|display|capture-pane|capturep|has-session|has|show-.*|info|lsw|lsp|-V)$/

/** Keys typed into a terminal by a program may answer a dialog. */
const tmux: Handler = (call, sh) => {
  const [command, ...args] = optionsOf(call.args, 'L S f c', true).rest
  const name = command?.text ?? ''
  if (TMUX_SHOWS.test(name)) return SOMETHING
  if (
    /^(send-keys|send|send-prefix|paste-buffer|pasteb|pipe-pane|pipep|set-buffer|load-buffer|if-shell|run-shell|source-file|set-hook|bind-key|bind|respawn-pane|respawnp|respawn-window)$/.test(
      name,
    )
  )
    sh.emit({ kind: 'guard-config', what: 'keys' })
  else if (/^(new|new-session|new-window|neww|split-window|splitw)$/.test(name)) {
    // Its last word is a command.
    const code = optionsOf(args, 's n c t x y F e d-none')
      .rest.map(arg => arg.text)
      .join(' ')
    if (code !== '') walkText(code, SOMETHING, sh)
    sh.exec('installed', 'tmux')
  } else if (/^(kill-session|kill-server|kill-window|kill-pane)$/.test(name))
    sh.emit({ kind: 'privilege', what: 'process', names: ['tmux', ...args.map(arg => arg.text)] })
  else if (
    /^(attach|attach-session|a|switch-client|select-window|select-pane|rename-session|rename-window|set|set-option|resize-pane|detach)$/.test(
      name,
    )
  )
    sh.exec('installed', 'tmux')
  else sh.exec('unknown', ['tmux', name, ...args.map(arg => arg.text)].join(' '))
  return NOTHING
}

const screen: Handler = (call, sh) => {
  if (call.args.some(arg => /^-(X|ls|list)$/.test(arg.text) && arg.text === '-X'))
    sh.emit({ kind: 'guard-config', what: 'keys' })
  else if (!call.args.some(arg => /^-(ls|list|v)$/.test(arg.text))) sh.exec('unknown', 'screen')
  return NOTHING
}

const keys: Handler = (_call, sh) => {
  sh.emit({ kind: 'guard-config', what: 'keys' })
  return NOTHING
}

/** Terminals that take keys from outside. */
const terminal: Handler = (call, sh) => {
  if (
    call.args.some(({ text }) =>
      /send-(text|key)|write(-chars)?$|^write$|action|launch|run|set-window|load-config/.test(text),
    )
  )
    sh.emit({ kind: 'guard-config', what: 'keys' })
  else sh.exec('installed', call.name.text)
  return NOTHING
}

const WATCHED = /signalbox|claude/i

/** Ending processes: by a number that is not known to be the agent's own, or by a name. */
const kill: Handler = (call, sh) => {
  const named = call.name.text !== 'kill'
  const options = optionsOf(call.args, named ? 's signal u G P t g x' : 's n')
  const words = options.rest.filter(
    arg => !/^\d+$/.test(arg.text) || named || options.rest.length > 0,
  )
  if (call.args.some(arg => /^-(l|L)$/.test(arg.text))) return SOMETHING
  const names = [...words, ...valuesOf(options, 'u', 'G', 'P', 't', 'g')].map(arg => arg.text)
  if (names.some(name => WATCHED.test(name))) {
    sh.emit({ kind: 'guard-config', what: 'process' })
    return NOTHING
  }
  // `kill %1`: the shell's own jobs.
  if (!named && names.length > 0 && names.every(isOwnJob)) return NOTHING
  if (!named && call.args.some(arg => arg.text === '-0')) return NOTHING
  // Everything there is, or everything of somebody's.
  const all =
    names.some(name => /^(-?1|0|init|systemd|sshd|root)$/.test(name)) ||
    (call.args.some(arg => arg.text === '-u') && named)
  sh.emit({ kind: 'privilege', what: all ? 'machine' : 'process', names })
  return NOTHING
}

/** `-p 42` and its like: the next word is a process. */
const NAMES_PROCESS = /^--?p(id)?$|^--attach-(pid|name)$/
/** `--pid=42`, `-p42`, `-ex 'attach 42'`, which may be shortened. */
const WITH_PROCESS =
  /^--?(?:pid|attach-pid|attach-name)=(.+)|^-p([$\d].*)|\battach\s+(\S+)|\batt?a?c?\s+([$\d]\S*)/

/** Taken over, a program does what it is told: one that watches over the agent would, too. */
const takeOver: Handler = (call, sh) => {
  const all = call.args.map(arg => arg.text)
  // What follows is of the program that it starts.
  const own = all.findIndex(word => /^--(args)?$/.test(word))
  const words = own < 0 ? all : all.slice(0, own)
  const names = words.flatMap((word, i) => {
    const joined = WITH_PROCESS.exec(word)?.slice(1).find(Boolean)
    if (joined !== undefined) return [joined]
    // In place of a core file `gdb` takes a number.
    const before = words[i - 1] ?? '-'
    const isNumber = /^\d+$/.test(word) && !before.startsWith('-')
    return NAMES_PROCESS.test(before) || isNumber ? [word] : []
  })
  if (names.some(name => WATCHED.test(name))) sh.emit({ kind: 'guard-config', what: 'process' })
  else if (names.length > 0) sh.emit({ kind: 'privilege', what: 'process', names })
  return tool(call, sh)
}

/** A job of this shell, or what a pid file of the project's or of /tmp says. */
function isOwnJob(name: string): boolean {
  return (
    /^%/.test(name) ||
    /^\$\((cat |< ?)(\/tmp\/)?[\w.-]+(\/[\w.-]+)*\.?pid\)$/i.test(name) ||
    /^\$\(jobs -p.*\)$/.test(name)
  )
}

export const guard: Handlers = {
  signalbox,
  claude: agent,
  'claude-code': agent,
  codex: agent,
  openhands: agent,
  droid: agent,
  crush: agent,
  'kiro-cli': agent,
  q: agent,
  cline: agent,
  qwen: agent,
  copilot: agent,
  gemini: agent,
  aider: agent,
  opencode: agent,
  goose: (call, sh) =>
    call.args.some(({ text }) => /^(-dir|up|down|status|create|sqlite3|postgres|mysql)$/.test(text))
      ? tool(call, sh)
      : agent(call, sh),
  amp: agent,
  'cursor-agent': agent,
  tmux,
  screen,
  xdotool: keys,
  cliclick: keys,
  kitty: terminal,
  wezterm: terminal,
  zellij: terminal,
  'dbus-send': keys,
  qdbus: keys,
  gdbus: keys,
  busctl: keys,
  tmate: (_call, sh) => {
    sh.emit({ kind: 'send', to: null, means: 'tunnel', payload: [], does: 'write' })
    return NOTHING
  },
  ydotool: keys,
  wtype: keys,
  osascript: keys,
  expect: keys,
  kill,
  pkill: kill,
  gdb: takeOver,
  lldb: takeOver,
  killall: kill,
  fuser: (call, sh) =>
    call.args.some(arg => /^-\w*k/.test(arg.text)) ? kill(call, sh) : SOMETHING,
  socat: (call, sh) => {
    const touches = call.args.some(
      ({ text }) =>
        /UNIX/i.test(text) &&
        sh.facts.guarded.some(path => text.toLowerCase().includes(path.toLowerCase())),
    )
    if (touches) sh.emit({ kind: 'guard-config', what: 'socket' })
    else
      sh.emit({ kind: 'send', to: null, means: 'tunnel', payload: call.stdin.flows, does: 'write' })
    return SOMETHING
  },
}
