/** Programs that make, change, move or delete files. */
import { posix } from 'node:path'
import { type Content, mixed, NOTHING, reshaped, SOMETHING, textContent } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, optionsOf, valuesOf } from '../value.ts'
import { archives } from './archives.ts'
import { editors } from './editors.ts'
import { find } from './find.ts'

const rm: Handler = (call, sh) => {
  const options = optionsOf(call.args, '')
  const recursive = has(options, 'r', 'R', 'recursive', 'd', 'dir')
  for (const arg of options.rest) remove(arg, recursive, sh)
  return NOTHING
}

export function remove(arg: Arg, recursive: boolean, sh: Shell): void {
  const target = sh.target(arg)
  sh.emit({ kind: 'delete', target, recursive, filter: '' })
}

const shred: Handler = (call, sh) => {
  for (const arg of optionsOf(call.args, 'n s iterations size random-source').rest)
    remove(arg, false, sh)
  return NOTHING
}

/** Where a copy lands: in a folder, or under the new name. */
function destinations(sources: readonly Arg[], to: Arg, sh: Shell): readonly Arg[] {
  const target = sh.target(to)
  const folder =
    sources.length > 1 ||
    to.text.endsWith('/') ||
    (target.path !== null && sh.facts.files[target.path]?.kind === 'folder')
  if (!folder) return [to]
  return sources.map(source => ({
    ...to,
    text: posix.join(to.text, posix.basename(source.text) || '.'),
    // In a folder of its own, a name that is not known stays in it.
    known: to.known && (source.known || to.text.endsWith('/')),
    ...(source.known || !to.text.endsWith('/')
      ? {}
      : { text: posix.join(to.text, 'of-that-name') }),
    glob: to.glob || source.glob,
  }))
}

const COPY_TAKING = 't target-directory S suffix m mode o owner g group'

const copy: Handler = (call, sh) => {
  const options = optionsOf(call.args, COPY_TAKING)
  const into = valuesOf(options, 't', 'target-directory')
  const to = into[0] ?? options.rest.at(-1)
  const sources = into.length > 0 ? options.rest : options.rest.slice(0, -1)
  if (to === undefined) return NOTHING
  if (call.name.text === 'install' && has(options, 'd', 'directory')) {
    for (const arg of options.rest) sh.write(sh.target(arg), 'make', NOTHING)
    return NOTHING
  }
  const recursive = has(options, 'r', 'R', 'a', 'recursive', 'archive')
  const contents = sources.map(source => sh.read(source, recursive))
  for (const [i, place] of destinations(sources, to, sh).entries())
    sh.write(sh.target(place), 'replace', contents[i] ?? mixed(contents))
  return NOTHING
}

const move: Handler = (call, sh) => {
  const options = optionsOf(call.args, COPY_TAKING)
  const into = valuesOf(options, 't', 'target-directory')
  const to = into[0] ?? options.rest.at(-1)
  const sources = into.length > 0 ? options.rest : options.rest.slice(0, -1)
  if (to === undefined) return NOTHING
  const contents = sources.map(source => sh.content(sh.target(source)))
  const places = destinations(sources, to, sh)
  const lost = sh.target(to).path === '/dev/null'
  for (const source of sources) {
    const target = sh.target(source)
    // Within one place nothing is lost: the rename is judged by both its ends.
    if (lost) sh.emit({ kind: 'delete', target, recursive: true, filter: '' })
    else sh.emit({ kind: 'write', target, how: 'edit', content: null, replaced: null })
  }
  if (!lost)
    for (const [i, place] of places.entries())
      sh.write(sh.target(place), 'replace', contents[i] ?? mixed(contents))
  return NOTHING
}

const link: Handler = (call, sh) => {
  const options = optionsOf(call.args, 't target-directory S suffix')
  const [to, at] = options.rest
  if (to === undefined) return NOTHING
  const place = at ?? { ...to, text: posix.basename(to.text) }
  const target = sh.target(place)
  sh.emit({ kind: 'write', target, how: 'make', content: null, replaced: null })
  const leads = sh.target(to)
  if (!to.known || !place.known) sh.partial('a link to what is not known')
  else if (target.path !== null && leads.path !== null) {
    const folder = sh.facts.files[target.path]?.kind === 'folder'
    sh.link(folder ? posix.join(target.path, posix.basename(to.text)) : target.path, leads.path)
  }
  return NOTHING
}

const make: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'm mode d date r reference t')
  for (const arg of options.rest) {
    const target = sh.target(arg)
    sh.write(target, 'make', NOTHING)
    sh.makesPath(target, call.name.text === 'mkdir' && !has(options, 'p', 'parents'))
  }
  return NOTHING
}

const tee: Handler = (call, sh) => {
  const options = optionsOf(call.args, '')
  for (const arg of options.rest)
    sh.write(sh.target(arg), has(options, 'a', 'append') ? 'append' : 'replace', call.stdin)
  return call.stdin
}

const truncate: Handler = (call, sh) => {
  for (const arg of optionsOf(call.args, 's size r reference').rest)
    sh.write(sh.target(arg), 'empty', NOTHING)
  return NOTHING
}

const dd: Handler = (call, sh) => {
  const named = (name: string): Arg | undefined => {
    const arg = call.args.find(({ text }) => text.startsWith(`${name}=`))
    return arg && { ...arg, text: arg.text.slice(name.length + 1) }
  }
  const input = named('if')
  const content = input === undefined ? call.stdin : sh.read(input)
  if (call.args.some(arg => !arg.known)) sh.partial('dd with a word that is not known')
  const output = named('of')
  // Only a part of it, or in another order.
  const changes = call.args.some(arg => /^(skip|seek|count|conv|iseek|oseek)=/.test(arg.text))
  if (output === undefined) return changes ? reshaped(content) : content
  sh.write(sh.target(output), 'replace', changes ? reshaped(content) : content)
  return NOTHING
}

/** Modes that let everybody write, or run as somebody else. */
const OPEN =
  /^0?[0-7]?[0-7][0-7][2367]$|^[1246][0-7]{3}$|^0?[4-7][0-7]{3}$|(^|,)[ugoa]*[oa][ugoa]*[+=][rxX]*w|(^|,)[+=][rxX]*w|[+=][rwxX]*s/

const chmod: Handler = (call, sh) => {
  if (call.args.some(arg => /^--(test|version)$/.test(arg.text))) return SOMETHING
  const words = call.args.filter(arg => !/^-[Rvcf]+$|^--/.test(arg.text))
  const [mode, ...paths] = words
  const reference = call.args.some(arg => arg.text.startsWith('--reference'))
  const targets = reference ? words : paths
  if (!reference && (mode === undefined || !mode.known || OPEN.test(mode.text)))
    sh.emit({ kind: 'privilege', what: 'permissions', names: words.map(arg => arg.text) })
  for (const path of targets) sh.write(sh.target(path), 'make', NOTHING)
  return NOTHING
}

const chown: Handler = (call, sh) => {
  if (call.args.some(arg => /^--(test|version)$/.test(arg.text))) return SOMETHING
  sh.emit({ kind: 'privilege', what: 'permissions', names: call.args.map(arg => arg.text) })
  return NOTHING
}

const split: Handler = (call, sh) => {
  const [input, prefix] = optionsOf(call.args, 'b l n a C').rest
  const content = input === undefined ? call.stdin : sh.read(input)
  if (call.args.some(arg => arg.text.startsWith('--filter'))) sh.exec('unknown', call.name.text)
  sh.write(sh.target(prefix ?? { ...call.name, text: 'xaa' }), 'replace', content)
  return NOTHING
}

const mktemp: Handler = (call, sh) => {
  const path = `/tmp/tmp.made-${sh.made.length}`
  sh.makes(path)
  return call.args.some(arg => /^-p|^--tmpdir|\//.test(arg.text)) ? SOMETHING : textContent(path)
}

const none = (): Content => NOTHING

export const files: Handlers = {
  rm,
  rmdir: none,
  mkfifo: (call, sh) => {
    for (const arg of call.args) sh.write(sh.target(arg), 'replace', NOTHING)
    return NOTHING
  },
  unlink: rm,
  shred,
  srm: rm,
  trash: rm,
  'trash-put': rm,
  gio: (call, sh) =>
    call.args[0]?.text === 'trash' ? rm({ ...call, args: call.args.slice(1) }, sh) : NOTHING,
  cp: copy,
  install: copy,
  mv: move,
  ln: link,
  mkdir: make,
  touch: make,
  tee,
  truncate,
  sponge: tee,
  dd,
  chmod,
  chown,
  chgrp: chown,
  setfacl: chown,
  chattr: chown,
  split,
  csplit: split,
  mktemp,
  ...find,
  ...editors,
  ...archives,
}
