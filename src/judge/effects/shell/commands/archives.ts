/** Archives: what goes in flows out, and what comes out is written. */
import { type Content, mixed, NOTHING, SOMETHING } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'

const TAR_TAKING =
  'f file C directory T files-from X exclude-from exclude checkpoint-action to-command use-compress-program I rsh-command info-script new-volume-script F transform'

const tar: Handler = (call, sh) => {
  const [first, ...others] = call.args
  // The old form: `tar xzf …`.
  const args =
    first && /^[a-zA-Z]+$/.test(first.text)
      ? [{ ...first, text: `-${first.text}` }, ...others]
      : call.args
  const options = optionsOf(args, TAR_TAKING)
  for (const name of [
    'checkpoint-action',
    'to-command',
    'use-compress-program',
    'I',
    'rsh-command',
    'info-script',
    'new-volume-script',
    'F',
  ])
    for (const arg of valuesOf(options, name)) program(arg, call.stdin, sh)
  const folder = valuesOf(options, 'C', 'directory')[0]
  const file = valuesOf(options, 'f', 'file')[0]
  if (has(options, 't', 'list')) return file === undefined ? SOMETHING : mixed([sh.read(file)])
  if (has(options, 'x', 'extract', 'get')) {
    const content = file === undefined || file.text === '-' ? call.stdin : sh.read(file)
    return unpack(folder, content, has(options, 'O', 'to-stdout'), sh)
  }
  const inside = (arg: Arg): Arg =>
    folder === undefined || arg.text.startsWith('/')
      ? arg
      : { ...arg, text: `${folder.text}/${arg.text}`, known: arg.known && folder.known }
  const content = mixed(options.rest.map(arg => sh.read(inside(arg), true)))
  if (has(options, 'remove-files'))
    for (const arg of options.rest)
      sh.emit({ kind: 'delete', target: sh.target(inside(arg)), recursive: true, filter: '' })
  return pack(file, content, sh)
}

function program(arg: Arg, stdin: Content, sh: Shell): void {
  const text = arg.text.replace(/^exec=/, '')
  if (
    /^(dot|bell|sleep=\d+|totals|(echo|ttyout)(=.*)?)$/.test(arg.text) ||
    /^(gzip|pigz|zstd|xz|bzip2|lz4)( -[\w=]+)*$/.test(text)
  )
    return
  if (arg.known) runShell(text, stdin, sh)
  sh.exec('unknown', text)
}

function pack(file: Arg | undefined, content: Content, sh: Shell): Content {
  if (file === undefined || file.text === '-') return content
  sh.write(sh.target(file), 'replace', content)
  return NOTHING
}

function unpack(folder: Arg | undefined, content: Content, toOutput: boolean, sh: Shell): Content {
  if (toOutput) return { ...content, text: null }
  const target = sh.target(folder ?? known('.'))
  const fetched = content.flows.includes('network') ? { fetched: content.from } : {}
  sh.emit({ kind: 'write', target, how: 'make', content: null, replaced: null, ...fetched })
  // Into the project's own folder it says nothing of the files that were there before.
  if (target.path !== null && folder !== undefined)
    sh.left.set(target.path, { ...content, text: null })
  return NOTHING
}

const zip: Handler = (call, sh) => {
  const cut = call.args.findIndex(arg => /^(-x|-i|--exclude|--include)$/.test(arg.text))
  const options = optionsOf(cut < 0 ? call.args : call.args.slice(0, cut), 'b n t TT unzip-command')
  if (has(options, 'TT', 'unzip-command')) sh.exec('unknown', 'zip')
  const [file, ...inputs] = options.rest
  return pack(file, mixed(inputs.map(arg => sh.read(arg, true))), sh)
}

const unzip: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'd x P')
  const [file] = options.rest
  const content = file === undefined ? call.stdin : sh.read(file)
  if (has(options, 'l', 'v', 'Z', 't', 'z')) return SOMETHING
  return unpack(valuesOf(options, 'd')[0], content, has(options, 'p', 'c'), sh)
}

const gzip: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'S suffix T threads o output')
  const contents = options.rest.filter(arg => arg.text !== '-').map(arg => sh.read(arg))
  if (contents.length === 0) return { ...call.stdin, text: null }
  if (has(options, 'c', 'stdout', 'to-stdout', 'l', 't')) return mixed(contents)
  for (const [i, arg] of options.rest.entries()) {
    const text =
      /^g?un|^(gzip|xz|zstd|bzip2)$/.test(call.name.text) && has(options, 'd')
        ? arg.text.replace(/\.\w+$/, '')
        : `${arg.text}.gz`
    sh.write(sh.target({ ...arg, text }), 'replace', { ...(contents[i] ?? SOMETHING), text: null })
    sh.emit({ kind: 'write', target: sh.target(arg), how: 'edit', content: null, replaced: null })
  }
  return NOTHING
}

export const archives: Handlers = {
  tar,
  gtar: tar,
  bsdtar: tar,
  zip,
  '7z': zip,
  '7za': zip,
  unzip,
  gzip,
  gunzip: gzip,
  xz: gzip,
  unxz: gzip,
  bzip2: gzip,
  bunzip2: gzip,
  zstd: gzip,
  pigz: gzip,
}
