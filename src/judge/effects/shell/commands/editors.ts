/** `sed`, `awk`, `patch`, and editors that run commands. */

import { hostIdentity } from '../../../resources/url.ts'
import { type Content, mixed, NOTHING, reshaped, SOMETHING, UNKNOWN } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import { type Arg, has, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'

const sed: Handler = (call, sh) => {
  const inPlace = call.args.some(arg => /^(-[nErsuz]*i|--in-place)/.test(arg.text))
  const options = optionsOf(
    // BSD's `-i` is followed by a suffix, which may be empty.
    call.args
      .filter(
        (arg, i) =>
          !/^(-i.*|--in-place.*)$/.test(arg.text) &&
          !(arg.text === '' && /^-[nErsuz]*i$/.test(call.args[i - 1]?.text ?? '')),
      )
      .map(withoutI),
    'e f expression file l',
  )
  const given = valuesOf(options, 'e', 'expression')
  const fromFile = has(options, 'f', 'file')
  const scripts = given.length > 0 || fromFile ? given : options.rest.slice(0, 1)
  const files = given.length > 0 || fromFile ? options.rest : options.rest.slice(1)
  const script = scripts.map(arg => arg.text).join('\n')
  if (fromFile || scripts.some(arg => !arg.known)) {
    if (fromFile || inPlace) sh.partial('a sed script that is not known')
  }
  if (runsOrWrites(script)) sh.exec('unknown', `sed ${script}`)
  if (!inPlace)
    return files.length === 0 ? reshaped(call.stdin) : mixed(files.map(file => sh.read(file)))
  const change = changesOf(script)
  const text = change.by
  const content: Content = { text, flows: [], from: [] }
  for (const file of files) {
    const target = sh.target(file)
    sh.emit({ kind: 'write', target, how: 'edit', content: text, replaced: change.what })
    if (target.path === null) continue
    // What was just written is another text now, and nothing of the project's.
    const made = sh.left.has(target.path) ? UNKNOWN : SOMETHING
    sh.left.set(target.path, mixed([sh.content(target), content, made]))
  }
  return NOTHING
}

/** What a script takes out and what it puts in, as texts: patterns without their backslashes. */
export function changesOf(script: string): {
  readonly what: string | null
  readonly by: string | null
} {
  const what: string[] = []
  const by: string[] = []
  const plain = (text: string): string => text.replace(/\\([^\w])/g, '$1').replace(/\\n/g, '\n')
  for (const match of script.matchAll(
    /(?:^|[;{}\n\s/\d$!,])s([^\w\s\\])((?:\\.|(?!\1)[^\\])*)\1((?:\\.|(?!\1)[^\\])*)\1/g,
  )) {
    const found = plain(match[2] ?? '')
    what.push(found)
    by.push(plain(match[3] ?? '').replace(/(?<!\\)&/g, found))
  }
  for (const match of script.matchAll(/\/((?:\\.|[^/\\])+)\/\s*d\b/g))
    what.push(plain(match[1] ?? ''))
  for (const match of script.matchAll(/(?:^|[;{}\n/\d$])\s*[aic]\\?\s*(\S.*)$/gm))
    by.push(plain(match[1] ?? ''))
  if (what.length === 0 && by.length === 0) return { what: null, by: null }
  return { what: what.join('\n'), by: by.join('\n') }
}

function withoutI(arg: Arg): Arg {
  return /^-[nErsuz]+i/.test(arg.text) ? { ...arg, text: arg.text.replace(/i.*$/, '') } : arg
}

/** An address before a command: lines, patterns with any mark, steps, and what negates them. */
const ADDRESS =
  /^(?:\d+|\$|[~+,!]|\/(?:\\.|[^/\\])*\/[IM]*|\\([^\n])(?:\\.|(?!\1)[^\\])*\1[IM]*|\s+)+/

/** sed's `e`, `w` and their forms as flags of `s`. */
function runsOrWrites(script: string): boolean {
  let rest = script
  while (rest !== '') {
    rest = rest.replace(/^[;{}\s]+/, '').replace(ADDRESS, '')
    const [command = ''] = rest
    if (/[ewW]/.test(command)) return true
    if (command === 's' || command === 'y') {
      const [whole = '', , flags = ''] =
        /^[sy]([^\n\\])(?:(?:\\[\s\S]|(?!\1)[^\\])*\1){2}(\w*)/.exec(rest) ?? []
      // One that cannot be cut is none, or no sed at all.
      if (whole === '') return /[ew]/.test(rest)
      if (command === 's' && /[ew]/.test(flags)) return true
      rest = rest.slice(whole.length)
    }
    // The text of these goes to the end of the line; the name of a label or a file too.
    else if (/[aicrRbtT:#]/.test(command))
      rest = /[btT]/.test(command)
        ? rest.replace(/^.[^;\n}]*/, '')
        : rest.replace(/^(\\\n|[^\n])*/, '')
    else rest = rest.slice(Math.max(1, /^[a-zA-Z=]\s*\d*/.exec(rest)?.[0].length ?? 1))
  }
  return false
}

const awk: Handler = (call, sh) => {
  const options = optionsOf(
    call.args,
    'F v f e E file assign field-separator source exec i include l load',
  )
  const fromFile = has(options, 'f', 'file', 'E', 'exec', 'i', 'include', 'l', 'load')
  const [source] = valuesOf(options, 'e', 'source')
  const program = source ?? options.rest[0]
  const files = (fromFile || source !== undefined ? options.rest : options.rest.slice(1)).filter(
    arg => !/^\w+=/.test(arg.text),
  )
  if (fromFile || program === undefined || !program.known)
    sh.partial('an awk program that is not known')
  const code = fromFile ? '' : (program?.text ?? '')
  const bare = code.replace(/\/(?:\\.|[^/\n])*\//g, '//')
  for (const match of code.matchAll(/\bsystem\s*\(\s*"((?:\\.|[^"\\])*)"\s*\)/g))
    runShell((match[1] ?? '').replace(/\\(.)/g, '$1'), call.stdin, sh)
  // Not in what may be a pattern: that may be two divisions.
  const systems = code.match(/\bsystem\s*\(/g)?.length ?? 0
  const literal = code.match(/\bsystem\s*\(\s*"((?:\\.|[^"\\])*)"\s*\)/g)?.length ?? 0
  awkFiles(code, bare, call, sh)
  // `@name(…)` calls what the variable names.
  if (systems > literal || /\|&|@\s*\w/.test(code)) sh.exec('unknown', `awk ${code}`)
  const flows = /ENVIRON/.test(code) ? (['secret'] as const) : []
  const input = files.length === 0 ? reshaped(call.stdin) : mixed(files.map(file => sh.read(file)))
  return { ...input, flows: [...input.flows, ...flows] }
}

/** What awk itself reads, writes and starts: `> "file"`, `| "command"`, `"command" | getline`. */
function awkFiles(
  code: string,
  bare: string,
  call: Parameters<Handler>[0],
  sh: Parameters<Handler>[1],
): void {
  if (/\/inet\/(tcp|udp)\//.test(code)) {
    const host = /\/inet\/(?:tcp|udp)\/\d+\/([\w.-]+)\//.exec(code)?.[1] ?? ''
    sh.emit({ kind: 'send', to: hostIdentity(host), means: 'tunnel', payload: [], does: 'write' })
    sh.exec('network', `awk ${code}`)
    return
  }
  for (const [, target = ''] of code.matchAll(/\bprintf?\b[^;}\n]*>>?\s*"((?:\\.|[^"\\])*)"/g))
    sh.write(sh.target({ ...call.name, text: target }), 'append', call.stdin)
  for (const [, command = ''] of code.matchAll(/\|\s*"((?:\\.|[^"\\])*)"/g))
    runShell(command.replace(/\\(.)/g, '$1'), call.stdin, sh)
  for (const [, command = ''] of code.matchAll(/"((?:\\.|[^"\\])*)"\s*\|\s*getline/g))
    runShell(command.replace(/\\(.)/g, '$1'), SOMETHING, sh)
  for (const [, file = ''] of code.matchAll(/getline\b[^;}\n]*<\s*"((?:\\.|[^"\\])*)"/g))
    sh.read({ ...call.name, text: file })
  const rest = bare.replace(/"(?:\\.|[^"\\])*"/g, '""').replaceAll('||', '')
  // A command that is put together at run time.
  if (/(^|[^|])\|\s*(?!getline)[a-z$(]|[\w)$]\s*\|\s*getline|\|\s*""\s*\w/i.test(rest))
    sh.exec('unknown', `awk ${code}`)
}

const patch: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'p i d input directory o r')
  for (const file of valuesOf(options, 'i', 'input')) sh.read(file)
  const place = valuesOf(options, 'd', 'directory')[0] ?? { ...call.name, text: '.' }
  if (has(options, 'dry-run')) return SOMETHING
  sh.write(sh.target(options.rest[0] ?? place), 'edit', SOMETHING)
  // It writes nowhere outside the folder it is in; what it brings is somebody's.
  if (call.stdin.flows.includes('network')) sh.partial('a patch from the network')
  return NOTHING
}

/** A shell without a script: whatever it is told afterwards is not seen. */
export function isBareShell(text: string): boolean {
  return /^\s*(exec\s+)?(\/\S*\/)?(ba|z|da|k|c|tc|fi)?sh(\s+-[ilp]+)*(\s*[0-2]?[<>]&?\d)*\s*$/.test(
    text,
  )
}

/** Commands of the editor itself may run others. */
const vim: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'c S u cmd')
  for (const { text } of valuesOf(options, 'c', 'cmd')) {
    const shell = /!(.*)$/s.exec(text)?.[1]
    if (shell !== undefined) {
      if (isBareShell(shell)) sh.exec('hidden', `${call.name.text} ${text}`)
      runShell(shell, call.stdin, sh)
    }
  }
  const batch =
    options.flags.has('c') &&
    valuesOf(options, 'c', 'cmd').every(
      ({ text }) =>
        /^\W*(%?s\W|wq?a?!?$|x$|qa?!?$|g\W|normal|set |\d*,?\$?d$|retab|sort|noh)/.test(text) &&
        !/\bexe|system|!\s*\w/.test(text),
    )
  if (!batch) sh.partial('an editor')
  for (const file of options.rest) sh.write(sh.target(file), 'edit', SOMETHING)
  return NOTHING
}

export const editors: Handlers = {
  sed,
  gsed: sed,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
  patch,
  vim,
  vi: vim,
  nvim: vim,
  ex: vim,
}
