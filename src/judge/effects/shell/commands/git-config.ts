/** git's settings, which can run programs, switch checks off, or lead a name elsewhere. */
import { type Content, SOMETHING } from '../../effect.ts'
import type { Call } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { has, known, type Options } from '../value.ts'
import { runShell } from '../walk.ts'

const PROGRAMS =
  /^(core\.(sshcommand|editor|pager|fsmonitor|askpass|gitproxy|hookspath)|sequence\.editor|diff\..*\.(command|textconv)|diff\.external|merge\..*\.driver|filter\..*|credential\.helper|credential\..*\.helper|pager\..*|gpg\.program|gpg\..*\.program|uploadpack\.packobjectshook|protocol\..*|remote\..*\.(uploadpack|receivepack|vcs|proxy)|init\.templatedir|include\.path|includeif\..*|browser\..*|man\..*|difftool\..*|mergetool\..*|interactive\.difffilter|http\.proxy)$/i

const LEADS_ELSEWHERE =
  /^(url\..*\.(insteadof|pushinsteadof)|remote\..*\.(url|pushurl)|branch\..*\.(remote|pushremote)|remote\.pushdefault)$/i

const CHECKS =
  /^(http\..*sslverify|http\.sslverify|fetch\.fsckobjects|transfer\.fsckobjects|commit\.gpgsign|safe\.directory|receive\..*)$/i

/** Judges one setting, for a single command (`-c`) or for good. */
export function setting(name: string, value: string, call: Call, sh: Shell): void {
  if (/^alias\./i.test(name)) {
    const alias = name.slice('alias.'.length)
    sh.scope.aliases.set(`git ${alias}`, value)
    if (value.startsWith('!')) runShell(value.slice(1), call.stdin, sh)
  } else if (PROGRAMS.test(name)) {
    if (/^(cat|less|true|false|:|)$/.test(value)) return
    runShell(value, call.stdin, sh)
    sh.exec('unknown', `${name}=${value}`)
  } else if (LEADS_ELSEWHERE.test(name)) change('remote-change', name, value, sh)
  else if (CHECKS.test(name))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: [name, value] })
}

function change(op: 'remote-change' | 'config', name: string, value: string, sh: Shell): void {
  sh.emit({ kind: 'vcs', op, to: null, names: [name, value], force: false, deletes: false })
}

/** `git config …` */
export function configure(options: Options, call: Call, sh: Shell): Content {
  const words = options.rest.filter(arg => !/^(set|get|list|unset|edit)$/.test(arg.text))
  const reads =
    has(options, 'get', 'get-all', 'get-regexp', 'list', 'l', 'get-urlmatch', 'show-origin') ||
    /^(get|list)$/.test(options.rest[0]?.text ?? '')
  const [name, value] = words
  if (
    reads ||
    name === undefined ||
    (value === undefined && !has(options, 'unset', 'unset-all', 'add', 'e', 'edit'))
  ) {
    change('config', 'read', '', sh)
    return SOMETHING
  }
  if (!name.known) sh.partial('a setting of git that is not known')
  setting(name.text, value?.text ?? '', call, sh)
  if (has(options, 'global', 'system', 'f', 'file'))
    sh.write(
      sh.target(
        known(
          has(options, 'system') ? '/etc/gitconfig' : '~/.gitconfig'.replace('~', sh.facts.home),
        ),
      ),
      'edit',
      SOMETHING,
    )
  else change('config', name.text, value?.text ?? '', sh)
  return SOMETHING
}
