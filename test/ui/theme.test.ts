import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/config/usage-error.ts'
import { type ColorDepth, loadThemes, ROLES } from '../../src/ui/theme.ts'
import { put, tempFolder } from '../helpers/folder.ts'

const SHIPPED = ['dark', 'light', 'colorblind']
const DEPTHS: readonly ColorDepth[] = [1, 4, 8, 24]
const nobody = { XDG_CONFIG_HOME: '/nonexistent' }

describe('shipped themes', () => {
  const cases = SHIPPED.flatMap(name => DEPTHS.map(depth => ({ name, depth })))

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
    expect(themes().map(theme => theme.name)).toEqual(['mine', 'colorblind', 'dark', 'light'])
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
      lines: replaced('  ink: "#ffffff"', '  ink: white'),
      at: '3:8',
      says: 'must be a colour like #79c0ff',
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
