import { spawn } from 'node:child_process'
import type { Install } from '../config/install.ts'
import { installFile } from '../config/install-file.ts'

/**
 * Starts a gate that outlives this process; one that runs already makes it end at once. Its
 * environment is as clean as the hook's.
 * @param key the variable that the policy names for the reviewer's key, where a person's shell has it
 */
export function startGate(install: Install, key: Readonly<Record<string, string>> = {}): void {
  const args = [install.program, 'gate', 'run', '--install', installFile(install.state)]
  const env = { ...key, PATH: '/usr/bin:/bin', HOME: install.home }
  const child = spawn(install.node, args, { detached: true, stdio: 'ignore', cwd: '/', env })
  child.on('error', () => {}) // Node moved: the hook and doctor say so
  child.unref()
}
