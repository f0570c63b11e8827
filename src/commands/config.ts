/** `signalbox config`: a template, a check, an editor, and what is in force with its lines. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeAtomically } from '../config/atomic-file.ts'
import { hostOf } from '../config/entry-form.ts'
import { placeOf } from '../config/layers.ts'
import { dayOf, loadPolicy, REPOSITORY_NAME } from '../config/load-policy.ts'
import { lookalike } from '../config/lookalike.ts'
import { configFile } from '../config/paths.ts'
import type { Policy } from '../config/policy.ts'
import { UsageError, WordsError } from '../config/usage-error.ts'
import { checkRules } from '../judge/check-rules.ts'
import { safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { edit } from './config-edit.ts'
import { policyLines } from './config-lines.ts'
import { problemsOf } from './config-problems.ts'
import { managedTemplate, userTemplate } from './config-template.ts'
import { type Desk, ownDesk } from './desk.ts'
import { wordsAndFlagsOf } from './flags.ts'

type Part = (args: readonly string[], desk: Desk) => number | Promise<number>

const PARTS: Readonly<Record<string, Part>> = { init, check, show, edit }
const KINDS = { managed: 'boolean', json: 'boolean', file: 'string' } as const
/** Of all parts. */
export const FLAGS = { ...KINDS, by: 'string', at: 'string' } as const

export async function run(args: readonly string[], desk: Desk = ownDesk()): Promise<number> {
  const [name = '', ...rest] = args
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined
  if (part === undefined)
    throw new UsageError(
      `config takes init, check, show or edit${name === '' ? '' : `, not '${name}'`}`,
    )
  return part(rest, desk)
}

function init(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, { ...KINDS, by: 'string' })
  noMore(words)
  const approval = { by: flags.by ?? '', on: dayOf(desk.now) }
  const text = flags.managed ? managedTemplate(approval) : userTemplate(approval)
  if (flags.file === undefined) {
    if (flags.json) desk.print(terminalSafeJson({ text }))
    else desk.print(text.trimEnd())
    return 0
  }
  const path = resolve(desk.cwd, flags.file)
  if (existsSync(path)) throw new UsageError(`${path}: is there already; nothing was written`)
  // Everybody has to read the managed file; only its owner may write it.
  writeAtomically(path, text, flags.managed ? 0o644 : 0o600)
  if (flags.json) desk.print(terminalSafeJson({ file: path }))
  else desk.print(safe(`${path}: written; 'signalbox config check' checks it`))
  return 0
}

function check(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, KINDS)
  noMore(words)
  const loaded = loadPolicy({ ...desk.places, projectRoot: desk.cwd }, checkRules)
  const files =
    flags.file === undefined ? policyFiles(desk, flags.managed) : [resolve(desk.cwd, flags.file)]
  const problems = files.flatMap(file => problemsOf(file, desk, flags.managed))
  const all = flags.file === undefined && !flags.managed
  const notes = all ? [...loaded.notes, ...spellings(loaded.policy.trust)] : []
  if (flags.json)
    desk.print(terminalSafeJson({ ok: problems.length === 0, files, problems, notes }))
  else {
    for (const { file, line, column, message } of problems)
      desk.print(safe(line === 0 ? message : `${file}:${line}:${column}: ${message}`))
    for (const note of notes) desk.print(`note: ${safe(note)}`)
    if (problems.length === 0)
      desk.print(files.length === 0 ? 'no policy file is there' : safe(`fine: ${files.join(', ')}`))
  }
  return problems.length === 0 ? 0 : 1
}

function policyFiles({ places, cwd }: Desk, managed: boolean): string[] {
  const own = [configFile(places.config), join(cwd, REPOSITORY_NAME)]
  return [places.managed, ...(managed ? [] : own)].filter(file => existsSync(file))
}

/** Hosts that are not what they look like are no mistake, but somebody should look at them. */
function spellings(trust: ReturnType<typeof loadPolicy>['policy']['trust']): string[] {
  return trust.flatMap(({ entry, origin }) => {
    const real = lookalike(hostOf(entry))
    return real === null
      ? []
      : [`${placeOf(origin)}: ${entry} is ${real.punycode}, shown as ${real.unicode}`]
  })
}

function show(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, KINDS)
  noMore(words)
  if (flags.file !== undefined)
    throw new UsageError('config show prints what is in force; config check takes --file')
  const loaded = loadPolicy({ ...desk.places, projectRoot: desk.cwd }, checkRules)
  const { policy, errors, notes } = loaded
  const lines = policyLines(loaded, dayOf(desk.now)).filter(
    ({ origin }) => !flags.managed || origin.layer === 'managed',
  )
  if (flags.json)
    desk.print(terminalSafeJson({ policy: withoutCommand(policy), lines, errors, notes }))
  else {
    const column = Math.max(0, ...lines.map(({ name }) => name.length))
    for (const { name, value, origin } of lines)
      desk.print(`${name.padEnd(column)}  ${safe(value)}  [${safe(placeOf(origin))}]`)
    for (const line of errors) desk.print(`error: ${safe(line)}`)
    for (const line of notes) desk.print(`note: ${safe(line)}`)
  }
  return errors.length > 0 ? 1 : 0
}

/** A command that prints a key may hold it. */
function withoutCommand({ reviewer, ...policy }: Policy): object {
  if (reviewer?.key.from !== 'command') return { ...policy, reviewer }
  return { ...policy, reviewer: { ...reviewer, key: { from: reviewer.key.from } } }
}

function noMore(words: readonly string[]): void {
  if (words.length > 0) throw new WordsError(`unexpected '${words[0]}'`)
}
