/** The command as a text that another shell, or this one, is given. */
import {
  isSimple,
  line,
  named,
  oneLine,
  place,
  plainWords,
  quote,
  single,
  type Transforms,
} from './text.ts'

const base64 = (text: string): string => Buffer.from(`${text}\n`).toString('base64')
const hex = (text: string): string => Buffer.from(`${text}\n`).toString('hex')
const escaped = (text: string, base: 8 | 16): string =>
  Array.from(Buffer.from(text), byte =>
    base === 16
      ? `\\x${byte.toString(16).padStart(2, '0')}`
      : `\\${byte.toString(8).padStart(3, '0')}`,
  ).join('')
const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, c => {
    const from = c <= 'Z' ? 65 : 97
    return String.fromCharCode(((c.charCodeAt(0) - from + 13) % 26) + from)
  })
const backwards = (text: string): string => Array.from(text).reverse().join('')

const before =
  (prefix: string) =>
  (command: string): string =>
    `${prefix} ${single(command)}`

export const shells: Transforms = {
  'bash -c': place('bash -c @q'),
  'bash -c in double quotes': place('bash -c @d'),
  'sh -c': place('sh -c @q'),
  'sh -c in bash -c': command => `bash -c ${quote(`sh -c ${quote(command)}`)}`,
  'bash -lc': place('bash -lc @q'),
  'bash -xec': place('bash -xec @q'),
  'bash -c with dashes': place('bash -c -- @q'),
  'bash +x -c': place('bash +x -c @q'),
  'bash +O extglob -c': place('bash +O extglob -c @q'),
  'bash -o pipefail -c': place('bash -o pipefail -c @q'),
  'bash --norc -c': place('bash --norc -c @q'),
  'bash -c of its argument': place('bash -c \'eval "$1"\' _ @q'),
  'bash -c of its name': place('bash -c \'eval "$0"\' @q'),
  'bash -c of its words': command => {
    const words = plainWords(command)
    return words === null ? null : `bash -c '"$@"' _ ${words.join(' ')}`
  },
  'bash -c of a variable': place('c=@q; bash -c "$c"'),
  'bash -c of an exported variable': place('export c=@q; bash -c \'eval "$c"\''),
  'bash -c with a variable of its own': command => {
    const parts = named(command)
    return parts === null
      ? null
      : `own=echo; bash -c ${quote(`\${own:-${parts.name}}${parts.rest}`)}`
  },
  'bash -s': place('bash -s <<< @q'),
  'bash -s with arguments': place('bash -s a b <<< @q'),
  'exec bash -c': place('exec bash -c @q'),
  'absolute shell': place('/usr/bin/env bash -c @q'),
  'dash -c': place('dash -c @q'),
  eval: place('eval @q'),
  'eval in double quotes': place('eval @d'),
  'eval of words': command => {
    const words = plainWords(command)
    return words === null ? null : `eval ${words.map(quote).join(' ')}`
  },
  'eval of a variable': place('c=@q; eval "$c"'),
  'eval of eval': command => `eval eval ${quote(quote(command))}`,
  'eval of an output': place('eval "$(echo @q)"'),
  'eval of a date': command =>
    command.includes('%') ? null : place('eval "$(date +@q)"')(command),
  'eval of a quoted here-document': place('eval "$(cat <<\'E\'\n@@\nE\n)"'),
  'here-document': place("sh <<'E'\n@@\nE"),
  'here-document that expands': command =>
    /[$`\\]/.test(command) ? null : `bash <<E\n${command}\nE`,
  'here-document with tabs': place("bash <<-'E'\n\t@@\n\tE"),
  'here-document of a pipe': place("cat <<'E' | sh\n@@\nE"),
  'two here-documents': place("cat <<'FIRST'; sh <<'SECOND'\nls\nFIRST\n@@\nSECOND"),
  'here-string': place('sh <<< @q'),
  'here-string of a variable': place('c=@q; bash <<< "$c"'),
  'echo | sh': place('echo @q | sh'),
  'echo -n | sh': place('echo -n @q | bash'),
  'printf | sh': place("printf '%s\\n' @q | sh"),
  'printf of its words | sh': command => {
    const words = plainWords(command)
    return words === null ? null : `printf '%s ' ${words.join(' ')} | sh`
  },
  'printf of one letter | sh': oneLine(command => `printf '%c%s' ' #' ${quote(command)} | sh`),
  'printf with a short octal | sh': line("printf '#\\12%s' @q | sh"),
  'printf in hex | sh': command => `printf '${escaped(command, 16)}' | sh`,
  'printf in octal | sh': command => `printf '${escaped(command, 8)}' | sh`,
  'printf %b | sh': command => `printf '%b' '${escaped(command, 8)}' | bash`,
  'echo -e | sh': command => `echo -e '${escaped(command, 16)}' | sh`,
  'echo of dash | sh': oneLine(command =>
    command.includes('\\') ? null : `sh -c ${quote(`echo '#\\n'${quote(command)} | sh`)}`,
  ),
  'base64 | sh': command => `echo ${base64(command)} | base64 -d | sh`,
  'base64 in a here-string': command => `bash <<< "$(base64 -d <<< ${base64(command)})"`,
  'eval of base64': command => `eval "$(echo ${base64(command)} | base64 --decode)"`,
  'openssl base64 | sh': command => `echo ${base64(command)} | openssl base64 -d -A | sh`,
  'xxd | sh': command => `echo ${hex(command)} | xxd -r -p | sh`,
  'rev | sh': oneLine(command => `echo ${quote(backwards(command))} | rev | sh`),
  'tr | sh': command => `echo ${quote(rot13(command))} | tr a-zA-Z n-za-mN-ZA-M | sh`,
  'sed | sh': command => `echo ${quote(`#${command}`)} | sed 's/^#//' | sh`,
  'cut | sh': oneLine(command => `echo ${quote(`#${command}`)} | cut -c2- | sh`),
  'tail | sh': command => `printf '%s\\n' ls ${quote(command)} | tail -n +2 | sh`,
  'dd | sh': command => `echo ${quote(`#${command}`)} | dd bs=1 skip=1 2> /dev/null | sh`,
  'cat - | sh': place('echo @q | cat - /dev/null | sh'),
  'cat of both | sh': place('echo ls > a.txt; echo @q | cat a.txt - | sh'),
  'tee | sh': place('echo @q | tee /dev/null | sh'),
  'gzip | sh': place('echo @q | gzip | gunzip | sh'),
  'tee into sh': place('echo @q | tee >(sh) > /dev/null; wait'),
  'output into sh': place('echo @q > >(sh); wait'),
  'bash <(echo)': place('bash <(echo @q)'),
  'source <(echo)': place('source <(echo @q)'),
  'source /dev/stdin': place('source /dev/stdin <<< @q'),
  '. /dev/stdin': place('echo @q | { . /dev/stdin; }'),
  'bash /dev/stdin': place('echo @q | bash /dev/stdin'),
  'read and eval': place('echo @q | while read -r l; do eval "$l"; done'),
  'read into a variable': line('read -r l <<< @q; eval "$l"'),
  mapfile: line('mapfile -t l <<< @q; eval "\x24{l[0]}"'),
  'exec with an input': place('exec 3< <(echo @q); bash <&3'),
  'script that is written': place('echo @q > s.sh; sh s.sh'),
  'script that is run': place(
    "printf '#!/bin/sh\\n' > s.sh; echo @q >> s.sh; chmod +x s.sh; ./s.sh",
  ),
  'script by a here-document': place("cat > s.sh <<'E'\n@@\nE\nbash s.sh"),
  'script by tee': place('tee s.sh <<< @q; bash s.sh'),
  'script by dd': place('echo @q | dd of=s.sh; bash s.sh'),
  'script that is copied': place('echo @q > s.txt; cp s.txt s.sh; bash s.sh'),
  'script that is moved': place('echo @q > s.txt; mv s.txt s.sh; bash s.sh'),
  'script that is linked': place('echo @q > s.txt; ln -s s.txt s.sh; bash s.sh'),
  'script that is edited': command =>
    `echo ${quote(`#${command}`)} > s.sh; sed -i 's/^#//' s.sh; sh s.sh`,
  'script that is decoded': command => `base64 -d <<< ${base64(command)} > s.sh; sh s.sh`,
  'script in /tmp': place('echo @q > /tmp/s.sh; sh /tmp/s.sh'),
  'script by the name in an array': place('echo @q > s.sh; a=(s.sh); echo ls | bash < \x24{a[0]}'),
  'script that another program may have written': place(
    'echo @q > s.sh; no_such_program -o s.sh; sh s.sh',
  ),
  'script that is sourced': place('echo @q > s.sh; . ./s.sh'),
  'script that may be written again': place('echo @q > s.sh; false && echo ls > s.sh; sh s.sh'),
  'script that cannot be written again': place(
    'echo @q > s.sh; set -C; echo ls > s.sh; set +C; sh s.sh',
  ),
  'script read at the start': place('echo @q > s.sh; BASH_ENV=./s.sh bash -c :'),
  'script in PATH': place(
    "mkdir b; printf '#!/bin/sh\\n' > b/ls; echo @q >> b/ls; chmod +x b/ls; PATH=./b:$PATH; ls",
  ),
  'script among the tools': place(
    "mkdir -p node_modules/.bin; printf '#!/bin/sh\\n' > node_modules/.bin/eslint; echo @q >> node_modules/.bin/eslint; chmod +x node_modules/.bin/eslint; node_modules/.bin/eslint",
  ),
  'env -S': command =>
    isSimple(command) && !/[\\$#]/.test(command) ? `env -S ${quote(command)}` : null,
  'env --split': command =>
    isSimple(command) && !/[\\$#]/.test(command) ? `env --split ${quote(command)}` : null,
  'env -S with its blanks': command => {
    const words = plainWords(command)
    return words === null ? null : `env -S '${words.join('\\_')}'`
  },
  env: before('env'),
  'env -u': before('env -u X A=1'),
  'env with a function': place('env \'BASH_FUNC_ls%%=() { eval "$c"; }\' c=@q bash -c ls'),
}
