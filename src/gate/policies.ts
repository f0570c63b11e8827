/** The policy in force, taken up anew whenever one of its files changes; the last good one otherwise. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { addTrust, type NewTrust, removeTrust, undoEdit } from '../config/edit-policy.ts'
import {
  configFile,
  dayOf,
  loadPolicy,
  REPOSITORY_NAME,
  withoutExpired,
} from '../config/load-policy.ts'
import type { Policy } from '../config/policy.ts'
import { UsageError } from '../config/usage-error.ts'
import type { PolicyHolder, TakeBack } from './parts.ts'

interface Known {
  /** What the files were when they were read. */
  readonly stamp: string
  readonly policy: Policy
  readonly error: string
}

export interface PolicyPlaces {
  /** Folder of config.yaml. */
  readonly config: string
  readonly managed: string
  readonly managedOwner: number
}

export class Policies implements PolicyHolder {
  readonly #places: PolicyPlaces
  readonly #known = new Map<string, Known>()

  constructor(places: PolicyPlaces) {
    this.#places = places
    this.of('')
  }

  /** Looks at the files' times at every call, which costs less than any watch could miss. */
  of(projectRoot: string): Policy {
    const stamp = this.#stamp(projectRoot)
    const known = this.#known.get(projectRoot)
    if (known?.stamp === stamp) return known.policy
    const loaded = loadPolicy({ ...this.#places, ...(projectRoot === '' ? {} : { projectRoot }) })
    const error = loaded.errors[0] ?? ''
    const good = error === '' ? withoutExpired(loaded.policy, dayOf(new Date())) : null
    // Broken from the start: what could be read is in force, without anything being approved.
    const policy = good ?? known?.policy ?? loaded.policy
    this.#known.set(projectRoot, { stamp, policy, error })
    return policy
  }

  get error(): string {
    return [...this.#known.values()].find(known => known.error !== '')?.error ?? ''
  }

  trust(entry: NewTrust): TakeBack {
    const edit = addTrust(configFile(this.#places.config), entry)
    return () => void undoEdit(edit)
  }

  untrust(entry: string, project: string): TakeBack {
    const edit = removeTrust(configFile(this.#places.config), entry, project || undefined)
    if (!edit.done) throw new UsageError(`your policy does not list ${entry}`)
    return () => void undoEdit(edit)
  }

  #stamp(projectRoot: string): string {
    const files = [configFile(this.#places.config), this.#places.managed]
    if (projectRoot !== '') files.push(join(projectRoot, REPOSITORY_NAME))
    // The day too: an entry may end with it.
    return [dayOf(new Date()), ...files.map(stampOf)].join(' ')
  }
}

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stats === undefined
    ? '-'
    : `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.mode}:${stats.uid}`
}
