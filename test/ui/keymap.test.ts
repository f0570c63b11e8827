import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { shipped } from '../../src/config/paths.ts'
import { SCREENS } from '../../src/monitor/view.ts'
import { helpLines } from '../../src/ui/help.ts'
import { BINDINGS, bindingsOn, COMMANDS, commandOf, signOf } from '../../src/ui/keymap.ts'
import { loadThemes } from '../../src/ui/theme.ts'

const keys = BINDINGS.flatMap(binding => binding.keys)

describe('the keymap', () => {
  test.each(COMMANDS)('%s has a key', command => {
    expect(BINDINGS.filter(binding => binding.command === command)).toHaveLength(1)
    expect(keys.filter(key => commandOf(key) === command)).not.toEqual([])
  })

  test('binds no key twice', () => {
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
  })

  test('a key that is bound to nothing does nothing', () => {
    expect(commandOf('ctrl+x')).toBeNull()
  })

  test.each(SCREENS)('the help of %s lists its keys, and no others', screen => {
    const [theme] = loadThemes({ XDG_CONFIG_HOME: '/nonexistent' }, 'dark', 1)
    if (theme === undefined) throw new Error('no theme')
    const help = helpLines(screen, theme, 100)
    const here = bindingsOn(screen)
    for (const binding of here) {
      const signs = binding.keys.map(signOf).join(' ')
      expect(help.find(line => line.includes(binding.help)) ?? '').toContain(`${signs} `)
    }
    const elsewhere = BINDINGS.filter(it => !here.includes(it)).map(it => it.help)
    expect(elsewhere.filter(text => help.some(line => line.includes(text)))).toEqual([])
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

  test('the keys named in its descriptions exist', () => {
    const scroll = cells.find(([, sign]) => sign?.includes('Enter'))?.[2] ?? ''
    expect(scroll).toContain('`J K`')
    expect([commandOf('J'), commandOf('K')]).toEqual(['details-down', 'details-up'])
  })

  test('its table leaves out no command', () => {
    const inTable = [...named, 'J', 'K', 'Esc']
    const missing = BINDINGS.filter(b => !b.keys.some(key => inTable.includes(signOf(key))))
    expect(missing.map(b => b.command)).toEqual([])
  })
})
