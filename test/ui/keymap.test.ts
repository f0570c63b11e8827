import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { shipped } from '../../src/config/paths.ts'
import { SCREENS } from '../../src/monitor/view.ts'
import { BINDINGS, COMMANDS } from '../../src/ui/bindings.ts'
import { helpLines } from '../../src/ui/help.ts'
import { Keymap, keymapOf, signOf } from '../../src/ui/keymap.ts'
import { loadThemes } from '../../src/ui/theme.ts'

const keymap = new Keymap()
const keys = BINDINGS.flatMap(binding => binding.keys)

describe('the keymap', () => {
  test.each(COMMANDS)('%s has a key', command => {
    expect(BINDINGS.filter(binding => binding.command === command)).toHaveLength(1)
    expect(keymap.signOf(command)).not.toBe('')
  })

  test('binds no key twice', () => {
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
  })

  test('a key that is bound to nothing does nothing', () => {
    expect(keymap.commandOf('ctrl+x', 'live')).toBeNull()
  })

  test.each(SCREENS)('the help of %s lists its keys, and no others', screen => {
    const [theme] = loadThemes({ XDG_CONFIG_HOME: '/nonexistent' }, 'dark', 1)
    if (theme === undefined) throw new Error('no theme')
    const help = helpLines(keymap, screen, theme, 100)
    const here = keymap.on(screen)
    for (const binding of here) {
      const signs = binding.keys.map(signOf).join(' ')
      expect(help.find(line => line.includes(binding.help)) ?? '').toContain(`${signs} `)
    }
    const elsewhere = BINDINGS.filter(it => !here.includes(it)).map(it => it.help)
    expect(elsewhere.filter(text => help.some(line => line.includes(text)))).toEqual([])
  })
})

describe("the user's own keys", () => {
  test('take the place of the usual ones, everywhere they are told', () => {
    const { keymap: own, problems } = keymapOf({ approve: 'y', copy: ['C', 'ctrl+y'] })
    expect(problems).toEqual([])
    expect(['a', 'y', 'C', 'ctrl+y'].map(key => own.commandOf(key, 'live'))).toEqual([
      null,
      'approve',
      'copy',
      'copy',
    ])
    expect(own.words('{approve} approves, {copy} copies, {nothing} stays')).toBe(
      'y approves, C copies, {nothing} stays',
    )
  })

  test('may be one key for two commands, where no screen has both', () => {
    expect(keymapOf({ mend: 'x' }).problems).toEqual([])
    expect(keymapOf({ mend: 'x' }).keymap.commandOf('x', 'trust')).toBe('remove')
    expect(keymapOf({ mend: 'x' }).keymap.commandOf('x', 'audit')).toBe('mend')
  })

  test('can be none, but Ctrl-C always ends it', () => {
    const { keymap: own } = keymapOf({ quit: [], trust: [] })
    expect([own.commandOf('q', 'live'), own.signOf('trust')]).toEqual([null, ''])
    expect(own.commandOf('ctrl+c', 'audit')).toBe('quit')
  })

  test.each([
    [{ approve: 's' }, "'s' is the key of sessions too; give one of them another"],
    [{ approve: 'd' }, "'d' is the key of deny too; give one of them another"],
    [{ approve: 'alt+a' }, "'alt+a' is no key; write one character, ctrl+x, or up, down"],
    [{ aprove: 'a' }, 'there is no such command; there are up, down'],
    [{ quit: 'constructor' }, "'constructor' is no key"],
    [{ constructor: 'a' }, 'there is no such command'],
  ])('%j is said to be wrong', (chosen, what) => {
    const [first] = keymapOf(chosen).problems
    expect(first?.command).toBe(Object.keys(chosen)[0])
    expect(first?.what).toContain(what)
  })
})

describe('README.md', () => {
  const table = /## Keys\n([\s\S]*?)\n## /.exec(readFileSync(shipped('README.md'), 'utf8'))?.[1]
  const cells = (table ?? '').split('\n').map(row => row.split(/(?<!\\)\|/))
  const named = cells
    .flatMap(([, sign = '']) => [...sign.matchAll(/`([^`]+)`/g)])
    .flatMap(([, signs = '']) => signs.split(' '))

  test('has a key table', () => {
    expect(named.length).toBeGreaterThan(15)
  })

  test.each(named)('the key %s of its table exists', sign => {
    expect(keys.map(signOf)).toContain(sign)
  })
})
