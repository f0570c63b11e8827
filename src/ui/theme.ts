/** Themes: YAML files of a palette and roles (docs/themes.md). A role becomes a function from text to styled text. */
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
  /** The name of its file: what --theme takes. */
  readonly id: string
  readonly name: string
  readonly role: Readonly<Record<Role, Style>>
  /** Paints a whole line that may hold styled parts. */
  readonly selection: Style
}

/** The terminal's own colours, in the order of their numbers. */
const ANSI = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
const NORMAL = new Map<string, number>(ANSI.map((name, i) => [name, i]))
const BRIGHT = new Map<string, number>(
  ANSI.map((name, i) => [`bright${name.charAt(0).toUpperCase()}${name.slice(1)}`, i]),
)
/** Its own text, as it is and fainter. */
const OWN_TEXT = ['default', 'faint']
const REVERSE = 'reverse'
const HEX = /^#[0-9a-fA-F]{6}$/

const isColor = (name: string): boolean =>
  HEX.test(name) || NORMAL.has(name) || BRIGHT.has(name) || OWN_TEXT.includes(name)

const WHAT = "a colour like #79c0ff, or one of the terminal's like red or brightBlue"
const paletteColor = v.pipe(v.string(`must be ${WHAT}`), v.check(isColor, `must be ${WHAT}`))
const color = v.string('must be a name of the palette or a colour like #79c0ff')
const roles = Object.fromEntries(ROLES.map(role => [role, color])) as Record<Role, typeof color> // one entry a role

const SHAPE = v.strictObject({
  name: v.string('must be a name'),
  /** What the colours were chosen for; absent where they fit any. */
  background: v.optional(
    v.pipe(v.string(), v.regex(HEX, 'must be the colour it is made for, like #1e1e1e')),
  ),
  palette: v.optional(v.record(v.string(), paletteColor), {}),
  roles: v.strictObject({ ...roles, selection: v.strictObject({ background: color }) }),
})

export const THEME = v.pipe(
  SHAPE,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { value } = dataset
    const { selection, ...plain } = value.roles
    const check = (name: string, ...path: Step[]): void => {
      if (isColor(value.palette[name] ?? name)) return
      addIssue({
        message: `'${name}' is no colour and not in the palette`,
        path: [step(value, 'roles'), ...path],
      })
    }
    for (const [role, name] of Object.entries(plain)) check(name, step(value.roles, role))
    const { background } = selection
    if (background !== REVERSE)
      check(background, step(value.roles, 'selection'), step(selection, 'background'))
  }),
)

type Step = ReturnType<typeof step>

/** One step of the way to a value, as the schema library writes it. */
function step(input: Record<string, unknown>, key: string) {
  return { type: 'object', origin: 'value', input, key, value: input[key] } as const
}

/** How many colours the terminal shows; 1 is none (NO_COLOR, or a terminal without). */
export type ColorDepth = 1 | 4 | 8 | 24

/** The theme files there are, by the names that --theme takes: the user's in place of the shipped. */
export function themePaths(env: NodeJS.ProcessEnv): Map<string, string> {
  const paths = [shipped('themes'), join(configFolder(env), 'themes')].flatMap(yamlFiles)
  return new Map(paths.map(path => [basename(path, '.yaml'), path]))
}

/**
 * All themes, the chosen one first.
 * @throws UsageError on a file that is no theme, and on a name that is none
 */
export function loadThemes(
  env: NodeJS.ProcessEnv,
  chosen = 'dark',
  depth: ColorDepth = depthOfTerminal(env),
): Theme[] {
  const byName = themePaths(env)
  const first = byName.get(chosen)
  if (first === undefined)
    throw new UsageError(`no theme '${chosen}'; there are ${[...byName.keys()].join(', ')}`)
  const rest = [...byName.values()].filter(path => path !== first)
  return [first, ...rest].map(path => themeFrom(path, depth))
}

/** @throws UsageError on a file that is no theme */
export function themeFrom(path: string, depth: ColorDepth): Theme {
  const file = readYaml(path, THEME).value
  const find = (name: string): string => file.palette[name] ?? name
  const role = {} as Record<Role, Style> // filled by the loop, one entry a role
  for (const name of ROLES) role[name] = paint(38, find(file.roles[name]), depth)
  return {
    id: basename(path, '.yaml'),
    name: file.name,
    role,
    selection: selectionOf(find(file.roles.selection.background), depth),
  }
}

export function depthOfTerminal(env: NodeJS.ProcessEnv): ColorDepth {
  return depthOf(process.stdout.getColorDepth?.(env) ?? 1)
}

const depthOf = (bits: number): ColorDepth => (bits >= 24 ? 24 : bits >= 8 ? 8 : bits >= 4 ? 4 : 1)

function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter(name => name.endsWith('.yaml'))
  const names = files.map(file => basename(file, '.yaml')).sort()
  return names.map(name => join(folder, `${name}.yaml`))
}

/** @param ground 38 for the text's colour, 48 for the background's */
function paint(ground: 38 | 48, color: string, depth: ColorDepth): Style {
  if (depth === 1) return text => text
  // Faint is no colour, and has an end of its own.
  if (color === 'faint') return between(2, 22)
  return between(codeOf(ground, color, depth), ground + 1)
}

function between(open: string | number, close: number): Style {
  return text => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`)
}

function selectionOf(background: string, depth: ColorDepth): Style {
  // Without colours the selection is shown in reverse, which is no colour.
  if (depth === 1 || background === REVERSE) return text => `\u001b[7m${text}\u001b[27m`
  return paint(48, background, depth)
}

function codeOf(ground: 38 | 48, color: string, depth: ColorDepth): string {
  const base = ground - 8
  const ansi = NORMAL.get(color) ?? BRIGHT.get(color)
  if (ansi !== undefined) return String(base + (BRIGHT.has(color) ? 60 : 0) + ansi)
  if (color === 'default') return String(ground + 1)
  const [r, g, b] = [1, 3, 5].map(i => Number.parseInt(color.slice(i, i + 2), 16)) as [
    number,
    number,
    number,
  ] // three slices
  if (depth === 24) return `${ground};2;${r};${g};${b}`
  if (depth === 8) return `${ground};5;${cube(r, g, b)}`
  const bright = Math.max(r, g, b) > 170 ? 60 : 0
  return String(base + bright + nearestAnsi(r, g, b))
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
