/** What does not fit in a file of the policy, all of it. */
import { basename } from 'node:path'
import { readText } from '../config/atomic-file.ts'
import { REPOSITORY_NAME } from '../config/load-policy.ts'
import { MANAGED_FILE, REPOSITORY_FILE, USER_FILE, type UserFile } from '../config/policy-schema.ts'
import { readManagedFile } from '../config/read-layer.ts'
import { type FileError, UsageError } from '../config/usage-error.ts'
import { inspectYaml, type YamlFile } from '../config/yaml-file.ts'
import { checkRules } from '../judge/check-rules.ts'
import { keymapOf } from '../ui/keymap.ts'
import type { Desk } from './desk.ts'

export interface Problem {
  readonly file: string
  /** 0 where it is the file as a whole. */
  readonly line: number
  readonly column: number
  readonly message: string
}

/** @throws UsageError when there is no such file */
export function problemsOf(file: string, desk: Desk, managed: boolean): Problem[] {
  const { places } = desk
  let text: string | null
  try {
    // A draft may be anybody's; the file in its place must be root's.
    text = file === places.managed ? readManagedFile(file, places.managedOwner) : readText(file)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return [{ file, line: 0, column: 0, message: error.message }]
  }
  if (text === null) throw new UsageError(`${file}: no such file`)
  return problemsIn(file, text, desk, managed)
}

/** Of a text that stands, or is to stand, in that file. */
export function problemsIn(file: string, text: string, desk: Desk, managed: boolean): Problem[] {
  const isRepository = basename(file) === REPOSITORY_NAME
  const schema =
    managed || file === desk.places.managed
      ? MANAGED_FILE
      : isRepository
        ? REPOSITORY_FILE
        : USER_FILE
  const { file: fits, problems } = inspectYaml(file, text, schema)
  const found = fits === null ? problems : [...checkRules(fits), ...keyProblems(fits)]
  return found.map(({ line, column, what }) => ({ file, line, column, message: what }))
}

/** Keys of the screen: they cannot be, or are two commands' on one screen. */
function keyProblems({ value, problemAt }: YamlFile<object>): FileError[] {
  if (!('keys' in value)) return []
  // What the schema of the user's file lets through there, and no other file has.
  const { problems } = keymapOf(value.keys as UserFile['keys'])
  return problems.map(({ command, what }) => problemAt(['keys', command], what))
}
