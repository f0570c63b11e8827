import { parseArgs } from 'node:util'
import { UsageError, WordsError } from '../config/usage-error.ts'
import type { Kinds } from './flags.ts'

export interface Options {
  readonly paths: readonly string[]
  readonly root: string | undefined
  readonly once: boolean
  readonly json: boolean
  readonly plain: boolean
  /** Unix ms */
  readonly since: number | undefined
  readonly limit: number | undefined
  readonly theme: string | undefined
  readonly speed: number | undefined
  /** The install record, where it is not in its usual place. */
  readonly install: string | undefined
  readonly readOnly: boolean
  readonly 'show-secrets': boolean
  /** The id of a session, the beginning of one, or `.`: the newest of this folder. */
  readonly session: string | undefined
  /** A broker in the place of this machine's transcripts. */
  readonly nats: string | undefined
  readonly creds: string | undefined
  readonly ca: string | undefined
  readonly organisation: string | undefined
}

/** As they are written, without the dashes. */
export type Name = keyof typeof KINDS | 'paths'

const KINDS = {
  root: { type: 'string' },
  once: { type: 'boolean' },
  json: { type: 'boolean' },
  plain: { type: 'boolean' },
  since: { type: 'string' },
  limit: { type: 'string' },
  theme: { type: 'string' },
  speed: { type: 'string' },
  install: { type: 'string' },
  'read-only': { type: 'boolean' },
  'show-secrets': { type: 'boolean' },
  session: { type: 'string' },
  nats: { type: 'string' },
  creds: { type: 'string' },
  ca: { type: 'string' },
  organisation: { type: 'string' },
} as const

/** The flags among what a command takes. */
export const flagsAmong = (names: readonly Name[]): Kinds =>
  Object.fromEntries(names.flatMap(name => (name === 'paths' ? [] : [[name, KINDS[name].type]])))

/**
 * @param allowed what the command takes
 * @throws UsageError on anything else, and on a value that is no such thing
 */
export function optionsOf(args: readonly string[], allowed: readonly Name[]): Options {
  const { values, positionals } = parsed(args)
  for (const name of Object.keys(values) as Name[]) // the parser gives only names of KINDS
    if (!allowed.includes(name)) throw new WordsError(`--${name} does not go with this command`)
  if (positionals.length > 0 && !allowed.includes('paths'))
    throw new WordsError(`unexpected '${positionals[0]}'`)
  if (values.json && values.plain) throw new UsageError('--json and --plain exclude each other')
  return {
    paths: positionals,
    root: values.root,
    once: values.once ?? false,
    json: values.json ?? false,
    plain: values.plain ?? false,
    since: values.since === undefined ? undefined : timeOf('--since', values.since),
    limit: values.limit === undefined ? undefined : countOf('--limit', values.limit),
    theme: values.theme,
    speed: values.speed === undefined ? undefined : speedOf(values.speed),
    install: values.install,
    readOnly: values['read-only'] ?? false,
    'show-secrets': values['show-secrets'] ?? false,
    session: values.session,
    nats: values.nats,
    creds: values.creds,
    ca: values.ca,
    organisation: values.organisation,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: KINDS, allowPositionals: true })
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : String(error)).split(/[.\n] ?/)
    throw new WordsError(`${what}`)
  }
}

function countOf(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${flag} takes a whole number, not '${text}'`)
  return Number(text)
}

function speedOf(text: string): number {
  const speed = Number(text)
  if (!(speed > 0)) throw new UsageError(`--speed takes a number above 0, not '${text}'`)
  return speed
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30m`, `6h`, `7d`, or anything `Date` reads. */
/** @returns Unix ms @throws UsageError on what is no time */
export function timeOf(flag: string, text: string): number {
  const ago = /^(\d+)([mhd])$/.exec(text)
  const unit = ago?.[2] === 'm' || ago?.[2] === 'h' || ago?.[2] === 'd' ? ago[2] : null
  if (ago !== null && unit !== null) return Date.now() - Number(ago[1]) * UNITS[unit]
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw new UsageError(
      `${flag} takes '30m', '6h', '7d' or a date like 2026-11-23T10:00, not '${text}'`,
    )
  return at
}
