/** YAML changed as what it is written in: lines, their indentation, names and values. */
import type { Random } from '../../random.ts'

const VALUES = [
  '',
  '~',
  'null',
  'true',
  '0',
  '-1',
  '1e400',
  '.nan',
  '[]',
  '{}',
  '[a, b]',
  '{ a: b }',
  '"x"',
  "'x'",
  '"\\e[31m"',
  '|',
  '>-',
  '&a x',
  '*a',
  '!!str x',
  '!x y',
  '2026-02-30',
  '2026-12-31',
  '# why',
  'x # why',
  '? a',
  '- a',
  '<<: *a',
  '---',
  '...',
  '%YAML 1.1',
] as const

export function changedLines(
  text: Buffer,
  other: Buffer,
  random: Random,
  word: () => string,
): Buffer {
  const { int, pick, chance } = random
  const lines = text.toString('utf8').split('\n')
  const others = other.toString('utf8').split('\n')
  const at = int(0, lines.length - 1)
  const line = lines[at] ?? ''
  const some = lines.slice(at, at + int(1, 4))
  const put = (...instead: readonly string[]): string[] => lines.toSpliced(at, 1, ...instead)
  const [, indent = '', lead = '', rest = ''] =
    /^(\s*)((?:- +)?(?:[^\s:#][^:#]*:)?)(.*)$/.exec(line) ?? []
  const next = (): string[] => {
    switch (int(0, 9)) {
      case 0:
        return lines.toSpliced(at, int(1, 3))
      case 1: // twice, or many times
        return lines.toSpliced(
          at,
          0,
          ...Array<string[]>(chance(0.8) ? 1 : 40)
            .fill(some)
            .flat(),
        )
      case 2: // elsewhere
        return lines.toSpliced(at, some.length).toSpliced(int(0, lines.length), 0, ...some)
      case 3:
        return put(' '.repeat(int(0, 8)) + line.trimStart())
      case 4:
        return put(`${indent}${lead} ${pick(VALUES)}`)
      case 5:
        return put(`${indent}${lead} ${chance(0.5) ? word() : JSON.stringify(word())}`)
      case 6:
        return put(`${indent}${word().replace(/:$/, '')}:${rest}`)
      case 7:
        return put(line, `${indent}${pick(['', '- ', '  '])}${word()} ${pick(VALUES)}`)
      case 8: // lines of another
        return lines.toSpliced(at, int(0, 2), ...others.slice(int(0, others.length)).slice(0, 3))
      default:
        return put(`${line}${pick(['\r', ' # why', '\t', ' ', ',', ':'])}`)
    }
  }
  return Buffer.from(next().join('\n'))
}
