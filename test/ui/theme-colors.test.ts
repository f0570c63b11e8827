/** What the colours of the shipped themes are for: to be read, and to be told apart. */
import { describe, expect, test } from 'vitest'
import { shipped } from '../../src/config/paths.ts'
import { readYaml } from '../../src/config/yaml-file.ts'
import { ROLES, type Role, THEME } from '../../src/ui/theme.ts'
import { contrast, distance, type Vision } from '../helpers/colors.ts'

/** All but the lines between the parts of the screen, which no one reads. */
const TEXT_ROLES = ROLES.filter(role => role !== 'rule')
const STATES: readonly Role[] = ['approved', 'blocked', 'pending', 'failed', 'undecided', 'outage']

function colorsOf(name: string) {
  const { background, palette, roles } = readYaml(shipped('themes', `${name}.yaml`), THEME).value
  if (background === undefined) throw new Error(`${name} does not say what it is made for`)
  const find = (color: string): string => palette[color] ?? color
  return {
    background,
    selection: find(roles.selection.background),
    of: (role: Role): string => find(roles[role]),
  }
}

describe('what is text can be read (WCAG)', () => {
  const LEAST: readonly (readonly [string, number])[] = [
    ['dark', 4.5],
    ['light', 4.5],
    ['colorblind', 4.5],
    ['colorblind-blue-yellow', 4.5],
    ['high-contrast', 7],
  ]

  test.each(LEAST)('in %s: %d to 1, on the selected line, too', (name, least) => {
    const colors = colorsOf(name)
    const grounds = [colors.background, colors.selection]
    const weak = TEXT_ROLES.flatMap(role =>
      grounds
        .map(ground => ({ role, ground, ratio: contrast(colors.of(role), ground) }))
        .filter(({ ratio }) => ratio < least),
    )
    expect(weak).toEqual([])
  })

  test('what is measured is the ratio of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
  })
})

describe('states stay apart', () => {
  /** Ten times what is just seen. */
  const APART = 23
  const SEEN: readonly (readonly [string, Vision])[] = [
    ['colorblind', 'all cones'],
    ['colorblind', 'protanopia'],
    ['colorblind', 'deuteranopia'],
    ['colorblind-blue-yellow', 'all cones'],
    ['colorblind-blue-yellow', 'tritanopia'],
  ]

  const nearIn = (name: string, vision: Vision): string[] => {
    const colors = colorsOf(name)
    return STATES.flatMap((one, i) =>
      STATES.slice(i + 1)
        .filter(other => distance(colors.of(one), colors.of(other), vision) < APART)
        .map(other => `${one} and ${other}`),
    )
  }

  test.each(SEEN)('in %s with %s', (name, vision) => {
    expect(nearIn(name, vision)).toEqual([])
  })

  test('the simulation finds what a palette for all cones loses', () => {
    expect(nearIn('colorblind-blue-yellow', 'deuteranopia')).not.toEqual([])
    expect(nearIn('colorblind', 'tritanopia')).not.toEqual([])
  })
})
