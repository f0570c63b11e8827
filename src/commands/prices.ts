import type { Price } from '../clients/claude-code/transcript.ts'
import type { Config } from '../config/config.ts'

/** The price list is large: loaded while the first bytes are already being read. */
export async function loadPrices(config: Config): Promise<Price> {
  const { priceList } = await import('../clients/claude-code/prices.ts')
  return priceList(config.prices)
}
