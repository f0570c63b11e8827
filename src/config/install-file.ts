/** The record that `signalbox init` leaves: whether and where a gate is on this machine. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { INSTALL, type Install } from './install.ts'
import { stateFolder } from './paths.ts'
import { UsageError } from './usage-error.ts'

export const installFile = (env: NodeJS.ProcessEnv): string =>
  join(stateFolder(env), 'install.json')

/**
 * @param given the file that the user named: then it must be there
 * @returns null when no gate is installed
 * @throws UsageError on a file that is no such record
 */
export function readInstall(env: NodeJS.ProcessEnv, given?: string): Install | null {
  const path = given ?? installFile(env)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    if (given === undefined) return null
    throw new UsageError(`--install ${given}: cannot be read`)
  }
  try {
    return v.parse(INSTALL, JSON.parse(text))
  } catch {
    throw new UsageError(`${path}: is no install record; run 'signalbox init' again`)
  }
}
