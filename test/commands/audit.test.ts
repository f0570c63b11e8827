/** `signalbox audit --verify`, as people and scripts use it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Journal } from '../../src/gate/journal.ts'
import { newHome } from '../helpers/home.ts'

const AT = Date.parse('2026-11-24T12:00:00Z')
const FILE = '2026-11-24.jsonl'

function homeWithJournal() {
  const home = newHome()
  const folder = join(home.state, 'journal')
  mkdirSync(home.state, { recursive: true })
  const journal = new Journal(folder, () => AT)
  for (const session of ['a', 'b', 'c']) journal.append({ type: 'resumed', at: AT, session })
  journal.close()
  return { home, folder, head: `${journal.head.seq}:${journal.head.hash}` }
}

describe('audit --verify', () => {
  test('a whole journal: its entries, and the head to note elsewhere', async () => {
    const { home, folder, head } = homeWithJournal()
    expect(await home.run('audit', '--verify')).toMatchObject({
      code: 0,
      stdout: `journal  ${folder}\nentries  1 to 3 in 1 file, each as it was written\nhead     ${head}\n`,
    })
    expect(await home.run('audit', '--verify', '--head', head)).toMatchObject({ code: 0 })
  })

  test('says where it breaks, and ends with 1', async () => {
    const { home, folder } = homeWithJournal()
    const path = join(folder, FILE)
    writeFileSync(path, readFileSync(path, 'utf8').replace('"a"', '"x"'))
    const { code, stdout } = await home.run('audit', '--verify')
    expect(code).toBe(1)
    expect(stdout.split('\n').at(-2)).toBe(
      `${path}:2: entry 1 was changed, or this one's link to it`,
    )
    const { stdout: json } = await home.run('audit', '--verify', '--json')
    expect(JSON.parse(json)).toMatchObject({
      journal: folder,
      head: { seq: 3 },
      breaks: [{ file: FILE, line: 2 }],
    })
  })

  test('text that somebody put into the journal does not reach the terminal raw', async () => {
    const { home, folder } = homeWithJournal()
    const entry = { seq: 4, type: 'alert', what: 'journal', at: AT, text: '\u001b[2J', prev: '' }
    writeFileSync(join(folder, FILE), `${JSON.stringify(entry)}\n`, { flag: 'a' })
    const wrong = { ...entry, seq: 5, at: 'never' }
    writeFileSync(join(folder, FILE), `${JSON.stringify(wrong)}\n`, { flag: 'a' })
    const { code, stdout } = await home.run('audit', '--verify')
    expect(code).toBe(1)
    expect(stdout).not.toContain('\u001b')
  })

  test.each([
    [['audit'], 'audit takes --verify'],
    [['audit', '--verify', '--head', 'x'], "N:HASH, not 'x'"],
    [['audit', '--verify'], 'holds no journal'],
  ])('%j: one line, exit code 2', async (args, says) => {
    const { code, stderr } = await newHome().run(...args)
    expect(code).toBe(2)
    expect(stderr).toContain(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
