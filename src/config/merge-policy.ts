/**
 * The layers put together: managed > user > project entry > repository. What the managed file
 * settles, no other file widens; what is passed over for that is noted with its line.
 */
import type { Role } from '../action/entry.ts'
import { builtInPolicy } from './built-in-policy.ts'
import {
  BUILT_IN,
  folderOf,
  type Layers,
  type Locked,
  type Note,
  originOf,
  type PassedOver,
  placeOf,
  type Sourced,
} from './layers.ts'
import { mergeFleet } from './merge-fleet.ts'
import { mergeAllowed, mergeModels, mergePlatforms } from './merge-lists.ts'
import { mergeReviewer } from './merge-reviewer.ts'
import { mergeRules, mergeRulesOff } from './merge-rules.ts'
import { type Part, sensitiveIn, trustIn } from './merge-trust.ts'
import type { Breaker, Origin, Policy } from './policy.ts'
import { LOCKS } from './policy-schema.ts'

export interface Merged {
  readonly policy: Policy
  /** Where each part that has no origin of its own comes from: `models.0`, `breaker.inRow`, … */
  readonly origins: Readonly<Record<string, Origin>>
  /** Lines that do not count, and why. */
  readonly notes: readonly string[]
  /** The same, to be looked at. */
  readonly passedOver: readonly PassedOver[]
}

export function mergePolicy(layers: Layers): Merged {
  const merge = new Merge(layers)
  const policy = merge.policy()
  const { origins, passedOver } = merge
  const notes = passedOver.map(
    ({ origin, why }) => `${placeOf(origin)}: ${why}, so this line does not count`,
  )
  return { policy, origins, notes, passedOver }
}

class Merge {
  readonly origins: Record<string, Origin> = {}
  readonly passedOver: PassedOver[] = []
  readonly #layers: Layers
  readonly #managed: Part | null
  readonly #user: Part | null
  readonly #locked: Locked

  constructor(layers: Layers) {
    this.#layers = layers
    this.#managed = layers.managed && { layer: 'managed', file: layers.managed }
    this.#user = layers.user && { layer: 'user', file: layers.user }
    this.#locked = new Set(layers.closed ? LOCKS : (layers.managed?.value.locked ?? []))
  }

  policy(): Policy {
    return {
      enabled: this.#enabled(),
      models: this.#named('models', mergeModels(this.#lists('models'), this.#note)),
      platforms: this.#named(
        'platforms',
        mergePlatforms(this.#platforms(), this.#note, this.#locked.has('roles')),
      ),
      platformsAreManaged: Boolean(this.#managed?.file.value.platforms),
      roles: { default: this.#defaultRole(), projects: this.#projectRoles() },
      trust: this.#parts('trust').flatMap(trustIn),
      sensitive: sensitiveIn(this.#parts()),
      rules: mergeRules(this.#layers, this.#locked, this.#note),
      rulesOff: mergeRulesOff(this.#layers, this.#locked, this.#note),
      breaker: this.#breaker(),
      allowIn: this.#named('allowIn', mergeAllowed(this.#lists('allow_in'), this.#note)),
      waits: {
        deniedSeconds: this.#scalar('waits', 'deniedSeconds', 'denied_seconds'),
        askSeconds: this.#scalar('waits', 'askSeconds', 'ask_seconds'),
      },
      journal: { keepDays: this.#scalar('journal', 'keepDays', 'keep_days') },
      redact: this.#named(
        'redact',
        this.#lists('redact').flatMap(it => it ?? []),
      ),
      reviewer: mergeReviewer(this.#managed, this.#user, this.#locked, this.#note),
      fleet: mergeFleet(this.#managed, this.#user, this.#locked, this.#note, this.origins),
      locked: this.#lockedNames(),
    }
  }

  #note: Note = (origin, why, by = 'managed') => {
    this.passedOver.push({ origin, why, by })
  }

  /** Highest first; without the user's where the managed policy has locked it. */
  #parts(lock?: Policy['locked'][number]): Part[] {
    const parts = [this.#managed, this.#user].filter(part => part !== null)
    return lock !== undefined && this.#locked.has(lock)
      ? parts.filter(part => part.layer === 'managed' || this.#passOver(part, lock))
      : parts
  }

  #passOver({ layer, file }: Part, lock: string): false {
    const origins: Origin[] = []
    const projects = Object.entries(file.value.projects ?? {})
    if (lock === 'trust') origins.push(...trustIn({ layer, file }).map(it => it.origin))
    if (lock === 'roles') {
      if (file.value.roles?.default) origins.push(originOf(layer, file, 'roles', 'default'))
      for (const [path, project] of projects)
        if (project?.role) origins.push(originOf(layer, file, 'projects', path, 'role'))
    }
    for (const origin of origins) this.#note(origin, `'${lock}' is locked by the managed policy`)
    return false
  }

  #enabled(): Policy['enabled'] {
    const { managed, user, closed } = this.#layers
    const own = user?.value.auto_mode
    const set = managed?.value.auto_mode
    if (user && own && (set || set === false))
      this.#note(
        originOf('user', user, 'auto_mode'),
        'whether auto mode is enabled is settled by the managed policy',
      )
    if (managed && set !== undefined && set !== null)
      this.origins.enabled = originOf('managed', managed, 'auto_mode')
    if (closed || set === false || set === 'off') return null
    const [file, layer, approval] = set
      ? ([managed, 'managed', set] as const)
      : ([user, 'user', own] as const)
    if (!file || !approval) return null
    const origin = originOf(layer, file, 'auto_mode')
    this.origins.enabled = origin
    return { by: approval.enabled_by, on: approval.enabled_on, origin }
  }

  #lists(key: 'models' | 'allow_in' | 'redact'): (readonly Sourced<string>[] | null)[] {
    return [this.#managed, this.#user].map(part => {
      const values = part?.file.value[key]
      if (!part || !values) return null
      return values.map((value, i) => ({ value, origin: originOf(part.layer, part.file, key, i) }))
    })
  }

  #platforms(): (readonly Sourced<{ platform: string; role: Role | null }>[] | null)[] {
    return [this.#managed, this.#user].map(part => {
      const values = part?.file.value.platforms
      if (!part || !values) return null
      return values.map((it, i) => ({
        value:
          typeof it === 'string'
            ? { platform: it, role: null }
            : { platform: it.platform, role: it.role ?? null },
        origin: originOf(part.layer, part.file, 'platforms', i),
      }))
    })
  }

  #named<T>(name: string, values: readonly Sourced<T>[]): T[] {
    for (const [i, { origin }] of values.entries()) this.origins[`${name}.${i}`] = origin
    return values.map(({ value }) => value)
  }

  #defaultRole(): Role {
    const [set, lower] = this.#parts('roles').filter(part => part.file.value.roles?.default)
    if (lower)
      this.#note(
        originOf(lower.layer, lower.file, 'roles', 'default'),
        'roles.default is settled by the managed policy',
      )
    this.origins['roles.default'] = set
      ? originOf(set.layer, set.file, 'roles', 'default')
      : BUILT_IN
    return set?.file.value.roles?.default ?? builtInPolicy.roles.default
  }

  #projectRoles(): Record<string, Role> {
    const roles: Record<string, Role> = {}
    const parts = this.#locked.has('roles')
      ? [this.#managed].filter(part => part !== null)
      : this.#parts()
    for (const { layer, file } of parts)
      for (const [path, project] of Object.entries(file.value.projects ?? {})) {
        const key = folderOf(path)
        if (!project?.role) continue
        const origin = originOf(layer, file, 'projects', path, 'role')
        if (roles[key] !== undefined) {
          const by = this.origins[`roles.projects.${key}`]?.layer
          this.#note(origin, `the role of ${key} is settled already`, by)
          continue
        }
        roles[key] = project.role
        this.origins[`roles.projects.${key}`] = origin
      }
    return roles
  }

  #breaker(): Breaker {
    const [set, lower] = this.#parts().filter(part => part.file.value.breaker?.unattended)
    if (lower)
      this.#note(
        originOf(lower.layer, lower.file, 'breaker', 'unattended'),
        'breaker.unattended is settled by the managed policy',
      )
    this.origins['breaker.unattended'] = set
      ? originOf(set.layer, set.file, 'breaker', 'unattended')
      : BUILT_IN
    return {
      inRow: this.#scalar('breaker', 'inRow', 'in_row'),
      of: this.#scalar('breaker', 'of', 'of'),
      last: this.#scalar('breaker', 'last', 'last'),
      unattended: set?.file.value.breaker?.unattended ?? builtInPolicy.breaker.unattended,
    }
  }

  /** A number that the highest layer settles. */
  #scalar<S extends 'breaker' | 'waits' | 'journal'>(
    section: S,
    name: keyof Policy[S] & string,
    key: string,
  ): number {
    const values = this.#parts().flatMap(({ layer, file }) => {
      const found: Readonly<Record<string, unknown>> = file.value[section] ?? {}
      const value = found[key]
      return typeof value === 'number'
        ? [{ value, origin: originOf(layer, file, section, key) }]
        : []
    })
    const [set, ...lower] = values
    for (const { origin } of lower)
      this.#note(origin, `${section}.${key} is settled by the managed policy`)
    this.origins[`${section}.${name}`] = set?.origin ?? BUILT_IN
    return set?.value ?? Number(builtInPolicy[section][name])
  }

  #lockedNames(): Policy['locked'] {
    const { managed } = this.#layers
    for (const [i] of (managed?.value.locked ?? []).entries())
      if (managed) this.origins[`locked.${i}`] = originOf('managed', managed, 'locked', i)
    return [...this.#locked]
  }
}
