/**
 * Exact permission rules in the client's user settings, for a call that a person allowed once and the
 * client's own check refuses all the same. They stand there for as short as can be: until the call
 * ran, at most ten minutes, and never longer than a gate.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { UsageError } from '../../config/usage-error.ts'
import { writePrivate } from '../../config/whole-file.ts'
import { bytesFor, readSettingsFile, replaceSettingsFile, textOf } from './settings-file.ts'
import { inserted, insertsInto, propertyOf, removed, styleOf, treeOf } from './settings-text.ts'

const TTL_MS = 10 * 60_000

/** What stood there before and after, so that the settings end as they began. */
const WRITTEN = v.array(v.object({ rule: v.string(), before: v.string(), after: v.string() }))
type Written = v.InferOutput<typeof WRITTEN>

export class PermissionRules {
  readonly #settings: string
  readonly #record: string

  /**
   * @param client the client's config folder
   * @param state where it is remembered what was written, should this process die
   */
  constructor(client: string, state: string) {
    this.#settings = join(client, 'settings.json')
    this.#record = join(state, 'permission-rules.json')
  }

  /** @returns why it cannot be written, or `''` */
  add(tool: string, input: unknown): string {
    const rule = exactRule(tool, input)
    if (typeof rule !== 'string') return rule.why
    try {
      const file = readSettingsFile(this.#settings)
      const { bom, text: before } = textOf(file)
      const after = withRule(this.#settings, before, rule)
      if (after === null) return 'the client’s settings have this rule already'
      this.#remember([...this.#written(), { rule, before, after }])
      replaceSettingsFile(file, bytesFor({ bom, text: after }))
      setTimeout(() => this.#take(rule), TTL_MS).unref()
      return ''
    } catch (error) {
      if (error instanceof UsageError) return error.message
      throw error
    }
  }

  remove(tool: string, input: unknown): void {
    const rule = exactRule(tool, input)
    if (typeof rule === 'string') this.#take(rule)
  }

  removeAll(): void {
    for (const { rule } of this.#written()) this.#take(rule)
  }

  #take(rule: string): void {
    const written = this.#written()
    const one = written.find(it => it.rule === rule)
    if (one === undefined) return
    try {
      const file = readSettingsFile(this.#settings)
      const { bom, text } = textOf(file)
      const back = text === one.after ? one.before : withoutRule(this.#settings, text, rule)
      if (back !== text) replaceSettingsFile(file, bytesFor({ bom, text: back }))
      this.#remember(written.filter(it => it !== one))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error // kept, and tried again at the next occasion
    }
  }

  #written(): Written {
    if (!existsSync(this.#record)) return []
    const parsed = v.safeParse(
      v.pipe(v.string(), v.parseJson(), WRITTEN),
      readFileSync(this.#record, 'utf8'),
    )
    return parsed.success ? parsed.output : []
  }

  #remember(written: Written): void {
    if (written.length === 0) rmSync(this.#record, { force: true })
    else writePrivate(this.#record, JSON.stringify(written))
  }
}

/**
 * The rule that means this very call and no other. A `*`, or `:*` at the end, would make a pattern of
 * it: `Bash(git push origin *)` lets a forced push through (VERIFIED).
 */
export function exactRule(tool: string, input: unknown): string | { readonly why: string } {
  if (tool !== 'Bash') return { why: `the client has no exact rule for ${tool}` }
  const command =
    typeof input === 'object' && input !== null && 'command' in input ? input.command : undefined
  if (typeof command !== 'string' || command === '') return { why: 'the call has no command' }
  if (/[*\p{Cc}]/u.test(command))
    return { why: 'a rule with * or a line break would mean other commands too' }
  return `Bash(${command})`
}

/** @returns null when it is there already */
function withRule(path: string, text: string, rule: string): string | null {
  const root = treeOf(path, text)
  const style = styleOf(text, root)
  const member = JSON.stringify(rule)
  if (root === undefined)
    return `{${style.eol}  "permissions": { "allow": [${member}] }${style.eol}}${style.eol}`
  const permissions = propertyOf(root, 'permissions')?.children?.[1]
  if (permissions?.type !== 'object')
    return inserted(
      text,
      insertsInto(text, root, [`"permissions": { "allow": [${member}] }`], style),
    )
  const allow = propertyOf(permissions, 'allow')?.children?.[1]
  if (allow?.type !== 'array')
    return inserted(text, insertsInto(text, permissions, [`"allow": [${member}]`], style))
  if (allow.children?.some(node => node.value === rule)) return null
  return inserted(text, insertsInto(text, allow, [member], style))
}

function withoutRule(path: string, text: string, rule: string): string {
  const root = treeOf(path, text)
  const permissions = root && propertyOf(root, 'permissions')?.children?.[1]
  const allow = permissions && propertyOf(permissions, 'allow')?.children?.[1]
  const node = allow?.children?.find(it => it.value === rule)
  return node === undefined ? text : removed(text, node)
}
