import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'
import type { Api } from './api.ts'

/** A throw-away home folder for sessions of the client. */
export interface Home {
  root: string
  /** CLAUDE_CONFIG_DIR */
  config: string
  /** A git repository with a hello.txt and a package.json whose test fails. */
  project: string
  remove(): Promise<void>
}

export interface HeadlessOptions {
  mode?: string
  model?: string
  /** How often the client tries a request again. */
  retries?: number
  /** A program that starts the client, and what it needs to know. */
  through?: { words: readonly string[]; env: Record<string, string> }
}

export interface HeadlessResult {
  code: number
  stdout: string
  stderr: string
}

// A fake: nothing but the scripted API ever sees it.
const API_KEY = 'scripted-key-0123456789-abcdefghijklmnop'
const MODEL = 'claude-opus-4-6'

/** Makes a home in which an interactive session starts without onboarding or trust dialogs. */
export async function makeHome(): Promise<Home> {
  const root = await mkdtemp(join(tmpdir(), 'signalbox-client-'))
  const config = join(root, 'config')
  const project = join(root, 'project')
  await mkdir(config)
  await mkdir(project)
  const settings = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
    projects: { [project]: { hasTrustDialogAccepted: true } },
  }
  await writeFile(join(config, '.claude.json'), JSON.stringify(settings))
  // The consent that 2.1.150 asks for before it starts in auto mode.
  await writeFile(join(config, 'settings.json'), '{ "skipAutoPermissionPrompt": true }\n')
  await fillProject(root, project)
  return { root, config, project, remove: () => rm(root, { recursive: true, force: true }) }
}

/** Runs one prompt with `-p`, in the format stream-json, to its end. */
export async function runHeadless(
  client: string,
  api: Api,
  home: Home,
  prompt: string,
  options: HeadlessOptions = {},
): Promise<HeadlessResult> {
  const output = ['--output-format', 'stream-json', '--verbose']
  const args = ['-p', prompt, ...sessionArguments(options), ...output]
  const [program = '', ...before] = [...(options.through?.words ?? []), client]
  const retries =
    options.retries === undefined ? {} : { CLAUDE_CODE_MAX_RETRIES: `${options.retries}` }
  const child = spawn(program, [...before, ...args], {
    cwd: home.project,
    env: {
      ...terminalEnvironment(),
      ...clientEnvironment(api, home),
      ...retries,
      ...options.through?.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: Number(code ?? -1), stdout, stderr }
}

/** Opens an interactive session in a pseudo-terminal. */
export function openInteractive(
  client: string,
  api: Api,
  home: Home,
  options: { mode?: string; model?: string; columns?: number; rows?: number } = {},
): Terminal {
  return openTerminal({
    command: client,
    args: sessionArguments(options),
    cwd: home.project,
    env: clientEnvironment(api, home),
    columns: options.columns ?? 100,
    rows: options.rows ?? 40,
  })
}

/** Types a prompt into an interactive session and sends it. */
export async function submitPrompt(session: Terminal, prompt: string): Promise<void> {
  await session.waitFor(screen => inputLine(screen) !== undefined, 30_000)
  session.write(prompt)
  await session.waitFor(screen => inputLine(screen)?.includes(prompt) ?? false)
  await pressUntil(session, '\r', screen => !inputLine(screen)?.includes(prompt))
}

/**
 * Presses a key until the screen shows its effect: a dialog of the client ignores keys for a
 * moment after it has opened, lest somebody who was typing answers it.
 */
export async function pressUntil(
  session: Terminal,
  key: string,
  done: (screen: string) => boolean,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    session.write(key)
    try {
      await session.waitFor(done, 700)
      return
    } catch (error) {
      if (attempt === 10) throw error
    }
  }
}

/** The transcripts of all sessions in a home, subagents' included. */
export async function transcripts(home: Home): Promise<string[]> {
  const folder = join(home.config, 'projects')
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.filter(name => name.endsWith('.jsonl')).map(name => join(folder, name))
}

/** The line in the input box, that is below a rule; sent prompts have the same sign before them. */
function inputLine(screen: string): string | undefined {
  const lines = screen.split('\n')
  return lines.find((line, i) => line.startsWith('❯') && lines[i - 1]?.startsWith('──'))
}

function sessionArguments({ mode = 'default', model = MODEL }): string[] {
  return ['--permission-mode', mode, '--model', model]
}

/** Everything the client is told; nothing of the caller's own CLAUDE_ and ANTHROPIC_ variables. */
export function clientEnvironment(api: Api, home: Home): Record<string, string> {
  return {
    HOME: home.root,
    CLAUDE_CONFIG_DIR: home.config,
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: API_KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // 2.1.150 would look for its plugins on the network.
    CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
  }
}

function terminalEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', TERM: 'dumb', LANG: 'C.UTF-8' }
}

async function fillProject(root: string, project: string): Promise<void> {
  const manifest = { name: 'app', version: '1.0.0', scripts: { test: 'echo "1 failed" && exit 1' } }
  await writeFile(join(project, 'hello.txt'), 'hello\n')
  await writeFile(join(project, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  const author = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com']
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '.'],
    [...author, 'commit', '-q', '-m', 'Start'],
  ]) {
    // The machine's git settings (signing, hooks) are none of a test's business.
    const env = { ...terminalEnvironment(), HOME: root, GIT_CONFIG_NOSYSTEM: '1' }
    const git = spawn('git', args, { cwd: project, env, stdio: 'inherit' })
    const [code] = await once(git, 'close')
    if (code !== 0) throw new Error(`git ${args.join(' ')} ended with code ${code}`)
  }
}
