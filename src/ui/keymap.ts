/**
 * Which keys do what: the usual ones, or those that the user chose. Words that tell keys have the command in
 * braces, so that they are right whatever was chosen.
 */
import { glyphs } from '../monitor/glyphs.ts'
import { SCREENS, type Screen } from '../monitor/view.ts'
import { ACTS, type Act } from '../monitor/why-not.ts'
import { BINDINGS, type Binding, COMMANDS, type Command } from './bindings.ts'

/** Which keys do what, with those that the user chose. */
export class Keymap {
  readonly bindings: readonly Binding[]

  constructor(bindings: readonly Binding[] = BINDINGS) {
    this.bindings = bindings
  }

  /** What does something on a screen. */
  on(screen: Screen): readonly Binding[] {
    return this.bindings.filter(it => isOn(it, screen))
  }

  commandOf(key: string, screen: Screen): Command | null {
    return this.on(screen).find(({ keys }) => keys.includes(key))?.command ?? null
  }

  /** The first key of a command, as it is written on keyboards; `''` when it has none. */
  signOf(command: Command): string {
    const [key] = this.bindings.find(it => it.command === command)?.keys ?? []
    return key === undefined ? '' : signOf(key)
  }

  /** A text in which commands stand for their keys: `{clear} goes back`. */
  words(text: string): string {
    return text.replace(/\{(\{|[a-z-]+)\}/g, (as, name: string) =>
      isCommand(name) ? this.signOf(name) : name === '{' ? name : as,
    )
  }
}

const isOn = ({ on }: Binding, screen: Screen): boolean => on === undefined || on.includes(screen)

/** Whether both do something on one screen. */
const meet = (a: Binding, b: Binding): boolean =>
  SCREENS.some(screen => isOn(a, screen) && isOn(b, screen))

export const isCommand = (name: string): name is Command => COMMANDS.some(it => it === name)

export const isAct = (command: Command): command is Act => ACTS.some(act => act === command)

/** Whatever the user chose: there is a way out. */
const ALWAYS_QUITS = 'ctrl+c'

const NAMED = ['up', 'down', 'pageup', 'pagedown', 'home', 'end', 'enter', 'escape', 'tab'] as const
const KEY = /^(?:ctrl\+[a-z]|[^\s\p{C}])$/u

export interface KeyProblem {
  /** As the file has it. */
  readonly command: string
  readonly what: string
}

/** @param chosen keys by command; those without keep the usual ones, an empty list takes them away */
export function keymapOf(chosen: Readonly<Record<string, string | readonly string[]>>): {
  readonly keymap: Keymap
  readonly problems: readonly KeyProblem[]
} {
  const bindings = BINDINGS.map((binding): Binding => {
    const given = Object.hasOwn(chosen, binding.command) ? chosen[binding.command] : undefined
    if (given === undefined) return binding
    const keys = listOf(given)
    return { ...binding, keys: binding.command === 'quit' ? [...keys, ALWAYS_QUITS] : keys }
  })
  const problems = Object.entries(chosen).flatMap(([command, keys]) =>
    problemsOf(command, listOf(keys), bindings),
  )
  return { keymap: new Keymap(bindings), problems }
}

const listOf = (keys: string | readonly string[]): readonly string[] =>
  typeof keys === 'string' ? [keys] : keys

function problemsOf(
  command: string,
  keys: readonly string[],
  bindings: readonly Binding[],
): KeyProblem[] {
  const own = bindings.find(it => it.command === command)
  if (own === undefined)
    return [{ command, what: `there is no such command; there are ${COMMANDS.join(', ')}` }]
  return keys.flatMap((key): KeyProblem[] => {
    if (!KEY.test(key) && !NAMED.some(name => name === key))
      return [
        {
          command,
          what: `'${key}' is no key; write one character, ctrl+x, or ${NAMED.join(', ')}`,
        },
      ]
    const other = bindings.find(it => it !== own && it.keys.includes(key) && meet(it, own))
    if (other === undefined) return []
    return [
      { command, what: `'${key}' is the key of ${other.command} too; give one of them another` },
    ]
  })
}

const SIGNS: Readonly<Record<string, string>> = {
  pageup: 'PgUp',
  pagedown: 'PgDn',
  enter: 'Enter',
  escape: 'Esc',
  home: 'Home',
  end: 'End',
}

export function signOf(key: string): string {
  if (key === 'up' || key === 'down' || key === 'left' || key === 'right') return glyphs()[key]
  return SIGNS[key] ?? key.replace('ctrl+', 'Ctrl-')
}
