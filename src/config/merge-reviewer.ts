/** Which reviewer is asked: the managed policy's, where it names or forbids one, else the user's. */
import { type Locked, type Note, originOf } from './layers.ts'
import type { Part } from './merge-trust.ts'
import type { ReviewerBudget, ReviewerKey, ReviewerSettings } from './policy.ts'
import type { ReviewerFile } from './reviewer-schema.ts'

const TIMEOUT_SECONDS = 15
const BUDGET: ReviewerBudget = {
  sessionUsd: 1,
  dayUsd: 5,
  sessionTokens: 1_000_000,
  dayTokens: 5_000_000,
}

export function mergeReviewer(
  managed: Part | null,
  user: Part | null,
  locked: Locked,
  note: Note,
): ReviewerSettings | null {
  const own = managed?.file.value.reviewer
  const isLocked = locked.has('reviewer')
  if (user?.file.value.reviewer && (own || isLocked))
    note(
      originOf('user', user.file, 'reviewer'),
      own
        ? 'the reviewer is settled by the managed policy'
        : "'reviewer' is locked by the managed policy",
    )
  const part = own || isLocked ? managed : user
  const given = part?.file.value.reviewer
  if (!part || !given) return null
  return { ...settingsOf(given), origin: originOf(part.layer, part.file, 'reviewer') }
}

function settingsOf(given: ReviewerFile): Omit<ReviewerSettings, 'origin'> {
  const { provider, model, base_url, timeout, budget } = given
  return {
    provider,
    model,
    baseUrl: (base_url ?? '').replace(/\/+$/, ''),
    key: keyOf(given),
    timeoutMs: (timeout ?? TIMEOUT_SECONDS) * 1000,
    budget: {
      sessionUsd: budget?.session_usd ?? BUDGET.sessionUsd,
      dayUsd: budget?.day_usd ?? BUDGET.dayUsd,
      sessionTokens: budget?.session_tokens ?? BUDGET.sessionTokens,
      dayTokens: budget?.day_tokens ?? BUDGET.dayTokens,
    },
  }
}

function keyOf({ provider, api_key_env, api_key_command }: ReviewerFile): ReviewerKey {
  if (api_key_command) return { from: 'command', command: api_key_command }
  const name = api_key_env ?? (provider === 'anthropic' ? 'ANTHROPIC_API_KEY' : null)
  return name === null ? { from: 'nowhere' } : { from: 'environment', name }
}
