/** The last edits of trust, so that they can be taken back: a small file in the state folder. */
import { join } from 'node:path'
import * as v from 'valibot'
import { readText, withLock, writeAtomically } from './atomic-file.ts'
import { POLICY_EDIT, type PolicyEdit, undoEdit } from './edit-policy.ts'
import { UsageError } from './usage-error.ts'

const HISTORY = v.object({ edits: v.array(POLICY_EDIT) })
const MOST = 50

/** Remembers an edit that changed something. */
export function rememberEdit(state: string, edit: PolicyEdit): void {
  if (!edit.done) return
  const path = fileOf(state)
  withLock(path, () => write(path, [...read(path), edit]))
}

/** Takes the last remembered edit back. @returns what that did, or null when there is none */
export function undoLastEdit(state: string): PolicyEdit | null {
  const path = fileOf(state)
  return withLock(path, () => {
    const edits = read(path)
    const last = edits.at(-1)
    if (last === undefined) return null
    const undone = undoEdit(last)
    write(path, edits.slice(0, -1))
    return undone
  })
}

function fileOf(state: string): string {
  return join(state, 'trust-history.json')
}

function read(path: string): readonly PolicyEdit[] {
  const text = readText(path)
  if (text === null) return []
  try {
    return v.parse(HISTORY, JSON.parse(text)).edits
  } catch {
    throw new UsageError(`${path}: is no history of edits; remove it, and start with a new one`)
  }
}

function write(path: string, edits: readonly PolicyEdit[]): void {
  writeAtomically(path, `${JSON.stringify({ edits: edits.slice(-MOST) })}\n`)
}
