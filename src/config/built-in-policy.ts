/** What holds where no file says otherwise: nothing is approved until somebody enables it. */
import { type Policy, REMOTE_RIGHTS } from './policy.ts'

export const builtInPolicy: Policy = {
  enabled: null,
  models: [
    'claude-opus-4-6*',
    'claude-opus-4-7*',
    'claude-opus-4-8*',
    'claude-opus-5*',
    'claude-sonnet-4-6*',
    'claude-sonnet-5*',
    'claude-haiku-5-5*',
    'claude-fable*',
  ],
  platforms: [{ platform: 'anthropic', role: null }],
  platformsAreManaged: false,
  roles: { default: 'guard', projects: {} },
  trust: [],
  sensitive: { data: [], remoteTargets: [], iacScopes: [] },
  rules: [],
  rulesOff: [],
  breaker: { inRow: 3, of: 10, last: 50, unattended: 'deny' },
  allowIn: ['auto'],
  waits: { deniedSeconds: 10, askSeconds: 540 },
  journal: { keepDays: 30 },
  redact: [],
  reviewer: null,
  fleet: { share: 'reduced', remote: [], remoteMay: [...REMOTE_RIGHTS] },
  locked: [],
}
