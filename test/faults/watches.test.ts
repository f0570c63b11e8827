/** No watch is to be had of the system: what is new is seen all the same, a little later. */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PROGRAM } from '../helpers/cli.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { newHome } from '../helpers/home.ts'

/** In a namespace of its own a process may forbid itself what it likes. */
const ALONE = ['-Ur', '/bin/sh', '-c']
const canForbid =
  spawnSync('unshare', [...ALONE, 'echo 0 > /proc/sys/user/max_inotify_watches']).status === 0
const name = 'a session that begins is seen although the system gives no watch'

test.skipIf(!canForbid).each(['max_inotify_watches', 'max_inotify_instances'])(
  canForbid ? `${name} (%s)` : `${name} (%s; needs Linux, unshare -Ur and user namespaces)`,
  async limit => {
    const home = newHome()
    const transcripts = join(home.client, 'projects', 'p')
    mkdirSync(transcripts, { recursive: true })
    cpSync(join(FIXTURES, 'manual-2.1.330'), transcripts, { recursive: true })
    const script = `echo 0 > /proc/sys/user/${limit}; exec "$@"`
    const command = [process.execPath, PROGRAM, 'watch', '--json']
    const child = spawn('unshare', [...ALONE, script, 'sh', ...command], {
      env: { ...home.env, PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', piece => {
      printed += piece
    })
    const until = async (text: string): Promise<void> => {
      while (!printed.includes(text)) await new Promise(resolve => setTimeout(resolve, 50))
    }
    await until('98dc736c-31d8-4f33-a354-0f3906590db9')
    cpSync(join(FIXTURES, 'auto-gateway-2.1.330'), join(home.client, 'projects', 'q'), {
      recursive: true,
    })
    await until('b221cba4-e4bb-490f-9b23-c9a9c4ac286f')
    expect(printed).toContain('toolu_11_0')
  },
  30_000,
)
