/**
 * Facts for the judge, gathered by reading files and nothing else: a program such as `git status`
 * would run what the project's own settings name.
 */
import { lstat, readFile, readlink, stat } from 'node:fs/promises'
import { dirname, posix } from 'node:path'
import type { Effects } from './effects/effect.ts'
import { commandOf, effectsOf } from './effects/effects.ts'
import { type Repository, readRepository } from './git-files.ts'
import { emptyLedger } from './ledger.ts'
import type { Facts, FileFact, ToolCall } from './types.ts'

/** What is trusted of the project, kept from the first session that was seen in it. */
export interface Baseline {
  /** Null: none was kept, so what is there now counts. */
  readonly remotes: Readonly<Record<string, string>> | null
  readonly createdByAgent: readonly string[]
}

export interface Gathering {
  readonly cwd: string
  readonly projectRoot: string
  readonly home: string
  readonly call: ToolCall
  readonly words: readonly string[]
  readonly baseline: Baseline
  readonly guarded: readonly string[]
}

const MAX_FILE = 64 * 1024
const MAX_FILES = 40
interface Seen {
  readonly files: Record<string, FileFact>
  /** What is no link: looked at once for all paths below it. */
  readonly plain: Set<string>
}

const NO_REPOSITORY: Repository = { branch: '', defaultBranch: '', remotes: {} }

/** @param deadlineMs what is not read by then stays unknown */
export async function gatherFacts(it: Gathering, deadlineMs: number): Promise<Facts> {
  const end = Date.now() + deadlineMs
  const files: Record<string, FileFact> = {}
  const seen: Seen = { files, plain: new Set() }
  await inTime(links(it.cwd, seen), end)
  await inTime(links(it.projectRoot, seen), end)
  const repository = (await inTime(readRepository(it.cwd, it.home), end)) ?? NO_REPOSITORY
  const facts: Facts = {
    cwd: it.cwd,
    projectRoot: it.projectRoot,
    home: it.home,
    branch: repository.branch,
    defaultBranch: repository.defaultBranch,
    remotes: it.baseline.remotes ?? repository.remotes,
    remotesNow: repository.remotes,
    words: it.words,
    createdByAgent: it.baseline.createdByAgent,
    files,
    guarded: it.guarded,
  }
  const settings = settingsOf(it.call, facts).map(path => look(path, seen))
  await inTime(Promise.all([...settings, currentCluster(it.home, it.call, files)]), end)
  // A script that is read names more files: twice is enough for a script in a script.
  for (let turn = 0; turn < 2 && Date.now() < end; turn++) {
    const wanted = touched(effectsOf(it.call, { ...facts, files }, emptyLedger), facts)
    const fresh = wanted.filter(path => files[path] === undefined).slice(0, MAX_FILES)
    if (fresh.length === 0) break
    await inTime(Promise.all(fresh.map(path => look(path, seen))), end)
  }
  return { ...facts, files }
}

/** Beside what a program is given it reads its own settings, and they say where it goes. */
const SETTINGS: readonly (readonly [program: RegExp, files: readonly string[]])[] = [
  [/\b(ssh|scp|sftp|rsync|git|sshfs|autossh|mosh)\b/, ['~/.ssh/config']],
  [/\b(pip3?|uv|poetry|pdm|pipx|hatch)\b/, ['requirements.txt', 'pyproject.toml']],
  [/\bcargo\b/, ['Cargo.toml']],
  [/\bgo (get|install)\b/, ['go.mod']],
  [/\b(gem|bundle)\b/, ['Gemfile']],
  [/\bcomposer\b/, ['composer.json']],
]

function settingsOf(call: ToolCall, { cwd, home }: Facts): readonly string[] {
  const command = commandOf(call)
  if (command === null) return []
  return SETTINGS.filter(([program]) => program.test(command.slice(0, MAX_FILE))).flatMap(
    ([, files]) =>
      files.map(file =>
        file.startsWith('~/') ? posix.join(home, file.slice(2)) : posix.join(cwd, file),
      ),
  )
}

/** Of the clusters' file only which one is meant: the rest of it is keys. */
async function currentCluster(
  home: string,
  call: ToolCall,
  files: Record<string, FileFact>,
): Promise<void> {
  if (
    !/\b(kubectl|helm|k|oc|kustomize|argocd|flux)\b/.test(commandOf(call)?.slice(0, MAX_FILE) ?? '')
  )
    return
  const path = posix.join(home, '.kube/config')
  const fact = await factOf(path)
  const line = fact.kind === 'file' ? /^current-context:.*$/m.exec(fact.content)?.[0] : undefined
  if (line !== undefined) files[path] = { kind: 'file', content: line }
}

/** Paths that the effects name, the scripts that are run, and the manifests that say what they are. */
function touched({ effects }: Effects, facts: Facts): readonly string[] {
  const paths = new Set([
    posix.join(facts.projectRoot, 'package.json'),
    posix.join(facts.cwd, 'package.json'),
  ])
  for (const effect of effects) {
    switch (effect.kind) {
      case 'read':
      case 'write':
      case 'delete':
        if (effect.target.path !== null) paths.add(effect.target.path)
        break
      case 'exec':
        for (const word of effect.what.split(/\s+/).slice(0, 4))
          if (/[./]/.test(word) && !word.startsWith('-')) paths.add(posix.resolve(facts.cwd, word))
        break
      case 'send':
      case 'receive':
      case 'vcs':
      case 'cloud':
      case 'privilege':
      case 'persist':
      case 'guard-config':
        break
    }
  }
  return [...paths]
}

async function look(path: string, seen: Seen): Promise<void> {
  const { files } = seen
  await links(path, seen)
  if (files[path] !== undefined) return
  files[path] = await factOf(path)
}

async function factOf(path: string): Promise<FileFact> {
  try {
    const status = await stat(path)
    if (status.isDirectory()) return { kind: 'folder' }
    // A pipe or a device would wait for ever.
    if (!status.isFile() || status.size > MAX_FILE) return { kind: 'unknown' }
    return { kind: 'file', content: await readFile(path, 'utf8') }
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { kind: absent ? 'absent' : 'unknown' }
  }
}

/** Every link on the way to a path, also where one leads to another. */
async function links(path: string, seen: Seen, depth = 0): Promise<void> {
  const { files, plain } = seen
  const parts: string[] = []
  for (let at = path; at !== '/' && at !== '.'; at = dirname(at)) parts.unshift(at)
  for (const part of parts) {
    if (files[part]?.kind === 'link' || plain.has(part)) continue
    let target: string
    try {
      if (!(await lstat(part)).isSymbolicLink()) {
        plain.add(part)
        continue
      }
      target = await readlink(part)
    } catch {
      return
    }
    files[part] = { kind: 'link', to: target }
    const rest = path.slice(part.length)
    if (depth < 8)
      await links(posix.join(posix.resolve(dirname(part), target), rest), seen, depth + 1)
    return
  }
}

/** @returns null when the time is up, or it could not be had */
async function inTime<T>(work: Promise<T>, end: number): Promise<T | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), Math.max(0, end - Date.now()))
  try {
    return await Promise.race([work.catch(() => null), promise])
  } finally {
    clearTimeout(timer)
  }
}
