import { ALONE, type Completed, flagNames, quoted, UNNAMED } from './spoken.ts'
import type { Value } from './usage.ts'

/** For a file `_signalbox` in `fpath`, and to be sourced. */
export function zshScript(commands: readonly Completed[]): string {
  const unnamed = commands.filter(({ name }) => name === UNNAMED).flatMap(flagNames)
  return `#compdef signalbox
# source <(signalbox completions zsh), after compinit
_signalbox() {
  local command=${UNNAMED} before=\${words[CURRENT-1]} i
  local -a named
  if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
    named=(
${commands.map(({ name, about }) => `      ${quoted(`${name}:${about}`)}`).join('\n')}
    )
    _describe command named
    return
  fi
  if (( CURRENT == 2 )); then
    compadd -- ${[...ALONE, ...unnamed].join(' ')}
    return
  fi
  [[ \${words[2]} == -* ]] || command=\${words[2]}
  # --flag=value is one word.
  if compset -P '--*='; then before=\${IPREFIX%=}; fi
  for (( i = 3; i < CURRENT; i++ )); do
    if [[ \${words[i]} == -- ]]; then
      case $command in (${commands
        .filter(({ runs }) => runs)
        .map(({ name }) => name)
        .join('|')})
        shift $i words
        (( CURRENT -= i ))
        _normal
      esac
      return
    fi
  done
  case "$command $before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
${commands.map(wordCase).join('\n')}
  esac
}
if [[ \${funcstack[1]} == _signalbox ]]; then _signalbox "$@"; else compdef _signalbox signalbox; fi
`
}

function valueCases({ name, flags }: Completed): string[] {
  return flags.flatMap(flag =>
    flag.value === null
      ? []
      : [`    (${quoted(`${name} ${flag.name}`)}) ${found(flag.value)}return;;`],
  )
}

function wordCase(command: Completed): string {
  const other = command.words.kind === 'words' ? 'elif (( CURRENT == 3 )); then' : 'else'
  return `    (${command.name})
      if [[ $PREFIX == -* ]]; then compadd -- ${flagNames(command).join(' ')}
      ${other} ${found(command.words) || ':;'} fi;;`
}

function found(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `compadd -- ${value.words.join(' ')}; `
    case 'files':
      return '_files; '
    case 'folders':
      return '_files -/; '
    case 'programs':
      return '_command_names -e; '
    case 'anything':
      return ''
  }
}
