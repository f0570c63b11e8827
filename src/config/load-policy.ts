/** Reads the files of the policy and puts them together. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type * as v from 'valibot'
import type { Layers } from './layers.ts'
import { type Merged, mergePolicy } from './merge-policy.ts'
import type { RulesFile } from './merge-rules.ts'
import { configFile } from './paths.ts'
import type { Policy, PolicyEntry } from './policy.ts'
import { MANAGED_FILE, REPOSITORY_FILE, USER_FILE } from './policy-schema.ts'
import { readManagedFile, readRepositoryFile, readUserFile } from './read-layer.ts'
import { type FileError, UsageError } from './usage-error.ts'
import { parseYaml, type YamlFile } from './yaml-file.ts'

/** `config` and `managed` as in `Install`. */
export interface PolicySources {
  /** Folder of config.yaml. */
  readonly config: string
  /** The managed policy's file, whether or not there is one. */
  readonly managed: string
  /** User id that must own the managed file: 0 but in tests. */
  readonly managedOwner: number
  /** Project whose `.signalbox.yaml` counts too. */
  readonly projectRoot?: string
}

/**
 * What only the judge can tell of a file that fits its schema: whether its rules find what their
 * examples say, and whether there are the rules that it names.
 */
export type CheckRules = (file: RulesFile) => readonly FileError[]

export interface LoadedPolicy extends Merged {
  /**
   * One line for each file that does not fit, with file, line and column. With any, the policy is
   * what the other files say, but not enabled and (when it is the managed file) all locked: whoever
   * has an earlier one without errors keeps that.
   */
  readonly errors: readonly string[]
}

export const REPOSITORY_NAME = '.signalbox.yaml'

/** Reads all layers. Throws nothing over what is in the files, and changes none. */
export function loadPolicy(sources: PolicySources, checkRules: CheckRules): LoadedPolicy {
  const errors: string[] = []
  const layer = <S extends v.GenericSchema<unknown, RulesFile['value']>>(
    path: string,
    read: () => string | null,
    schema: S,
  ): YamlFile<v.InferOutput<S>> | null => {
    try {
      const text = read()
      const file = text === null ? null : parseYaml(path, text, schema)
      const [problem] = file === null ? [] : checkRules(file)
      if (problem !== undefined) throw problem
      return file
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      errors.push(error.message)
      return null
    }
  }
  const { managed: path, managedOwner, projectRoot } = sources
  const managed = layer(path, () => readManagedFile(path, managedOwner), MANAGED_FILE)
  const closed = errors.length > 0
  const own = configFile(sources.config)
  const user = layer(own, () => readUserFile(own), USER_FILE)
  const inRepository = projectRoot === undefined ? null : join(projectRoot, REPOSITORY_NAME)
  const repository =
    inRepository === null
      ? null
      : layer(inRepository, () => readRepositoryFile(inRepository), REPOSITORY_FILE)
  return { ...merged({ managed, user, repository, closed }, errors.length > 0), errors }
}

/** Where a file does not fit, what it denies is not known: then nothing is approved. */
function merged(layers: Layers, broken: boolean): Merged {
  const all = mergePolicy(layers)
  return broken ? { ...all, policy: { ...all.policy, enabled: null } } : all
}

/**
 * The policy without the entries that are over.
 * @param today ISO date in the user's time zone: the last day an entry counts is its own
 */
export function withoutExpired(policy: Policy, today: string): Policy {
  const counts = ({ expires }: PolicyEntry): boolean => expires === '' || today <= expires
  const { data, remoteTargets, iacScopes } = policy.sensitive
  if ([...policy.trust, ...data, ...remoteTargets, ...iacScopes].every(counts)) return policy
  return {
    ...policy,
    trust: policy.trust.filter(counts),
    sensitive: {
      data: data.filter(counts),
      remoteTargets: remoteTargets.filter(counts),
      iacScopes: iacScopes.filter(counts),
    },
  }
}

/** ISO date in the time zone of the machine. */
export function dayOf(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Names a policy in the journal: the same where it says the same, wherever it is written. */
export function policyHash(policy: Policy): string {
  const json = JSON.stringify(policy, (key, value: unknown) =>
    key === 'origin' ? undefined : value,
  )
  return createHash('sha256').update(json).digest('hex').slice(0, 16)
}
