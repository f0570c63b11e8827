/**
 * `signalbox config edit`: the user's editor on a draft, which takes the file's place only once it
 * fits. What is broken never counts, not for a moment.
 */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import {
  readSettingsFile,
  replaceSettingsFile,
  type SettingsFile,
} from '../clients/claude-code/settings-file.ts'
import { treeOf } from '../clients/claude-code/settings-text.ts'
import { withLock } from '../config/atomic-file.ts'
import { dayOf } from '../config/load-policy.ts'
import { configFile } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { safe } from '../monitor/safe-text.ts'
import { type Problem, problemsIn } from './config-problems.ts'
import { userTemplate } from './config-template.ts'
import type { Desk } from './desk.ts'
import { openEditor } from './editor.ts'
import { wordsAndFlagsOf } from './flags.ts'

/** @throws UsageError when there is nothing to edit, or no editor; then nothing was changed */
export async function edit(args: readonly string[], desk: Desk): Promise<number> {
  const { words, flags } = wordsAndFlagsOf(args, { at: 'string' })
  const [more] = words
  if (more !== undefined) throw new UsageError(`unexpected '${more}'; config edit takes --at FILE`)
  const { path, line } = placeIn(flags.at ?? configFile(desk.places.config), desk.cwd)
  const file = readSettingsFile(path)
  const begun = file.bytes ?? (path === configFile(desk.places.config) ? newFile(desk) : null)
  if (begun === null) throw new UsageError(`${path}: no such file`)
  mustBeOurs(file)
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-edit-'))
  const draft = join(folder, basename(path))
  writeFileSync(draft, begun, { mode: 0o600 })
  try {
    const given = await edited(file, { draft, begun, line }, desk)
    desk.print(safe(`${path}: ${given === 'saved' ? 'saved' : 'is as it was'}`))
    return given === 'misfit' ? 1 : 0
  } finally {
    if (isKept(draft, file, begun)) rmSync(folder, { recursive: true, force: true })
    else desk.print(safe(`what you wrote is in ${draft}`))
  }
}

/** Where there is no policy yet, it begins with all that can be said in it. */
const newFile = ({ now }: Desk): Buffer => Buffer.from(userTemplate({ by: '', on: dayOf(now) }))

/** Nothing of a draft is lost that did not take the file's place. */
function isKept(draft: string, { path }: SettingsFile, begun: Buffer): boolean {
  const written = readFileSync(draft)
  return begun.equals(written) || (readSettingsFile(path).bytes?.equals(written) ?? false)
}

/** `FILE`, `FILE:LINE` or `FILE:LINE:COLUMN`, as findings and errors name a place. */
function placeIn(text: string, cwd: string): { readonly path: string; readonly line: number } {
  const [, path = text, line = '1'] = /^(.+?):(\d+)(?::\d+)?$/.exec(text) ?? []
  return { path: resolve(cwd, path), line: Number(line) }
}

/** Before anything is typed that cannot be kept. */
function mustBeOurs({ path, target }: SettingsFile): void {
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    accessSync(dirname(target), constants.W_OK)
    if (existsSync(target)) accessSync(target, constants.W_OK)
  } catch {
    throw new UsageError(`${path}: is not yours to change; ask whoever administers it`)
  }
}

async function edited(
  file: SettingsFile,
  { draft, begun, line }: { draft: string; begun: Buffer; line: number },
  desk: Desk,
): Promise<'saved' | 'same' | 'misfit'> {
  for (let at = line; ; ) {
    openEditor(process.env, draft, at)
    const bytes = readFileSync(draft)
    if (begun.equals(bytes)) return 'same'
    const problems = problemsOf(file.path, bytes, desk)
    const [first] = problems
    if (first === undefined) {
      withLock(file.target, () => replaceSettingsFile(file, bytes))
      return 'saved'
    }
    for (const it of problems) desk.print(safe(`${it.line}:${it.column}: ${it.message}`))
    if (!(await desk.ask(`${basename(draft)} does not fit. Edit it again?`))) return 'misfit'
    at = first.line
  }
}

function problemsOf(path: string, bytes: Buffer, desk: Desk): readonly Omit<Problem, 'file'>[] {
  const text = bytes.toString('utf8')
  if (!path.endsWith('.json')) return problemsIn(path, text, desk, false)
  try {
    treeOf(path, text)
    return []
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const [, line = '1', column = '1'] = /:(\d+):(\d+): /.exec(error.message) ?? []
    return [{ line: Number(line), column: Number(column), message: error.message }]
  }
}
