/** `reviewer:` of a policy file: which model is asked, where, with whose key, and how much it may cost. */
import * as v from 'valibot'
import { text } from './entry-schema.ts'

const BASE_URL_SAYS = 'must be a base URL such as https://models.corp.example/v1'
const BASE_URL = v.pipe(
  v.string(BASE_URL_SAYS),
  v.check(isBaseUrl, BASE_URL_SAYS),
  v.check(
    isPrivate,
    'must be https://, or http:// on this machine or a private network: what is sent could be read on the way',
  ),
)

const between = (least: number, most: number, what: string) => {
  const says = `must be ${what} from ${least} to ${most}`
  return v.pipe(v.number(says), v.minValue(least, says), v.maxValue(most, says))
}
const dollars = between(0, 100_000, 'US dollars')
const tokens = between(0, 1_000_000_000, 'tokens')

const BUDGET = v.strictObject(
  {
    session_usd: v.nullish(dollars),
    day_usd: v.nullish(dollars),
    session_tokens: v.nullish(tokens),
    day_tokens: v.nullish(tokens),
  },
  'must hold session_usd, day_usd, session_tokens or day_tokens',
)

export const REVIEWER = v.pipe(
  v.strictObject(
    {
      provider: v.picklist(
        ['anthropic', 'openai-compatible'],
        'must be anthropic or openai-compatible',
      ),
      model: text('the id of a model'),
      base_url: v.nullish(BASE_URL),
      api_key_env: v.nullish(
        v.pipe(
          text('the name of an environment variable'),
          v.regex(
            /^[A-Za-z_]\w*$/,
            'must be the name of an environment variable, not the key itself',
          ),
        ),
      ),
      api_key_command: v.nullish(text('a command that prints the key')),
      timeout: v.nullish(between(1, 120, 'seconds')),
      budget: v.nullish(BUDGET),
    },
    'must hold provider and model, and may hold base_url, api_key_env or api_key_command, timeout and budget',
  ),
  v.forward(
    v.check(
      it => it.provider === 'anthropic' || Boolean(it.base_url),
      'is missing: an openai-compatible reviewer has no URL of its own, such as http://127.0.0.1:11434/v1',
    ),
    ['base_url'],
  ),
  v.forward(
    v.check(it => !(it.api_key_env && it.api_key_command), 'cannot stand beside api_key_command'),
    ['api_key_env'],
  ),
)

export type ReviewerFile = v.InferOutput<typeof REVIEWER>

function isBaseUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}

/** A name without a dot, or one of a private network, is not reached from outside. */
function isPrivate(text: string): boolean {
  if (!URL.canParse(text)) return true // said by the check before
  const { protocol, hostname } = new URL(text)
  return (
    protocol === 'https:' ||
    /^(localhost|127(\.\d+){3}|\[::1\]|10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|\[f[cd][0-9a-f]{2}:[0-9a-f:]*\])$/.test(
      hostname,
    ) ||
    /^[^.:]+$/.test(hostname) ||
    /\.(local|internal|lan|home\.arpa)$/.test(hostname)
  )
}
