/** Our hooks in the text of the client's settings: put in, and taken out again, those and no others. */
import { isDeepStrictEqual } from 'node:util'
import type { Node } from 'jsonc-parser'
import * as v from 'valibot'
import type { Install } from '../../config/install.ts'
import { UsageError } from '../../config/usage-error.ts'
import { HOOK_EVENT_NAMES, HOOK_EVENTS, type HookEvent, hookCommand } from './hook-command.ts'
import {
  type Insert,
  inserted,
  insertsInto,
  misfit,
  plainValue,
  propertyOf,
  removed,
  styleOf,
  treeOf,
} from './settings-text.ts'

const PIECE = v.object({
  text: v.string(),
  /** What stood around it, for a piece that is not the only one of its kind. */
  before: v.string(),
  after: v.string(),
})

/** What was put in, to find it again when others have changed the file. */
export const HOOKS_PUT = v.object({
  pieces: v.array(PIECE),
  /** Names that were not there before: `hooks` itself, and events. */
  created: v.array(v.string()),
})
export type HooksPut = v.InferOutput<typeof HOOKS_PUT>

/** One hook as the settings have it. */
export interface HookEntry {
  readonly event: string
  readonly matcher: string
  readonly command: string
  /** All that it says, to compare. */
  readonly handler: Readonly<Record<string, unknown>>
}

/** The group of hooks that `init` writes for an event. */
function groupOf(install: Install, event: HookEvent): Readonly<Record<string, unknown>> {
  const { timeout, tool } = HOOK_EVENTS[event]
  const command = hookCommand(install, event)
  // Clients that know it refuse the call when the hook cannot be started or takes too long.
  const onFailure = event === 'PreToolUse' ? { onFailure: 'block' } : {}
  return {
    ...(tool ? { matcher: '*' } : {}),
    hooks: [{ type: 'command', command, timeout, ...onFailure }],
  }
}

/** @throws UsageError where something stands in the way */
export function withHooks(
  path: string,
  text: string,
  install: Install,
): HooksPut & { text: string } {
  const root = treeOf(path, text)
  const style = styleOf(text, root)
  const printed = (value: unknown): string => JSON.stringify(value, null, style.unit)
  const groups = HOOK_EVENT_NAMES.map(event => [event, groupOf(install, event)] as const)
  const all = Object.fromEntries(groups.map(([event, group]) => [event, [group]]))
  if (root === undefined) {
    const lead = text === '' || /[\r\n]$/.test(text) ? '' : style.eol
    const whole = `${printed({ hooks: all })}\n`.replaceAll('\n', style.eol)
    return put(text, [{ at: text.length, text: lead + whole }], ['hooks', ...HOOK_EVENT_NAMES])
  }
  const hooks = propertyOf(root, 'hooks')?.children?.[1]
  if (hooks === undefined) {
    const member = `"hooks": ${printed(all)}`
    return put(text, insertsInto(text, root, [member], style), ['hooks', ...HOOK_EVENT_NAMES])
  }
  if (hooks.type !== 'object') throw misfit(path, text, hooks.offset, 'hooks must be an object')
  const fresh: HookEvent[] = []
  const inserts: Insert[] = []
  for (const [event, group] of groups) {
    const list = propertyOf(hooks, event)?.children?.[1]
    if (list === undefined) fresh.push(event)
    else if (list.type !== 'array')
      throw misfit(path, text, list.offset, `hooks.${event} must be a list`)
    else inserts.push(...insertsInto(text, list, [printed(group)], style))
  }
  const members = fresh.map(event => `"${event}": ${printed(all[event])}`)
  if (members.length > 0) inserts.push(...insertsInto(text, hooks, members, style))
  return put(
    text,
    inserts.sort((a, b) => a.at - b.at),
    fresh,
  )
}

const CONTEXT = 120

function put(
  text: string,
  inserts: readonly Insert[],
  created: string[],
): HooksPut & { text: string } {
  const pieces = inserts.map(({ at, text: piece }, i) => {
    const earlier = inserts.slice(0, i)
    const start = earlier.reduce((place, it) => place + it.text.length, at)
    const before = inserted(text, earlier).slice(0, start)
    const after = text.slice(at, at + CONTEXT)
    return { text: piece, before: before.slice(-CONTEXT), after }
  })
  return { text: inserted(text, inserts), pieces, created }
}

/**
 * Takes out the hooks that are ours, and what was made to hold them.
 * @param record what was put in; without it, emptied lists are taken to be ours
 * @throws UsageError when that cannot be done without touching what others wrote
 */
export function withoutHooks(
  path: string,
  text: string,
  ours: (command: string) => boolean,
  record: HooksPut | null,
): string {
  const root = treeOf(path, text)
  if (root === undefined || !hooksIn(root).some(({ command }) => ours(command))) return text
  const mayDrop = (name: string): boolean => record?.created.includes(name) ?? true
  const expected = filtered(plainValue(text), ours, mayDrop)
  const means = (result: string): boolean => {
    try {
      return isDeepStrictEqual(treeOf(path, result) && plainValue(result), expected)
    } catch {
      return false
    }
  }
  const cut = record === null ? null : withoutPieces(text, record)
  if (cut !== null && means(cut)) return cut
  const result = withoutMembers(path, text, ours, mayDrop)
  if (means(result)) return result
  throw new UsageError(
    `${path}: our hooks cannot be taken out without touching other parts; take out by hand those whose command begins with signalbox=1`,
  )
}

function withoutPieces(text: string, { pieces }: HooksPut): string | null {
  let rest = text
  for (const piece of pieces.toReversed()) {
    // Several events have the same hook: then what stood around it tells which.
    const at = placeOf(piece, rest) ?? placeOf({ text: piece.text, before: '', after: '' }, rest)
    if (at === null) return null
    rest = rest.slice(0, at) + rest.slice(at + piece.text.length)
  }
  return rest
}

/** Where a piece stands, if that is at one place only. */
function placeOf({ text, before, after }: HooksPut['pieces'][number], all: string): number | null {
  const at = all.indexOf(before + text + after)
  const only = at !== -1 && all.indexOf(before + text + after, at + 1) === -1
  return only ? at + before.length : null
}

function withoutMembers(
  path: string,
  text: string,
  ours: (command: string) => boolean,
  mayDrop: (name: string) => boolean,
): string {
  let rest = text
  for (;;) {
    const root = treeOf(path, rest)
    const found = root && hooksIn(root).find(it => ours(it.command))
    if (found === undefined) return rest
    rest = removed(rest, holderOf(found.node, mayDrop))
  }
}

/** The largest thing that holds nothing but this hook: the hook, its group, its event, or `hooks`. */
function holderOf(handler: Node, mayDrop: (name: string) => boolean): Node {
  const alone = (node: Node | undefined): boolean => node?.children?.length === 1
  const list = handler.parent
  const group = list?.parent?.parent
  const groups = group?.parent
  const event = groups?.parent
  const events = event?.parent
  const hooks = events?.parent
  if (!alone(list) || group === undefined) return handler
  if (!alone(groups) || event === undefined || !mayDrop(nameOf(event))) return group
  if (!alone(events) || hooks === undefined || !mayDrop('hooks')) return event
  return hooks
}

const nameOf = (property: Node): string => String(property.children?.[0]?.value)

/** The same on the plain value, to hold the text against. */
function filtered(
  settings: unknown,
  ours: (command: string) => boolean,
  mayDrop: (name: string) => boolean,
): unknown {
  if (!isRecord(settings) || !isRecord(settings.hooks)) return settings
  const hooks: Record<string, unknown> = {}
  for (const [event, groups] of Object.entries(settings.hooks)) {
    const left = Array.isArray(groups) ? groups.flatMap(group => withoutOurs(group, ours)) : groups
    const emptied = Array.isArray(groups) && groups.length > 0 && isEmpty(left)
    if (!emptied || !mayDrop(event)) hooks[event] = left
  }
  const { hooks: _, ...others } = settings
  return isEmpty(Object.keys(hooks)) && mayDrop('hooks') ? others : { ...settings, hooks }
}

function withoutOurs(group: unknown, ours: (command: string) => boolean): unknown[] {
  if (!isRecord(group) || !Array.isArray(group.hooks)) return [group]
  const left = group.hooks.filter(handler => !ours(commandOf(handler)))
  if (left.length === group.hooks.length) return [group]
  return left.length === 0 ? [] : [{ ...group, hooks: left }]
}

/** All hooks of a text that run a command. */
export function hooksOf(path: string, text: string): readonly HookEntry[] {
  const root = treeOf(path, text)
  return root === undefined ? [] : hooksIn(root).map(({ node: _, ...entry }) => entry)
}

/** Are exactly the hooks there that `init` would write now, each once? */
export function hooksAreUpToDate(entries: readonly HookEntry[], install: Install): boolean {
  const expected = HOOK_EVENT_NAMES.flatMap(event => entriesOf(event, [groupOf(install, event)]))
  return (
    entries.length === expected.length &&
    expected.every(entry => entries.some(it => isDeepStrictEqual(it, entry)))
  )
}

/** Each with the place where it stands. */
export function hooksIn(root: Node): readonly (HookEntry & { readonly node: Node })[] {
  const found: (HookEntry & { readonly node: Node })[] = []
  const named = (object: Node | undefined, name: string): readonly Node[] =>
    (object?.type === 'object' ? (object.children ?? []) : [])
      .filter(property => nameOf(property) === name)
      .flatMap(property => property.children?.[1] ?? [])
  const items = (array: Node | undefined): readonly Node[] =>
    array?.type === 'array' ? (array.children ?? []) : []
  for (const hooks of named(root, 'hooks'))
    for (const event of hooks.type === 'object' ? (hooks.children ?? []) : [])
      for (const group of items(event.children?.[1]))
        for (const list of named(group, 'hooks'))
          for (const node of items(list)) {
            const [entry] = entriesOf(nameOf(event), [
              { matcher: named(group, 'matcher')[0]?.value, hooks: [plainOf(node)] },
            ])
            if (entry !== undefined) found.push({ ...entry, node })
          }
  return found
}

function entriesOf(event: string, groups: readonly Record<string, unknown>[]): HookEntry[] {
  return groups.flatMap(({ matcher, hooks }) =>
    (Array.isArray(hooks) ? hooks : []).filter(isRecord).map(handler => ({
      event,
      matcher: typeof matcher === 'string' ? matcher : '',
      command: commandOf(handler),
      handler,
    })),
  )
}

function plainOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainOf)
  if (node.type !== 'object') return node.value
  const pairs = (node.children ?? []).map(property => {
    const value = property.children?.[1]
    return [nameOf(property), value && plainOf(value)] as const
  })
  return Object.fromEntries(pairs)
}

const commandOf = (handler: unknown): string =>
  isRecord(handler) && typeof handler.command === 'string' ? handler.command : ''

const isEmpty = (list: unknown): boolean => Array.isArray(list) && list.length === 0

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
