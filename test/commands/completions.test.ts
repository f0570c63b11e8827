/** What real shells offer, with the script that `signalbox completions` prints. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { typedBy } from '../../src/commands/completions/usage.ts'
import { completed } from '../../src/commands/completions.ts'
import { COMMANDS } from '../../src/commands/table.ts'
import { runCli } from '../helpers/cli.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { openTerminal } from '../helpers/terminal.ts'

describe('what a usage says', () => {
  const known = { SLOT: ['domains', 'buckets'] }
  const words = (...all: string[]) => ({ kind: 'words' as const, words: all })

  test('flags with and without values, fixed words, placeholders that are known', () => {
    expect(
      typedBy('x add|drop ENTRY [--as SLOT] [--yes] [--by day|week] | list [--root DIR]', known),
    ).toEqual({
      flags: [
        { name: '--as', value: words('domains', 'buckets') },
        { name: '--yes', value: null },
        { name: '--by', value: words('day', 'week') },
        { name: '--root', value: { kind: 'folders' } },
      ],
      words: words('add', 'drop', 'list'),
      runs: false,
    })
  })

  test('one value or another, flags inside of flags', () => {
    const { flags } = typedBy('x [--on [--listen HOST:PORT | SOCKET] [--at N:HASH] | --no-on]', {})
    expect(flags).toEqual([
      { name: '--on', value: null },
      { name: '--listen', value: { kind: 'files' } },
      { name: '--at', value: { kind: 'anything' } },
      { name: '--no-on', value: null },
    ])
  })

  test.each([
    ['x FILE|DIR', { kind: 'files' }, false],
    ['x [--a URL] -- CLIENT [ARG…]', { kind: 'anything' }, true],
    ['x [-- COMMAND …] < STATUS.json', { kind: 'anything' }, true],
    ['x CMD… | CALL | - | --tool NAME INPUT', { kind: 'programs' }, false],
    ['x < PAYLOAD.json', { kind: 'anything' }, false],
  ])('%s', (usage, kind, runs) => {
    expect(typedBy(usage, {})).toMatchObject({ words: kind, runs })
  })

  test('of every command, each flag that its usage names is offered once', () => {
    for (const { name, flags } of completed({ XDG_CONFIG_HOME: '/nonexistent' })) {
      const written = COMMANDS[name]?.usage.match(/--[a-z][a-z-]*/g) ?? []
      expect(flags.map(flag => flag.name)).toEqual([...new Set(written)])
    }
  })
})

interface Shell {
  readonly name: string
  /** What it would complete the line with, as a set of words that are on its screen or printed. */
  readonly offers: (line: string, folder: string, has: readonly string[]) => Promise<string>
}

const SHELLS: readonly Shell[] = [
  {
    name: 'bash',
    offers: (line, folder, has) =>
      typedInto(
        'bash',
        ['--norc', '--noprofile', '-i'],
        "source ../script; bind 'set show-all-if-ambiguous on'",
        line,
        folder,
        has,
      ),
  },
  {
    name: 'zsh',
    offers: (line, folder, has) =>
      typedInto(
        'zsh',
        ['-f', '-i'],
        'autoload -U compinit; compinit -D; . ../script',
        line,
        folder,
        has,
      ),
  },
  {
    name: 'fish',
    offers: async (line, cwd) =>
      execFileSync('fish', ['--no-config', '-c', `source ../script; complete -C '${line}'`], {
        cwd,
        encoding: 'utf8',
        env: { ...envOf(cwd), TERM: 'xterm' },
      }),
  },
]

/** With a program of its own in the path. */
const envOf = (cwd: string) => ({ PATH: `${dirname(cwd)}/bin:${process.env.PATH}`, HOME: cwd })

/** Types a line and asks with Tab, as a person does. @returns the screen that has all of it */
async function typedInto(
  command: string,
  args: string[],
  load: string,
  line: string,
  cwd: string,
  has: readonly string[],
): Promise<string> {
  const terminal = openTerminal({
    command,
    args,
    cwd,
    env: { ...envOf(cwd), PS1: 'ready> ', INPUTRC: '/dev/null', HISTFILE: '/dev/null' },
    columns: 120,
    rows: 50,
  })
  onTestFinished(() => terminal.close())
  await terminal.waitFor(/ready>|[$%#] ?$/m)
  terminal.write(` PS1='ready> '; ${load}; clear; echo loa''ded\n`)
  await terminal.waitFor(/loaded\nready>/)
  terminal.write(line)
  await terminal.waitFor(line.trimEnd())
  // zsh lists at the second one, where the first could add something.
  terminal.write('\t')
  await sleep(150)
  terminal.write('\t')
  await sleep(200)
  return terminal.waitFor(screen => has.every(word => screen.includes(word)))
}

interface Case {
  readonly line: string
  readonly has: readonly string[]
  readonly lacks?: readonly string[]
}

const CASES: readonly Case[] = [
  { line: 'signalbox re', has: ['report', 'replay'], lacks: ['statusline'] },
  { line: 'signalbox --r', has: ['--root', '--read-only'], lacks: ['--json'] },
  { line: 'signalbox report --c', has: ['--csv'] },
  { line: 'signalbox report --by ', has: ['day', 'session', 'project'], lacks: ['folder-one'] },
  { line: 'signalbox report --by=se', has: ['session'] },
  { line: 'signalbox trust ', has: ['add', 'remove', 'list', 'undo', 'sync'] },
  { line: 'signalbox trust add --as d', has: ['domains', 'databases'], lacks: ['buckets'] },
  { line: 'signalbox watch --theme o', has: ['ocean'] },
  { line: 'signalbox report --root f', has: ['folder-one'], lacks: ['file'] },
  { line: 'signalbox watch --install f', has: ['folder-one', 'two.jsonl'] },
  { line: 'signalbox replay fi', has: ['two.jsonl'] },
  { line: 'signalbox completions ', has: ['bash', 'zsh', 'fish'] },
  { line: 'signalbox help ch', has: ['check', 'checkpoint'], lacks: ['replay'] },
  { line: 'signalbox run -- sleepy', has: ['sleepyhead'] },
  { line: 'signalbox run -- sleepyhead fi', has: ['two.jsonl'] },
  { line: 'signalbox report -- ', has: [], lacks: ['watch', '--csv', 'folder-one'] },
]

describe.each(SHELLS)('$name', ({ name, offers }) => {
  const there = spawnSync(name, ['-c', 'true']).status === 0
  if (!there) console.log(`completions of ${name}: not tried, ${name} is not installed`)
  let script = ''

  beforeAll(async () => {
    const config = tempFolder()
    put(`${config}/signalbox/themes/ocean.yaml`, 'name: ocean')
    const { stdout, stderr, code } = await runCli(['completions', name], {
      XDG_CONFIG_HOME: config,
    })
    expect([code, stderr]).toEqual([0, ''])
    script = stdout
  })

  test.skipIf(!there).each(CASES)('$line', async ({ line, has, lacks = [] }) => {
    const home = tempFolder()
    put(`${home}/script`, script)
    put(`${home}/here/folder-one/x`, '')
    put(`${home}/here/file two.jsonl`, '')
    chmodSync(put(`${home}/bin/sleepyhead`, '#!/bin/sh\n'), 0o755)
    const offered = await offers(line, `${home}/here`, has)
    for (const word of has) expect(offered).toContain(word)
    for (const word of lacks) expect(offered).not.toContain(word)
  })
})

describe('wrong usage', () => {
  test.each([[[]], [['tcsh']], [['bash', 'zsh']]])('completions %j', async args => {
    const { code, stdout, stderr } = await runCli(['completions', ...args])
    expect(stderr).toMatch(/^signalbox: completions takes one shell: bash, zsh, fish\n$/)
    expect([code, stdout]).toEqual([2, ''])
  })
})
