/** Programs that run another one: what counts is the one inside. */

import { isLoopback } from '../../../resources/host.ts'
import { hostBehind } from '../../../resources/ssh-config.ts'
import { hostIdentity } from '../../../resources/url.ts'
import { hostOf } from '../../../trust.ts'
import { type Content, NOTHING, SOMETHING, textContent } from '../../effect.ts'
import {
  type Call,
  environment,
  type Handler,
  type Handlers,
  program,
  quoted,
} from '../dispatch.ts'
import { together } from '../maybe.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, joined, known, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'
import { runCode } from './builtins.ts'
import { tracer } from './hostile.ts'

/** @param skip how many words stand before the inner command */
function wrapper(taking: string, skip = 0): Handler {
  return (call, sh) => inner(optionsOf(call.args, taking, true).rest.slice(skip), call, sh)
}

function inner(words: readonly Arg[], call: Call, sh: Shell): Content {
  const [name, ...args] = words
  return name === undefined
    ? NOTHING
    : program({ name, args, stdin: call.stdin, env: new Map() }, sh)
}

/** Leading `NAME=value` words, as `env` and `sudo` take them. */
function withAssignments(words: readonly Arg[], sh: Shell): readonly Arg[] {
  const first = words.findIndex(arg => !/^[^=]+=/.test(arg.text))
  const assigned = first < 0 ? words : words.slice(0, first)
  for (const arg of assigned) {
    const equals = arg.text.indexOf('=')
    environment(arg.text.slice(0, equals), { ...arg, text: arg.text.slice(equals + 1) }, sh)
  }
  return first < 0 ? [] : words.slice(first)
}

const env: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'u unset C chdir S split-string a argv0', true)
  const folder = valuesOf(options, 'C', 'chdir')[0]
  const [text] = valuesOf(options, 'S', 'split-string')
  // Its own escapes and variables are not the shell's.
  if (text !== undefined && /[\\$]/.test(text.text)) sh.exec('unknown', text.text)
  const run = (): Content => {
    if (folder !== undefined) sh.scope.cwd = sh.target(folder).path
    if (text !== undefined) {
      const others = options.rest.filter(arg => arg !== text)
      const rest = others.map(arg => (arg.known ? quoted(arg.text) : arg.text))
      return runCode({ ...text, text: [text.text, ...rest].join(' ') }, call.stdin, sh)
    }
    const words = withAssignments(options.rest, sh)
    // Alone it prints the whole environment.
    return words.length === 0 ? { text: null, flows: ['secret'], from: [] } : inner(words, call, sh)
  }
  return sh.apart(run)
}

const sudo: Handler = (call, sh) => {
  const options = optionsOf(
    call.args,
    'u user g group p prompt C close-from h host r role t type U other-user T D chdir R chroot c',
    true,
  )
  const words = withAssignments(options.rest, sh)
  const [command] = valuesOf(options, 'c')
  const shell = command === undefined && (words.length === 0 || has(options, 'e', 'edit', 'i', 's'))
  const asks =
    words.length === 0 &&
    has(options, 'v', 'l', 'k', 'K', 'V', 'h', 'validate', 'list', 'version', 'help')
  if (asks) return SOMETHING
  return asRoot(words, shell, sh, () =>
    command === undefined
      ? inner(words, call, sh)
      : sh.child(() => runCode(command, call.stdin, sh)),
  )
}

/** Managers of packages and services: what they do as root is their trade. */
const ROOTS_TRADE =
  /^(apt|apt-get|aptitude|dpkg|yum|dnf|zypper|apk|pacman|snap|brew|port|systemctl|service|supervisorctl|docker|podman|mkdir|touch|ln|cp|mv|rm|rmdir|tee|chown|chmod|chgrp|install|tar|unzip|make|ninja|cmake|npm|pip|pip3|gem|nginx|apachectl|a2ensite|a2enmod|certbot|update-alternatives|ldconfig|locale-gen|sh|bash|crontab|usermod|groupadd|sed|find|kill|pkill|killall|echo|printf|cat|env|nice|timeout|xargs|git|rsync)$/

/** What only reads, and no secret, is no matter of rights. */
function asRoot(words: readonly Arg[], shell: boolean, sh: Shell, run: () => Content): Content {
  const from = sh.effects.length
  const unknowns = sh.unknowns.length
  const result = run()
  const done = sh.effects.slice(from)
  const blind =
    shell ||
    sh.unknowns.length > unknowns ||
    done.some(
      it =>
        it.kind === 'exec' &&
        it.origin !== 'project' &&
        it.origin !== 'declared' &&
        it.origin !== 'package',
    ) ||
    (!ROOTS_TRADE.test(words[0]?.text ?? '') && done.some(it => it.kind === 'exec'))
  const reads = done.every(it => it.kind === 'read' && !it.credential)
  if (blind || !reads)
    sh.emit({
      kind: 'privilege',
      what: blind ? 'root-shell' : 'root',
      names: words.map(arg => arg.text),
    })
  return result
}

/** `su -c 'command' user` */
const su: Handler = (call, sh) => {
  const [command] = valuesOf(optionsOf(call.args, 'c command s shell g G w'), 'c', 'command')
  return asRoot(call.args, command === undefined, sh, () =>
    command === undefined ? NOTHING : sh.child(() => runCode(command, call.stdin, sh)),
  )
}

const time: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'o output f format', true)
  for (const file of valuesOf(options, 'o', 'output'))
    sh.write(sh.target(file), 'replace', SOMETHING)
  return inner(options.rest, call, sh)
}

/** `watch 'command'`: the words make one script. */
const watch: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'n interval q equexit s shotsdir', true)
  if (has(options, 'x', 'exec')) return inner(options.rest, call, sh)
  return sh.child(() => runCode(joined(options.rest, ' '), call.stdin, sh))
}

/** `flock FILE command`, `flock FILE -c 'command'` */
const flock: Handler = (call, sh) => {
  const [, ...words] = optionsOf(call.args, 'w timeout wait E conflict-exit-code', true).rest
  const [first, code] = words
  if (first?.text === '-c' || first?.text === '--command')
    return code === undefined ? NOTHING : sh.child(() => runCode(code, call.stdin, sh))
  return inner(words, call, sh)
}

/** `script -c 'command' file` */
const script: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'c command')
  for (const file of options.rest.slice(0, 1)) sh.write(sh.target(file), 'replace', SOMETHING)
  const [code] = valuesOf(options, 'c', 'command')
  if (code !== undefined) return sh.child(() => runCode(code, call.stdin, sh))
  sh.partial('a shell that is recorded')
  return inner(options.rest.slice(1), call, sh)
}

/** The words make one script for each input; without any, the inputs are the scripts. */
const parallel: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'j jobs a arg-file', true)
  const { rest } = options
  const usual = /^(j|jobs|a|arg-file|k|keep-order|bar|progress|will-cite|eta|halt)$/
  if (![...options.flags].every(flag => usual.test(flag))) sh.exec('unknown', 'parallel')
  const end = rest.findIndex(arg => /^:::/.test(arg.text))
  const words = end < 0 ? rest : rest.slice(0, end)
  const unseen: Arg = { ...known('{}'), known: false, flows: call.stdin.flows }
  const inputs = end < 0 ? [] : rest.slice(end + 1)
  // Several lists are combined, and of many only what they have in common is looked at.
  const plain =
    inputs.length > 0 && inputs.length <= 8 && inputs.every(arg => !/^:::/.test(arg.text))
  const marked = words.some(arg => /\{.*\}/.test(arg.text))
  const outputs = (plain ? inputs : [unseen]).map(given => {
    const filled = words.map(arg =>
      arg.text.includes('{}') ? { ...given, text: arg.text.replaceAll('{}', given.text) } : arg,
    )
    const code = joined(marked ? filled : [...filled, given], ' ')
    return sh.child(() => runCode(code, call.stdin, sh))
  })
  return together(outputs)
}

const SSH_TAKING = 'b c D E e F I i J L l m O o p Q R S W w B'

/** A shell of the same user on the same machine. */
function atHome(run: () => Content, sh: Shell): Content {
  return sh.child(() => {
    sh.scope.cwd = sh.facts.home
    return run()
  })
}

const ssh: Handler = (call, sh) => {
  const options = optionsOf(call.args, SSH_TAKING, true)
  const [place, ...first] = options.rest
  for (const { text } of valuesOf(options, 'o'))
    if (/^(ProxyCommand|LocalCommand|KnownHostsCommand|Match)\b/i.test(text)) {
      const command = text.replace(/^\w+[=\s]+/, '')
      if (!/^none$/i.test(command)) sh.child(() => runCode(known(command), SOMETHING, sh))
    } else if (/^StrictHostKeyChecking[=\s]+no/i.test(text))
      sh.emit({ kind: 'privilege', what: 'disable-check', names: [text] })
  const to =
    place === undefined || !place.known
      ? null
      : hostIdentity(
          hostBehind(place.text.replace(/^ssh:\/\//, ''), sh.facts)
            .replace(/^ssh:\/\//, '')
            .replace(/:\d+$/, ''),
        )
  const forwards = has(options, 'R', 'D', 'w') || has(options, 'L')
  const wide = valuesOf(options, 'R', 'D', 'L').some(arg =>
    /^(0\.0\.0\.0|\*|\[::\]):/.test(arg.text),
  )
  // Whoever is jumped through sees where it goes.
  for (const jump of valuesOf(options, 'J').flatMap(arg => (arg.known ? arg.text.split(',') : [])))
    sh.emit({
      kind: 'send',
      to: hostIdentity(hostBehind(jump, sh.facts).replace(/:\d+$/, '')),
      means: 'message',
      payload: [],
      does: 'write',
      signed: true,
    })
  if (forwards)
    sh.emit({ kind: 'send', to: wide ? null : to, means: 'tunnel', payload: [], does: 'write' })
  const words = first
  const asks = words.length === 0 && has(options, 'T', 'V', 'G', 'Q')
  if (
    (place === undefined && asks) ||
    has(options, 'G', 'Q') ||
    (asks && /^git@(github|gitlab|bitbucket)\.(com|org)$/.test(place?.text ?? ''))
  )
    return SOMETHING
  if (valuesOf(options, 'o').some(arg => /^HostName[=\s]/i.test(arg.text)))
    sh.partial('another host than is named')
  const from = sh.effects.length
  const unknowns = sh.unknowns.length
  const here = to !== null && isLoopback(hostOf(to.id))
  const inside = (): Content => runCode(joined(words, ' '), call.stdin, sh)
  const output =
    words.length === 0 ? SOMETHING : here ? atHome(inside, sh) : sh.elsewhere('remote', inside)
  const looks =
    sh.unknowns.length === unknowns && sh.effects.slice(from).every(it => it.kind === 'read')
  const does = words.length === 0 && asks ? 'read' : 'write'
  sh.emit({
    kind: 'send',
    to,
    means: 'message',
    payload: call.stdin.flows,
    does,
    ...(looks ? {} : { signed: true }),
  })
  if (words.length > 0) return { ...output, flows: ['network'], from: to === null ? [] : [to] }
  if (!forwards)
    sh.emit({ kind: 'exec', origin: 'unknown', what: `a shell on ${place?.text ?? ''}`, from: [] })
  return SOMETHING
}

const busybox: Handler = (call, sh) => inner(call.args, call, sh)

/** Leaves a command for later. */
const later: Handler = (call, sh) => {
  sh.emit({ kind: 'persist', what: call.name.text })
  if (call.stdin.text !== null) return runShell(call.stdin.text, NOTHING, sh)
  return NOTHING
}

export const wrappers: Handlers = {
  env,
  sudo,
  doas: sudo,
  pkexec: sudo,
  su,
  runuser: su,
  time,
  gtime: time,
  nice: wrapper('n adjustment'),
  ionice: wrapper('c n p class classdata'),
  nohup: wrapper(''),
  'ssh-agent': (call, sh) =>
    optionsOf(call.args, 't a', true).rest.length === 0
      ? textContent('')
      : wrapper('t a')(call, sh),
  'aws-vault': wrapper('', 2),
  chronic: wrapper(''),
  setsid: wrapper(''),
  stdbuf: wrapper('i o e input output error'),
  timeout: wrapper('k s signal kill-after', 1),
  gtimeout: wrapper('k s signal kill-after', 1),
  unbuffer: wrapper(''),
  caffeinate: wrapper('t w'),
  chrt: wrapper('', 1),
  taskset: wrapper('', 1),
  strace: tracer(
    wrapper(
      'a b e E I o O p P s S u U X attach columns detach-on env interruptible output overhead summary-sort-by string-limit trace trace-path user',
    ),
  ),
  ltrace: tracer(wrapper('a A D e F l n o p s u w x align config indent library output where')),
  chroot: wrapper('userspec groups', 1),
  unshare: wrapper('G R S w root setgid setuid wd map-user map-group propagation setgroups'),
  setpriv: wrapper(
    'ambient-caps inh-caps bounding-set ruid euid reuid rgid egid regid groups securebits pdeathsig selinux-label apparmor-profile landlock-access landlock-rule seccomp-filter',
  ),
  nsenter: wrapper('t target S setuid G setgid W'),
  'systemd-run': wrapper(
    'p property u unit E setenv M machine H host slice description service-type uid gid nice working-directory',
  ),
  'dbus-run-session': wrapper('config-file dbus-daemon'),
  firejail: wrapper(''),
  fakeroot: wrapper('l s i b lib faked'),
  setarch: wrapper(''),
  numactl: wrapper('i m N C p'),
  prlimit: wrapper(''),
  torsocks: wrapper('a P u p'),
  proxychains: wrapper('f'),
  proxychains4: wrapper('f'),
  gosu: wrapper('', 1),
  'su-exec': wrapper('', 1),
  rlwrap: wrapper('f H D s b g O p P q S t'),
  logsave: wrapper('', 1),
  hyperfine: (call, sh) => {
    for (const arg of call.args)
      if (arg.known && /\s/.test(arg.text)) sh.child(() => runCode(arg, NOTHING, sh))
    return SOMETHING
  },
  xvfb: wrapper(''),
  'xvfb-run': wrapper('n s e f p w server-args'),
  dotenv: wrapper('e c p v'),
  'cross-env': (call, sh) => sh.apart(() => inner(withAssignments(call.args, sh), call, sh)),
  direnv: wrapper('', 2),
  watch,
  flock,
  script,
  parallel,
  ssh,
  autossh: (call, sh) => {
    const at = call.args.findIndex(arg => arg.text === '-M')
    return ssh({ ...call, args: at < 0 ? call.args : call.args.toSpliced(at, 2) }, sh)
  },
  busybox,
  toybox: busybox,
  at: later,
  batch: later,
}
