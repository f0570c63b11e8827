// Bodies of text for transcripts. Each pool is made once; a line takes a slice of it, which is what
// lets the generator write a gigabyte in seconds.
import type { Random } from './random.ts'

export type TextPools = {
  code: (length: number) => string
  log: (length: number) => string
  json: (length: number) => string
  prose: (length: number) => string
  unicode: (length: number) => string
  base64: (length: number) => string
}

const NAMES = 'session ledger router parser window cursor budget policy reader ticket stream'.split(
  ' ',
)
const VERBS = 'read parse build merge check update collect render close open retry'.split(' ')
const PROSE = [
  'The failing test expects the offset after the last complete line, not the end of the file. ',
  'I\'ll look at how "retry" is wired before changing anything. ',
  'That explains the difference: the cache is keyed by path and the path is relative here.\n\n',
  'Running the suite again with the change applied.\n',
  '- `src/server/router.ts`: the guard runs before the body is parsed\n',
  '```ts\nconst next = queue.shift() ?? null\n```\n',
  'Next step: update the migration and keep the old column until the release after this one. ',
]
const UNICODE = [
  'Größe der Datei geändert – «naïve» Prüfung übersprungen. ',
  '日本語のコメント: セッションを閉じる前に確認する。',
  'проверка журнала завершена успешно; ',
  '✅ 12 passed ❌ 1 failed ⚠️ 2 skipped 🚦 signal 👩‍💻 review\n',
  'café ☕ → “quoted” … 100 % ½ ™ \u2028 \u00a0 ',
]

export function createTextPools(random: Random): TextPools {
  const fill = (length: number, piece: () => string) => {
    const parts: string[] = []
    let total = 0
    while (total < length) {
      const text = piece()
      parts.push(text)
      total += text.length
    }
    return parts.join('')
  }
  const name = () => random.pick(NAMES)
  const verb = () => random.pick(VERBS)
  const pools = {
    code: fill(300_000, () => {
      const n = random.int(1, 999)
      return random.pick([
        `export function ${verb()}${n}(${name()}: string, limit = ${n}): number {\n`,
        `\tconst ${name()} = ${verb()}(${name()}, { depth: ${n}, label: "${name()}-${n}" });\n`,
        `  if (${name()}.length > ${n}) throw new Error('too many ${name()}s: "${n}"')\n`,
        `    return ${name()}.map(x => x.${name()} ?? /\\d+\\/${n}/.exec(x))\n`,
        `  // ${verb()} the ${name()} first, see #${n}\n`,
        '}\n\n',
      ])
    }),
    log: fill(300_000, () => {
      const n = random.int(1, 9999)
      return random.pick([
        `2026-11-0${random.int(1, 9)}T10:${random.int(10, 59)}:00Z INFO ${verb()} ${name()} id=${n} took=${n}ms\n`,
        `\u001b[32m  ✓\u001b[39m ${verb()}s the ${name()} ${n}\n`,
        ` M src/${name()}/${verb()}.ts\n?? test/${name()}.test.ts\n`,
        `-rw-r--r-- 1 dev dev ${n} Nov  3 10:11 ${name()}.json\n`,
        `npm warn deprecated ${name()}@${n}.0.1: use ${name()}-next\r\n`,
        `    at ${verb()} (/home/dev/app/src/${name()}.js:${n}:${random.int(1, 80)})\n`,
      ])
    }),
    // Quoted JSON, among it whole transcript lines: a reader that looks for markers in raw bytes
    // must not take these for usage of the session itself.
    json: fill(300_000, () => {
      const n = random.int(1, 99_999)
      return random.pick([
        `{"type":"assistant","requestId":"req_q${n}","message":{"id":"msg_q${n}","model":"claude-opus-4-6","usage":{"input_tokens":${n},"output_tokens":${n}}}}\n`,
        `{"${name()}":{"path":"C:\\\\work\\\\${name()}","count":${n},"tags":["${verb()}","\\u00e9"]},"ok":true}\n`,
        `{"timestamp":"2026-11-01T00:00:00.000Z","level":"warn","msg":"\\"${name()}\\" not found","n":${n}}\n`,
      ])
    }),
    prose: fill(200_000, () => random.pick(PROSE)),
    unicode: fill(200_000, () => random.pick([...UNICODE, ...PROSE.slice(0, 2)])),
    base64: fill(200_000, () => random.id('', 64)),
  }
  const slicer = (pool: string) => (length: number) => {
    // A text longer than the pool repeats it; real outputs of that size repeat themselves too.
    if (length > pool.length) return pool.repeat(Math.ceil(length / pool.length)).slice(0, length)
    let start = random.int(0, pool.length - length)
    let end = start + length
    // Never cut a surrogate pair: JSON.stringify would write a lone escape that serde rejects.
    if (isLowSurrogate(pool, start)) start++
    if (isLowSurrogate(pool, end)) end++
    return pool.slice(start, end)
  }
  return {
    code: slicer(pools.code),
    log: slicer(pools.log),
    json: slicer(pools.json),
    prose: slicer(pools.prose),
    unicode: slicer(pools.unicode),
    base64: slicer(pools.base64),
  }
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}
