/** Our hooks in other people's settings: whatever is in them stays, byte for byte. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOOK_EVENT_NAMES } from '../../../src/clients/claude-code/hook-command.ts'
import {
  carryOut,
  changes,
  planHooks,
  planRemoval,
  settingsOf,
} from '../../../src/clients/claude-code/installed-hooks.ts'
import {
  hooksAreUpToDate,
  hooksOf,
  withHooks,
  withoutHooks,
} from '../../../src/clients/claude-code/settings.ts'
import { plainValue } from '../../../src/clients/claude-code/settings-text.ts'
import type { Install } from '../../../src/config/install.ts'
import { put, tempFolder } from '../../helpers/folder.ts'
import { installIn } from '../../helpers/hook.ts'

const FOREIGN =
  '{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"x"}]}]}}'

const TEXTS: readonly (readonly [string, string | null])[] = [
  ['no file', null],
  ['an empty file', ''],
  ['an empty line', '\n'],
  ['a comment', '// mine'],
  ['nothing but a byte order mark', '\uFEFF'],
  ['an empty object', '{}'],
  ['an empty object over two lines', '{\r\n}\r\n'],
  ['an empty object with a comment', '{ /* mine */ }'],
  ['one line', '{"model":"opus"}'],
  ['no final newline', '{\n  "model": "opus"\n}'],
  ['tabs', '{\n\t"model": "opus",\n\t"env": {\n\t\t"A": "1"\n\t}\n}\n'],
  ['CRLF', '{\r\n    "model": "opus"\r\n}\r\n'],
  ['BOM and CRLF', '\uFEFF{\r\n  "a": [1,2,   3]\r\n}\r\n'],
  ['a comment behind the last', '{\n  "model": "opus" // mine\n}\n'],
  ['a comma behind the last', '{\n  "model": "opus", // mine\n}\n'],
  ['a comma after a comment', '{\n  "model": "opus" /* mine */ ,\n}\n'],
  ['foreign hooks on one line', FOREIGN],
  ['foreign hooks, ill formatted', `{\n "x":1,\n      ${FOREIGN.slice(1, -1)}  }`],
  ['an empty list of ours', '{\n  "hooks": {\n    "Stop": []\n  }\n}\n'],
  ['empty hooks', '{ "hooks": { } }'],
  ['hooks with a comment', '{ "hooks": { // mine\n } }'],
  ['the same key twice', '{"hooks":{"Stop":[]},"hooks":{"Stop":[ ]}}'],
]

function installAt(text: string | null): Install {
  const install = installIn(tempFolder())
  mkdirSync(install.client)
  if (text !== null) put(settingsOf(install.client), text)
  return install
}

function init(install: Install): string {
  carryOut(planHooks(install), install.state)
  return readFileSync(settingsOf(install.client), 'utf8')
}

function uninstall(install: Install): string | null {
  carryOut(planRemoval(install.client, install.state), install.state)
  const path = settingsOf(install.client)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

describe.each(TEXTS)('%s', (name, text) => {
  test('init puts all hooks in, twice is once, and uninstall gives the same bytes', () => {
    const install = installAt(text)
    const full = init(install)
    const clean = full.replace('\uFEFF', '')
    expect(hooksAreUpToDate(ownOf(clean), install)).toBe(true)
    expect(full.startsWith(text?.match(/^\uFEFF?[^}]{0,10}/)?.[0] ?? '')).toBe(true)
    expect(changes(planHooks(install))).toBe(false)
    expect(init(install)).toBe(full)
    expect(uninstall(install)).toBe(text)
    expect(uninstall(install)).toBe(text)
  })

  test('the same bytes also from what was remembered of the text', () => {
    const clean = (text ?? '').replace('\uFEFF', '')
    const install = installIn(tempFolder())
    const { text: full, ...record } = withHooks('s', clean, install)
    if (plainValue(clean) === undefined) return // then the whole text is ours, not a part of it
    expect(withoutHooks('s', full, isOurs, record)).toBe(clean)
  })

  test('without anything remembered: what others wrote means the same', () => {
    // Emptied lists are then taken to be ours, with what is in them.
    if (/twice|hooks with a comment/.test(name)) return
    const clean = (text ?? '').replace('\uFEFF', '')
    const install = installIn(tempFolder())
    const { text: full } = withHooks('s', clean, install)
    const rest = withoutHooks('s', full, isOurs, null)
    const { hooks: before = {}, ...others } = Object(plainValue(clean))
    const { hooks: after = {}, ...same } = Object(plainValue(rest))
    expect(same).toEqual(others)
    expect(after.PreToolUse).toEqual(before.PreToolUse)
    for (const comment of clean.match(/\/\/ mine|\/\* mine \*\//g) ?? [])
      expect(rest).toContain(comment)
  })
})

const isOurs = (command: string): boolean => command.startsWith('signalbox=1')
const ownOf = (text: string) => hooksOf('s', text).filter(({ command }) => isOurs(command))

describe('property', () => {
  const space = fc.constantFrom(
    '',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '\n    ',
    ' // mine\n',
    '/* mine */',
    '  ',
  )
  /** JSON with comments and any white space between its parts. */
  const spaced = (value: unknown, gap: () => string): string => {
    const list = (open: string, parts: readonly string[], close: string): string =>
      open + parts.map(part => gap() + part + gap()).join(',') + gap() + close
    if (Array.isArray(value))
      return list(
        '[',
        value.map(it => spaced(it, gap)),
        ']',
      )
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)
    const pairs = Object.entries(value).map(
      ([key, it]) => `${JSON.stringify(key)}${gap()}:${gap()}${spaced(it, gap)}`,
    )
    return list('{', pairs, '}')
  }
  const handler = fc.record({ type: fc.constant('command'), command: fc.string() })
  const group = fc.record({ matcher: fc.string(), hooks: fc.array(handler, { maxLength: 2 }) })
  const hooks = fc.dictionary(
    fc.constantFrom(...HOOK_EVENT_NAMES, 'Setup'),
    fc.array(group, { maxLength: 2 }),
  )
  const settings = fc
    .tuple(
      fc.record(
        { hooks, env: fc.dictionary(fc.string(), fc.string()), permissions: fc.jsonValue() },
        { requiredKeys: [] },
      ),
      fc.infiniteStream(space),
      fc.constantFrom('', '\uFEFF'),
    )
    .map(([value, spaces, bom]) => {
      const gap = (): string => spaces.next().value ?? ''
      return bom + gap() + spaced(value, gap) + gap()
    })
    .filter(text => !text.includes('__proto__'))

  test('init, then uninstall: the same bytes', () => {
    const install = installAt(null)
    const path = settingsOf(install.client)
    fc.assert(
      fc.property(settings, text => {
        writeFileSync(path, text)
        const full = init(install)
        expect(hooksAreUpToDate(ownOf(full.replace('\uFEFF', '')), install)).toBe(true)
        expect(uninstall(install)).toBe(text)
        const clean = text.replace('\uFEFF', '')
        const { text: put, ...record } = withHooks('s', clean, install)
        expect(withoutHooks('s', put, isOurs, record)).toBe(clean)
      }),
      { numRuns: 200 },
    )
  })

  test('init, a change by somebody else, then uninstall: that change alone is left', () => {
    const install = installIn(tempFolder())
    fc.assert(
      fc.property(settings, fc.constantFrom(undefined, 2, '\t'), (text, unit) => {
        const clean = text.replace('\uFEFF', '')
        const { text: full, ...record } = withHooks('s', clean, install)
        const rewritten = JSON.stringify({ ...Object(plainValue(full)), added: 1 }, null, unit)
        const rest = plainValue(withoutHooks('s', rewritten, isOurs, record))
        expect(rest).toEqual({ ...Object(plainValue(clean)), added: 1 })
      }),
    )
  })
})

describe('what others did since', () => {
  test('a key added by hand stays, and all else is as it was', () => {
    const install = installAt('{\n  "a": 1 // mine\n}\n')
    const path = settingsOf(install.client)
    put(path, init(install).replace('"a": 1', '"b": [ 2 ], "a": 1'))
    expect(uninstall(install)).toBe('{\n  "b": [ 2 ], "a": 1 // mine\n}\n')
  })

  test('a file that was not there: gone again, or what others put in', () => {
    const install = installAt(null)
    const path = settingsOf(install.client)
    put(path, JSON.stringify(JSON.parse(init(install))))
    expect(uninstall(install)).toBeNull()
    put(path, JSON.stringify({ model: 'x', ...JSON.parse(init(install)) }))
    expect(uninstall(install)).toBe('{"model":"x"}')
  })

  test('a hook of ours moved into a group of others', () => {
    const install = installAt(null)
    const value = JSON.parse(init(install))
    value.hooks.Stop[0].hooks.unshift({ type: 'command', command: 'theirs' })
    put(settingsOf(install.client), JSON.stringify(value))
    expect(JSON.parse(uninstall(install) ?? '')).toEqual({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: 'theirs' }] }] },
    })
  })

  test('an older or damaged hook of ours is replaced, one of another install stays', () => {
    const [install, other] = [installAt(null), installIn(tempFolder())]
    const { text } = withHooks('s', init(install), other)
    put(settingsOf(install.client), text.replace('ask 590', 'ask 1'))
    const own = hooksOf('s', init(install))
    expect(own).toHaveLength(2 * HOOK_EVENT_NAMES.length)
    expect(changes(planHooks(install))).toBe(false)
    const rest = hooksOf('s', uninstall(install) ?? '')
    expect(hooksAreUpToDate(rest, other)).toBe(true)
  })

  test('a change while the user is asked is not overwritten', () => {
    const install = installAt('{}')
    const plan = planHooks(install)
    put(settingsOf(install.client), '{"a":1}')
    expect(() => carryOut(plan, install.state)).toThrow(/was changed meanwhile/)
    expect(readFileSync(settingsOf(install.client), 'utf8')).toBe('{"a":1}')
  })
})

describe('the file', () => {
  test('a link stays a link, and its target keeps its mode', () => {
    const install = installAt(null)
    const real = put(join(install.client, '..', 'dotfiles', 'settings.json'), '{}')
    chmodSync(real, 0o640)
    symlinkSync('../dotfiles/settings.json', settingsOf(install.client))
    init(install)
    expect(lstatSync(settingsOf(install.client)).isSymbolicLink()).toBe(true)
    expect(statSync(real).mode & 0o777).toBe(0o640)
    expect(readFileSync(real, 'utf8')).toContain('signalbox=1')
    expect(uninstall(install)).toBe('{}')
    expect(lstatSync(settingsOf(install.client)).isSymbolicLink()).toBe(true)
  })

  test('a link to nothing is written through, and points to nothing again', () => {
    const install = installAt(null)
    symlinkSync('elsewhere.json', settingsOf(install.client))
    init(install)
    expect(existsSync(join(install.client, 'elsewhere.json'))).toBe(true)
    expect(uninstall(install)).toBeNull()
    expect(readdirSync(install.client)).toEqual(['settings.json'])
  })

  test("what is kept is its owner's only; without it only the text is found again", () => {
    const install = installAt('{"a":1}')
    init(install)
    for (const name of ['hooks.json', 'settings.before.json']) {
      expect(statSync(join(install.state, name)).mode & 0o777).toBe(0o600)
      rmSync(join(install.state, name))
    }
    expect(readdirSync(install.client)).toEqual(['settings.json'])
    expect(JSON.parse(uninstall(install) ?? '')).toEqual({ a: 1 })
  })

  test.each([
    ['{\n  "a": 1,\n  b\n}', /settings\.json:3:3: is not valid JSON: invalid symbol/],
    ['{"a":1', /settings\.json:1:7: is not valid JSON: close brace expected/],
    ['[]', /:1:1: must be an object/],
    ['{"hooks": 1}', /:1:11: hooks must be an object/],
    ['{"hooks": {"Stop": {}}}', /:1:20: hooks.Stop must be a list/],
  ])('%s: says where, and touches nothing', (text, says) => {
    const install = installAt(text)
    expect(() => init(install)).toThrow(says)
    expect(readFileSync(settingsOf(install.client), 'utf8')).toBe(text)
  })

  test('no text at all', () => {
    const install = installAt(null)
    put(settingsOf(install.client), Buffer.from([0x7b, 0xff, 0x7d]))
    expect(() => init(install)).toThrow(/is not UTF-8/)
  })
})
