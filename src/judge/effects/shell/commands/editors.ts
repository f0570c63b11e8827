/** `sed`, `awk`, `patch`, and editors that run commands. */
import { type Content, mixed, NOTHING, reshaped, SOMETHING } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import { type Arg, has, optionsOf, valuesOf } from '../value.ts'
import { walkText } from '../walk.ts'

const sed: Handler = (call, sh) => {
  const inPlace = call.args.some(arg => /^(-[nErsuz]*i|--in-place)/.test(arg.text))
  const options = optionsOf(
    call.args.filter(arg => !/^(-i.*|--in-place.*)$/.test(arg.text)).map(withoutI),
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
  const change = /^s(.)((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1/s.exec(script)
  const text = change?.[3] ?? null
  const content: Content = { text, flows: [], from: [] }
  for (const file of files) {
    const target = sh.target(file)
    sh.emit({ kind: 'write', target, how: 'edit', content: text, replaced: change?.[2] ?? null })
    if (target.path !== null)
      sh.left.set(target.path, { ...mixed([sh.content(target), content]), text: null })
  }
  return NOTHING
}

function withoutI(arg: Arg): Arg {
  return /^-[nErsuz]+i/.test(arg.text) ? { ...arg, text: arg.text.replace(/i.*$/, '') } : arg
}

/** sed's `e`, `w` and their forms as flags of `s`. */
function runsOrWrites(script: string): boolean {
  if (/(^|[;{}\n]|\d|\$|\/I?)\s*[ewW](\s|$)/m.test(script)) return true
  for (const match of script.matchAll(
    /s([^\w\s])((?:\\.|(?!\1)[^\\])*)\1((?:\\.|(?!\1)[^\\])*)\1([\w]*)/g,
  ))
    if (/[ew]/.test(match[4] ?? '')) return true
  return false
}

const awk: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'F v f file assign field-separator')
  const fromFile = has(options, 'f', 'file', 'i', 'include', 'l')
  const program = options.rest[0]
  const files = (fromFile ? options.rest : options.rest.slice(1)).filter(
    arg => !/^\w+=/.test(arg.text),
  )
  if (fromFile || program === undefined || !program.known)
    sh.partial('an awk program that is not known')
  const code = fromFile ? '' : (program?.text ?? '')
  const bare = code.replace(/\/(?:\\.|[^/\n])*\//g, '//')
  for (const match of code.matchAll(/\bsystem\s*\(\s*"((?:\\.|[^"\\])*)"\s*\)/g))
    walkText((match[1] ?? '').replace(/\\(.)/g, '$1'), call.stdin, sh)
  const systems = bare.match(/\bsystem\s*\(/g)?.length ?? 0
  const literal = code.match(/\bsystem\s*\(\s*"((?:\\.|[^"\\])*)"\s*\)/g)?.length ?? 0
  if (systems > literal || /\bgetline\b|\|\s*&?|@load|\bclose\b/.test(bare.replace(/\|\|/g, '')))
    sh.exec('unknown', `awk ${code}`)
  if (/(print|printf)[^;}]*>/.test(bare)) sh.partial('awk writes a file')
  const flows = /ENVIRON/.test(code) ? (['secret'] as const) : []
  const input = files.length === 0 ? reshaped(call.stdin) : mixed(files.map(file => sh.read(file)))
  return { ...input, flows: [...input.flows, ...flows] }
}

const patch: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'p i d input directory o r')
  for (const file of valuesOf(options, 'i', 'input')) sh.read(file)
  const place = valuesOf(options, 'd', 'directory')[0] ?? { ...call.name, text: '.' }
  sh.write(sh.target(options.rest[0] ?? place), 'edit', SOMETHING)
  sh.partial('a patch says itself what it changes')
  return NOTHING
}

/** Commands of the editor itself may run others. */
const vim: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'c S u cmd')
  for (const { text } of valuesOf(options, 'c', 'cmd')) {
    const shell = /!(.*)$/s.exec(text)?.[1]
    if (shell !== undefined) walkText(shell, call.stdin, sh)
  }
  sh.partial('an editor')
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
