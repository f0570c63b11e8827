/** One run of one target, on a thread of its own. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Job } from './jobs.ts'
import './tsx.ts'

// Whoever made the thread gave it this.
const { target: name, inputs, seed, shared } = workerData as Job & { shared: SharedArrayBuffer }

// Nobody's own settings take part, and none are touched.
const home = mkdtempSync(join(tmpdir(), 'signalbox-fuzz-'))
for (const key of Object.keys(process.env))
  if (/^(XDG_|CLAUDE|SIGNALBOX|NO_COLOR|TMUX|CI$)/.test(key)) delete process.env[key]
Object.assign(process.env, { HOME: home, CLAUDE_CONFIG_DIR: join(home, '.claude'), TZ: 'UTC' })
Object.assign(process.env, { COLUMNS: '100', LINES: '30', FORCE_COLOR: '3' })
// As it is published.
process.env.NODE_ENV = 'production'

const counts = new Int32Array(shared, 0, 2)
const bytes = Buffer.from(shared, 8)
const begins = (input: Buffer): void => {
  counts[1] = input.copy(bytes)
  Atomics.add(counts, 0, 1)
}

const [{ fuzz }, { TARGETS }] = await Promise.all([import('./engine.ts'), import('./targets.ts')])
const target = TARGETS.find(it => it.name === name)
if (target === undefined) throw new Error(`no target ${name}`)
parentPort?.postMessage(await fuzz(target, { inputs, seed, begins }))
// What a library still waits for, a timer say, is nothing to wait for.
process.exit(0)
