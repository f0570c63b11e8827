/** The policy in force, taken up anew whenever one of its files changes; the last good one otherwise. */
import {
  addTrust,
  type NewTrust,
  removeTrust,
  type TrustPlace,
  undoEdit,
} from '../config/edit-policy.ts'
import { dayOf, withoutExpired } from '../config/load-policy.ts'
import { configFile } from '../config/paths.ts'
import type { Policy } from '../config/policy.ts'
import { PolicyFiles } from '../config/policy-files.ts'
import { UsageError } from '../config/usage-error.ts'
import { checkRules } from '../judge/check-rules.ts'
import type { PolicyHolder, TakeBack } from './parts.ts'

export interface PolicyPlaces {
  /** Folder of config.yaml. */
  readonly config: string
  readonly managed: string
  readonly managedOwner: number
}

export class Policies implements PolicyHolder {
  readonly #places: PolicyPlaces
  readonly #files: PolicyFiles
  readonly #clock: () => number
  #errors: readonly string[] = []

  /** @param clock Unix ms */
  constructor(places: PolicyPlaces, clock: () => number = Date.now) {
    this.#places = places
    this.#clock = clock
    this.#files = new PolicyFiles(places, checkRules)
    this.of('')
  }

  /** Looks at the files' times at every call, which costs less than what a watch could miss. */
  of(projectRoot: string): Policy {
    const { policy, errors } = this.#files.lookFor(projectRoot)
    this.#errors = errors
    return withoutExpired(policy, dayOf(new Date(this.#clock())))
  }

  get error(): string {
    return this.#errors[0] ?? ''
  }

  trust(entry: NewTrust): TakeBack {
    this.#mayEdit()
    const edit = addTrust(configFile(this.#places.config), entry)
    return () => void undoEdit(edit)
  }

  untrust(place: TrustPlace): TakeBack {
    this.#mayEdit()
    const edit = removeTrust(configFile(this.#places.config), place)
    if (!edit.done)
      throw new UsageError(`your policy does not list ${place.entry} under ${place.slot}`)
    return () => void undoEdit(edit)
  }

  /** What is written into a file that does not count would not hold, and look as if it did. */
  #mayEdit(): void {
    const [error] = this.#files.lookFor('').errors
    if (error !== undefined) throw new UsageError(error)
  }
}
