/** The index gives what the transcripts give, whatever became of them since. */
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { World } from '../../src/action/world.ts'
import { findTranscripts } from '../../src/clients/claude-code/layout.ts'
import { priceList } from '../../src/clients/claude-code/prices.ts'
import type { Price } from '../../src/clients/claude-code/transcript.ts'
import { GROUPS, reportOf } from '../../src/monitor/report.ts'
import { indexedWorld } from '../../src/sources/history-index.ts'
import { FIXTURES, tempFolder } from '../helpers/folder.ts'

const loadPrice = async () => priceList()
const ALL = { since: 0, until: Number.POSITIVE_INFINITY, project: '' }

/** Every report of what is under a folder. */
async function reports(root: string, folder: string) {
  const world = await indexedWorld({ root, folder, loadPrice })
  return GROUPS.map(by => reportOf(world, { by, ...ALL }))
}

/** A copy of all recorded sessions. */
function copied(): string {
  const root = tempFolder()
  cpSync(FIXTURES, root, { recursive: true })
  return root
}

const fresh = (root: string) => reports(root, tempFolder())

describe('an index', () => {
  test('that is there gives the same, and is not written anew', async () => {
    const root = copied()
    const folder = tempFolder()
    const first = await reports(root, folder)
    const file = join(folder, indexIn(folder))
    const { ino, mode } = statSync(file)
    expect(await reports(root, folder)).toEqual(first)
    expect([statSync(file).ino, mode & 0o777]).toEqual([ino, 0o600])
  })

  test('of which any byte is not as it was written is made again', async () => {
    const root = copied()
    const folder = tempFolder()
    const first = await reports(root, folder)
    const file = join(folder, indexIn(folder))
    const bytes = readFileSync(file)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const other = Buffer.from(bytes)
          other[at] = (other[at] ?? 0) ^ by
          writeFileSync(file, other)
          expect(await reports(root, folder)).toEqual(first)
          expect(readFileSync(file).equals(bytes)).toBe(true)
        },
      ),
      { numRuns: 15 },
    )
  })

  test('goes on with what was appended, wherever it stopped', async () => {
    const source = copied()
    const whole = await fresh(source)
    const paths = findTranscripts(source).map(it => it.path)
    const texts = paths.map(path => readFileSync(path))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), async cuts => {
        const root = source
        const folder = tempFolder()
        paths.forEach((path, i) => {
          const text = texts[i] ?? Buffer.alloc(0)
          // In the middle of a line, too: it is being written.
          writeFileSync(path, text.subarray(0, Math.floor(text.length * (cuts[i] ?? 1))))
        })
        await reports(root, folder)
        paths.forEach((path, i) => {
          const text = texts[i] ?? Buffer.alloc(0)
          appendFileSync(path, text.subarray(statSync(path).size))
        })
        expect(await reports(root, folder)).toEqual(whole)
      }),
      { numRuns: 15 },
    )
  })

  test.each<[string, (root: string, path: string, index: string) => void]>([
    ['a transcript that is gone', (_, path) => rmSync(path)],
    ['one that was cut', (_, path) => writeFileSync(path, readFileSync(path).subarray(0, 5000))],
    [
      'one that was written anew under its name',
      (_, path) => {
        const text = readFileSync(path)
        rmSync(path)
        writeFileSync(path, text.subarray(0, text.length / 2))
      },
    ],
    [
      'one whose end was changed',
      (_, path) => {
        const text = readFileSync(path, 'utf8')
        writeFileSync(
          path,
          text.replace(/"output_tokens":\d(\d*)(?![\s\S]*"output_tokens")/, '"output_tokens":7$1'),
        )
      },
    ],
    ['an index that is none', (_root, _path, index) => writeFileSync(index, 'broken')],
    [
      'an index of another form',
      (_root, _path, index) => writeFileSync(index, readFileSync(index).subarray(0, 999)),
    ],
  ])('is made again after %s', async (_, spoil) => {
    const root = copied()
    const folder = tempFolder()
    await reports(root, folder)
    const [newest] = findTranscripts(root)
    spoil(root, newest?.path ?? '', join(folder, indexIn(folder)))
    expect(await reports(root, folder)).toEqual(await fresh(root))
    expect(await reports(root, folder)).toEqual(await fresh(root))
  })

  test('has the prices of today, whatever they were when it was made', async () => {
    const root = copied()
    const folder = tempFolder()
    await reports(root, folder)
    const doubled: Price = (model, tokens, at) => {
      const usd = priceList()(model, tokens, at)
      return usd === null ? null : usd * 2
    }
    const world = await indexedWorld({ root, folder, loadPrice: async () => doubled })
    const total = (of: World) => reportOf(of, { by: 'day', ...ALL }).total
    const before = total(await indexedWorld({ root, folder: tempFolder(), loadPrice }))
    expect(total(world)).toEqual({
      ...before,
      costUsd: expect.closeTo(before.costUsd * 2, 9),
      untoldUsd: expect.any(Number),
    })
  })

  test('that cannot be written changes nothing', async () => {
    const root = copied()
    const inTheWay = join(tempFolder(), 'a file')
    writeFileSync(inTheWay, '')
    expect(await reports(root, inTheWay)).toEqual(await fresh(root))
  })
})

function indexIn(folder: string): string {
  const [file = '', ...more] = readdirSync(folder)
  if (more.length > 0) throw new Error('more than one index')
  return file
}
