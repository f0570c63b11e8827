import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TranscriptFile } from '../../src/sources/transcript-file.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { callLine, text } from '../helpers/lines.ts'

it('reads a file anew that was deleted and written again', () => {
  const call = (id: string): string => callLine({ id }, { message: `msg_${id}` })
  const path = put(join(tempFolder(), 'x.jsonl'), text(call('a')))
  const calls: string[] = []
  const file = new TranscriptFile(
    { path, agent: '', from: 0, since: 0 },
    () => 0,
    e => {
      if (e.type === 'requested') calls.push(e.id)
    },
  )
  file.read('exact')
  rmSync(path)
  file.read('exact') // as after the watch's word that it is gone
  writeFileSync(path, text(call('b'), call('c'), call('d'))) // often under the same inode number
  file.read('exact')
  expect(calls).toEqual(['a', 'b', 'c', 'd'])
})
