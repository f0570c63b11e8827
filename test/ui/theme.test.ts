import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/config/usage-error.ts'
import { type ColorDepth, loadThemes, ROLES } from '../../src/ui/theme.ts'
import { put, tempFolder } from '../helpers/folder.ts'

const IN_FULL_COLOUR = ['colorblind', 'colorblind-blue-yellow', 'dark', 'high-contrast', 'light']
const SHIPPED = [...IN_FULL_COLOUR, 'terminal']
const DEPTHS: readonly ColorDepth[] = [1, 4, 8, 24]
const nobody = { XDG_CONFIG_HOME: '/nonexistent' }

describe('shipped themes', () => {
  const cases = IN_FULL_COLOUR.flatMap(name => DEPTHS.map(depth => ({ name, depth })))

  test.each(cases)('$name at depth $depth', ({ name, depth }) => {
    const [theme, ...others] = loadThemes(nobody, name, depth)
    expect(theme?.name).toBe(name)
    expect([name, ...others.map(other => other.name)].sort()).toEqual([...SHIPPED].sort())
    for (const role of ROLES) {
      const styled = theme?.role[role]('x') ?? ''
      expect(styled).toMatch(STYLED[depth])
      expect(theme?.role[role]('')).toBe('')
    }
    expect(theme?.selection('x')).toMatch(SELECTED[depth])
  })

  /** What a coloured text begins with at each depth; without colours it is the text itself. */
  const STYLED: Record<ColorDepth, RegExp> = {
    1: /^x$/,
    4: /^\u001b\[(3|9)[0-7]mx\u001b\[39m$/,
    8: /^\u001b\[38;5;\d+mx\u001b\[39m$/,
    24: /^\u001b\[38;2;\d+;\d+;\d+mx\u001b\[39m$/,
  }
  const SELECTED: Record<ColorDepth, RegExp> = {
    1: /^\u001b\[7mx\u001b\[27m$/,
    4: /^\u001b\[(4|10)[0-7]mx\u001b\[49m$/,
    8: /^\u001b\[48;5;\d+mx\u001b\[49m$/,
    24: /^\u001b\[48;2;\d+;\d+;\d+mx\u001b\[49m$/,
  }

  test.each([4, 8, 24] as const)("terminal has the terminal's own colours at depth %d", depth => {
    const [theme] = loadThemes(nobody, 'terminal', depth)
    expect(theme?.role.blocked('x')).toBe('\u001b[31mx\u001b[39m')
    expect(theme?.role.failed('x')).toBe('\u001b[91mx\u001b[39m')
    expect(theme?.role.text('x')).toBe('\u001b[39mx\u001b[39m')
    expect(theme?.role.dim('x')).toBe('\u001b[2mx\u001b[22m')
    expect(theme?.selection('x')).toBe('\u001b[7mx\u001b[27m')
  })

  test('and none where colours are off', () => {
    const [theme] = loadThemes(nobody, 'terminal', 1)
    for (const role of ROLES) expect(theme?.role[role]('x')).toBe('x')
  })

  test.each(SHIPPED)('in %s no two states look the same in full colour', name => {
    const [theme] = loadThemes(nobody, name, 24)
    const states = ['approved', 'blocked', 'pending', 'undecided', 'outage'] as const
    expect(new Set(states.map(role => theme?.role[role]('x'))).size).toBe(states.length)
  })
})

const ROLE_LINES = ROLES.map(role => `  ${role}: ink`)
const GOOD = [
  'name: mine',
  'palette:',
  '  ink: "#ffffff"',
  'roles:',
  ...ROLE_LINES,
  '  selection: { background: "#000000" }',
]

/** Loads a theme of the user's, `mine`, made of these lines. */
function load(lines: readonly string[], chosen = 'mine') {
  const home = tempFolder()
  const path = put(join(home, 'signalbox/themes/mine.yaml'), `${lines.join('\n')}\n`)
  return { path, themes: () => loadThemes({ XDG_CONFIG_HOME: home }, chosen, 24) }
}

const replaced = (line: string, by: string): string[] => GOOD.map(l => (l === line ? by : l))

function complaintOf(themes: () => unknown): string {
  try {
    themes()
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error('nothing was wrong')
}

describe("a user's theme", () => {
  test('is there beside the shipped ones', () => {
    const { themes } = load(GOOD)
    expect(themes().map(theme => theme.name)).toEqual(['mine', ...SHIPPED])
  })

  test('takes the place of a shipped one of the same name', () => {
    const home = tempFolder()
    put(join(home, 'signalbox/themes/dark.yaml'), GOOD.join('\n'))
    expect(loadThemes({ XDG_CONFIG_HOME: home }, 'dark', 24)[0]?.name).toBe('mine')
  })

  test('an unknown theme is named, with those there are', () => {
    const complaint = complaintOf(load(GOOD, 'solarized').themes)
    expect(complaint).toMatch(/^no theme 'solarized'; there are .*dark.*mine$/)
    expect(complaint).not.toContain('\n')
  })

  test('a name of the palette goes before one of the terminal', () => {
    const { themes } = load(
      [
        ...replaced('  ink: "#ffffff"', '  ink: "#ffffff"\n  red: "#ff0000"\n  own: brightBlue'),
      ].map(line =>
        line.replace('blocked: ink', 'blocked: red').replace('failed: ink', 'failed: own'),
      ),
    )
    const [theme] = themes()
    expect(theme?.role.blocked('x')).toContain('[38;2;255;0;0m')
    expect(theme?.role.failed('x')).toContain('[94m')
  })

  const wrong: readonly { what: string; lines: string[]; at: string; says: string }[] = [
    {
      what: 'broken YAML',
      lines: replaced('palette:', 'palette: ]'),
      at: '2:10',
      says: ']',
    },
    {
      what: 'an unknown role',
      lines: replaced('  dim: ink', '  dim: ink\n  glow: ink'),
      at: '7:3',
      says: 'glow',
    },
    {
      what: 'a missing role',
      lines: GOOD.filter(line => line !== '  dim: ink'),
      at: '5:3',
      says: 'dim',
    },
    {
      what: 'a bad colour in the palette',
      lines: replaced('  ink: "#ffffff"', '  ink: whitish'),
      at: '3:8',
      says: 'must be a colour like #79c0ff',
    },
    {
      what: 'a bad background',
      lines: ['background: grey', ...GOOD],
      at: '1:13',
      says: 'must be the colour it is made for',
    },
    {
      what: 'a bad colour in a role',
      lines: replaced('  dim: ink', '  dim: whitish'),
      at: '6:8',
      says: 'whitish',
    },
    {
      what: 'a bad colour of the selection',
      lines: [...GOOD.slice(0, -1), '  selection: { background: "#0000" }'],
      at: `${GOOD.length}:28`,
      says: '#0000',
    },
  ]

  test.each(wrong)('$what is told in one line with file, line and column', it => {
    const { path, themes } = load(it.lines)
    const complaint = complaintOf(themes)
    expect(complaint).not.toContain('\n')
    expect(complaint).toContain(it.says)
    expect(complaint.startsWith(`${path}:${it.at}: `), complaint).toBe(true)
  })
})

test('the theme in docs/themes.md is one', () => {
  const docs = readFileSync(new URL('../../docs/themes.md', import.meta.url), 'utf8')
  const lines = (/```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? '').split('\n')
  expect(load(lines).themes()[0]?.name).toBe('ocean')
})
