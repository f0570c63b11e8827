/** `signalbox trust`: what counts as the user's own. */
import { resolve } from 'node:path'
import { addTrust, type PolicyEdit, removeTrust } from '../config/edit-policy.ts'
import { entryProblem, hostOf } from '../config/entry-form.ts'
import { placeOf } from '../config/layers.ts'
import { configFile, dayOf, type LoadedPolicy, loadPolicy } from '../config/load-policy.ts'
import { lookalike } from '../config/lookalike.ts'
import type { TrustEntry } from '../config/policy.ts'
import { rememberEdit, undoLastEdit } from '../config/trust-history.ts'
import { UsageError } from '../config/usage-error.ts'
import { pad, safe, width } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/snapshot.ts'
import { type Desk, ownDesk } from './desk.ts'
import { wordsAndFlagsOf } from './flags.ts'

const PARTS: Readonly<
  Record<string, (args: readonly string[], desk: Desk) => number | Promise<number>>
> = { add, remove, list, undo, sync }

export async function run(args: readonly string[], desk: Desk = ownDesk()): Promise<number> {
  const [name = '', ...rest] = args
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined
  if (part === undefined)
    throw new UsageError(
      `trust takes add, remove, list, undo or sync${name === '' ? '' : `, not '${name}'`}`,
    )
  return part(rest, desk)
}

function add(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, {
    project: 'string',
    note: 'string',
    expires: 'string',
    json: 'boolean',
    yes: 'boolean',
  })
  const entry = theEntry('add', words)
  mayEdit(desk)
  const problem = entryProblem(entry)
  if (problem !== null) throw new UsageError(`'${entry}' ${problem}`)
  const real = lookalike(hostOf(entry))
  if (real?.deceptive && !flags.yes)
    throw new UsageError(
      `'${entry}' looks like another host: it is ${real.punycode}, shown as ${real.unicode}; add --yes if you mean it`,
    )
  const edit = addTrust(configFile(desk.places.config), {
    entry,
    project: projectOf(flags.project, desk),
    note: flags.note,
    expires: flags.expires === undefined ? undefined : dateOf(flags.expires, desk.now),
  })
  return report(edit, desk, flags.json, real?.punycode ?? '')
}

function remove(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, {
    project: 'string',
    json: 'boolean',
    yes: 'boolean',
  })
  const entry = theEntry('remove', words)
  mayEdit(desk)
  const project = projectOf(flags.project, desk)
  const edit = removeTrust(configFile(desk.places.config), entry, project)
  if (!edit.done) throw new UsageError(notThere(entry, edit, current(desk)))
  return report(edit, desk, flags.json)
}

/** Where the entry is instead, if anywhere. */
function notThere(entry: string, edit: PolicyEdit, { policy }: LoadedPolicy): string {
  const other = policy.trust.find(it => it.entry === entry)
  if (other?.origin.layer === 'managed')
    return `'${entry}' is trusted by the managed policy (${placeOf(other.origin)}); only its administrator can take it out`
  if (other !== undefined && other.project !== edit.project)
    return `'${entry}' is trusted ${where(other.project)} (${placeOf(other.origin)}); ${other.project === '' ? 'leave --project out' : `say --project ${other.project}`}`
  return `'${entry}' is not in ${edit.file}; 'signalbox trust list' shows what is`
}

function undo(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, { json: 'boolean', yes: 'boolean' })
  noMore(words)
  mayEdit(desk)
  const edit = undoLastEdit(desk.places.state)
  if (edit === null) throw new UsageError('there is no edit of trust to take back')
  if (flags.json) desk.print(terminalSafeJson(editJson(edit)))
  else desk.print(`taken back: ${sentence(edit)}`)
  return 0
}

function list(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, { project: 'string', json: 'boolean' })
  noMore(words)
  const { policy, errors, notes } = current(desk)
  const project = projectOf(flags.project, desk)
  const today = dayOf(desk.now)
  const entries = policy.trust.filter(
    it => project === undefined || it.project === '' || it.project === project,
  )
  const rows = entries.map(it => ({ ...it, expired: it.expires !== '' && it.expires < today }))
  if (flags.json) desk.print(terminalSafeJson({ entries: rows, errors, notes }))
  else {
    for (const line of table(rows)) desk.print(line)
    if (rows.length + errors.length === 0)
      desk.print("nothing is trusted; 'signalbox trust add ENTRY' adds it")
    for (const line of [...errors, ...notes]) desk.print(`! ${safe(line)}`)
  }
  return errors.length > 0 ? 1 : 0
}

function table(rows: readonly (TrustEntry & { expired: boolean })[]): string[] {
  const cells = rows.map(it => [
    safe(it.entry),
    safe(where(it.project)),
    it.expires === '' ? '' : `${it.expired ? 'EXPIRED' : 'until'} ${it.expires}`,
    safe(placeOf(it.origin)),
    safe([it.note, hostNote(it.entry)].filter(text => text !== '').join('; ')),
  ])
  const widths = [0, 1, 2, 3].map(i => Math.max(0, ...cells.map(row => width(row[i] ?? ''))))
  const column = (cell: string, i: number): string => {
    const columns = widths[i]
    return columns === undefined ? cell : pad(cell, columns)
  }
  return cells.map(row => row.map(column).join('  ').trimEnd())
}

function hostNote(entry: string): string {
  const real = lookalike(hostOf(entry))
  return real === null ? '' : `really ${real.punycode}`
}

async function sync(args: readonly string[], desk: Desk): Promise<number> {
  const { words, flags } = wordsAndFlagsOf(args, { json: 'boolean', yes: 'boolean' })
  noMore(words)
  const [{ applySync, planSync }, { trustLines }] = await Promise.all([
    import('../clients/claude-code/auto-mode.ts'),
    import('./trust-lines.ts'),
  ])
  const { policy, errors } = current(desk)
  const [error] = errors
  if (error !== undefined) throw new UsageError(`${error}; nothing was written`)
  const { lines, left } = trustLines(policy, desk.now)
  const { client, state } = desk.places
  const plan = planSync(client, state, lines)
  const { file, added, removed } = plan
  const changes = added.length + removed.length > 0
  if (!flags.json) {
    for (const line of [file, ...removed.map(it => `- ${it}`), ...added.map(it => `+ ${it}`)])
      desk.print(safe(line))
    for (const it of left)
      desk.print(
        `! ${safe(it.entry)} is not told to the client: it is good ${safe(where(it.project))}`,
      )
  }
  const go = !changes || flags.yes || (await desk.ask('Write this?'))
  if (go) applySync(plan, state)
  const done = changes && go
  if (flags.json) desk.print(terminalSafeJson({ file, added, removed, written: done }))
  else desk.print(done ? 'written' : changes ? 'nothing was written' : 'it is in step already')
  return 0
}

function current(desk: Desk): LoadedPolicy {
  return loadPolicy(desk.places)
}

/** An edit must not be made where it would not count, or while what is locked is not known. */
function mayEdit(desk: Desk): void {
  const { policy, origins, errors } = current(desk)
  if (!policy.locked.includes('trust')) return
  const at = policy.locked.indexOf('trust')
  const place = origins[`locked.${at}`]
  throw new UsageError(
    place === undefined
      ? `${errors[0]}; until that is mended, trust cannot be edited`
      : `trust is locked by the managed policy (${placeOf(place)}); ask its administrator`,
  )
}

function report(edit: PolicyEdit, desk: Desk, json: boolean, punycode = ''): number {
  rememberEdit(desk.places.state, edit)
  if (json) desk.print(terminalSafeJson(editJson(edit)))
  else desk.print(`${sentence(edit)}${punycode === '' ? '' : ` (really ${punycode})`}`)
  return 0
}

function editJson({ done, file, entry, project, before, after }: PolicyEdit): unknown {
  return { done, file, entry, project, before, after }
}

function sentence({ done, file, entry, project, before, after }: PolicyEdit): string {
  const until = after?.expires ? ` until ${after.expires}` : ''
  const what = after === null ? 'no longer trusted' : before === null ? 'trusted' : 'changed'
  const state = done ? what : after === null ? 'was not trusted' : 'trusted already'
  return safe(`${entry}: ${state} ${where(project)}${until} (${file})`)
}

function where(project: string): string {
  return project === '' ? 'everywhere' : `in ${project} only`
}

function theEntry(part: string, words: readonly string[]): string {
  const [entry, ...more] = words
  if (entry === undefined || more.length > 0)
    throw new UsageError(`trust ${part} takes one entry, such as github.com/acme`)
  return entry
}

function noMore(words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`unexpected '${words[0]}'; see 'signalbox --help'`)
}

function projectOf(project: string | undefined, desk: Desk): string | undefined {
  return project === undefined ? undefined : resolve(desk.cwd, project)
}

/** `2026-12-31`, or `30d`: so many days from today. */
function dateOf(text: string, now: Date): string {
  const days = /^(\d{1,4})d$/.exec(text)?.[1]
  if (days === undefined) return text
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + Number(days)))
}
