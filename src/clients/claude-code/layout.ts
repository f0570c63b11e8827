/** Where Claude Code keeps its transcripts, and which file is one. */
import { closeSync, type Dirent, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'

export interface Transcript {
  readonly path: string
  /** The subagent whose file this is, `''` for a session's own. */
  readonly agent: string
  readonly size: number
  /** Unix ms */
  readonly changedAt: number
}

/** The client's own config folder: `$CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export function defaultRoot(env: NodeJS.ProcessEnv): string {
  return env.CLAUDE_CONFIG_DIR || join(homedir(), '.claude')
}

/** The folder to search: `projects` of a config folder, else the folder or file itself. */
export function transcriptsUnder(root: string): string {
  const projects = join(root, 'projects')
  return isFolder(projects) ? projects : root
}

/** Why nothing can be read there, in the system's words; `''` when it can, or is not there yet. */
export function whyUnreadable(root: string): string {
  try {
    const base = transcriptsUnder(root)
    if (isFolder(base)) readdirSync(base)
    return ''
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

/** All transcripts under a config folder, a folder, or one file; newest first. Never throws. */
export function findTranscripts(root: string): Transcript[] {
  const base = transcriptsUnder(root)
  const paths = isFolder(base) ? jsonlUnder(base) : [base]
  const found = paths.map(transcriptAt).filter(t => t !== null)
  return found.sort((a, b) => b.changedAt - a.changedAt)
}

/** Null when there is no such file, or it is not (yet) a transcript. */
export function transcriptAt(path: string): Transcript | null {
  if (!path.endsWith('.jsonl')) return null
  try {
    const { size, mtimeMs } = statSync(path)
    if (!isTranscript(path)) return null
    return { path, agent: agentOf(path), size, changedAt: mtimeMs }
  } catch {
    return null // gone again, or not readable: the next change tries once more
  }
}

/** A session's own transcript and those of its subagents, which lie in a folder of the same name. */
export function transcriptsOf(path: string): Transcript[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return []
  const paths = [path, ...jsonlUnder(path.replace(/\.jsonl$/, ''))]
  return paths.map(transcriptAt).filter(t => t !== null)
}

/** Whether a transcript is a session's own, or one of its subagents'. */
export function isOf(session: string, path: string): boolean {
  return basename(path) === `${session}.jsonl` || dirname(path).split(sep).includes(session)
}

/** The newest session of a folder, by the name that the client gives to the folder's transcripts. */
export function newestIn(folder: string, root: string): string | null {
  const name = folder.replace(/[^a-zA-Z0-9]/g, '-')
  const [newest] = findTranscripts(join(transcriptsUnder(root), name)).filter(it => it.agent === '')
  return newest === undefined ? null : basename(newest.path, '.jsonl')
}

/** `…/subagents/agent-<id>.jsonl` → `<id>`; a session's own file → `''`. */
export function agentOf(path: string): string {
  return /^agent-(.+)\.jsonl$/.exec(basename(path))?.[1] ?? ''
}

const SNIFF_BYTES = 1 << 18

/**
 * A transcript's lines have `sessionId` and `uuid`. Other JSONL files (hook logs, stream-json) are
 * passed over. Files in the client's own layout are taken at their name, even when still empty.
 */
function isTranscript(path: string): boolean {
  const name = basename(path)
  const inLayout = /^[0-9a-f-]{36}\.jsonl$/.test(name) || basename(dirname(path)) === 'subagents'
  return inLayout || head(path).split('\n').some(isTranscriptLine)
}

const isTranscriptLine = (line: string): boolean =>
  line.includes('"sessionId":"') && line.includes('"uuid":"')

function head(path: string): string {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(SNIFF_BYTES)
    return bytes.toString('latin1', 0, readSync(fd, bytes, 0, SNIFF_BYTES, 0))
  } finally {
    closeSync(fd)
  }
}

function jsonlUnder(folder: string): string[] {
  const found: string[] = []
  let entries: Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return found // a folder nobody may read hides only itself
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...jsonlUnder(path))
    else if (entry.name.endsWith('.jsonl')) found.push(path)
  }
  return found
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
