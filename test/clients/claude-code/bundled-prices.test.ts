/** The program carries the prices of one vendor only; they are those of the package. */
import { join } from 'node:path'
import { findProvider } from '@pydantic/genai-prices'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { onePriceList } from '../../../build-prices.js'
import { priceList } from '../../../src/clients/claude-code/prices.ts'
import { tempFolder } from '../../helpers/folder.ts'

const TOKENS = {
  input: 1e6,
  output: 1e5,
  cacheRead: 1e6,
  cacheWrite5m: 1e4,
  cacheWrite1h: 1e3,
  thinking: 0,
}
const DAYS = [2024, 2025, 2026, 2027].map(year => Date.UTC(year, 5, 1))

test('every model costs in the bundle what it costs in the package', async () => {
  const outfile = join(tempFolder(), 'prices.mjs')
  const entryPoints = ['src/clients/claude-code/prices.ts']
  const options = { bundle: true, format: 'esm', platform: 'node', logLevel: 'silent' } as const
  await build({ ...options, entryPoints, outfile, plugins: [onePriceList] })
  const bundled = (await import(outfile)).priceList() as ReturnType<typeof priceList> // the same file
  const models = findProvider({ providerId: 'anthropic' })?.models.map(it => it.id) ?? []
  expect(models.length).toBeGreaterThan(10)
  for (const at of DAYS)
    for (const model of models)
      expect(bundled(model, TOKENS, at)).toBe(priceList()(model, TOKENS, at))
})
