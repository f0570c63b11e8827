/** What `signalbox COMMAND --help` says beside the usage. */

export interface HelpText {
  /** What it does, in a sentence or two. */
  readonly does: string
  /** Each word and flag as the usage writes it, with its value: `--root DIR`. */
  readonly takes: Readonly<Record<string, string>>
  readonly examples: readonly string[]
  /** Where 0 is not all there is to say. */
  readonly exits?: string
}

export const JSON_OUT = { '--json': 'for programs: JSON on standard output' } as const
export const SECRETS = {
  '--show-secrets': 'secrets as they are, instead of a placeholder for each',
} as const
export const INSTALL = {
  '--install FILE': "the install.json of another state folder than this user's own",
} as const
export const ROOT = {
  '--root DIR': "the client's config folder, or a folder or file of transcripts",
} as const
export const BROKER = {
  '--nats URL': 'the broker: nats://HOST:4222 or tls://HOST, several with commas',
  '--creds FILE': 'who you are there: a credentials file of NATS, or the seed of an nkey',
  '--ca FILE': "the authority of the broker's certificate, in the place of the system's",
  '--organisation NAME': "whose stream it is; 'default' when not said",
} as const
export const TIMES = 'as 30m, 6h, 7d, or a date like 2026-11-23T10:00'
export const BAD = '2: wrong usage or bad input, with one line that says what.'
