/** Takes a lock as soon as it can, notes that it is in and out again, and dies without giving it back. */
import { appendFileSync } from 'node:fs'
import { setTimeout as rest } from 'node:timers/promises'
import { takeLock } from '../../src/gate/lock.ts'

const [path = ''] = process.argv.slice(2)
process.stdin.once('data', async () => {
  while (takeLock(path) === null) {}
  appendFileSync(`${path}.log`, 'in ')
  await rest(3)
  appendFileSync(`${path}.log`, 'out ')
  process.kill(process.pid, 'SIGKILL')
})
process.stdout.write('ready')
