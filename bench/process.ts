// Runs programs and measures them. Linux only: everything is read from /proc, and `bash` and
// util-linux `script` do what would otherwise need a native module.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export type Measured = {
  code: number | null
  stdout: string
  stderr: string
  wallMs: number
  /** User and system time of the program and of the children that it waited for. */
  cpuMs: number
  /** The sum of the peaks of all its processes. */
  peakRssMb: number
  /** From spawn to the first output that holds the marker. */
  markerMs: number | undefined
}

export type MeasureOptions = {
  env?: NodeJS.ProcessEnv
  cwd?: string
  timeoutMs?: number
  marker?: RegExp
}

const SAMPLE_MS = 15
// USER_HZ: fixed by the kernel's user space interface on every Linux that Node runs on.
const TICK_MS = 10

/** Runs a command to its end. */
export function measure(command: string[], options: MeasureOptions = {}): Promise<Measured> {
  // bash's `time` is exact where sampling /proc would miss the last milliseconds of short runs.
  const script = 'TIMEFORMAT="%3R %3U %3S"; { time "$@" 2>&4; } 4>&2 2>&3'
  const started = performance.now()
  const child = spawn('bash', ['-c', script, 'bash', ...command], {
    env: options.env ?? process.env,
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that a timeout ends the program and not only bash.
    detached: true,
  })
  const pid = child.pid ?? 0
  const peaks = new Map<number, number>()
  const sampler = setInterval(() => {
    for (const member of descendants(pid)) {
      const peak = statusKb(member, 'VmHWM')
      if (peak > (peaks.get(member) ?? 0)) peaks.set(member, peak)
    }
  }, SAMPLE_MS)
  const timeout = setTimeout(() => process.kill(-pid, 'SIGKILL'), options.timeoutMs ?? 300_000)
  let markerMs: number | undefined
  const collect = (stream: NodeJS.ReadableStream | null | undefined, watch: boolean) => {
    const parts: string[] = []
    stream?.setEncoding('utf8')
    stream?.on('data', (text: string) => {
      parts.push(text)
      if (!watch || markerMs !== undefined || options.marker === undefined) return
      if (options.marker.test(plainText(parts.join('')))) markerMs = performance.now() - started
    })
    return () => parts.join('')
  }
  const stdout = collect(child.stdout, true)
  const stderr = collect(child.stderr, false)
  const third = child.stdio[3]
  // Typed as readable or writable; the fourth pipe is one that bash writes to.
  const times = collect(third as NodeJS.ReadableStream | null | undefined, false)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => {
      clearInterval(sampler)
      clearTimeout(timeout)
      const [real = Number.NaN, user = 0, system = 0] = times().trim().split(/\s+/).map(Number)
      const kb = [...peaks.values()].reduce((sum, peak) => sum + peak, 0)
      resolve({
        code,
        stdout: stdout(),
        stderr: stderr(),
        wallMs: real * 1000,
        cpuMs: (user + system) * 1000,
        peakRssMb: kb / 1024,
        markerMs,
      })
    })
  })
}

/** Processes below this one, without itself. */
export function descendants(pid: number): number[] {
  const found: number[] = []
  for (const child of children(pid)) found.push(child, ...descendants(child))
  return found
}

export function children(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap(thread =>
        readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').map(Number),
      )
      .filter(child => child > 0)
  } catch {
    return []
  }
}

/** CPU used so far by a process, all its threads, and its children, living or waited for. */
export function cpuMs(pid: number): number {
  let ticks = 0
  for (const member of [pid, ...descendants(pid)]) {
    try {
      const stat = readFileSync(`/proc/${member}/stat`, 'utf8')
      // The name in brackets may hold anything; fields are counted from behind it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      for (const index of [11, 12, 13, 14]) ticks += Number(fields[index])
    } catch {
      // Ended between listing and reading: its time is in the parent's by now.
    }
  }
  return ticks * TICK_MS
}

export function rssMb(pid: number): { now: number; peak: number } {
  let now = 0
  let peak = 0
  for (const member of [pid, ...descendants(pid)]) {
    now += statusKb(member, 'VmRSS')
    peak += statusKb(member, 'VmHWM')
  }
  return { now: now / 1024, peak: peak / 1024 }
}

function statusKb(pid: number, field: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** What a person would read: no colours, and a cursor movement counts as a break. */
export function plainText(output: string): string {
  return output
    .replaceAll(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '')
    .replaceAll(/\x1b\[[\d;]*[ABCDEFGHf]/g, ' ')
    .replaceAll(/\x1b(?:\[[<=>?]?[\d;]*[ -/]*[@-~]|[()][A-Z0-9]|[78=>])/g, '')
    .replaceAll(/\s+/g, ' ')
}
