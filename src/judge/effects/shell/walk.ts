/**
 * From the parsed script to the commands that run, each with its values. By typed fields only: nested
 * commands are lazy getters, which a walk over an object's own keys does not see.
 */
import {
  type Assignment,
  type Command,
  type CommandNode,
  type CompoundList,
  type ParsedScript,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
  type Word,
} from 'unbash'
import { MAX_COMMAND, unreadable } from '../../limits.ts'
import { type Content, NOTHING, SOMETHING } from '../effect.ts'
import { dispatch, environment } from './dispatch.ts'
import { walkArithmetic, walkNumber, walkTest } from './expressions.ts'
import { foldOne, foldWord } from './fold.ts'
import { maybe, together } from './maybe.ts'
import { applyInputs, applyOutputs } from './redirect.ts'
import type { Shell } from './shell.ts'
import { type Arg, unknown } from './value.ts'

const MAX_TURNS = 8

/** Walks the text of a script. @param quote what to show of it where its text is not as written */
export function walkText(text: string, stdin: Content, sh: Shell): Content {
  const why = unreadable(text, MAX_COMMAND)
  if (why !== null) {
    sh.tooMuch(why)
    return SOMETHING
  }
  const outer = sh.frame
  const { evidence } = sh
  const at = placeIn(sh, text)
  sh.frame = { source: text, quote: at === null ? evidence : null, at }
  try {
    return walkScript(parse(text), stdin, sh)
  } finally {
    sh.frame = outer
    sh.evidence = evidence
  }
}

/** The same text may stand in several places: the one in what runs now is meant. */
function placeIn(sh: Shell, text: string): number | null {
  const inside = sh.root.indexOf(text, sh.span.from)
  const at = inside < 0 ? sh.root.indexOf(text) : inside
  return at < 0 ? null : at
}

/** For a text that another shell is started for. */
export function runShell(text: string, stdin: Content, sh: Shell): Content {
  return sh.child(() => walkText(text, stdin, sh))
}

export function walkScript(script: ParsedScript, stdin: Content, sh: Shell): Content {
  // Each nested script has errors of its own.
  for (const error of script.errors ?? []) sh.partial(`not shell: ${error.message}`)
  if (!sh.enter()) return SOMETHING
  const outer = sh.frame
  // Backticks with escapes have a text of their own that positions mean.
  if (script.source !== undefined)
    sh.frame = { source: script.source, quote: outer.quote, at: placeIn(sh, script.source) }
  try {
    return list(script.commands, stdin, sh)
  } finally {
    sh.frame = outer
    sh.leave()
  }
}

function list(statements: readonly Statement[], stdin: Content, sh: Shell): Content {
  const outputs: Content[] = []
  for (const { command, background } of statements) {
    const run = (): Content =>
      command.type === 'AndOr' ? andOr(command, stdin, sh) : pipeline(command, stdin, sh)

    outputs.push(background ? sh.apart(run) : run())
    // A job of its own, by the words it was started with.
    const text = sh.frame.source.slice(command.pos, command.end).slice(0, 200)
    if (background && !/kill/.test(text)) sh.makes(`process:${text}`)
  }
  return together(outputs)
}

function andOr(
  { commands, operators }: { commands: readonly PipelineNode[]; operators: readonly string[] },
  stdin: Content,
  sh: Shell,
): Content {
  const [first, ...rest] = commands
  const outputs = first === undefined ? [] : [pipeline(first, stdin, sh)]
  if (rest.length === 0) return together(outputs)
  maybe(sh, () => {
    rest.forEach((command, i) => {
      const run = (): Content => pipeline(command, stdin, sh)
      outputs.push(operators[i] === '||' ? maybe(sh, run) : run())
    })
  })
  return together(outputs)
}

function pipeline(node: PipelineNode, stdin: Content, sh: Shell): Content {
  if (node.type !== 'Pipeline') return command(node, stdin, sh)
  if (node.commands.length === 1 && node.commands[0] !== undefined)
    return command(node.commands[0], stdin, sh)
  let flowing = stdin
  for (const [i, stage] of node.commands.entries()) {
    const input = flowing
    const run = (): Content => command(stage, input, sh)
    // The last is a subshell too, but not in every shell.
    flowing = i === node.commands.length - 1 ? maybe(sh, run) : sh.apart(run)
  }
  return flowing
}

function command(node: CommandNode, stdin: Content, sh: Shell): Content {
  if (!sh.enter()) return SOMETHING
  const { evidence, span } = sh
  sh.evidence = sh.frame.quote ?? sh.frame.source.slice(node.pos, node.end)
  const { at } = sh.frame
  if (at !== null) sh.span = { from: at + node.pos, to: at + node.end }
  sh.parts.push(sh.span)
  sh.spend(node.end - node.pos)
  try {
    return node.type === 'Command' ? simple(node, stdin, sh) : compound(node, stdin, sh)
  } finally {
    sh.evidence = evidence
    sh.span = span
    sh.leave()
  }
}

function compound(node: Exclude<CommandNode, Command>, stdin: Content, sh: Shell): Content {
  switch (node.type) {
    case 'Redirected':
      return redirected(node.redirects, stdin, sh, input => command(node.command, input, sh))
    case 'Subshell':
      return sh.apart(() => body(node.body, stdin, sh))
    case 'BraceGroup':
      return body(node.body, stdin, sh)
    case 'If': {
      const outputs = [body(node.clause, stdin, sh)]
      const branches = [node.then, ...node.elif.flatMap(elif => [elif.clause, elif.then])]
      if (node.else !== undefined) branches.push(node.else)
      for (const branch of branches) outputs.push(maybe(sh, () => body(branch, stdin, sh)))
      return together(outputs)
    }
    case 'While': {
      const clause = body(node.clause, stdin, sh)
      return together([clause, loop(sh, () => body(node.body, stdin, sh))])
    }
    case 'For':
    case 'Select':
      return forEach(node.name.value, node.wordlist, node.body, stdin, sh)
    case 'ArithmeticFor':
      for (const part of [node.initialize, node.test, node.update])
        if (part !== undefined) walkArithmetic(part, sh)
      return loop(sh, () => body(node.body, stdin, sh))
    case 'Case': {
      foldOne(node.word, sh)
      for (const item of node.items) for (const pattern of item.pattern) foldOne(pattern, sh)
      return together(node.items.map(item => maybe(sh, () => body(item.body, stdin, sh))))
    }
    case 'TestCommand':
      walkTest(node.expression, sh)
      return NOTHING
    case 'ArithmeticCommand':
      if (node.expression !== undefined) walkArithmetic(node.expression, sh)
      return NOTHING
    case 'Function':
      return define(node.name.value, node.body, sh)
    case 'Coproc':
      return sh.apart(() => asCommand(node.body, sh))
  }
}

function body(node: CompoundList, stdin: Content, sh: Shell): Content {
  return list(node.commands, stdin, sh)
}

/** A second turn, where the first changed what the loop itself uses. */
function loop(sh: Shell, turn: () => Content): Content {
  const before = new Map(sh.scope.variables)
  const first = maybe(sh, turn)
  const changed = [...sh.scope.variables].some(([name, value]) => before.get(name) !== value)
  return changed ? together([first, maybe(sh, turn)]) : first
}

function forEach(
  name: string,
  words: readonly Word[] | undefined,
  inner: CompoundList,
  stdin: Content,
  sh: Shell,
): Content {
  const values = words?.flatMap(word => foldWord(word, sh)) ?? [unknown('$@')]
  const turns = values.length <= MAX_TURNS ? values : [unknown(`$${name}`)]
  const outputs = turns.map(value => {
    sh.set(name, value)
    return loop(sh, () => {
      sh.set(name, value)
      return body(inner, stdin, sh)
    })
  })
  return together(outputs)
}

/** The body is looked at where it is called, with what it is called with. */
function define(name: string, node: CommandNode | CompoundList, sh: Shell): Content {
  const { frame } = sh
  const run = (): Content => {
    const outer = sh.frame
    sh.frame = frame
    try {
      return asCommand(node, sh)
    } finally {
      sh.frame = outer
    }
  }
  sh.scope.functions.set(name, { run, sure: true })
  // The shell calls these by itself.
  if (/^(command_not_found_handler?|precmd|preexec|chpwd)$/.test(name)) maybe(sh, run)
  return NOTHING
}

function asCommand(node: CommandNode | CompoundList, sh: Shell): Content {
  return node.type === 'CompoundList' ? body(node, SOMETHING, sh) : command(node, SOMETHING, sh)
}

function redirected(
  redirects: readonly Redirection[],
  stdin: Content,
  sh: Shell,
  run: (stdin: Content) => Content,
): Content {
  if (redirects.length === 0) return run(stdin)
  const input = applyInputs(redirects, stdin, sh)
  return applyOutputs(redirects, run(input), sh)
}

function simple(node: Command, stdin: Content, sh: Shell): Content {
  const assigned = node.prefix.filter(part => part.type === 'Assignment')
  const values = assigned.map(assignment => assign(assignment, sh))
  const args: Arg[] = []
  for (const arg of node.args) {
    if (arg.type !== 'Assignment') args.push(...foldWord(arg, sh))
    // `export X=…`, `declare X=…`
    else args.push(declared(arg, sh))
  }
  return redirected(node.redirects, stdin, sh, input => {
    if (node.name === undefined) {
      assigned.forEach((assignment, i) => {
        const value = sh.set(assignment.name, values[i] ?? unknown(assignment.text))
        environment(assignment.name, value, sh)
      })
      return NOTHING
    }
    const [name, ...before] = foldWord(node.name, sh)
    const env = new Map(assigned.map((it, i) => [it.name, values[i] ?? unknown(it.text)]))
    return name === undefined
      ? NOTHING
      : dispatch({ name, args: [...before, ...args], stdin: input, env }, sh)
  })
}

function assign({ name, value, append, index }: Assignment, sh: Shell): Arg {
  if (index !== undefined) walkNumber(foldOne(index, sh).text, sh)
  if (value.type === 'ArrayValue') {
    const all = value.elements.flatMap(element => foldWord(element, sh))
    return unknown(
      `$${name}`,
      all.flatMap(arg => arg.flows),
    )
  }
  const folded = foldOne(value, sh)
  if (index !== undefined) return unknown(`$${name}`, folded.flows)
  if (!append) return folded
  const before = sh.variable(name)
  return before?.known && folded.known
    ? { ...folded, text: before.text + folded.text }
    : unknown(`$${name}`, [...(before?.flows ?? []), ...folded.flows])
}

/** As the builtin is given it: without the quotes. */
function declared(assignment: Assignment, sh: Shell): Arg {
  const value = assign(assignment, sh)
  return { ...value, text: `${assignment.name}=${value.text}` }
}
