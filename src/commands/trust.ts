/** `signalbox trust`: what counts as the user's own. */
import type { Slot } from '../action/slot.ts'
import { addTrust, type PolicyEdit, removeTrust } from '../config/edit-policy.ts'
import { entryProblem, hostOf } from '../config/entry-form.ts'
import { isRegistryName, slotFor, slotProblem } from '../config/entry-slot.ts'
import { placeOf } from '../config/layers.ts'
import { dayOf, type LoadedPolicy } from '../config/load-policy.ts'
import { lookalike } from '../config/lookalike.ts'
import { configFile } from '../config/paths.ts'
import type { TrustEntry } from '../config/policy.ts'
import { rememberEdit, undoLastEdit } from '../config/trust-history.ts'
import { UsageError } from '../config/usage-error.ts'
import { safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { type Desk, ownDesk } from './desk.ts'
import { wordsAndFlagsOf } from './flags.ts'
import { current, noMore, projectNamed, slotNamed, where } from './trust-args.ts'
import { list } from './trust-list.ts'

/** Of `add`, which takes all that any part takes. */
export const FLAGS = {
  as: 'string',
  project: 'string',
  note: 'string',
  expires: 'string',
  json: 'boolean',
  yes: 'boolean',
} as const

const PARTS: Readonly<
  Record<string, (args: readonly string[], desk: Desk) => number | Promise<number>>
> = {
  add,
  remove,
  list,
  undo,
  sync: async (args, desk) => (await import('./trust-sync.ts')).sync(args, desk),
}

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
  const { words, flags } = wordsAndFlagsOf(args, FLAGS)
  const entry = theEntry('add', words)
  const named = slotNamed(flags.as)
  mayEdit(desk)
  const slot = named ?? slotFor(entry)
  const problem = slot === null ? entryProblem(entry) : slotProblem(slot, entry)
  if (slot === null || problem !== null) throw new UsageError(`'${entry}' ${problem}`)
  const real = lookalike(hostOf(entry))
  if (real?.deceptive && !flags.yes)
    throw new UsageError(
      `'${entry}' looks like another host: it is ${real.punycode}, shown as ${real.unicode}; add --yes if you mean it`,
    )
  const edit = addTrust(configFile(desk.places.config), {
    slot,
    entry,
    project: projectNamed(flags.project, desk),
    note: flags.note,
    expires: flags.expires === undefined ? undefined : dateOf(flags.expires, desk.now),
  })
  report(edit, desk, flags.json, real?.punycode ?? '')
  // A name tells no more than that it may be one: the wider slot is taken, and the other offered.
  if (!flags.json && named === null && slot === 'domains' && isRegistryName(hostOf(entry)))
    desk.print("every kind of traffic to it; '--as registries' would trust it as a registry only")
  return 0
}

function remove(args: readonly string[], desk: Desk): number {
  const { words, flags } = wordsAndFlagsOf(args, {
    as: 'string',
    project: 'string',
    json: 'boolean',
    yes: 'boolean',
  })
  const entry = theEntry('remove', words)
  const named = slotNamed(flags.as)
  mayEdit(desk)
  const loaded = current(desk)
  const [error] = loaded.errors
  if (error !== undefined) throw new UsageError(`${error}; nothing was written`)
  const project = projectNamed(flags.project, desk) ?? ''
  const found = loaded.policy.trust.filter(
    it => it.origin.layer === 'user' && it.entry === entry && it.project === project,
  )
  const slot = named ?? theSlot(entry, found)
  const file = configFile(desk.places.config)
  const edit = slot === null ? null : removeTrust(file, { slot, entry, project })
  if (!edit?.done) throw new UsageError(notThere({ entry, project, file }, loaded))
  report(edit, desk, flags.json)
  return 0
}

/** The one slot that lists an entry. */
function theSlot(entry: string, found: readonly TrustEntry[]): Slot | null {
  const [first, ...more] = found
  if (first !== undefined && more.length > 0)
    throw new UsageError(
      `'${entry}' is trusted under ${found.map(it => it.slot).join(' and ')}; say which one: --as ${first.slot}`,
    )
  return first?.slot ?? null
}

interface Missing {
  readonly entry: string
  readonly project: string
  readonly file: string
}

/** Where the entry is instead, if anywhere. */
function notThere({ entry, project, file }: Missing, { policy }: LoadedPolicy): string {
  const other = policy.trust.find(it => it.entry === entry)
  if (other?.origin.layer === 'managed')
    return `'${entry}' is trusted by the managed policy (${placeOf(other.origin)}); only its administrator can take it out`
  if (other !== undefined && other.project !== project)
    return `'${entry}' is trusted ${where(other.project)} (${placeOf(other.origin)}); ${other.project === '' ? 'leave --project out' : `say --project ${other.project}`}`
  if (other !== undefined)
    return `'${entry}' is trusted under ${other.slot} (${placeOf(other.origin)}); say --as ${other.slot}`
  return `'${entry}' is not in ${file}; 'signalbox trust list' shows what is`
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

/** An edit must not be made where it would not count, or while what is locked is not known. */
function mayEdit(desk: Desk): void {
  const { policy, origins, errors } = current(desk)
  if (!policy.locked.includes('trust')) {
    // An entry in a file that does not count would be none.
    if (errors[0] !== undefined) throw new UsageError(errors[0])
    return
  }
  const at = policy.locked.indexOf('trust')
  const place = origins[`locked.${at}`]
  throw new UsageError(
    place === undefined
      ? `${errors[0]}; until that is mended, trust cannot be edited`
      : `trust is locked by the managed policy (${placeOf(place)}); ask its administrator`,
  )
}

function report(edit: PolicyEdit, desk: Desk, json: boolean, punycode = ''): void {
  rememberEdit(desk.places.state, edit)
  if (json) desk.print(terminalSafeJson(editJson(edit)))
  else desk.print(`${sentence(edit)}${punycode === '' ? '' : ` (really ${punycode})`}`)
}

function editJson({ done, file, slot, entry, project, before, after }: PolicyEdit): unknown {
  return { done, file, slot, entry, project, before, after }
}

function sentence({ done, file, slot, entry, project, before, after }: PolicyEdit): string {
  const until = after?.expires ? ` until ${after.expires}` : ''
  const what = after === null ? 'no longer trusted' : before === null ? 'trusted' : 'changed'
  const state = done ? what : after === null ? 'was not trusted' : 'trusted already'
  return safe(`${entry}: ${state} under ${slot}, ${where(project)}${until} (${file})`)
}

function theEntry(part: string, words: readonly string[]): string {
  const [entry, ...more] = words
  if (entry === undefined || more.length > 0)
    throw new UsageError(`trust ${part} takes one entry, such as github.com/acme`)
  return entry
}

/** `2026-12-31`, or `30d`: so many days from today. */
function dateOf(text: string, now: Date): string {
  const days = /^(\d{1,4})d$/.exec(text)?.[1]
  if (days === undefined) return text
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + Number(days)))
}
