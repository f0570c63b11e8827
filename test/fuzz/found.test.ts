/** What fuzzing once found (bench/prove/fuzz.ts) stays mended: each input is run again, as it was. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { TARGETS } from '../../bench/prove/fuzz/targets.ts'

const FOUND = join(import.meta.dirname, 'found')

const folders = readdirSync(FOUND)

test('every folder is of a target', () => {
  const names = TARGETS.map(it => it.name)
  expect(folders.filter(it => !names.includes(it))).toEqual([])
})

describe.each(TARGETS.filter(it => folders.includes(it.name)))('$name', target => {
  test.each(readdirSync(join(FOUND, target.name)))('%s', async name => {
    // Libraries warn on standard error, which is the screen.
    const warned = vi.spyOn(process, 'emitWarning')
    const bench = await target.open()
    try {
      const came = await bench.try(readFileSync(join(FOUND, target.name, name)))
      expect(typeof came).toBe('string')
      expect(warned).not.toHaveBeenCalled()
    } finally {
      bench.close()
    }
  })
})
