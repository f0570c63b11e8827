/** The user's own editor, opened at a line. */
import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { asUsual } from '../config/umask.ts'
import { UsageError } from '../config/usage-error.ts'

type Style = (file: string, line: number) => string[]

const plus: Style = (file, line) => [`+${line}`, file]
const colon: Style = (file, line) => [`${file}:${line}`]
/** A window of its own returns at once, unless it is told to wait. */
const goTo: Style = (file, line) => ['--wait', '--goto', `${file}:${line}`]
const waiting: Style = (file, line) => ['--wait', `${file}:${line}`]

const STYLES: readonly (readonly [Style, readonly string[]])[] = [
  [plus, ['vi', 'vim', 'nvim', 'gvim', 'nano', 'pico', 'emacs', 'emacsclient', 'mg', 'jed']],
  [plus, ['micro', 'kak', 'joe', 'ne', 'mcedit']],
  [colon, ['hx', 'helix']],
  [goTo, ['code', 'code-insiders', 'codium', 'cursor', 'windsurf']],
  [waiting, ['subl', 'zed']],
]

/** @returns the arguments for the editor; one that is not known gets the file alone */
export function argumentsFor(editor: string, file: string, line: number): string[] {
  const name = basename(editor.trim().split(/\s+/)[0] ?? '')
  const style = STYLES.find(([, names]) => names.includes(name))?.[0]
  return style === undefined ? [file] : style(file, Math.max(1, line))
}

/** What git uses when nothing is chosen. */
const OTHERWISE = 'vi'
/** What a shell says of a command that is not there. */
const NOT_FOUND = 127

/**
 * Waits until the editor is closed.
 * @throws UsageError when there is none, or it says that it failed
 */
export function openEditor(env: NodeJS.ProcessEnv, file: string, line: number): void {
  const editor = env.VISUAL || env.EDITOR || OTHERWISE
  // The variable is a line for the shell, as git takes it: `code -n`.
  const args = ['-c', `${editor} "$@"`, 'sh', ...argumentsFor(editor, file, line)]
  const { status, signal } = asUsual(() => spawnSync('/bin/sh', args, { stdio: 'inherit', env }))
  if (status === NOT_FOUND)
    throw new UsageError(`${editor}: no such editor; name yours in the variable EDITOR`)
  if (status !== 0) throw new UsageError(`${editor}: ended with ${signal ?? status}`)
}
