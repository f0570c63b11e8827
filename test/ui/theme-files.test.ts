/** Themes of the user's that are written while the screen is open. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { FIRST_VIEW } from '../../src/monitor/view.ts'
import { ROLES, type Theme } from '../../src/ui/theme.ts'
import { onReread, ThemeFiles } from '../../src/ui/theme-files.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { copyOfFixtures, put, tempFolder } from '../helpers/folder.ts'
import { openTerminal } from '../helpers/terminal.ts'

/** @param dim the colour of one role; the others are white */
const themeOf = (name: string, dim = '#ffffff'): string =>
  [
    `name: ${name}`,
    'roles:',
    ...ROLES.map(role => `  ${role}: "${role === 'dim' ? dim : '#ffffff'}"`),
    '  selection: { background: "#000000" }',
    '',
  ].join('\n')

function opened() {
  const home = tempFolder()
  const write = (name: string, text: string): string =>
    put(join(home, `signalbox/themes/${name}.yaml`), text)
  const mine = write('mine', themeOf('mine', '#000001'))
  const files = new ThemeFiles({ XDG_CONFIG_HOME: home }, 'mine', 24)
  onTestFinished(() => files.close())
  return { files, write, mine }
}

async function watched() {
  const all = opened()
  const heard: { themes: readonly Theme[]; problem: string }[] = []
  await all.files.watch((themes, problem) => void heard.push({ themes, problem }))
  return { ...all, heard }
}

const dimOf = (themes: readonly Theme[], id = 'mine'): string =>
  themes.find(theme => theme.id === id)?.role.dim('x') ?? ''

describe('a theme that is written while it is shown', () => {
  test('is read again, without being asked', async () => {
    const { heard, write } = await watched()
    write('mine', themeOf('mine', '#000002'))
    await expect.poll(() => heard.length, { timeout: 5000 }).toBe(1)
    expect(dimOf(heard[0]?.themes ?? [])).toContain('38;2;0;0;2m')
    expect(heard[0]?.problem).toBe('')
  })

  test('one that does not fit is told in one line, and the last good one stays', async () => {
    const { files, heard, write } = await watched()
    write('mine', themeOf('mine', 'whitish'))
    files.look()
    expect(heard.at(-1)?.problem).toMatch(/^mine\.yaml:4:8: roles\.dim: 'whitish' is no colour/)
    expect(dimOf(files.current)).toContain('38;2;0;0;1m')
    write('other', themeOf('other'))
    files.look()
    expect(heard.at(-1)?.problem).toMatch(/^mine\.yaml:4:8: /)
    write('mine', themeOf('mine', '#000003'))
    files.look()
    expect(heard.at(-1)?.problem).toBe('')
    expect(dimOf(files.current)).toContain('38;2;0;0;3m')
  })

  test('what a file holds cannot steer the terminal', async () => {
    const { files, heard, write } = await watched()
    write('mine', themeOf('mine').replace('"#ffffff"', '"\\e]0;title\\a"'))
    files.look()
    expect(heard.at(-1)?.problem).toMatch(/^mine\.yaml:\d+:\d+: [^\u0000-\u001f\u007f-\u009f]+$/)
  })

  test('a new one is there, a bad new one is not, the chosen one outlives its file', async () => {
    const { files, write, mine } = await watched()
    const before = files.current.map(theme => theme.id)
    write('new', themeOf('new'))
    write('bad', 'name: [')
    rmSync(mine)
    files.look()
    expect(files.current.map(theme => theme.id)).toEqual([...before, 'new'])
  })

  test('nothing is read while nothing changes', async () => {
    const { files, heard } = await watched()
    files.look()
    expect(heard).toEqual([])
  })
})

describe('the view on themes that were read again', () => {
  const list = (...ids: string[]): Theme[] => {
    const style = (text: string): string => text
    const role = Object.fromEntries(ROLES.map(name => [name, style])) as Theme['role'] // one entry a role
    return ids.map(id => ({ id, name: id, role, selection: style }))
  }

  test('stays with its theme, wherever that stands now', () => {
    const before = list('dark', 'light', 'mine')
    const now = list('dark', 'light', 'another', 'mine')
    expect(onReread({ ...FIRST_VIEW, theme: 2 }, [before, now], ['', '']).theme).toBe(3)
    expect(onReread({ ...FIRST_VIEW, theme: 5 }, [before, now], ['', '']).theme).toBe(3)
    expect(onReread({ ...FIRST_VIEW, theme: 2 }, [before, list('dark')], ['', '']).theme).toBe(0)
  })

  test('says what does not fit until it does, and leaves other words alone', () => {
    const both = [list('dark'), list('dark')] as const
    const say = (message: string, before: string, problem: string): string =>
      onReread({ ...FIRST_VIEW, message }, both, [before, problem]).message
    expect(say('', '', 'mine.yaml: bad')).toBe('mine.yaml: bad')
    expect(say('mine.yaml: bad', 'mine.yaml: bad', '')).toBe('')
    expect(say('copied 3 characters', 'mine.yaml: bad', '')).toBe('copied 3 characters')
  })
})

/** The program in a terminal, with a theme of the user's. */
function program(theme: string, root: string, ...args: readonly string[]) {
  const home = tempFolder()
  const path = put(join(home, 'signalbox/themes/mine.yaml'), theme)
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, '--root', root, ...args],
    env: { HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, TZ: 'UTC' },
    columns: 100,
    rows: 24,
  })
  onTestFinished(() => terminal.close())
  let output = ''
  terminal.onOutput(bytes => {
    output += bytes.toString('utf8')
  })
  return { terminal, path, output: () => output }
}

describe('in a terminal', () => {
  test('a bad theme stands at the foot, a good one is in force', async () => {
    const { terminal, path, output } = program(themeOf('mine'), copyOfFixtures(), '--theme', 'mine')
    await terminal.waitFor('? help')
    put(path, themeOf('mine', 'whitish'))
    const bad = await terminal.waitFor("'whitish' is no colour")
    expect(bad.split('\n').at(-1)).toMatch(/^mine\.yaml:4:8: /)
    put(path, themeOf('mine', '#123456'))
    await terminal.waitFor('? help')
    await expect.poll(output).toContain('38;2;18;52;86m')
  })

  test('a bad theme at the start ends the program, which shows no screen', async () => {
    const { terminal, output } = program(themeOf('mine', 'whitish'), tempFolder())
    expect(await terminal.exited).toBe(2)
    expect(output()).toContain("mine.yaml:4:8: roles.dim: 'whitish' is no colour")
    expect(output()).not.toContain('\u001b[?1049h')
  })
})
