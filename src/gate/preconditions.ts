/** What must hold before anything is approved, and which role follows (DESIGN section 5). */
import type { EntryOf, Role } from '../action/entry.ts'
import type { HookEnvironment } from '../clients/claude-code/hook-payload.ts'
import type { Policy } from '../config/policy.ts'

export type Preconditions = EntryOf<'session'>['preconditions']

/**
 * @param model the session's, `''` when not known: then it is not allowed
 * @param byHand somebody started a checkpoint with this platform behind it, which lists it unless an
 * administrator says which ones are
 */
export function preconditionsOf(
  policy: Policy,
  env: HookEnvironment,
  model: string,
  byHand = false,
): Preconditions {
  const platform = platformOf(env)
  return {
    enabled: policy.enabled === null ? '' : `${policy.enabled.by}, ${policy.enabled.on}`,
    model,
    modelAllowed: model !== '' && policy.models.some(pattern => matches(pattern, model)),
    platform,
    platformAllowed:
      policy.platforms.some(listed => sameUrl(listed.platform, platform)) ||
      (byHand && !policy.platformsAreManaged),
  }
}

/** `anthropic`, a cloud's name, or the gateway's base URL. */
export function platformOf({ baseUrl, cloud }: HookEnvironment): string {
  if (cloud !== '') return cloud
  if (baseUrl === '' || sameUrl(baseUrl, 'https://api.anthropic.com')) return 'anthropic'
  return baseUrl
}

/** Which of them is not met, for people; `''` when all are. */
export function unmet(of: Preconditions): string {
  if (of.enabled === '') return 'auto mode was not enabled (signalbox init)'
  if (of.model === '') return 'the model is not known yet'
  if (!of.modelAllowed) return `the policy does not list the model ${of.model}`
  return of.platformAllowed ? '' : `the policy does not list the platform ${of.platform}`
}

export interface RoleFacts {
  readonly policy: Policy
  readonly preconditions: Preconditions
  /** Of the policy: the project, or a client on another machine. */
  readonly scope: string
  /** The client said that its own check is out of reach. */
  readonly clientCannotCheck: boolean
}

export function roleOf(facts: RoleFacts): { role: Role; why: string } {
  const { policy, preconditions, scope } = facts
  const { role, why } = wantedRole(facts)
  if (role !== 'decide') return { role, why }
  const missing = unmet(preconditions)
  if (missing !== '') return { role: 'guard', why: `approves nothing: ${missing}` }
  return { role, why: policy.roles.projects[scope] === role ? 'set for the project' : why }
}

function wantedRole({ policy, preconditions, scope, clientCannotCheck }: RoleFacts): {
  role: Role
  why: string
} {
  const project = policy.roles.projects[scope]
  if (project !== undefined) return { role: project, why: 'set for the project' }
  const listed = policy.platforms.find(p => sameUrl(p.platform, preconditions.platform))
  if (listed?.role) return { role: listed.role, why: `set for ${listed.platform}` }
  const { default: usual } = policy.roles
  if (usual === 'guard' && clientCannotCheck)
    return { role: 'decide', why: 'the client cannot check by itself' }
  return { role: usual, why: usual === 'guard' ? "the client's own check decides the rest" : 'set' }
}

const matches = (pattern: string, model: string): boolean => {
  const plain = model.replace(/\[[^\]]*\]$/, '')
  return pattern.endsWith('*') ? plain.startsWith(pattern.slice(0, -1)) : plain === pattern
}

const sameUrl = (a: string, b: string): boolean => a.replace(/\/+$/, '') === b.replace(/\/+$/, '')
