/** `find` and `fd`: what they do to what they find. */
import { isDerived } from '../../../derived.ts'
import { isSecret } from '../../../paths.ts'
import { type Content, SOMETHING } from '../../effect.ts'
import { type Call, type Handler, type Handlers, program } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, optionsOf, patternOf, valuesOf } from '../value.ts'

const NAME_TESTS = new Set([
  '-name',
  '-iname',
  '-path',
  '-ipath',
  '-wholename',
  '-regex',
  '-iregex',
])
const RUNS = new Set(['-exec', '-execdir', '-ok', '-okdir'])

const findHandler: Handler = (call, sh) => {
  const { args } = call
  const first = args.findIndex(arg => /^[-(!]/.test(arg.text) && !/^-[HLPD]$|^-O\d/.test(arg.text))
  const roots = (first < 0 ? args : args.slice(0, first)).filter(arg => !/^-[HLP]/.test(arg.text))
  const tests = first < 0 ? [] : args.slice(first)
  const starts = roots.length === 0 ? [known('.')] : roots
  const names = namesIn(tests)
  const acts = /-(delete|exec|ok|fp|fls)/
  const hides = (arg: Arg): boolean =>
    !arg.known && [arg.text, ...(arg.or ?? [])].some(text => acts.test(text))
  const unknown = tests.filter(
    (arg, i) =>
      !arg.known &&
      !/^-(user|group|newer\w*|size|mtime|mmin|maxdepth|mindepth|samefile|uid|gid)$/.test(
        tests[i - 1]?.text ?? '',
      ),
  )
  // The words of a command that is run are that command's.
  const runs = tests.findIndex(test => RUNS.has(test.text))
  const untold = unknown.some(arg => runs < 0 || tests.indexOf(arg) < runs)
  if (untold || tests.some(hides) || roots.some(hides))
    sh.partial('find with a test that is not known')
  const secret = names.some(
    name =>
      isSecret(`/x/${name.replace(/[*?]/g, '')}`) ||
      /secret|credential|passw|id_rsa|\.key$|\.env/i.test(name),
  )
  for (const [i, test] of tests.entries()) {
    // Tests that come later filter nothing.
    if (test.text === '-delete') removeAll(starts, filterOf(tests.slice(0, i)), sh)
    if (RUNS.has(test.text))
      runEach(tests.slice(i + 1), starts, secret, filterOf(tests.slice(0, i)), call, sh)
    if (/^-(fprint0?|fprintf|fls)$/.test(test.text)) {
      const to = tests[i + 1]
      if (to !== undefined) sh.write(sh.target(to), 'replace', SOMETHING)
    }
  }
  const [only] = starts
  const below = starts.length === 1 && only !== undefined ? sh.target(only).path : null
  const listed: Content = { text: null, flows: secret ? ['secret'] : [], from: [] }
  const prints = tests.some(test => /^-(printf|ls)$/.test(test.text))
  const filter = filterOf(tests)
  return below === null || prints
    ? listed
    : { ...listed, below, ...(/^\??$/.test(filter) ? {} : { matching: filter }) }
}

function namesIn(tests: readonly Arg[]): readonly string[] {
  return tests.filter((_, i) => NAME_TESTS.has(tests[i - 1]?.text ?? '')).map(arg => arg.text)
}

/** Tests that leave only part of what is there. */
function filterOf(tests: readonly Arg[]): string {
  // Of several names that may be, all are made by tools, or none is known.
  const either = tests.filter((_, i) => tests[i - 1]?.text === '-name').map(arg => arg.text)
  const others = tests.filter(test => /^-(!|not|path|regex|i\w+|and|a|,)$|^!$/.test(test.text))
  const made = either.every(name => isDerived(name.replaceAll('*', 'x')))
  if (either.length > 1 && others.length === 0 && made) return either[0] ?? '?'
  if (tests.some(test => /^(-o|-or|,|-regex|-iregex)$/.test(test.text))) return '?'
  // All tests must hold: what is sorted out by one more is only less.
  const names = tests
    .filter(
      (_, i) =>
        NAME_TESTS.has(tests[i - 1]?.text ?? '') && !/^(!|-not)$/.test(tests[i - 2]?.text ?? ''),
    )
    .map(arg => arg.text.replace(/^\.\//, ''))
  if (names.length > 0)
    return names.sort((a, b) => Number(b.includes('/')) - Number(a.includes('/'))).join('/')
  return tests.some(test => test.text === '-newer') ? '?' : ''
}

function removeAll(starts: readonly Arg[], filter: string, sh: Shell): void {
  for (const start of starts) {
    const target = sh.target(start)
    sh.emit({ kind: 'delete', target, recursive: true, filter })
  }
}

function runEach(
  rest: readonly Arg[],
  starts: readonly Arg[],
  secret: boolean,
  filter: string,
  call: Call,
  sh: Shell,
): void {
  const end = rest.findIndex(arg => arg.text === ';' || arg.text === '+')
  const [name, ...args] = end < 0 ? rest : rest.slice(0, end)
  if (name === undefined) return
  const each = args.filter(arg => !/^-[rRfvd]+$|^--(recursive|force)?$/.test(arg.text))
  if (/^(rm|unlink|shred)$/.test(name.text) && each.every(arg => arg.text === '{}')) {
    removeAll(starts, filter, sh)
    return
  }
  for (const start of starts) {
    // Something below the start, whose name is not known: a pattern.
    const found: Arg = {
      ...start,
      text: `${start.text.replace(/\/+$/, '')}/${filter === '' ? '**' : filter === '?' ? '*' : filter}`,
      glob: true,
      flows: secret ? ['secret'] : [],
    }
    const words = args.map(arg =>
      arg.text === '{}' ? found : arg.text.includes('{}') ? { ...arg, known: false } : arg,
    )
    program({ name, args: words, stdin: call.stdin, env: new Map() }, sh)
  }
}

const FD_TAKING =
  'e extension t type d max-depth E exclude c color S size changed-within changed-before o owner base-directory search-path j threads'

const fd: Handler = (call, sh) => {
  const at = call.args.findIndex(arg => /^(-x|-X|--exec|--exec-batch)$/.test(arg.text))
  const options = optionsOf(at < 0 ? call.args : call.args.slice(0, at), FD_TAKING)
  const [extension] = valuesOf(options, 'e', 'extension')
  if (at >= 0) {
    const start = options.rest[1] ?? known('.')
    const filter = extension === undefined ? '?' : `*.${extension.text}`
    runEach(call.args.slice(at + 1), [start], false, filter, call, sh)
  }
  return SOMETHING
}

/** Runs a command with words from its input. */
const xargs: Handler = (call, sh) => {
  const options = optionsOf(
    call.args,
    'a arg-file d delimiter E I L n P s max-args max-procs max-lines replace max-chars process-slot-var eof',
    true,
  )
  const [name, ...args] = options.rest
  const [file] = valuesOf(options, 'a', 'arg-file')
  const input: Content = file === undefined ? call.stdin : sh.read(file)
  if (name === undefined) return { ...input, text: input.text }
  const [marker] = valuesOf(options, 'I', 'replace')
  const lines = has(options, 'd', 'delimiter', '0', 'null', 'I', 'replace')
  const words = wordsOf(input, lines, call)
  if (marker === undefined)
    return program({ name, args: [...args, ...words], stdin: SOMETHING, env: new Map() }, sh)
  const mark = marker.text
  const [word = known('')] = words
  const filled = args.map(arg =>
    arg.text.includes(mark)
      ? {
          ...word,
          text: arg.text.replaceAll(mark, word.text),
          known: arg.known && word.known && words.length < 2,
        }
      : arg,
  )
  return program({ name, args: filled, stdin: SOMETHING, env: new Map() }, sh)
}

/** @param lines not each word is one of its own, and quotes are nothing but themselves */
function wordsOf(input: Content, lines: boolean, call: Call): readonly Arg[] {
  const pattern = patternOf(input)
  if (pattern !== undefined) return [pattern]
  const strange = lines ? /[\0\s]/ : /['"\\]/
  if (input.text === null || strange.test(input.text.trim()))
    return [
      {
        text: `$(${call.name.text})`,
        known: false,
        glob: false,
        flows: input.flows,
        from: input.from,
      },
    ]
  return input.text
    .split(/\s+/)
    .filter(word => word !== '')
    .map(word => ({ ...known(word), glob: /[*?]/.test(word), flows: input.flows }))
}

export const find: Handlers = {
  find: findHandler,
  gfind: findHandler,
  fd,
  fdfind: fd,
  xargs,
  gxargs: xargs,
}
