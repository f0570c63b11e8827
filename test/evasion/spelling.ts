/** Other spellings of a command's own words. */
import {
  doubleQuote,
  isSimple,
  named,
  plainWords,
  quote,
  type Random,
  type Transforms,
} from './text.ts'

/** Changes the name only. */
function name(change: (name: string, random: Random) => string | null) {
  return (command: string, random: Random): string | null => {
    const parts = named(command)
    const changed = parts === null ? null : change(parts.name, random)
    return changed === null || parts === null ? null : changed + parts.rest
  }
}

/** Says something first, and then what stands for the name. */
function stored(before: (name: string) => string, instead: string) {
  return name(word => `${before(word)}; ${instead}`)
}

/** Some place inside the word, or before it where it is one letter. */
function inside(word: string, random: Random): readonly [string, string] {
  const at = word.length < 2 ? 0 : 1 + random(word.length - 1)
  return [word.slice(0, at), word.slice(at)]
}

const coded = (write: (code: number) => string) =>
  name(word => `$'${Array.from(word, letter => write(letter.charCodeAt(0))).join('')}'`)

const put = (between: string) => name((word, random) => inside(word, random).join(between))

/** Every plain argument: quoted, cut in two, … */
function args(change: (arg: string, random: Random) => string) {
  return (command: string, random: Random): string | null => {
    const words = plainWords(command)
    if (words === null || words.length < 2) return null
    const [first = '', ...rest] = words
    return [first, ...rest.map(word => (word === '' ? word : change(word, random)))].join(' ')
  }
}

/** Only where a word begins: there all of these mean the same. */
const home =
  (written: string) =>
  (command: string): string | null => {
    const changed = command.replaceAll(/(?<= )\/home\/dev(?=\/)/g, written)
    return changed === command || /['"]/.test(command) ? null : changed
  }

export const spelling: Transforms = {
  'single quotes in the name': put("''"),
  'double quotes in the name': put('""'),
  'backslash in the name': put('\\'),
  'backslash before the name': name(word => `\\${word}`),
  'name in single quotes': name(word => `'${word}'`),
  'name in double quotes': name(word => `"${word}"`),
  'each letter quoted': name(word => Array.from(word, letter => `'${letter}'`).join('')),
  'name in hex': coded(code => `\\x${code.toString(16)}`),
  'name in octal': coded(code => `\\${code.toString(8).padStart(3, '0')}`),
  'name in unicode': coded(code => `\\u${code.toString(16).padStart(4, '0')}`),
  'half of the name in hex': name((word, random) => {
    const [first, last] = inside(word, random)
    return `${first}$'${Array.from(last, c => `\\x${c.charCodeAt(0).toString(16)}`).join('')}'`
  }),
  'translated name': name(word => `$"${word}"`),
  'name in a variable': stored(word => `c=${word}`, '$c'),
  'name in a quoted variable': stored(word => `c=${word}`, '"$c"'),
  'name in two variables': name((word, random) => {
    const [first, last] = inside(word, random)
    return `a=${first}; b=${last}; $a$b`
  }),
  'name grows': name((word, random) => {
    const [first, last] = inside(word, random)
    return `c=${first}; c+=${last}; $c`
  }),
  'name as a default': name(word => `\${nothing_x:-${word}}`),
  'name as an alternative': name(word => `c=1; \${c:+${word}}`),
  'name as a default that stays': stored(word => `: "\${never_set:=${word}}"`, '$never_set'),
  'empty value that gets a default': stored(word => `c=; : "\${c:=${word}}"`, '$c'),
  'name from a nested command': name(word => `$(echo ${word})`),
  'name from backticks': name(word => `\`echo ${word}\``),
  'name from printf': name(word => `$(printf '%s' ${word})`),
  'name from rev': name(word => `$(echo ${Array.from(word).reverse().join('')} | rev)`),
  'name from tr': name(word => `$(echo ${word.toUpperCase()} | tr A-Z a-z)`),
  'name from date': name(word => `$(date +${word})`),
  'name from basename': name(word => `$(basename -s .x /a/${word}.x)`),
  'value without what another holds': stored(word => `d=xx; c=xx${word}`, '\x24{c#$d}'),
  'value without one of a set': stored(word => `c=_${word}`, '\x24{c#[!0]}'),
  'name as the first argument': stored(word => `set -- ${word}`, '"$1"'),
  'first arguments that may change': stored(word => `set -- ${word}; false && set -- echo`, '"$1"'),
  'name through another name': stored(word => `n=${word}; r=n`, '\x24{!r}'),
  'name by reference': stored(word => `declare -n r=n; n=echo; r=${word}`, '$n'),
  'name in capitals': stored(word => `c=${word.toUpperCase()}`, '\x24{c,,}'),
  'part of a value': name(word => `c=x${word}x; \${c:1:${word.length}}`),
  'value with a replacement': name((word, random) => {
    const [first, last] = inside(word, random)
    return `c=${first}_${last}; \${c/_/}`
  }),
  'value without its start': stored(word => `c=xx${word}`, '\x24{c#xx}'),
  'value without its end': stored(word => `c=${word}.xx`, '\x24{c%.xx}'),
  'printf into a variable': stored(word => `c=echo; printf -v c %s ${word}`, '$c'),
  'read into a variable': stored(word => `c=echo; read -r c <<< ${word}`, '$c'),
  'mapfile into a variable': stored(word => `mapfile -t c <<< ${word}`, '"\x24{c[0]}"'),
  'nothing in the name': put('$()'),
  'an unset variable in the name': put('\x24{nothing_x}'),
  'the last argument of before': stored(word => `: ${word}`, '$_'),
  'an empty variable before the name': name(word => `c=; $c ${word}`),
  'name by a wildcard': name(word => `/usr/bin/${word.slice(0, -1)}?`),
  'name by a bracket': name(word => `/usr/bin/[${word[0]}]${word.slice(1)}`),
  'absolute name': name(word => `/usr/bin/${word}`),
  'absolute name in /bin': name(word => `/bin/${word}`),
  'name by a longer path': name(word => `/usr/bin/../bin/${word}`),
  'name with more slashes': name(word => `//usr/bin//${word}`),
  'words in braces': command => {
    const words = plainWords(command)
    return words === null || words.length < 2 || words.some(word => word.includes(','))
      ? null
      : `{${words.join(',')}}`
  },
  'words in an array': command => {
    const words = plainWords(command)
    return words === null ? null : `a=(${words.join(' ')}); "\x24{a[@]}"`
  },
  'words as arguments': command => {
    const words = plainWords(command)
    return words === null ? null : `set -- ${words.join(' ')}; "$@"`
  },
  'words in a variable': command => {
    const words = plainWords(command)
    return words === null ? null : `c=${quote(words.join(' '))}; $c`
  },
  'arguments in a variable': command => {
    const words = plainWords(command)
    return words === null || words.length < 2
      ? null
      : `a=${quote(words.slice(1).join(' '))}; ${words[0]} $a`
  },
  'arguments quoted': args(word => `'${word}'`),
  'arguments in double quotes': args(doubleQuote),
  'arguments cut by quotes': args((word, random) => inside(word, random).join("''")),
  'arguments with backslashes': args((word, random) => inside(word, random).join('\\')),
  'arguments in hex': args(
    word => `$'${Array.from(word, c => `\\x${c.charCodeAt(0).toString(16)}`).join('')}'`,
  ),
  'arguments as defaults': args(word => `"\${nothing_x:-${word}}"`),
  'tabs between the words': command =>
    isSimple(command) && !/['"\\]/.test(command) ? command.replaceAll(' ', '\t') : null,
  'more blanks': command =>
    isSimple(command) && !/['"\\]/.test(command) ? `  ${command.replaceAll(' ', '   ')}  ` : null,
  'a line goes on': name(word => `${word} \\\n`),
  'a line goes on in the name': put('\\\n'),
  'a variable first': command => (named(command) === null ? null : `A=1 B=2 ${command}`),
  'a redirection first': command => (named(command) === null ? null : `2>/dev/null ${command}`),
  'a redirection in between': name(word => `${word} 2>/dev/null`),
  'home as a tilde': home('~'),
  'home as a variable': home('$HOME'),
  'home in braces': home('"\x24{HOME}"'),
  'home with dots': home('/home/./dev/../dev'),
  'home with more slashes': home('//home//dev'),
  'home by way of the root': home('../../../home/dev'),
}
