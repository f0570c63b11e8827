/** What is written by scripts is current, links lead somewhere, and pictures and documents agree. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { KEYS_DOC, keysDoc } from '../../scripts/keys-doc.ts'
import { PICTURES, THEMES } from '../../scripts/pictures/list.ts'
import { startMachine } from '../../scripts/pictures/machine.ts'
import { drawn } from '../../scripts/pictures.ts'
import { POLICY_DOC, policyDoc } from '../../scripts/policy-doc.ts'
import { DOCS } from '../../scripts/schema.ts'
import { SLOTS } from '../../src/action/slot.ts'
import { themePaths } from '../../src/ui/theme.ts'
import { runCli } from '../helpers/cli.ts'
import { textOf } from '../helpers/docs.ts'
import { tempFolder } from '../helpers/folder.ts'

const NAMES = readdirSync(DOCS).filter(name => name.endsWith('.md'))
const FILES = ['README.md', ...NAMES.map(name => `docs/${name}`)]

test.each([
  [KEYS_DOC, keysDoc()],
  [POLICY_DOC, policyDoc()],
])("%s is current; 'npm run docs' writes it", (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('docs/README.md leads to every document', () => {
  const index = textOf('docs/README.md')
  for (const name of NAMES) if (name !== 'README.md') expect(index).toContain(`](${name})`)
})

/** As GitHub names the anchors of headings. */
const anchorsOf = (text: string): string[] =>
  Array.from(text.matchAll(/^#+ (.*)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe.each(FILES)('%s', file => {
  const text = textOf(file)
  const links = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)

  test('its links lead somewhere', () => {
    for (const link of links.filter(it => !/^[a-z]+:/.test(it))) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? file : join(dirname(file), path)
      expect(existsSync(join(DOCS, '..', target)), `${file}: ${link}`).toBe(true)
      if (anchor !== undefined) expect(anchorsOf(textOf(target)), link).toContain(anchor)
    }
  })
})

describe('the pictures', () => {
  const shown = FILES.flatMap(file =>
    Array.from(textOf(file).matchAll(/pictures\/([\w-]+)\.svg/g), ([, name = '']) => name),
  )
  const folder = join(DOCS, 'pictures')

  test('of the script, the folder and the documents are the same', () => {
    const written = PICTURES.map(({ name }) => name).sort()
    const files = readdirSync(folder).map(name => name.replace(/\.svg$/, ''))
    expect(files.sort()).toEqual(written)
    expect([...new Set(shown)].sort()).toEqual(written)
  })

  test.each(PICTURES)('$name is small, alone, and of its size', ({ name, columns, title }) => {
    const path = join(folder, `${name}.svg`)
    const svg = readFileSync(path, 'utf8')
    expect(statSync(path).size).toBeLessThan(60_000)
    expect(svg).toContain(`<title>${title}</title>`)
    expect(svg).not.toMatch(/href|url\(|@import|<script/)
    expect(Number(/ width="([\d.]+)"/.exec(svg)?.[1])).toBeCloseTo(columns * 8.4 + 24)
  })

  // A screen that starts under load has been seen to find the gate late: it is drawn once more.
  const patient = { timeout: 60_000, retry: 1 }
  test("'npm run pictures' would write what is there", patient, async () => {
    const [live] = PICTURES
    if (live === undefined) throw new Error('no pictures')
    const machine = await startMachine(tempFolder())
    onTestFinished(machine.stop)
    expect(await drawn(live, machine)).toBe(readFileSync(join(folder, 'live.svg'), 'utf8'))
  })

  test('there is one of every theme', () => {
    expect([...THEMES].sort()).toEqual([...themePaths({}).keys()].sort())
  })
})

test('docs/control.md has every slot in its table', () => {
  for (const slot of SLOTS) expect(textOf('docs/control.md')).toContain(`| \`${slot}\` |`)
})

test('docs/troubleshooting.md names every check of doctor', async () => {
  const { stdout } = await runCli(['doctor', '--json'], { CLAUDE_CONFIG_DIR: '/nonexistent' })
  const checks: readonly { name: string }[] = JSON.parse(stdout).checks
  const source = readdirSync(join(DOCS, '../src/commands/doctor')).map(name =>
    textOf(`src/commands/doctor/${name}`),
  )
  const written = Array.from(
    source.join('').matchAll(/(?:ok|warning|problem|ownFolder)\(\s*'([a-z. ]+)'/g),
    ([, name = '']) => name,
  )
  for (const name of new Set([...checks.map(it => it.name), ...written]))
    expect(textOf('docs/troubleshooting.md')).toContain(`\`${name}\``)
})
