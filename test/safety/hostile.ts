/** What an agent may write to steer a terminal, hide, or pass for something else; and how to see that it did. */

/** Stands at the start of what a planted row would be; no output may begin a line with it. */
export const FAKE = 'FAKEROW'

/** By what each tries. */
export const HOSTILE: Readonly<Record<string, string>> = {
  'a colour': 'a\u001b[38;5;123mb\u001b[0mc',
  'a hidden text': 'a\u001b[8mhidden\u001b[28mb',
  'a cleared screen': 'a\u001b[2J\u001b[H\u001b[3Jb',
  'a cursor that goes home': `a\u001b[1;1H${FAKE} b`,
  'a cursor that goes up': `a\u001b[5A\r${FAKE} b`,
  'another screen': 'a\u001b[?1049l\u001bc\u001b[!pb',
  'a title': 'a\u001b]0;owned\u0007b\u001b]2;owned\u001b\\c',
  'a clipboard': 'a\u001b]52;c;RVZJTA==\u0007b',
  'a link': 'a\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\b',
  'a notification': 'a\u001b]9;owned\u0007b\u001b]777;notify;owned;owned\u0007c',
  'a device control':
    'a\u001bPq#0;2;0;0;0\u001b\\b\u001b_Gf=100;AAAA\u001b\\c\u001b^x\u001b\\d\u001bXy\u001b\\e',
  'a question to the terminal': 'a\u001b[c\u001b[6n\u001b[?1$p\u001bZ\u0005b',
  'controls of eight bits': 'a\u009b2Jb\u009d0;owned\u009cc\u0090q\u009cd\u0085e\u008df\u009ag',
  'bytes that are no UTF-8': 'a\ufffd\ufffdb',
  'a bell and backspaces': 'secret\u0007\b\b\b\b\b\bpublic',
  'other controls': 'a\u0000b\u0001c\u000ed\u000fe\u0018f\u001ag\u007fh',
  'a return': `a long text\r${FAKE} b`,
  'a newline': `a\n${FAKE} 09:35:59 approved`,
  'newlines of other kinds': `a\r\n${FAKE}\u000b${FAKE}\u000c${FAKE}\u0085${FAKE}\u2028${FAKE}\u2029${FAKE}`,
  'a forged head': 'a\nSIGNALBOX  all is well\n-- details --',
  'an end of an index': 'a\u001bD\u001bM\u001bEb',
  'direction overrides': 'a\u202egpj.exe\u202cb\u202ac\u202bd\u202de',
  'direction isolates': 'a\u2066b\u2067c\u2068d\u2069e\u200ef\u200fg\u061ch',
  'zero width': 'pay\u200bpal\u200cx\u200dy\u2060z\ufeffw\u180ev',
  'invisible operators': 'a\u2061b\u2062c\u2063d\u2064e\u206af\u206fg\ufff9h\ufffai\ufffbj',
  tags: 'a\u{e0001}\u{e0072}\u{e006d}\u{e007f}b',
  'variation selectors': 'rm\ufe0f -rf\ufe00 x\u{e0100}y\u{e01ef}z',
  'a tower of marks': `z${'\u0301\u0323'.repeat(60)}z`,
  'soft hyphens': 'git\u00ad push\u00ad',
  'Hangul fillers': 'a\u115fb\u1160c\u3164d\uffa0e\u034ff\u17b4g\u17b5h',
  'shorthand and music controls': 'a\u{1bca0}b\u{1d173}c\u{1d17a}d\u{110bd}e',
  'wide letters': `漢字${'漢'.repeat(90)}ﷺ﷽`,
  'letters of no certain width': '①②③─│█…†‡ⅣⅤ⓪㈠',
  emoji: '👩‍👩‍👧‍👦👍🏽❤️🇩🇪🏴\u{e0067}\u{e0062}\u{e007f}1️⃣',
  'lone surrogates': 'a\ud800b\udc00c\udfff\ud83d',
  tabs: `a\tb\t\t${'\t'.repeat(40)}${FAKE}`,
  'spaces before a forged row': `a${' '.repeat(139)}${FAKE} ${' '.repeat(151)}${FAKE}`,
  'a very long text': `${'x'.repeat(9000)}${FAKE}`,
  'a formula': "=cmd|' /C calc'!A0",
  'a formula behind blanks': ' \t =HYPERLINK("http://evil.example","x")',
  'a formula behind a quote': '"=1+1","=2',
  'a plus': "+1+cmd|' /C calc'!A0",
  'a minus': "-2+3+cmd|' /C calc'!A0",
  'an at': "@SUM(1+1)*cmd|' /C calc'!A0",
  'a formula behind a newline': 'x\n=1+1\r\n@SUM(A1)',
  'a wide formula': '\uff1d1\uff0b1',
  'names of keys': 'echo {quit} {approve} {trust}',
  percents: '%s %n %1$s \\x1b \\u001b \\e[2J $HOME $(id)',
}

export const HOSTILE_TEXTS: readonly (readonly [string, string])[] = Object.entries(HOSTILE)

/** Controls but for the newline; what has no width, or turns the direction; half characters. */
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** What in a text could steer or hide, with what stands around it; `''` when nothing. */
export function unsafeIn(text: string): string {
  const found = UNSAFE.exec(text)
  if (found === null) return ''
  const code = found[0].codePointAt(0)?.toString(16)
  return `U+${code} in ${JSON.stringify(text.slice(Math.max(0, found.index - 60), found.index + 40))}`
}

/** Rows that were planted: a line begins with one. Blanks before it are no disguise. */
export function fakeRowsIn(text: string): string[] {
  return text.split(/[\n\r\v\f\u0085\u2028\u2029]/).filter(line => isFake(line))
}

const isFake = (line: string): boolean => line.startsWith(FAKE) || line.startsWith('SIGNALBOX  all')

/**
 * What the screen itself sends: colours and styles, the cursor, erasing, modes, the title's stack, and
 * one question about the background.
 */
const OWN =
  /\u001b\[(?:[\d;]*m|\d*[A-G]|\d*(?:;\d*)?H|[0-3]?[JK]|\?(?:25|1049|2004|2026)[hl]|\?u|>\d*u|<u|\?2026\$p|2[23];2t)|\u001b\]11;\?\u001b\\|\r/g

/** Of bytes on a terminal: what is neither the screen's own nor safe. */
export function foreignIn(bytes: string): string {
  return unsafeIn(bytes.replace(OWN, ''))
}
