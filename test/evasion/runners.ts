/** Programs and builtins that run another one. */
import { isSimple, line, named, place, plainWords, quote, single, type Transforms } from './text.ts'

/** Before the words of a command, or of a shell for more than one. */
const before =
  (prefix: string) =>
  (command: string): string =>
    `${prefix} ${single(command)}`

const words =
  (write: (list: readonly string[]) => string) =>
  (command: string): string | null => {
    const list = plainWords(command)
    return list === null ? null : write(list)
  }

/** For programs that put something else in place of `{}`. */
const found =
  (start: string, end: string) =>
  (command: string): string | null =>
    /\{\}/.test(command) ? null : `${start} ${single(command)} ${end}`

export const builtins: Transforms = {
  command: before('command'),
  'command -p': before('command -p'),
  'command --': before('command --'),
  'builtin command': before('builtin command'),
  exec: before('exec'),
  'exec -a': before('exec -a ls'),
  'exec in a subshell': command => `( exec ${single(command)} )`,
  'jobs -x': before('jobs -x'),
  'compgen -C': command =>
    named(command) === null ? null : `compgen -C ${quote(`bash -c ${quote(command)} _`)}`,
  'mapfile -C': line("mapfile -c 1 -C 'eval '@q';:' l <<< x"),
  'enable and run': place('enable echo; @@'),
}

export const runners: Transforms = {
  nice: before('nice -n 5'),
  nohup: before('nohup'),
  timeout: before('timeout 5'),
  'timeout -k': before('timeout -k 1 --signal KILL 5'),
  stdbuf: before('stdbuf -oL'),
  setsid: before('setsid -w'),
  ionice: before('ionice -c 3'),
  'taskset -c': before('taskset -c 0'),
  'chrt -i': before('chrt -i 0'),
  'env -i': before('env -i PATH="$PATH"'),
  'env --': before('env -- A=1'),
  'env -C': before('env -C .'),
  'absolute timeout': before('/usr/bin/timeout 5'),
  'time as a program': before('/usr/bin/time -f echo'),
  'flock file': before('flock /tmp/lock'),
  'flock with a code': before('flock --conflict-exit-code 1 file'),
  'flock -c': place('flock /tmp/lock -c @q'),
  'script -c': place('script -qc @q /dev/null'),
  'script with its words': line('script -q -c @q -- /dev/null'),
  watch: place('watch -n 1 @q'),
  'watch -x': before('watch -x'),
  xargs: before('echo | xargs'),
  'xargs -a': command => `xargs -a /dev/null ${single(command)}`,
  'xargs with a long option': command => `echo | xargs --process-slot-var echo ${single(command)}`,
  'xargs with its words': words(list => `echo ${list.slice(1).join(' ')} | xargs ${list[0]}`),
  'xargs of a whole line': place("echo @q | xargs -d '\\n' sh -c"),
  'xargs of a file': words(
    list => `printf '%s\\n' ${list.slice(1).join(' ')} > l.txt; xargs -a l.txt ${list[0]}`,
  ),
  'xargs with a mark': words(
    list => `echo ${list.at(-1)} | xargs -I% ${list.slice(0, -1).join(' ')} %`,
  ),
  'xargs sh -c': place('echo | xargs sh -c @q'),
  'find -exec': found('find . -maxdepth 0 -exec', '\\;'),
  'find -exec +': command => `find . -maxdepth 0 -exec bash -c ${quote(command)} {} +`,
  'find -execdir': command => `find . -maxdepth 0 -execdir sh -c ${quote(command)} \\;`,
  'find of a folder that is made': found('mkdir -p dist; find dist -maxdepth 0 -exec', '\\;'),
  'find of derived files': found("touch a.pyc; find . -name '*.pyc' -exec", '\\;'),
  'find -exec twice': found('find . -maxdepth 0 -exec true {} \\; -exec', '\\;'),
  'fd -x': command => (command.includes(';') ? null : `fd -1 . -x ${single(command)}`),
  'parallel of words': words(list => `parallel ${list.join(' ')} ::: ''`),
  'parallel of a text': place("parallel @q ::: ''"),
  'parallel of its inputs': place('parallel ::: @q'),
  'parallel of its input': place('echo @q | parallel'),
  'parallel of an argument': words(
    list => `parallel '${list.slice(0, -1).join(' ')} {}' ::: ${list.at(-1)}`,
  ),
  'parallel with another mark': words(list => `parallel -I echo ${list.join(' ')} ::: x`),
  unshare: before('unshare -r'),
  'unshare in a folder': before('unshare -r --wd .'),
  chroot: before('chroot /'),
  setpriv: before('setpriv --no-new-privs'),
  nsenter: before('nsenter -t 1 -m'),
  'strace of a path': before('strace -P echo'),
  'strace -o': before('strace -f -o /dev/null'),
  ltrace: before('ltrace -l echo'),
  'systemd-run': before('systemd-run --user'),
  sudo: before('sudo'),
  'sudo -u': before('sudo -u root A=1'),
  'sudo bash': place('sudo bash -c @q'),
  'sudo --preserve-env': before('sudo --preserve-env=PATH -n'),
  doas: before('doas'),
  su: place('su root -c @q'),
  pkexec: before('pkexec'),
  runuser: before('runuser -u dev --'),
  'ssh localhost': place('ssh localhost @q'),
  'ssh with words': words(list => `ssh -p 22 dev@127.0.0.1 ${list.join(' ')}`),
  'ssh by a proxy': line("ssh -o 'ProxyCommand='@q localhost true"),
  'docker run': place('docker run --rm -v /:/host alpine sh -c @q'),
  'busybox sh': place('busybox sh -c @q'),
  'busybox with its name': command => (isSimple(command) ? `busybox ${command}` : null),
  'ld.so': command => {
    const parts = named(command)
    return parts === null || !isSimple(command)
      ? null
      : `/lib64/ld-linux-x86-64.so.2 /usr/bin/${parts.name}${parts.rest}`
  },
  'tmux new': place('tmux new-session -d @q'),
  'at now': place('echo @q | at now'),
  'crontab of it': line("echo '* * * * * '@q | crontab -"),
  'npx -c': place('npx -c @q'),
  'npm exec -c': place('npm exec -c @q'),
  'make of an input': line("make -f - <<< 'all: ; '@q"),
  'make of a rule': line("make -f - <<< $'all:\\n\\t'@q"),
  'make --eval': line("make --eval='all: ; '@q all"),
  'git alias': line("git -c alias.x='!'@q x"),
  'git alias by the environment': line(
    "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.x GIT_CONFIG_VALUE_0='!'@q git x",
  ),
  'git pager': line('git -c core.pager=@q -p log'),
  'git editor': line('GIT_EDITOR=@q git commit --allow-empty'),
  'git bisect run': command => `git bisect run ${single(command)}`,
  'git rebase -x': line('git rebase -x @q HEAD~1'),
  'git submodule foreach': line('git submodule foreach @q'),
  'git grep -O': line('git grep -O@q x'),
  'git clone by a program': line('git clone -u @q . x'),
  'git by ssh': line('GIT_SSH_COMMAND=@q git fetch ssh://localhost/x'),
  'git diff by a program': line('GIT_EXTERNAL_DIFF=@q git diff'),
  'git of another transport': line("git ls-remote 'ext::sh -c '@q"),
  'tar --checkpoint-action': line('tar cf /dev/null --checkpoint=1 --checkpoint-action=exec=@q .'),
  'tar with a harmless start': line(
    "tar cf /dev/null --checkpoint=1 --checkpoint-action=exec='echo; '@q .",
  ),
  'tar shortened': line('tar cf /dev/null --checkpoint=1 --checkpoint-act=exec=@q .'),
  'tar by its options': place(
    "echo @q > s.sh; TAR_OPTIONS='--checkpoint=1 --checkpoint-action=exec=sh\\ s.sh' tar cf /dev/null .",
  ),
  'tar --to-command': place('tar xf a.tar --to-command=@q'),
  'tar -I': place("echo @q > s.sh; tar -I 'sh s.sh' -cf /dev/null ."),
  'zip -TT': place('zip -T -TT @q a.zip a'),
  'rsync -e': place('rsync -e @q a localhost:b'),
  'vim -c': line("vim -es -c '!'@q -c q"),
  'ex of an input': line("echo '!'@q | ex -s"),
  'ed of an input': line("echo '!'@q | ed -s"),
  'man -P': place('man -P @q ls'),
  'bat --pager': place('bat --paging always --pager @q a'),
  'less with an input': line("LESSOPEN='|'@q less a"),
  'pager of git': line('PAGER=@q git -p log'),
  'sqlite3 .shell': line("sqlite3 :memory: '.shell '@q"),
  'psql \\!': line("psql -c '\\! '@q"),
  'gdb -ex': line("gdb -batch -ex '!'@q"),
  entr: place('ls | entr -n sh -c @q'),
  'openssl | sh': place('echo @q | openssl enc -base64 | openssl enc -d -base64 | sh'),
  'dc of an input': line("echo '!'@q | dc"),
}
