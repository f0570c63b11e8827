/**
 * What screens, hooks, checkpoints and the gate say to each other, as a number. Each request over a
 * socket carries it, and each answer of the gate: after an update some of them are still of before.
 */

/** Another number where the other side has to know. Asking for the status and to stop is the same in all. */
export const PROTOCOL = 1

export const PROTOCOL_HEADER = 'x-signalbox-protocol'
export const VERSION_HEADER = 'x-signalbox-version'

/** One end of a socket. */
export interface Side {
  readonly version: string
  /** 0: from before there was a number. */
  readonly protocol: number
}

/** @returns the number in a header; 0 where there is none */
export const protocolIn = (header: string | string[] | undefined): number => Number(header) || 0

/** What is said of a gate of another version, in one line; `''` when there is nothing to say. */
export function differenceOf(gate: Side, own: Side): string {
  if (gate.version === own.version && fits(gate.protocol, own.protocol)) return ''
  return `the gate is ${gate.version}, this is ${own.version}: signalbox gate restart`
}

/**
 * Whether they understand each other. One that names no number yet has all of what number 1 has: only the
 * number is new.
 */
export const fits = (one: number, other: number): boolean => (one || 1) === (other || 1)

/** Why a hook cannot be taken at its word, and what mends it; `''` when it can. */
export function hookProblem(protocol: number): string {
  if (fits(protocol, PROTOCOL)) return ''
  return protocol > PROTOCOL
    ? 'the hook is of a newer version than the gate: signalbox gate restart'
    : 'the hook is of an older version than the gate: signalbox init'
}
