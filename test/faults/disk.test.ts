/**
 * Disks that are full, read-only or slow, as the installed hook and the command line meet them. Each runs in
 * a mount namespace of its own, with a small disk in memory where the state folder is.
 */
import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { PROGRAM } from '../helpers/cli.ts'
import { newHome } from '../helpers/home.ts'

const MOUNTS = ['-Urm', '/bin/sh', '-c']
const canMount = spawnSync('unshare', [...MOUNTS, 'mount -t tmpfs none /mnt']).status === 0
const named = (name: string): string =>
  canMount ? name : `${name} (needs Linux, unshare -Urm and tmpfs in user namespaces)`

/** What every script can say. Each answer of a hook is one line, as is each complaint. */
const WORDS = `
state="$XDG_STATE_HOME"; mkdir -p "$state"; mount -t tmpfs -o size=2m none "$state"
signalbox() { "$NODE" "$PROGRAM" "$@" 2>&1; }
signalbox init --yes --enable-as Ada --no-gateway >/dev/null
hook=$(signalbox hook --print PreToolUse)
ask() {
  printf '{"hook_event_name":"PreToolUse","session_id":"s","cwd":"/","permission_mode":"auto","tool_name":"Bash","tool_input":{"command":"git push --force origin main"},"tool_use_id":"%s"}' "$1" |
    /bin/sh -c "$hook" | tr -d '\\n'; echo
}
pid() { signalbox gate status --json | sed 's/.*"pid":\\([0-9]*\\).*/\\1/'; }
`

async function lines(script: string): Promise<string[]> {
  const home = newHome()
  const child = spawn('unshare', [...MOUNTS, `${WORDS}${script}`], {
    env: { ...home.env, PATH: process.env.PATH, NODE: process.execPath, PROGRAM },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return (await text(child.stdout)).trimEnd().split('\n')
}

test.skipIf(!canMount)(
  named('a full disk: asked meanwhile, as before when there is room, and the journal is whole'),
  async () => {
    const said = await lines(`
      ask t1
      dd if=/dev/zero of="$state/filler" bs=64k 2>/dev/null
      i=0; while [ $i -lt 6 ]; do ask full$i; i=$((i+1)); done
      signalbox gate stop >/dev/null; kill -9 $(pid) 2>/dev/null
      ask again
      rm "$state/filler"
      ask t2
      signalbox audit --verify
      signalbox gate stop
    `)
    const answers = said.filter(line => line.startsWith('{'))
    expect(answers[0]).toContain('"deny"')
    for (const answer of answers.slice(1, -1)) expect(answer).toMatch(/"(ask|deny)"/)
    expect(answers.slice(1, -1).some(answer => answer.includes('no space left'))).toBe(true)
    expect(answers.at(-1)).toContain('"deny"')
    expect(said.join('\n')).toMatch(/whole|as it was written/)
  },
  60_000,
)

test.skipIf(!canMount)(
  named(
    'a read-only disk: asked, each command goes on or names the disk, and later all is as before',
  ),
  async () => {
    const said = await lines(`
      ask t1
      kill -9 $(pid)
      until mount -o remount,ro "$state" 2>/dev/null; do sleep 0.1; done
      ask t2
      echo "run: $(signalbox gate run)"
      echo "watch: $(signalbox watch --once >/dev/null; echo $?)"
      echo "report: $(signalbox report >/dev/null; echo $?)"
      mount -o remount,rw "$state"
      ask t3
      signalbox gate stop
    `)
    const answers = said.filter(line => line.startsWith('{'))
    expect(answers[0]).toContain('"deny"')
    expect(answers[1]).toContain('"ask"')
    expect(answers[1]).toContain('cannot be reached')
    expect(said).toContainEqual(
      expect.stringMatching(
        /^run: signalbox: the gate cannot run: .*EROFS; that disk is read-only/,
      ),
    )
    expect(said).toEqual(expect.arrayContaining(['watch: 0', 'report: 0']))
    expect(answers[2]).toContain('"deny"')
  },
  60_000,
)

test.skipIf(!canMount)(
  named('a policy on a read-only disk: nothing is half written, and the reason is said'),
  async () => {
    const said = await lines(`
      signalbox config init >/dev/null
      mkdir "$state/c"; cp -r "$XDG_CONFIG_HOME"/. "$state/c"; mount --bind "$state/c" "$XDG_CONFIG_HOME"
      mount -o remount,bind,ro "$XDG_CONFIG_HOME"
      before=$(cat "$XDG_CONFIG_HOME"/signalbox/config.yaml)
      echo "trust: $(signalbox trust add github.com/acme)"
      [ "$before" = "$(cat "$XDG_CONFIG_HOME"/signalbox/config.yaml)" ] && echo same
      ls -A "$XDG_CONFIG_HOME"/signalbox
    `)
    expect(said).toContainEqual(expect.stringMatching(/^trust: .*EROFS.*nothing was changed/))
    expect(said).toEqual(expect.arrayContaining(['same', 'config.yaml']))
    expect(said.join('\n')).not.toContain('.tmp')
  },
  60_000,
)

const canSlow = canMount && spawnSync('strace', ['-V']).status === 0
test.skipIf(!canSlow)(
  canSlow
    ? 'a disk that takes a tenth of a second for each write: slower, with the same answers'
    : 'a slow disk (needs strace)',
  async () => {
    const said = await lines(`
      strace -f -qq -o /dev/null -e inject=pwrite64,fdatasync,openat:delay_enter=20000 \\
        -e inject=write:delay_enter=100000 "$NODE" "$PROGRAM" gate run & gate=$!
      until signalbox gate status >/dev/null; do sleep 0.1; done
      for i in 1 2 3; do ask t$i; done
      signalbox gate stop >/dev/null; wait $gate
      signalbox audit --verify
    `)
    const answers = said.filter(line => line.startsWith('{'))
    expect(answers).toHaveLength(3)
    for (const answer of answers) expect(answer).toContain('"deny"')
    expect(said.join('\n')).toMatch(/whole|as it was written/)
  },
  120_000,
)
