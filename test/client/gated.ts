/** A throw-away home with Signalbox installed in its client, and the means to look at both. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Entry, parseEntry } from '../../src/action/entry.ts'
import { type Finished, PROGRAM, runCli } from '../helpers/cli.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'
import type { Api } from './api.ts'
import { type Home, makeHome, transcripts } from './session.ts'

export interface GatedHome extends Home {
  /** Runs `signalbox …` as the home's owner. */
  signalbox(...args: string[]): Promise<Finished>
  /** Starts `signalbox …`, which goes on. */
  start(...args: string[]): ChildProcessByStdio<null, Readable, null>
  /** The words and the environment of `signalbox …`, for a test that starts it by itself. */
  command(...args: string[]): { words: readonly string[]; env: Record<string, string> }
  /** Opens the screen, in a terminal of its own. */
  openScreen(...args: string[]): Terminal
  journal(): Promise<Entry[]>
  /** The tool results that the agent was given, with the call's id. */
  transcript(): Promise<string>
  settings(): string
}

/** @param install arguments of `init` beyond the client's folder; null: nothing is installed */
export async function makeGatedHome(install: readonly string[] | null): Promise<GatedHome> {
  const home = await makeHome()
  const env = {
    HOME: home.root,
    XDG_CONFIG_HOME: join(home.root, '.config'),
    XDG_STATE_HOME: join(home.root, '.local/state'),
    XDG_RUNTIME_DIR: join(home.root, 'run'),
    CLAUDE_CONFIG_DIR: home.config,
  }
  const signalbox = (...args: string[]): Promise<Finished> => runCli(args, env)
  const gated: GatedHome = {
    ...home,
    signalbox,
    command: (...args) => ({ words: [process.execPath, PROGRAM, ...args], env }),
    start: (...args) =>
      spawn(process.execPath, [PROGRAM, ...args], {
        env: { PATH: process.env.PATH, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    openScreen: (...args) =>
      openTerminal({
        command: process.execPath,
        args: [PROGRAM, '--root', home.config, ...args],
        env,
        columns: 190,
        rows: 45,
      }),
    journal: () => entriesIn(join(env.XDG_STATE_HOME, 'signalbox', 'journal')),
    transcript: async () => {
      const texts = (await transcripts(home)).map(path => readFile(path, 'utf8'))
      return (await Promise.all(texts)).join('')
    },
    settings: () => readFileSync(join(home.config, 'settings.json'), 'utf8'),
    remove: async () => {
      await signalbox('gate', 'stop')
      await home.remove()
    },
  }
  if (install !== null) {
    const { code, stderr } = await signalbox('init', '--yes', '--enable-as', 'Ada', ...install)
    if (code !== 0) throw new Error(`init ended with ${code}: ${stderr}`)
  }
  return gated
}

/** `init` where the owner lists the scripted API as a gateway on which Signalbox decides. */
export const listed = (api: Api): string[] => ['--gateway', api.url]

async function entriesIn(folder: string): Promise<Entry[]> {
  const files = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.jsonl'))
  const texts = await Promise.all(files.sort().map(file => readFile(join(folder, file), 'utf8')))
  return texts
    .flatMap(text => text.split('\n').slice(0, -1))
    .map(parseEntry)
    .filter(entry => entry !== null)
}
