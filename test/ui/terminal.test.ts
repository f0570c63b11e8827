/** The built program (`node build.js`, as `npm test` does first) in a real terminal. */
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { PROGRAM } from '../helpers/cli.ts'
import { copyOfFixtures, put, tempFolder } from '../helpers/folder.ts'
import { callLine, promptLine, resultLine, SESSION, text } from '../helpers/lines.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'

interface Running {
  readonly terminal: Terminal
  /** All that the program wrote, byte for byte. */
  readonly output: () => string
}

function start(root: string, columns = 100, rows = 30): Running {
  const nobody = tempFolder()
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, '--root', root],
    env: { HOME: nobody, XDG_CONFIG_HOME: nobody, TZ: 'UTC' },
    columns,
    rows,
  })
  onTestFinished(() => terminal.close())
  const pieces: Buffer[] = []
  terminal.onOutput(bytes => void pieces.push(bytes))
  return { terminal, output: () => Buffer.concat(pieces).toString('utf8') }
}

const FOOT =
  '? help  q quit  Enter details  w waiting  : commands  / filter  f follow  1 approved  2 blocked  3 pending  s sessions'

/** The first line is the counters', the last is the foot, and the rule is between them. */
function isWhole(screen: string, columns: number, rows: number): boolean {
  const lines = screen.split('\n')
  const foot = lines.at(-1) ?? ''
  return (
    lines.length === rows &&
    lines.every(line => line.length <= columns) &&
    /^(SIGNALBOX {2}|pending \d)/.test(lines[0] ?? '') &&
    foot.length > 10 &&
    FOOT.startsWith(foot.slice(0, FOOT.length)) &&
    lines.filter(line => line.startsWith('-- ')).length === 1 &&
    lines.filter(line => line.startsWith('? help')).length === 1 &&
    lines.filter(line => line.startsWith('SIGNALBOX')).length <= 1
  )
}

const STORM = [
  [40, 10],
  [300, 100],
  [80, 24],
  [57, 13],
  [200, 16],
  [41, 60],
  [120, 40],
  [40, 11],
  [100, 30],
] as const

describe('in a terminal', () => {
  test('the screen is whole after every resize', async () => {
    const { terminal } = start(copyOfFixtures())
    await terminal.waitFor(screen => isWhole(screen, 100, 30))
    for (const [columns, rows] of STORM) {
      await terminal.resize(columns, rows)
      await terminal.waitFor(screen => isWhole(screen, columns, rows), 3000)
    }
  })

  test('the screen is whole after many resizes at once', async () => {
    const { terminal } = start(copyOfFixtures())
    await terminal.waitFor(screen => isWhole(screen, 100, 30))
    await Promise.all(STORM.map(([columns, rows]) => terminal.resize(columns, rows)))
    await terminal.resize(90, 25)
    await terminal.waitFor(screen => isWhole(screen, 90, 25), 3000)
  })

  test('with the details open, too', async () => {
    const { terminal } = start(copyOfFixtures())
    await terminal.waitFor(screen => isWhole(screen, 100, 30))
    terminal.write('\r')
    await terminal.waitFor(/^-- details/m)
    for (const [columns, rows] of STORM) {
      await terminal.resize(columns, rows)
      await terminal.waitFor(
        screen =>
          screen.split('\n').at(-1)?.startsWith('? help') === true &&
          (screen.match(/^-- details/gm) ?? []).length === 1,
        3000,
      )
    }
  })

  test.each([
    ['q', 'q'],
    ['Ctrl-C', '\u0003'],
  ])('%s ends with 0 and gives the screen back', async (_name, key) => {
    const { terminal, output } = start(copyOfFixtures())
    await terminal.waitFor(screen => isWhole(screen, 100, 30))
    expect(output()).toContain('\u001b[?1049h')
    terminal.write(key)
    expect(await terminal.exited).toBe(0)
    expect(output().lastIndexOf('\u001b[?1049l')).toBeGreaterThan(output().indexOf('\u001b[?1049h'))
    expect(output().lastIndexOf('\u001b[?25h')).toBeGreaterThan(output().lastIndexOf('\u001b[?25l'))
  })
})

const HOSTILE = [
  '\u001b]0;EVIL-TITLE\u0007',
  '\u001b]52;c;RVZJTA==\u0007',
  '\u001b[2J',
  '\u001b[31m',
  '\u009b2J',
  '\u009d0;EVIL-C1\u009c',
  '\u202eEVIL-BIDI\u202c',
  '\u2066EVIL-ISOLATE\u2069',
  '\u0007\u0008\u007f',
].join('')

describe('a hostile transcript', () => {
  test('sends nothing that a terminal obeys', async () => {
    const root = tempFolder()
    const command = `echo before\nsecond-line ${HOSTILE} after`
    put(
      join(root, `${SESSION}.jsonl`),
      text(
        promptLine(HOSTILE),
        callLine({ id: 'toolu_1', input: { command, description: HOSTILE } }),
        resultLine('toolu_1', `refused ${HOSTILE}`, { error: true, denial: 'user' }),
        callLine(
          { id: 'toolu_2', tool: `Tool${HOSTILE}`, input: { [`key${HOSTILE}`]: HOSTILE } },
          { at: 3000, message: 'msg_2', model: `model${HOSTILE}` },
        ),
      ),
    )
    const { terminal, output } = start(root, 160, 40)
    await terminal.waitFor('echo before')
    terminal.write('\r')
    await terminal.waitFor(/^-- details/m)
    terminal.write('k')
    await terminal.waitFor('second-line', 5000)
    terminal.write('s')
    await terminal.waitFor('-- sessions')
    terminal.write('s/EVIL')
    await terminal.waitFor('/EVIL')
    // Once, before anything is shown, the terminal is asked for its background.
    const bytes = output().replace('\u001b]11;?\u001b\\', '')
    expect(bytes).toContain('EVIL')
    // The program's own: colours, cursor movements, erasing of lines, modes. No titles, no copies.
    expect(bytes).not.toContain('\u001b]')
    expect(bytes).not.toMatch(/[\u0080-\u009f]/)
    expect(bytes).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
    expect(bytes).not.toMatch(/[\u0007\u0008\u007f]/)
    expect(bytes).not.toContain('\u001b[31m')
    const shown = bytes.slice(bytes.indexOf('echo before'))
    expect(shown).not.toContain('\u001b[2J')
    expect(terminal.screen()).toContain('\\x1b')
  })
})
