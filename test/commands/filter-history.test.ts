import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filterHistory } from '../../src/commands/filter-history.ts'
import { tempFolder } from '../helpers/folder.ts'

test('filters are kept for the next screen, for their owner only', () => {
  const env = { XDG_STATE_HOME: tempFolder() }
  expect(filterHistory(env).read()).toEqual([])
  filterHistory(env).keep(['tool:bash', 'text:"größe"'])
  expect(filterHistory(env).read()).toEqual(['tool:bash', 'text:"größe"'])
  const file = join(env.XDG_STATE_HOME, 'signalbox/filters.txt')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toBe('tool:bash\ntext:"größe"\n')
})

test('where they cannot be kept, they are not', () => {
  const state = tempFolder()
  writeFileSync(join(state, 'signalbox'), 'in the way')
  filterHistory({ XDG_STATE_HOME: state }).keep(['a'])
  expect(filterHistory({ XDG_STATE_HOME: state }).read()).toEqual([])
  const folder = tempFolder()
  mkdirSync(join(folder, 'signalbox/filters.txt'), { recursive: true })
  expect(filterHistory({ XDG_STATE_HOME: folder }).read()).toEqual([])
})
