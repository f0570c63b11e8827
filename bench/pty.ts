// A program inside a real terminal device, made by util-linux `script`, and what it paints there.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { children, cpuMs, plainText } from './process.ts'

export type Pty = {
  /** The program itself, not the `script` around it. */
  pid: number
  /** Bytes painted so far. */
  bytes: () => number
  exited: () => boolean
  /** The last part of the output, as text without control sequences. */
  text: () => string
  /** Milliseconds from spawn until the output so far passes the test; undefined: never did. */
  waitFor: (test: (text: string) => boolean, timeoutMs: number) => Promise<number | undefined>
  /** Waits until the program rests; milliseconds from spawn to that moment. */
  settle: (timeoutMs: number) => Promise<number>
  /** Called with each piece of output as it comes. */
  onOutput: (listener: (text: string) => void) => void
  write: (text: string) => void
  stop: () => Promise<void>
}

export type PtyOptions = { columns: number; rows: number; env?: NodeJS.ProcessEnv; cwd?: string }

// Enough for several whole frames at 200x60.
const KEPT = 400_000
const POLL_MS = 5

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

// What a terminal answers to the questions that programs ask at the start. Without answers they
// would wait for their time limits, which no person at a terminal does.
const ANSWERS: [RegExp, string][] = [
  [/\x1b\[0?c/, '\x1b[?62;22c'],
  [/\x1b\[\?u/, '\x1b[?0u'],
  [/\x1b\]10;\?/, '\x1b]10;rgb:dddd/dddd/dddd\x1b\\'],
  [/\x1b\]11;\?/, '\x1b]11;rgb:1111/1111/1111\x1b\\'],
]

export async function openPty(command: string[], options: PtyOptions): Promise<Pty> {
  const { columns, rows } = options
  const line = `stty rows ${rows} cols ${columns}; exec ${command.map(quote).join(' ')}`
  const started = performance.now()
  const script = spawn('script', ['-qefc', line, '/dev/null'], {
    cwd: options.cwd,
    env: { ...(options.env ?? process.env), SHELL: '/bin/sh', TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  let bytes = 0
  let kept = ''
  let exited = false
  let arrived: ((at: number) => void)[] = []
  const listeners: ((text: string) => void)[] = []
  script.stdout.setEncoding('utf8')
  script.stdout.on('data', (text: string) => {
    bytes += Buffer.byteLength(text)
    kept = (kept + text).slice(-KEPT)
    for (const [question, answer] of ANSWERS) if (question.test(text)) script.stdin.write(answer)
    for (const listener of listeners) listener(text)
    const at = performance.now() - started
    for (const notify of arrived.splice(0)) notify(at)
  })
  // Writing to a program that has just ended is no error of the benchmark.
  script.stdin.on('error', () => {})
  const closed = new Promise<void>(resolve => {
    script.on('close', () => {
      exited = true
      resolve()
      for (const notify of arrived.splice(0)) notify(performance.now() - started)
    })
  })
  // `script` has one child; the shell in it becomes the program by exec and keeps the pid.
  let pid = 0
  while (pid === 0 && !exited) {
    pid = children(script.pid ?? 0)[0] ?? 0
    if (pid === 0) await sleep(POLL_MS)
  }
  const text = () => plainText(kept)
  return {
    pid,
    bytes: () => bytes,
    exited: () => exited,
    text,
    onOutput: listener => void listeners.push(listener),
    write: input => script.stdin.write(input),
    waitFor: async (test, timeoutMs) => {
      const limit = performance.now() + timeoutMs
      while (!exited && performance.now() < limit) {
        const at = await Promise.race([
          new Promise<number>(resolve => arrived.push(resolve)),
          sleep(limit - performance.now(), -1),
        ])
        if (at >= 0 && test(text())) return at
      }
      arrived = []
      return undefined
    },
    settle: async timeoutMs => {
      const limit = performance.now() + timeoutMs
      let quietSince = performance.now()
      let before = cpuMs(pid)
      while (!exited && performance.now() < limit) {
        await sleep(250)
        const now = cpuMs(pid)
        // Up to a tenth of a core is a resting screen; reading history takes a whole one.
        if (now - before > 25) quietSince = performance.now()
        before = now
        if (performance.now() - quietSince > 1500) break
      }
      return quietSince - started
    },
    stop: async () => {
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        if (exited) return
        try {
          process.kill(pid, signal)
        } catch {
          // Gone already; `script` follows.
        }
        await Promise.race([closed, sleep(3000)])
      }
      if (!exited) script.kill('SIGKILL')
      await closed
    },
  }
}
