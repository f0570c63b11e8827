import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { shipped } from '../../src/config/paths.ts'
import { helpLines } from '../../src/ui/help.ts'
import { BINDINGS, COMMANDS, commandOf, signOf } from '../../src/ui/keymap.ts'
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

  test('the help screen lists every binding', () => {
    const [theme] = loadThemes({ XDG_CONFIG_HOME: '/nonexistent' }, 'dark', 1)
    if (theme === undefined) throw new Error('no theme')
    const help = helpLines(theme, 100)
    for (const binding of BINDINGS) {
      const signs = binding.keys.map(signOf).join(' ')
      expect(help.find(line => line.includes(binding.help)) ?? '').toContain(`${signs} `)
    }
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
