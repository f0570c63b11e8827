/** Whether a reviewer is configured, and its key can be had; the model itself is not asked. */
import type { Install } from '../../config/install.ts'
import type { ReviewerSettings } from '../../config/policy.ts'
import { Keys, NoKey } from '../../judge/reviewer/key.ts'
import { whoIs } from '../config-lines.ts'
import { gateStatus } from '../gate-control.ts'
import { type Check, ok, warning } from './check.ts'

const NAME = 'reviewer'
const MEND =
  "name a command that prints it in 'api_key_command', or run 'signalbox gate restart' where it is set"

/** Without a key nothing is less safe: a person is asked. So none of it is a problem. */
export async function reviewerCheck(
  settings: ReviewerSettings | null,
  install: Install,
): Promise<Check> {
  if (settings === null) return ok(NAME, 'none; what the judge is unsure of is asked of a person')
  const who = whoIs(settings)
  const { key } = settings
  switch (key.from) {
    case 'nowhere':
      return ok(NAME, `${who}, without a key`)
    case 'environment': {
      const status = await gateStatus(install.sockets)
      if ('failed' in status)
        return warning(NAME, `${who}: whether the gate has ${key.name} is not known`, MEND)
      return status.reviewerLacks === ''
        ? ok(NAME, `${who}, and the gate has ${key.name}`)
        : warning(NAME, `${who}: ${key.name} is not set where the gate was started`, MEND)
    }
    case 'command':
      return printsKey(key.command, who, install)
  }
}

/** As a gate would ask it that a hook started. */
async function printsKey(command: string, who: string, install: Install): Promise<Check> {
  try {
    await new Keys({ HOME: install.home }).of({ from: 'command', command })
    return ok(NAME, `${who}, and api_key_command prints a key`)
  } catch (error) {
    if (!(error instanceof NoKey)) throw error
    const mend = `try it as the gate does: env -i HOME="$HOME" /bin/sh -c '…'`
    return warning(NAME, `${who}: ${error.message}`, mend)
  }
}
