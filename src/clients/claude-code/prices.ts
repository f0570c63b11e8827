/**
 * What a model's tokens cost. Rates come from the user's config, else from the maintained package
 * `@pydantic/genai-prices`, else from a dated table for what the package lacks.
 */
import { calcPrice } from '@pydantic/genai-prices'
import type { Tokens } from '../../action/action.ts'
import type { Price } from './transcript.ts'

/** US dollars per million tokens. */
export interface Rates {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
}

/** Rates of one model, and those of a prompt longer than `above` tokens where they differ. */
interface ModelRates {
  readonly base: Rates
  readonly long?: { readonly above: number; readonly rates: Rates }
}

interface Dated {
  readonly rates: ModelRates | null
  /** Not of that day alone. */
  readonly always: boolean
}

/**
 * Missing in the package's 0.1.8, from the vendor's pricing page as of October 2026. Where the page
 * and the package differ, the package stands.
 */
const LOCAL: Readonly<Record<string, ModelRates>> = {
  'claude-fable-5-1': { base: rates(10, 50, 0.25) },
  'claude-haiku-5-5': {
    base: rates(0.1, 0.5, 0.01),
    long: { above: 100_000, rates: rates(0.5, 2.5, 0.05) },
  },
}

/** Anthropic's cache writes cost 1.25 × (5 minutes) and 2 × (1 hour) the input. */
function rates(input: number, output: number, cacheRead: number): Rates {
  return { input, output, cacheRead, cacheWrite5m: input * 1.25, cacheWrite1h: input * 2 }
}

const DAY_MS = 86_400_000

/** @param overrides the user's own rates, by model id */
export function priceList(overrides: Readonly<Record<string, Rates>> = {}): Price {
  const known = new Map<string, ModelRates | null>()
  const ratesOn = (model: string, day: number): ModelRates | null => {
    const dated = `${model} ${day}`
    const key = known.has(model) ? model : dated
    const before = known.get(key)
    if (before !== undefined) return before
    const { rates, always } = ratesOf(model, new Date(day * DAY_MS), overrides)
    known.set(always ? model : dated, rates)
    return rates
  }
  const last = { model: '', day: -1, rates: null as ModelRates | null } // null until the first call
  return (model, tokens, at) => {
    const day = Math.floor(at / DAY_MS)
    if (model !== last.model || day !== last.day) {
      Object.assign(last, { model, day, rates: ratesOn(model, day) })
    }
    return last.rates === null ? null : costOf(tokens, last.rates)
  }
}

function ratesOf(model: string, at: Date, overrides: Readonly<Record<string, Rates>>): Dated {
  const own = overrides[model]
  if (own !== undefined) return { rates: { base: own }, always: true }
  const name = model.replace(/\[[^\]]*\]$/, '')
  const local = LOCAL[name.replace(/-\d{8}$/, '')] ?? null
  return fromPackage(name, at) ?? { rates: local, always: true }
}

function fromPackage(model: string, timestamp: Date): Dated | null {
  const price = calcPrice({ input_tokens: 1 }, model, { providerId: 'anthropic', timestamp })
  if (price === null) return null
  // A list has the prices of several times.
  const always = !Array.isArray(price.model.prices)
  const read = (name: string, tier: boolean): number => {
    const value = price.model_price[name]
    if (typeof value !== 'object') return value ?? 0
    return (tier ? value.tiers[0]?.price : undefined) ?? value.base
  }
  const all = (tier: boolean): Rates => ({
    input: read('input_mtok', tier),
    output: read('output_mtok', tier),
    cacheRead: read('cache_read_mtok', tier),
    cacheWrite5m: read('cache_write_mtok', tier),
    cacheWrite1h: read('cache_write_1h_mtok', tier) || read('cache_write_mtok', tier),
  })
  const input = price.model_price.input_mtok
  const above = typeof input === 'object' ? input.tiers[0]?.start : undefined
  const base = all(false)
  const rates = above === undefined ? { base } : { base, long: { above, rates: all(true) } }
  return { rates, always }
}

function costOf(tokens: Tokens, model: ModelRates): number {
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h
  const r = model.long !== undefined && prompt > model.long.above ? model.long.rates : model.base
  const micro =
    tokens.input * r.input +
    tokens.output * r.output +
    tokens.cacheRead * r.cacheRead +
    tokens.cacheWrite5m * r.cacheWrite5m +
    tokens.cacheWrite1h * r.cacheWrite1h
  return micro / 1_000_000
}
