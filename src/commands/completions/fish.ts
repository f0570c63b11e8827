import { ALONE, type Completed, quoted, UNNAMED } from './spoken.ts'
import type { Value } from './usage.ts'

export function fishScript(commands: readonly Completed[]): string {
  return `# signalbox completions fish > ~/.config/fish/completions/signalbox.fish
function __signalbox_is --description 'whether the command line is of this command'
    set -l words (commandline -opc)
    set -l command ${UNNAMED}
    if test (count $words) -gt 1; and not string match -q -- '-*' $words[2]
        set command $words[2]
    end
    test $command = $argv[1]; and not contains -- -- $words
end
function __signalbox_runs --description 'whether a whole command line follows'
    set -l words (commandline -opc)
    test (count $words) -gt 2; and contains -- $words[2] $argv; and contains -- -- $words
end
function __signalbox_rest --description 'what that command line would be completed with'
    set -l words (commandline -opc)
    set -l after (math (contains -i -- -- $words) + 1)
    set -l line $words[$after..-1] (commandline -ct)
    complete -C "$line"
end
complete -c signalbox -f
complete -c signalbox -n 'test (count (commandline -opc)) -eq 1' -a ${quoted(ALONE.join(' '))}
complete -c signalbox -n '__signalbox_runs ${names(commands.filter(({ runs }) => runs))}' -a '(__signalbox_rest)'
${commands.flatMap(linesOf).join('\n')}
`
}

const names = (commands: readonly Completed[]): string => commands.map(({ name }) => name).join(' ')

function linesOf({ name, about, flags, words }: Completed): string[] {
  const is = `__signalbox_is ${name}`
  const here = `complete -c signalbox -n '${is}'`
  const first = `complete -c signalbox -n '${is}; and test (count (commandline -opc)) -eq 2'`
  const rest = found(words)
  return [
    `complete -c signalbox -n 'test (count (commandline -opc)) -eq 1' -a ${name} -d ${quoted(about)}`,
    ...flags.map(flag => {
      const takes = flag.value === null ? '' : ` -x${found(flag.value)}`
      return `${here} -l ${flag.name.slice(2)}${takes}`
    }),
    // Of no command there are no words, but for the commands themselves.
    ...(rest === '' || name === UNNAMED ? [] : [`${words.kind === 'words' ? first : here}${rest}`]),
  ]
}

function found(value: Value): string {
  switch (value.kind) {
    case 'words':
      return ` -a ${quoted(value.words.join(' '))}`
    case 'files':
      return " -a '(__fish_complete_path (commandline -ct))'"
    case 'folders':
      return " -a '(__fish_complete_directories (commandline -ct))'"
    case 'programs':
      return " -a '(__fish_complete_command)'"
    case 'anything':
      return ''
  }
}
