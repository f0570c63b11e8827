/** What a command takes, what its usage names, and what its help explains are the same. */
import { describe, expect, test } from 'vitest'
import { typedBy } from '../../src/commands/completions/usage.ts'
import { helpOf, overview, TEXTS } from '../../src/commands/help.ts'
import { COMMANDS } from '../../src/commands/table.ts'
import { runCli } from '../helpers/cli.ts'

describe.each(Object.entries(COMMANDS))('%s', (name, { usage, load }) => {
  const text = TEXTS[name]
  const named = typedBy(usage, {}).flags
  const labels = Object.keys(text?.takes ?? {})

  test('its usage names every flag that it takes, with a value where it takes one', async () => {
    const { FLAGS } = await load()
    const written = named.map(flag => [flag.name, flag.value === null ? 'boolean' : 'string'])
    const taken = Object.entries(FLAGS).map(([flag, kind]) => [`--${flag}`, kind])
    // The input of `check --tool NAME INPUT` and the lines of `--jsonl` are no values of a flag.
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(taken))
  })

  test('its help has a line for each, written as in the usage', () => {
    const explained = labels.flatMap(label => label.match(/^--[a-z][a-z-]*/) ?? [])
    expect(explained.sort()).toEqual(named.map(flag => flag.name).sort())
    for (const label of labels) expect(usage).toContain(label)
  })

  test('its help has examples, with its own flags only, and fits 80 columns', () => {
    expect(text?.examples.length).toBeGreaterThan(0)
    for (const example of text?.examples ?? []) {
      const [own = ''] = example.split(/ -- |'|"/)
      for (const [flag] of own.matchAll(/--[a-z][a-z-]*/g))
        expect(named.map(it => it.name)).toContain(flag)
    }
    const lines = helpOf(name)
    expect(lines[0]).toMatch(new RegExp(`^signalbox ${name}\\b`))
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })
})

test('the overview fits 80 columns', () => {
  for (const line of overview()) expect(line.length).toBeLessThanOrEqual(80)
})

describe('on the command line', () => {
  test.each([
    [['help', 'trust']],
    [['trust', '--help']],
    [['trust', '-h']],
    [['trust', 'add', '--help']],
    [['run', '--help', '--', 'claude']],
    [['check', '--json', '--help']],
    [['help', 'help']],
  ])('%j', async args => {
    const { code, stdout, stderr } = await runCli(args)
    const name = args[0] === 'help' ? args[1] : args[0]
    expect(stdout).toMatch(new RegExp(`^signalbox ${name} `))
    expect([code, stderr]).toEqual([0, ''])
  })

  test('the help of another program is its own', async () => {
    const { stdout } = await runCli(['check', 'ls', '--help'])
    expect(stdout).toMatch(/allow/)
    const { stderr } = await runCli(['run', '--', 'claude', '--help'])
    expect(stderr).toContain("run 'signalbox init' first")
  })

  test.each([
    [['help', 'wach'], "unknown command 'wach'; 'signalbox --help' lists them"],
    [['wach', '--help'], "unknown command 'wach'; 'signalbox --help' lists them"],
    [['help', 'watch', 'why'], 'help takes one command, or none'],
    [['--jsno'], "Unknown option '--jsno'; see 'signalbox watch --help'"],
    [['gate', 'status', 'now'], "unexpected 'now'; see 'signalbox gate --help'"],
  ])('%j is wrong', async (args, says) => {
    const { code, stdout, stderr } = await runCli(args)
    expect(stderr).toBe(`signalbox: ${says}\n`)
    expect([code, stdout]).toEqual([2, ''])
  })
})
