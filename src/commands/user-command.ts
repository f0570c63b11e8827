/** Runs a command of the user's, and keeps what it prints; it never takes longer than its time. */
import { spawn } from 'node:child_process'
import { asUsual } from '../config/umask.ts'

export interface UserCommand {
  readonly program: string
  /** Empty: `program` is a line for the shell. */
  readonly args: readonly string[]
}

const COMMAND_MS = 5000
/** What it left running in the background may hold its output open: nothing more is waited for. */
const LATE_MS = 100
const OUTPUT_BYTES = 256 << 10

/**
 * What the command prints to standard output, byte for byte, as far as it came in time; its standard
 * error would be a way to hold ours open. One that cannot be started prints nothing. Never rejects.
 */
export function outputOf(
  { program, args }: UserCommand,
  input: Uint8Array,
  ms = COMMAND_MS,
): Promise<Buffer> {
  const [file, argv] = args.length === 0 ? ['/bin/sh', ['-c', program]] : [program, [...args]]
  // A group of its own: with the shell goes what the shell started.
  const child = asUsual(() =>
    spawn(file, argv, { stdio: ['pipe', 'pipe', 'ignore'], detached: true }),
  )
  const chunks: Buffer[] = []
  let bytes = 0
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= OUTPUT_BYTES) chunks.push(chunk)
  })
  child.stdin.on('error', () => {}) // it need not read what it is given
  child.stdin.end(input)
  const { promise, resolve } = Promise.withResolvers<void>()
  const kill = (): void => {
    endGroup(child.pid)
    resolve()
  }
  const timer = setTimeout(kill, ms)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => {
      endGroup(child.pid)
      process.exit(0)
    })
  child.on('error', () => resolve()).on('close', () => resolve())
  child.on('exit', () => setTimeout(resolve, LATE_MS))
  return promise.then(() => {
    clearTimeout(timer)
    return Buffer.concat(chunks)
  })
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // gone already
  }
}
