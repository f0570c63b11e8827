import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { takeLock } from '../../src/gate/lock.ts'
import { tempFolder } from '../helpers/folder.ts'

const TAKER = join(import.meta.dirname, 'lock-taker.ts')

describe('the lock of the gate', () => {
  test('is had by one at a time, and can be given back', () => {
    const path = join(tempFolder(), 'gate.lock')
    const giveBack = takeLock(path)
    expect(giveBack).not.toBeNull()
    expect(takeLock(path)).toBeNull()
    giveBack?.()
    expect(takeLock(path)).not.toBeNull()
  })

  test('is taken from a process that is gone, or that nobody has buried', async () => {
    const path = join(tempFolder(), 'gate.lock')
    // The shell's child dies while the shell, which never waits for it, lives on.
    const parent = spawn('/bin/sh', ['-c', 'sh -c "echo \\$\\$; exec sleep 0.05" & exec sleep 30'])
    const [pid] = await once(parent.stdout.setEncoding('utf8'), 'data')
    await new Promise(resolve => setTimeout(resolve, 200))
    writeFileSync(`${path}.1`, `${String(pid).trim()} 12345`)
    expect(takeLock(path)).not.toBeNull()
    parent.kill()
  })

  test('is not given to a number that another process has now', () => {
    const path = join(tempFolder(), 'gate.lock')
    writeFileSync(`${path}.1`, `${process.pid} 1`) // this process started at another time
    expect(takeLock(path)).not.toBeNull()
  })

  test('is had by one at a time when many want it and each holder is killed', async () => {
    const path = join(tempFolder(), 'gate.lock')
    const takers = Array.from({ length: 10 }, () =>
      spawn(process.execPath, [TAKER, path], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    await Promise.all(takers.map(taker => once(taker.stdout, 'data')))
    const ended = Promise.all(takers.map(taker => once(taker, 'exit')))
    for (const taker of takers) taker.stdin.write('go')
    await ended
    expect(readFileSync(`${path}.log`, 'utf8')).toBe('in out '.repeat(takers.length))
  })
})
