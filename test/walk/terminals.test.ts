/** The same screens inside tmux, GNU screen and ssh, with the same keys. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { beforeEach, onTestFinished, test } from 'vitest'
import { startMachine } from '../../scripts/pictures/machine.ts'
import { tempFolder } from '../helpers/folder.ts'
import { shellQuote } from '../helpers/terminal.ts'
import { CLOCK, opened, type Size, screensOf, WIDE, watching } from './stage.ts'
import { FIRST } from './steps.ts'
import { walk } from './walk.ts'

/** The same one every time: paths are on the screen. */
const HOME = '/tmp/0-signalbox-terminals'
const CTRL_C = '\u0003'
const PATH = `${process.env.PATH}:/usr/sbin`

beforeEach(async () => (await startMachine(HOME)).stop)

const program = (): string =>
  watching('--root', '.claude', '--theme', 'dark').map(shellQuote).join(' ')

async function same(command: string, args: string[], size: Size = WIDE): Promise<void> {
  const terminal = opened({ home: HOME, size, env: { PATH } }, command, args)
  try {
    await walk(terminal, FIRST, screensOf(size))
  } finally {
    // A multiplexer would go on without a terminal; with its last program it ends.
    terminal.write(CTRL_C)
    await terminal.exited
  }
}

/** Where a program is missing, the name of the test says why it is skipped. */
function testWith(needed: string, run: () => Promise<void>): void {
  const there = spawnSync('sh', ['-c', `command -v ${needed}`], { env: { PATH } }).status === 0
  test.skipIf(!there)(there ? `in ${needed}` : `in ${needed} (skipped: it is not installed)`, run)
}

testWith('tmux', async () => {
  const [socket, config] = [join(tempFolder(), 's'), join(tempFolder(), 'tmux.conf')]
  writeFileSync(
    config,
    'set -s escape-time 10\nset -g status off\nset -g default-terminal tmux-256color\n',
  )
  const tmux = ['-u', '-S', socket, '-f', config]
  await same('tmux', [...tmux, 'new-session', program()])
})

testWith('screen', async () => {
  const [folder, config] = [join(tempFolder(), 'sockets'), join(tempFolder(), 'screenrc')]
  mkdirSync(folder, { mode: 0o700 })
  writeFileSync(config, 'maptimeout 10\nstartup_message off\naltscreen on\ndefutf8 on\n')
  const screen = ['-U', '-c', config, '-S', 'walk']
  await same('env', [`SCREENDIR=${folder}`, 'screen', ...screen, 'sh', '-c', program()])
})

testWith('sshd', async () => {
  const { port, key } = await sshServer()
  const safe = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR']
  const there = `cd ${HOME}; TZ=UTC HOME=${HOME} LANG=C.UTF-8 COLORTERM=truecolor exec ${program()}`
  const options = [...safe, `IdentityFile=${key}`, 'IdentitiesOnly=yes'].flatMap(it => ['-o', it])
  const command = `NODE_OPTIONS=${shellQuote(`--import ${CLOCK}`)}; export NODE_OPTIONS; ${there}`
  const who = `${userInfo().username}@127.0.0.1`
  await same('ssh', ['-tt', '-F', '/dev/null', '-p', String(port), ...options, who, command])
})

/** A server of this user's own, for this test. */
async function sshServer(): Promise<{ port: number; key: string }> {
  const folder = tempFolder()
  const [host, key] = [join(folder, 'host'), join(folder, 'key')]
  for (const file of [host, key])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  const port = await freePort()
  const config = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${host}`,
    `AuthorizedKeysFile ${key}.pub`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'PermitRootLogin prohibit-password',
  ]
  writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`)
  chmodSync(key, 0o600)
  // Started by root it wants this folder; by others it does without.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void server.kill())
  const [said] = await once(server.stderr, 'data')
  if (!String(said).includes('listening')) throw new Error(`sshd: ${said}`)
  server.stderr.resume()
  return { port, key }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
