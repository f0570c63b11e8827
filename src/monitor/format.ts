/** Numbers for people: short, aligned by the caller. */
import { glyphs } from './glyphs.ts'

export function clock(at: number): string {
  const d = new Date(at)
  return [d.getHours(), d.getMinutes(), d.getSeconds()]
    .map(n => String(n).padStart(2, '0'))
    .join(':')
}

/** Milliseconds, as `35ms`, `1.2s`, `3m20s`, `2h05m`, `3d4h`; `-` when not known. */
export function duration(ms: number | null): string {
  if (ms === null) return '-'
  if (ms < 0) return '0ms' // the clock was set back
  if (ms < 999.5) return `${Math.round(ms)}ms`
  const s = ms / 1000
  if (s < 99.95) return `${s.toFixed(1)}s`
  const minutes = Math.floor(s / 60)
  if (minutes < 60) return `${minutes}m${pad(s % 60)}s`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours}h${pad(minutes % 60)}m` : `${Math.floor(hours / 24)}d${hours % 24}h`
}

const pad = (n: number): string => String(Math.floor(n)).padStart(2, '0')

/** US dollars; `?` when not known. Small amounts keep three digits that matter. */
export function usd(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '?'
  if (value === 0) return '$0'
  if (value < 0.995) return `$${value.toFixed(value < 0.0995 ? 4 : 3)}`
  return value < 999.5 ? `$${value.toFixed(2)}` : `$${grouped(Math.round(value))}`
}

/** A count as `950`, `12.3k`, `4.1M`, `2.0G`. */
export function amount(n: number): string {
  if (n < 1000) return String(Math.round(n))
  if (n < 999_500) return `${short(n / 1000)}k`
  return n < 999_500_000 ? `${short(n / 1e6)}M` : `${short(n / 1e9)}G`
}

/** @param uncounted answers whose tokens are not told */
export function tokensText(tokens: number, uncounted: number): string {
  if (uncounted === 0) return amount(tokens)
  return tokens === 0 ? '?' : `${amount(tokens)}+?`
}

const short = (n: number): string => n.toFixed(n < 99.95 ? 1 : 0)

export const grouped = (n: number): string => n.toLocaleString('en-US')

/** `1 session`, `2,000 sessions` */
export const plural = (n: number, word: string): string =>
  `${grouped(n)} ${word}${n === 1 ? '' : 's'}`

/** One bar a number; zero is a space's height. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 1)
  const bars = glyphs().levels.slice(1)
  return values
    .map(v => bars[v <= 0 ? 0 : Math.max(1, Math.ceil((v / most) * (bars.length - 1)))])
    .join('')
}
