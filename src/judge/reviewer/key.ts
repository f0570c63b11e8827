/** The key of a reviewer's API: from the environment or from a command, and never kept on disk. */
import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { promisify } from 'node:util'
import type { ReviewerKey } from '../../config/policy.ts'

const COMMAND_MS = 5000
/** A command may ask its user something each time. */
const KEEP_MS = 15 * 60_000
/** A gate that a hook started has no other. */
const PATH = '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin'

/** Why there is no key, for people. */
export class NoKey extends Error {}

export class Keys {
  readonly #env: NodeJS.ProcessEnv
  readonly #kept = new Map<string, { readonly key: string; readonly until: number }>()

  /** Commands that run: one that asks its user something asks once. */
  readonly #running = new Map<string, Promise<string>>()

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  /** The variable that a key should be in and is not, or `''`. No command is run for it. */
  lacks(from: ReviewerKey): string {
    return from.from === 'environment' && this.#inEnvironment(from.name) === '' ? from.name : ''
  }

  /** @returns null where none is needed. @throws NoKey */
  async of(from: ReviewerKey): Promise<string | null> {
    switch (from.from) {
      case 'nowhere':
        return null
      case 'environment': {
        const key = this.#inEnvironment(from.name)
        if (key === '') throw new NoKey(`${from.name} is not set where the gate was started`)
        return key
      }
      case 'command':
        return this.#once(from.command)
    }
  }

  /** It was not taken: the command is asked anew. */
  drop(): void {
    this.#kept.clear()
  }

  #inEnvironment(name: string): string {
    return this.#env[name]?.trim() ?? ''
  }

  #once(command: string): Promise<string> {
    const known = this.#kept.get(command)
    if (known !== undefined && known.until > performance.now()) return Promise.resolve(known.key)
    const running = this.#running.get(command) ?? this.#printed(command)
    this.#running.set(command, running)
    return running.finally(() => this.#running.delete(command))
  }

  async #printed(command: string): Promise<string> {
    const { HOME = homedir(), XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS, GNUPGHOME } = this.#env
    const env = { HOME, PATH, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS, GNUPGHOME }
    const key = await promisify(execFile)('/bin/sh', ['-c', command], { env, timeout: COMMAND_MS })
      .then(({ stdout }) => stdout.trim())
      // What it printed on its way may hold the key.
      .catch(() => {
        throw new NoKey('api_key_command failed')
      })
    if (!/^[\x21-\x7e]+$/.test(key)) throw new NoKey('api_key_command printed no key')
    this.#kept.set(command, { key, until: performance.now() + KEEP_MS })
    return key
  }
}
