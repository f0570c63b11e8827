/** What was set before: names that mean something else, values that are not what they seem. */
import { isSimple, line, named, place, quote, type Transforms } from './text.ts'

/** `NAME` and `REST` of the command; `c` is a name that the judge might take for a harmless one. */
function split(form: string) {
  return (command: string): string | null => {
    const parts = named(command)
    // What is set for a name would hold for the program that is to pass it by, too.
    if (
      parts === null ||
      /^(env|bash|sh|xargs|find|echo|cp|ln|eval|trap|exec|command)$/.test(parts.name)
    )
      return null
    const { name, rest } = parts
    if (rest.split(/[\s('"`]/).includes(name)) return null
    return form.replaceAll(/NAME|REST|QUOTED/g, word =>
      word === 'NAME' ? name : word === 'REST' ? rest : quote(command),
    )
  }
}

export const state: Transforms = {
  'alias that does not count yet': split('alias NAME=:; NAMEREST'),
  'alias that counts nowhere': split('alias NAME=echo\nbash -c QUOTED'),
  'alias that is passed by': split('shopt -s expand_aliases\nalias NAME=:\n\\NAMEREST'),
  'alias of the whole': line('shopt -s expand_aliases\nalias q=@q\nq'),
  'alias of a program': line('shopt -s expand_aliases\nalias ls=@q\nls'),
  'alias of the name': split('shopt -s expand_aliases\nalias ls=NAME\nlsREST'),
  'alias of an alias': split('shopt -s expand_aliases\nalias b=NAME\nalias a=b\naREST'),
  'alias that takes the next word too': line(
    "shopt -s expand_aliases\nalias e='echo '\nalias x=';'@q\ne x",
  ),
  'alias of a keyword': line(
    "shopt -s expand_aliases\nalias then='then '@q';'\nif true; then :; fi",
  ),
  'alias that opens a quote': command =>
    /["\\$`\n]/.test(command)
      ? null
      : `shopt -s expand_aliases\nalias e='echo "'\ne x" > /dev/null; ${command}; e "`,
  'alias by its array': line('shopt -s expand_aliases\nBASH_ALIASES[ls]=@q\nls'),
  'function that a program does not see': split('NAME() { :; }; env NAMEREST'),
  'function that command passes by': split('NAME() { :; }; command NAMEREST'),
  'function that another shell does not see': split('NAME() { :; }; bash -c QUOTED'),
  'function that a script does not see': split('NAME() { :; }; echo QUOTED > s.sh; sh s.sh'),
  'function that xargs does not see': command =>
    isSimple(command) ? split('NAME() { :; }; echo | xargs NAMEREST')(command) : null,
  'function that find does not see': command =>
    isSimple(command) ? split('NAME() { :; }; find . -prune -exec NAMEREST \\;')(command) : null,
  'function that is not defined': split('false && NAME() { :; }; NAMEREST'),
  'function in what is not run': split('if false; then NAME() { :; }; fi; NAMEREST'),
  'function of a loop without turns': split('for i in; do NAME() { :; }; done; NAMEREST'),
  'function of a subshell': split('(NAME() { :; }); NAMEREST'),
  'function that is gone': split('NAME() { :; }; unset -f NAME; NAMEREST'),
  'function that is exported': place('ls() { @@\n}; export -f ls; bash -c ls'),
  'function in a sourced file': place("printf '%s\\n' 'ls() {' @q '}' > v.sh; . ./v.sh; ls"),
  'function for what is not found': place('command_not_found_handle() { @@\n}; no_such_program'),
  'function that sets': split('f() { c=NAME; }; c=echo; f; $cREST'),
  'function that goes elsewhere': place('f() { cd .; }; f; @@'),
  'function with a value of its own': split('c=NAME; f() { local c=echo; }; f; $cREST'),
  'function that returns early': split('c=NAME; f() { return; c=echo; }; f; $cREST'),
  'value in a sourced file': split("echo 'c=NAME' > v.sh; c=echo; . ./v.sh; $cREST"),
  'value in what is not run': split('c=NAME; false && c=echo; $cREST'),
  'value of a subshell': split('c=NAME; (c=echo); $cREST'),
  'value of a pipe': split('shopt -s lastpipe; c=echo; echo NAME | read -r c; $cREST'),
  'value of a branch': split('c=NAME; if false; then c=echo; fi; $cREST'),
  'value of a loop': split('c=echo; for c in NAME; do :; done; $cREST'),
  'value of the second turn': split('c=echo; for i in 1 2; do $cREST; c=NAME; done'),
  'value after a break': split('for i in 1; do c=NAME; break; c=echo; done; $cREST'),
  'value for a command': split('c=NAME; c=echo true; $cREST'),
  'value that stays': split('readonly c=NAME; c=echo true; $cREST'),
  'value unset': split('c=NAME; d=echo; unset d; \x24{d:-$c}REST'),
  'value by a loop of read': split('c=echo; while read -r c; do $cREST; done <<< NAME'),
  'value by getopts': split('c=echo; getopts x: o -x NAME; "$OPTARG"REST'),
  'value by a test': split('[[ xNAME =~ ^x(.*)$ ]]; "\x24{BASH_REMATCH[1]}"REST'),
  'program remembered elsewhere': split('hash -p "$(type -P NAME)" ls; lsREST'),
  'program in the array of the remembered': split('BASH_CMDS[ls]="$(type -P NAME)"; lsREST'),
  'program that is copied': split('cp "$(type -P NAME)" ./tool; ./toolREST'),
  'program that is linked': split('ln -s "$(type -P NAME)" ./tool; ./toolREST'),
  'program that is copied by its name': split('cp /usr/bin/NAME ./tool; ./toolREST'),
  'program that is linked by its name': split('ln -s /usr/bin/NAME ./tool; ./toolREST'),
  'program among the tools': split(
    'mkdir -p node_modules/.bin; cp /usr/bin/NAME node_modules/.bin/eslint; node_modules/.bin/eslintREST',
  ),
  'program among tools elsewhere': split(
    'mkdir -p venv/bin; cp /usr/bin/NAME venv/bin/cat; venv/bin/catREST',
  ),
  'words split otherwise': split('IFS=_; c=NAME_--; unset IFS; \x24{c%_--}REST'),
  'keyword assignments': place('set -k; true; set +k; @@'),
  'another mode first': place('set -euo pipefail; @@'),
  'history off first': place('set +o history; @@'),
}
