/** `echo` and `printf`: the text that they print, where it can be told. */
import type { Content } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import { contentOf, joined } from '../value.ts'
import { setByName } from './variables.ts'

const echo: Handler = call => {
  const first = call.args.findIndex(arg => !/^-[neE]+$/.test(arg.text))
  const options = first < 0 ? call.args : call.args.slice(0, first)
  const content = contentOf(joined(first < 0 ? [] : call.args.slice(first), ' '))
  const { text } = content
  if (text === null) return content
  if (options.some(arg => arg.text.includes('e'))) return unescaped(text, content)
  // Some shells' own echo takes escapes without being asked: then it prints the other text.
  const other = unescaped(text, content)
  const plain = `${text}\n`
  return other.text === text ? { ...content, text: plain } : { ...other, text: plain + other.text }
}

const printf: Handler = (call, sh) => {
  const args = call.args[0]?.text === '--' ? call.args.slice(1) : call.args
  const [format, ...values] = args
  if (format !== undefined && /^-v./s.test(format.text))
    return setByName([{ ...format, text: format.text.slice(2) }], sh)
  if (format?.text === '-v') return setByName(values.slice(0, 1), sh)
  const all = contentOf(joined(args, ' '))
  // Whatever the numbers are, they are digits.
  if (format?.known && NUMBERS.test(format.text))
    return unescaped(format.text.replace(/%[^%a-zA-Z]*[a-zA-Z]/g, '0'), all)
  if (format === undefined || all.text === null) return all
  const { text: plain, flows } = unescaped(format.text, all)
  const printed = values.map(arg => unescaped(arg.text, all))
  const text = formatted(
    plain ?? '',
    values.map((arg, i) => ({ s: arg.text, b: printed[i]?.text ?? '' })),
  )
  const coded = format.text.includes('%b') ? printed.flatMap(it => it.flows) : []
  return { ...all, text, flows: [...new Set([...flows, ...coded])] }
}

const NUMBERS = /^(?=[^%]*%[^%])(?:[^%]|%%|%[-+ 0#]*\d*(?:\.\d+)?[diouxXeEfgG])*$/

/** @returns null for conversions that change or cut what they are given */
function formatted(
  format: string,
  values: readonly { readonly s: string; readonly b: string }[],
): string | null {
  const kinds = Array.from(format.matchAll(/%(.)/gs), match => match[1] ?? '')
  if (!kinds.every(kind => /[%sb]/.test(kind))) return null
  const each = kinds.filter(kind => kind !== '%').length
  // The format is used again until all is printed.
  const turns = each === 0 ? 1 : Math.max(1, Math.ceil(values.length / each))
  let i = 0
  return Array.from({ length: turns }, () =>
    format.replace(/%([%sb])/g, (_, kind: string) =>
      kind === '%' ? '%' : (values[i++]?.[kind === 'b' ? 'b' : 's'] ?? ''),
    ),
  ).join('')
}

const LETTERS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
}

const ESCAPES = /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{1,4})|U([0-9a-f]{1,8})|(0?[0-7]{1,3})|([\s\S]))/gi

/** Text that is written in numbers is written so to be hidden. */
function unescaped(text: string, content: Content): Content {
  let coded = false
  const plain = text.replace(ESCAPES, (all, x, u, long, octal, letter: string) => {
    if (letter !== undefined) return LETTERS[letter] ?? (letter === '\\' ? '\\' : all)
    coded = true
    const code =
      octal === undefined ? Number.parseInt(x ?? u ?? long, 16) : Number.parseInt(octal, 8)
    return code > 0x10ffff ? all : String.fromCodePoint(code)
  })
  return {
    text: plain,
    flows: coded ? [...content.flows, 'decoded'] : content.flows,
    from: content.from,
  }
}

export const printing: Handlers = { echo, printf, print: echo }
