import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { createInterface } from 'node:readline'
import { Readable, type Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import xterm from '@xterm/headless'

/** What a terminal is opened with. */
export interface TerminalOptions {
  command: string
  args: string[]
  cwd?: string
  /** The whole environment, but for what every terminal has (see `openTerminal`). */
  env?: Record<string, string>
  columns: number
  rows: number
}

/** What a test may wait for: a part of the screen, or a condition on the whole of it. */
export type Expectation = string | RegExp | ((screen: string) => boolean)

/** Called with each piece of output and the moment it came, on the clock of `performance.now()`. */
export type OutputListener = (bytes: Buffer, atMs: number) => void

/** A program running in a real pseudo-terminal. */
export interface Terminal {
  /** The program's process id (of the program itself, not of script(1)). */
  readonly pid: Promise<number>
  /** Exit code once it has ended: 128 + signal when killed, -1 when close() had to use force. */
  readonly exited: Promise<number>
  /** The whole screen as text, lines trimmed on the right. */
  screen(): string
  lines(): string[]
  write(keys: string): void
  /** Resolves with the screen as soon as it shows `what`. */
  waitFor(what: Expectation, timeoutMs?: number): Promise<string>
  onOutput(listener: OutputListener): void
  resize(columns: number, rows: number): Promise<void>
  close(): Promise<void>
}

/** script(1) and the program under it. */
interface PtyProcess {
  process: ChildProcess
  input: Writable
  output: Readable
  program: Promise<{ pid: number; tty: string }>
  exited: Promise<number>
  running: () => boolean
}

/**
 * Opens a pseudo-terminal without a native module: script(1) makes it, xterm reads it.
 * The environment is exactly `env` plus TERM, COLORTERM, LANG and, if not given, PATH and HOME.
 */
export function openTerminal(options: TerminalOptions): Terminal {
  const { columns, rows } = options
  const pty = startScript(options)
  const view = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 500 })
  const listeners: OutputListener[] = []
  const send = (keys: string): void => {
    if (pty.running()) pty.input.write(keys)
  }
  // Programs ask the terminal things (cursor position, device attributes) and wait for the answer.
  view.onData(send)
  const show = writingTo(view)
  pty.output.on('data', (bytes: Buffer) => {
    const atMs = performance.now()
    for (const listener of listeners) listener(bytes, atMs)
    show(bytes, atMs)
  })
  return {
    pid: pty.program.then(program => program.pid),
    exited: pty.exited,
    screen: () => readLines(view).join('\n'),
    lines: () => readLines(view),
    write: send,
    waitFor: (what, timeoutMs = 10_000) => waitForScreen(view, pty.exited, what, timeoutMs),
    onOutput: listener => {
      listeners.push(listener)
    },
    resize: async (newColumns, newRows) => {
      view.resize(newColumns, newRows)
      // A new size on the program's side makes the kernel send it SIGWINCH.
      const { tty } = await pty.program
      await runStty(['-F', tty, 'rows', String(newRows), 'cols', String(newColumns)])
    },
    close: async () => {
      await endProcesses(pty)
      view.dispose()
    },
  }
}

/**
 * Shows output on a terminal of xterm. It is given whole characters: of one whose first two of three
 * bytes end a piece, xterm (6.0.0) shows nothing.
 */
export function writingTo(view: xterm.Terminal): OutputListener {
  const decoder = new StringDecoder('utf8')
  return bytes => view.write(decoder.write(bytes))
}

/** Quotes a word for a POSIX shell. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

function startScript({ command, args, cwd, env, columns, rows }: TerminalOptions): PtyProcess {
  // The shell becomes the program (exec), so its own $$ is the program's id. Id and terminal are
  // told over a fourth pipe, which is closed before the program starts.
  const commandLine = [
    `stty rows ${rows} cols ${columns}`,
    'echo "$$ $(tty)" >&3',
    'exec 3>&-',
    `exec ${[command, ...args].map(shellQuote).join(' ')}`,
  ].join('; ')
  const child = spawn('script', ['-qefc', commandLine, '/dev/null'], {
    cwd,
    env: environment(env ?? {}),
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  })
  let running = true
  const killAtExit = (): void => {
    child.kill('SIGKILL')
  }
  // A test run that dies must not leave programs behind; without script(1) they are hung up.
  process.once('exit', killAtExit)
  const exited = once(child, 'close').then(([code]) => {
    running = false
    process.off('exit', killAtExit)
    return Number(code ?? -1)
  })
  // The program may be gone before the last key or terminal reply reaches it.
  child.stdin?.on('error', () => undefined)
  const program = readProgram(child.stdio[3])
  program.catch(() => undefined)
  if (!child.stdin || !child.stdout) throw new Error('script(1) was started without its pipes')
  return {
    process: child,
    input: child.stdin,
    output: child.stdout,
    program,
    exited,
    running: () => running,
  }
}

function environment(given: Record<string, string>): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: homedir(),
    ...given,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
  }
}

async function readProgram(pipe: unknown): Promise<{ pid: number; tty: string }> {
  if (!(pipe instanceof Readable)) throw new Error('script(1) was started without its pipes')
  // script(1) keeps the pipe open as long as it runs: read the line, not to the end.
  for await (const line of createInterface(pipe)) {
    const [pid, tty] = line.split(' ')
    if (pid && tty) return { pid: Number(pid), tty }
  }
  throw new Error('The program in the pseudo-terminal did not start')
}

async function runStty(args: string[]): Promise<void> {
  const [code] = await once(spawn('stty', args, { stdio: 'inherit' }), 'exit')
  if (code !== 0) throw new Error(`stty ${args.join(' ')} failed with code ${code}`)
}

function readLines(view: xterm.Terminal): string[] {
  const buffer = view.buffer.active
  return Array.from({ length: view.rows }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row)
    return line ? line.translateToString(true).trimEnd() : ''
  })
}

function waitForScreen(
  view: xterm.Terminal,
  exited: Promise<number>,
  what: Expectation,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const read = (): string => readLines(view).join('\n')
    const check = (): boolean => {
      const screen = read()
      const found = matches(what, screen)
      if (found) finish(() => resolve(screen))
      return found
    }
    const fail = (why: string): void => {
      if (check()) return
      const message = `${why} while waiting for ${String(what)}. The last screen:\n${read()}`
      finish(() => reject(new Error(message)))
    }
    const parsed = view.onWriteParsed(check)
    const timer = setTimeout(() => fail(`Nothing came in ${timeoutMs} ms`), timeoutMs)
    const finish = (settle: () => void): void => {
      parsed.dispose()
      clearTimeout(timer)
      settle()
    }
    if (check()) return
    // An empty write is done once all output before it is on the screen.
    exited.then(code => view.write('', () => fail(`The program ended with code ${code}`)))
  })
}

function matches(what: Expectation, screen: string): boolean {
  if (typeof what === 'string') return screen.includes(what)
  return what instanceof RegExp ? screen.search(what) >= 0 : what(screen)
}

/** Hangs up as a closed terminal window does, and kills what has not gone after two seconds. */
async function endProcesses(pty: PtyProcess): Promise<void> {
  if (!pty.running()) return
  const program = await pty.program.catch(() => undefined)
  if (program) signal(program.pid, 'SIGHUP')
  const late = await Promise.race([pty.exited, sleep(2_000, 'late', { ref: false })])
  if (late !== 'late') return
  if (program && pty.running()) signal(program.pid, 'SIGKILL')
  pty.process.kill('SIGKILL')
  await pty.exited
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended in the meantime.
  }
}
