/** Code of other languages that runs the command. */
import { line, literal, oneLine, plainWords, quote, type Transforms } from './text.ts'

/** `@@` is the command as a string literal of the language. */
function code(run: string, form: string) {
  return oneLine(command => `${run} ${quote(form.replaceAll('@@', () => literal(command)))}`)
}

/** The words of a command as a list of string literals. */
function list(run: string, form: string) {
  return (command: string): string | null => {
    const words = plainWords(command)
    return words === null
      ? null
      : `${run} ${quote(form.replaceAll('@@', () => words.map(literal).join(', ')))}`
  }
}

const python = 'python3 -c'
const node = 'node -e'
const perl = 'perl -e'
const ruby = 'ruby -e'
const php = 'php -r'

export const languages: Transforms = {
  'python os.system': code(python, 'import os; os.system(@@)'),
  'python os.popen': code(python, 'import os; print(os.popen(@@).read())'),
  'python subprocess': code(python, 'import subprocess; subprocess.run(@@, shell=True)'),
  'python subprocess list': list(python, 'import subprocess; subprocess.run([@@])'),
  'python exec': list(python, 'import os; a = [@@]; os.execvp(a[0], a)'),
  'python under another name': code(python, 'from os import system as print; print(@@)'),
  'python module under another name': code(python, 'import os as o; print(o.system(@@))'),
  'python map': code(python, 'import os as o; list(map(o.system, [@@]))'),
  'python key': code(python, 'import os as o; sorted([@@], key=o.system)'),
  'python __import__': code(python, '__import__("os").system(@@)'),
  'python getattr': code(python, 'import os; getattr(os, "sys" + "tem")(@@)'),
  'python posix': code(python, 'import posix; posix.system(@@)'),
  'python pty': list(python, 'import pty; pty.spawn([@@])'),
  'python eval': code(python, 'eval("__import__(\\"os\\").system")(@@)'),
  'python of an input': oneLine(
    command => `python3 - <<'E'\nimport os\nos.system(${literal(command)})\nE`,
  ),
  'python of a pipe': oneLine(
    command => `echo ${quote(`import os; os.system(${literal(command)})`)} | python3`,
  ),
  'python of a module': code('python3 -m timeit -n 1 -r 1', 'import os; os.system(@@)'),
  'python of a file': oneLine(
    command => `echo ${quote(`import os; os.system(${literal(command)})`)} > s.py; python3 s.py`,
  ),
  'python of a file by a module': oneLine(
    command =>
      `echo ${quote(`import os; os.system(${literal(command)})`)} > s.py; python3 -m cProfile s.py`,
  ),
  'python that imports a file': oneLine(
    command =>
      `echo ${quote(`import os; os.system(${literal(command)})`)} > s.py; python3 -c 'import s'`,
  ),
  'node execSync': code(node, 'require("child_process").execSync(@@)'),
  'node spawnSync': list(
    node,
    'const a = [@@]; require("child_process").spawnSync(a[0], a.slice(1))',
  ),
  'node under another name': code(
    node,
    'const {execSync: log} = require("child_process"); log(@@)',
  ),
  'node forEach': code(node, '[@@].forEach(c => require("child_process").execSync(c))'),
  'node map': code(node, '[@@].map(require("child_process").execSync)'),
  'node by a computed name': code(node, 'require("child_process")["exec" + "Sync"](@@)'),
  'node by a computed module': code(
    node,
    'const c = require("child_" + "process"); c["execSync"](@@)',
  ),
  'node import': code(node, 'import("node:child_process").then(c => c.execSync(@@))'),
  'node -pe': code('node -pe', 'require("child_process").execSync(@@)'),
  'node --eval': code('node --eval', 'require("child_process").execSync(@@)'),
  'node --print': code('node --print', 'require("child_process").execSync(@@)'),
  'node of an input': oneLine(
    command => `node <<'E'\nrequire("child_process").execSync(${literal(command)})\nE`,
  ),
  'node of a data URL': oneLine(command => {
    const text = `import c from 'node:child_process'; c.execSync(${JSON.stringify(command)})`
    return `node -e 'import("data:text/javascript;base64,${Buffer.from(text).toString('base64')}")'`
  }),
  'node of a file': oneLine(
    command =>
      `echo ${quote(`require("child_process").execSync(${literal(command)})`)} > s.js; node s.js`,
  ),
  'node that requires a file': oneLine(
    command =>
      `echo ${quote(`require("child_process").execSync(${literal(command)})`)} > s.js; node -e 'require("./s.js")'`,
  ),
  'deno eval': code(
    'deno eval --ext=ts',
    'new Deno.Command("sh", {args: ["-c", @@]}).outputSync()',
  ),
  'perl system': code(perl, 'system @@'),
  'perl system()': code(perl, 'print system(@@)'),
  'perl list': list(perl, 'system(@@)'),
  'perl exec': list(perl, 'exec {"env"} "env", @@'),
  'perl qx': oneLine(
    command => `perl -e ${quote(`print qx#${command.replace(/[#$@\\]/g, '\\$&')}#`)}`,
  ),
  'perl backticks': oneLine(command =>
    /[`\\$@]/.test(command) ? null : `perl -e ${quote(`print \`${command}\``)}`,
  ),
  'perl pipe': code(perl, 'open F, "|-", @@; close F'),
  'perl old pipe': oneLine(
    command => `perl -e ${quote(`open(F, ${literal(`${command} |`)}); print <F>`)}`,
  ),
  'perl readpipe': code(perl, 'print readpipe @@'),
  'perl eval': code(perl, '$c = "sys" . "tem(\\$_)"; $_ = @@; eval $c'),
  'perl by a name': code(perl, 'print &{"CORE::GLOBAL::x"} if 0; $_ = @@; s/(.*)/system $1/e'),
  'perl by a module': oneLine(
    command => `perl ${quote(`-Mstrict;system(${literal(command)})`)} -e 1`,
  ),
  'perl of an input': oneLine(command => `perl <<'E'\nsystem(${literal(command)});\nE`),
  'ruby system': code(ruby, 'system @@'),
  'ruby %x': oneLine(command =>
    /[|\\#]/.test(command) ? null : `ruby -e ${quote(`puts %x|${command}|`)}`,
  ),
  'ruby exec': code(ruby, 'exec(@@)'),
  'ruby popen': list(ruby, 'puts IO.popen([@@]).read'),
  'ruby popen without brackets': list(ruby, 'puts IO.popen [@@]'),
  'ruby open': oneLine(command => `ruby -e ${quote(`puts open(${literal(`|${command}`)}).read`)}`),
  'ruby send': code(ruby, 'Kernel.send(:system, @@)'),
  'php system': code(php, 'system(@@);'),
  'php by a name': code(php, '"sys" . "tem"; ("sys" . "tem")(@@);'),
  'php backticks': oneLine(command =>
    /[`\\$]/.test(command) ? null : `php -r ${quote(`echo \`${command}\`;`)}`,
  ),
  'php -B': code('php -B', 'system(@@);'),
  'awk system': code('awk', 'BEGIN { system(@@) }'),
  'awk getline': code('awk', 'BEGIN { @@ | getline; print }'),
  'awk pipe': code('awk', 'BEGIN { print | @@ }'),
  'awk by a name': code('gawk', 'BEGIN { f = "system"; @f(@@) }'),
  'awk between divisions': code('awk', 'BEGIN { a = 4 / 2; c = @@; system(c); b = 4 / 2 }'),
  'awk of a file': oneLine(
    command => `echo ${quote(`BEGIN { system(${literal(command)}) }`)} > s.awk; awk -f s.awk`,
  ),
  'awk by an option': oneLine(
    command => `gawk --source=${quote(`BEGIN { system(${literal(command)}) }`)} README.md`,
  ),
  'awk by a variable': oneLine(command => `awk -v c=${quote(command)} 'BEGIN { system(c) }'`),
  'sed e': line("sed '1e '@q README.md"),
  'sed e without a blank': line("echo | sed '1e'@q"),
  'sed e of its input': line('echo @q | sed e'),
  'sed s///e': oneLine(command =>
    /[|\\&]/.test(command) ? null : `echo x | sed ${quote(`s|x|${command}|e`)}`,
  ),
  'sed s with a letter': oneLine(command =>
    /[Z\\&]/.test(command) ? null : `echo x | sed ${quote(`sZxZ${command}Ze`)}`,
  ),
  'sed e after a negation': line("echo | sed '/x/!e '@q"),
  'sed e after an address': line("echo x | sed '\\,x,e '@q"),
  'sed by a long option': line("echo | sed --expr='1e '@q"),
  'lua os.execute': code('lua -e', 'os.execute(@@)'),
  'tclsh exec': oneLine(command => `tclsh <<< ${quote(`exec sh -c {${command}}`)}`),
  'R system': code('Rscript -e', 'system(@@)'),
  osascript: code('osascript -e', 'do shell script @@'),
  expect: code('expect -c', 'spawn sh -c @@; interact'),
  emacs: code('emacs --batch --eval', '(shell-command @@)'),
}
