import { ALONE, type Completed, flagNames, quoted, UNNAMED } from './spoken.ts'
import type { Value } from './usage.ts'

/** Also for the bash 3.2 of macOS, which has neither mapfile nor compopt. */
export function bashScript(commands: readonly Completed[]): string {
  return `# source <(signalbox completions bash)
_signalbox_found() {
  local one
  COMPREPLY=()
  while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen "$@" -- "$cur")
}
_signalbox_paths() {
  compopt -o filenames 2>/dev/null
  _signalbox_found "$1"
}
_signalbox() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=${UNNAMED} i
  COMPREPLY=()
  # bash takes --flag=value apart.
  if [[ $cur == = ]]; then cur=
  elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if (( COMP_CWORD == 1 )) && [[ $cur != -* ]]; then
    _signalbox_found -W ${quoted(commands.map(({ name }) => name).join(' '))}
    return
  fi
  if (( COMP_CWORD == 1 )); then
    _signalbox_found -W ${quoted([...ALONE, ...commands.filter(isUnnamed).flatMap(flagNames)].join(' '))}
    return
  fi
  [[ \${COMP_WORDS[1]} == -* ]] || command=\${COMP_WORDS[1]}
  for (( i = 2; i < COMP_CWORD; i++ )); do
    if [[ \${COMP_WORDS[i]} == -- ]]; then
      case $command in ${commands
        .filter(({ runs }) => runs)
        .map(({ name }) => name)
        .join('|')})
        if (( i == COMP_CWORD - 1 )); then _signalbox_found -c; else _signalbox_paths -f; fi;;
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
complete -F _signalbox signalbox
`
}

const isUnnamed = ({ name }: Completed): boolean => name === UNNAMED

function valueCases({ name, flags }: Completed): string[] {
  return flags.flatMap(flag =>
    flag.value === null
      ? []
      : [`    ${quoted(`${name} ${flag.name}`)}) ${found(flag.value)}return;;`],
  )
}

function wordCase(command: Completed): string {
  const flags = flagNames(command).join(' ')
  const other = command.words.kind === 'words' ? 'elif (( COMP_CWORD == 2 )); then' : 'else'
  return `    ${command.name})
      if [[ $cur == -* ]]; then _signalbox_found -W ${quoted(flags)}
      ${other} ${found(command.words) || ':;'} fi;;`
}

function found(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `_signalbox_found -W ${quoted(value.words.join(' '))}; `
    case 'files':
      return '_signalbox_paths -f; '
    case 'folders':
      return '_signalbox_paths -d; '
    case 'programs':
      return '_signalbox_found -c; '
    case 'anything':
      return ''
  }
}
