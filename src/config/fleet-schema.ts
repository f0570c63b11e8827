/** `fleet:` of a policy file: what a relay tells, and who may act from elsewhere. */
import * as v from 'valibot'
import { list, text } from './entry-schema.ts'
import { REMOTE_RIGHTS } from './policy.ts'

const RIGHTS = list(v.picklist(REMOTE_RIGHTS, `must be one of ${REMOTE_RIGHTS.join(', ')}`))
const NKEY_SAYS = "must be the public nkey of a user (U…), as 'nk -inkey FILE -pubout' prints it"

export const FLEET = v.strictObject(
  {
    share: v.nullish(v.picklist(['reduced', 'redacted'], 'must be reduced or redacted')),
    remote: v.nullish(
      list(
        v.strictObject(
          {
            nkey: v.pipe(v.string(NKEY_SAYS), v.regex(/^U[A-Z2-7]{55}$/, NKEY_SAYS)),
            name: text('the name of who it is'),
            may: v.nullish(RIGHTS),
          },
          'must hold nkey and name, and may hold may',
        ),
      ),
    ),
    remote_may: v.nullish(RIGHTS),
  },
  'must hold share, remote or remote_may',
)
export type FleetFile = v.InferOutput<typeof FLEET>
