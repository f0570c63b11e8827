/** Colours as eyes see them: how far two stand apart, also for who lacks a kind of cone. */

type Triple = readonly [number, number, number]

export type Vision = 'all cones' | 'protanopia' | 'deuteranopia' | 'tritanopia'

/**
 * On linear RGB, severity 1.0: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based
 * Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, the table of its supplement.
 */
const MACHADO: Readonly<Record<Vision, readonly [Triple, Triple, Triple]>> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** From 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(linear(one)), luminance(linear(other))].sort(
    (a, b) => a - b,
  )
  return (light + 0.05) / (dark + 0.05)
}

/** CIE 1976: 2.3 is just seen side by side, 100 lies between black and white. */
export function distance(one: string, other: string, vision: Vision): number {
  const [a, b] = [labOf(seen(linear(one), vision)), labOf(seen(linear(other), vision))]
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

function linear(hex: string): Triple {
  const at = (i: number): number => {
    const x = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
  }
  return [at(1), at(3), at(5)]
}

function seen(color: Triple, vision: Vision): Triple {
  const [r, g, b] = MACHADO[vision]
  const of = (row: Triple): number => Math.min(1, Math.max(0, dot(row, color)))
  return [of(r), of(g), of(b)]
}

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

const luminance = (color: Triple): number => dot([0.2126, 0.7152, 0.0722], color)

/** With the white of sRGB, D65. */
function labOf(color: Triple): Triple {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const x = f(dot([0.4124, 0.3576, 0.1805], color) / 0.9505)
  const y = f(luminance(color))
  const z = f(dot([0.0193, 0.1192, 0.9505], color) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}
