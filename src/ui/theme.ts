/** Themes: YAML files of a palette and roles. A role becomes a function from text to styled text. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as v from 'valibot'
import { configFolder, shipped } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { readYaml } from '../config/yaml-file.ts'

export const ROLES = [
  'text',
  'dim',
  'rule',
  'accent',
  'approved',
  'blocked',
  'pending',
  'undecided',
  'outage',
  'failed',
  'cost',
  'mark',
] as const
export type Role = (typeof ROLES)[number]

export type Style = (text: string) => string

export interface Theme {
  readonly name: string
  readonly role: Readonly<Record<Role, Style>>
  /** Paints a whole line that may hold styled parts. */
  readonly selection: Style
}

const hex = v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour like #79c0ff'))
const color = v.string('must be a name of the palette or a colour like #79c0ff')
const roles = Object.fromEntries(ROLES.map(role => [role, color])) as Record<Role, typeof color> // one entry a role

const SHAPE = v.strictObject({
  name: v.string('must be a name'),
  palette: v.optional(v.record(v.string(), hex), {}),
  roles: v.strictObject({ ...roles, selection: v.strictObject({ background: color }) }),
})

export const THEME = v.pipe(
  SHAPE,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { value } = dataset
    const { selection, ...plain } = value.roles
    const check = (name: string, ...path: Step[]): void => {
      if (colorOf(value.palette, name) !== null) return
      addIssue({
        message: `'${name}' is no colour and not in the palette`,
        path: [step(value, 'roles'), ...path],
      })
    }
    for (const [role, name] of Object.entries(plain)) check(name, step(value.roles, role))
    check(selection.background, step(value.roles, 'selection'), step(selection, 'background'))
  }),
)

type Step = ReturnType<typeof step>

/** One step of the way to a value, as the schema library writes it. */
function step(input: Record<string, unknown>, key: string) {
  return { type: 'object', origin: 'value', input, key, value: input[key] } as const
}

/** `#rrggbb` for a name of the palette or a colour written out. */
function colorOf(palette: Readonly<Record<string, string>>, name: string): string | null {
  const value = palette[name] ?? name
  return /^#[0-9a-fA-F]{6}$/.test(value) ? value : null
}

/** How many colours the terminal shows; 1 is none (NO_COLOR, or a terminal without). */
export type ColorDepth = 1 | 4 | 8 | 24

/**
 * All themes, the chosen one first.
 * @throws UsageError on a file that is no theme, and on a name that is none
 */
export function loadThemes(
  env: NodeJS.ProcessEnv,
  chosen = 'dark',
  depth: ColorDepth = depthOf(process.stdout.getColorDepth?.(env) ?? 1),
): Theme[] {
  const paths = [shipped('themes'), join(configFolder(env), 'themes')].flatMap(yamlFiles)
  const byName = new Map(paths.map(path => [basename(path, '.yaml'), path]))
  const first = byName.get(chosen)
  if (first === undefined)
    throw new UsageError(`no theme '${chosen}'; there are ${[...byName.keys()].join(', ')}`)
  const rest = [...byName.values()].filter(path => path !== first)
  return [first, ...rest].map(path => themeFrom(path, depth))
}

function themeFrom(path: string, depth: ColorDepth): Theme {
  const file = readYaml(path, THEME)
  const find = (name: string): string => colorOf(file.palette, name) ?? '#808080'
  const role = {} as Record<Role, Style> // filled by the loop, one entry a role
  for (const name of ROLES) role[name] = paint(38, find(file.roles[name]), depth)
  return {
    name: file.name,
    role,
    selection: selectionOf(find(file.roles.selection.background), depth),
  }
}

const depthOf = (bits: number): ColorDepth => (bits >= 24 ? 24 : bits >= 8 ? 8 : bits >= 4 ? 4 : 1)

function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter(name => name.endsWith('.yaml'))
  return names.sort().map(name => join(folder, name))
}

/** @param ground 38 for the text's colour, 48 for the background's */
function paint(ground: 38 | 48, color: string, depth: ColorDepth): Style {
  if (depth === 1) return text => text
  const open = `\u001b[${codeOf(ground, color, depth)}m`
  const close = `\u001b[${ground + 1}m`
  return text => (text === '' ? '' : `${open}${text}${close}`)
}

function selectionOf(background: string, depth: ColorDepth): Style {
  // Without colours the selection is shown in reverse, which is no colour.
  if (depth === 1) return text => `\u001b[7m${text}\u001b[27m`
  return paint(48, background, depth)
}

function codeOf(ground: 38 | 48, color: string, depth: ColorDepth): string {
  const [r, g, b] = [1, 3, 5].map(i => Number.parseInt(color.slice(i, i + 2), 16)) as [
    number,
    number,
    number,
  ] // three slices
  if (depth === 24) return `${ground};2;${r};${g};${b}`
  if (depth === 8) return `${ground};5;${cube(r, g, b)}`
  const bright = Math.max(r, g, b) > 170 ? 60 : 0
  return String((ground === 38 ? 30 : 40) + bright + nearestAnsi(r, g, b))
}

/** The nearest of the 6×6×6 colours or 24 greys of a 256-colour terminal. */
function cube(r: number, g: number, b: number): number {
  if (Math.max(r, g, b) - Math.min(r, g, b) < 12)
    return 232 + Math.min(23, Math.max(0, Math.round((r - 8) / 10)))
  const step = (x: number): number => Math.round((x / 255) * 5)
  return 16 + 36 * step(r) + 6 * step(g) + step(b)
}

/** One of the eight: each channel counts when it is near the strongest. */
function nearestAnsi(r: number, g: number, b: number): number {
  const most = Math.max(r, g, b)
  const on = (x: number): number => (x > most * 0.72 ? 1 : 0)
  return most < 60 ? 0 : on(r) + 2 * on(g) + 4 * on(b)
}
