/** Whether the terminal's background is dark or light, for who chose no theme. */

export type Ground = 'dark' | 'light'

/** What a terminal on the same machine needs is a few ms; the screen is loaded meanwhile. */
const DEADLINE_MS = 150

const QUESTION = '\u001b]11;?\u001b\\'
const HEX = '([0-9a-f]{1,4})'
const ANSWER = new RegExp(
  `\u001b\\]11;rgba?:${HEX}/${HEX}/${HEX}(?:/[0-9a-f]{1,4})?(?:\u0007|\u001b\\\\)`,
  'i',
)
/** These print the question, or show no colours. */
const NOT_ASKED = /^(dumb|linux|)$/

type Input = Pick<
  NodeJS.ReadStream,
  'isTTY' | 'setRawMode' | 'on' | 'off' | 'read' | 'unshift' | 'ref' | 'unref'
>
type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>

/**
 * Asks the terminal (OSC 11). The input stays in raw mode, so that nothing of an answer is echoed,
 * and what was typed meanwhile stays in it. An answer that comes too late is taken out of it.
 */
export async function askGround(
  env: NodeJS.ProcessEnv,
  input: Input = process.stdin,
  output: Output = process.stdout,
  deadlineMs = DEADLINE_MS,
): Promise<Ground | null> {
  if (!input.isTTY || !output.isTTY || NOT_ASKED.test(env.TERM ?? '')) return null
  const { promise, resolve } = Promise.withResolvers<void>()
  let typed = ''
  const onReadable = (): void => {
    // Until Ink reads, no encoding is set: bytes come, and bytes go back.
    for (let chunk = input.read(); chunk !== null; chunk = input.read())
      typed += Buffer.from(chunk).toString('latin1')
    if (ANSWER.test(typed)) resolve()
  }
  input.setRawMode(true)
  input.ref()
  input.on('readable', onReadable)
  output.write(QUESTION)
  // What came while the program was busy is read before the deadline counts.
  const timer = setTimeout(() => setImmediate(resolve), deadlineMs)
  await promise
  clearTimeout(timer)
  input.off('readable', onReadable)
  const answer = ANSWER.exec(typed)
  const rest = typed.replace(ANSWER, '')
  if (rest !== '') input.unshift(Buffer.from(rest, 'latin1'))
  if (answer === null) withoutLateAnswer(input)
  // An error before the screen is up must not leave the program waiting for keys.
  input.unref()
  return answer === null ? null : groundOf(answer.slice(1, 4))
}

/** From 0.18 on (WCAG relative luminance) dark text is easier to read than light text. */
const LIGHT_FROM = 0.18

function groundOf(channels: readonly string[]): Ground {
  const [r = 0, g = 0, b = 0] = channels.map(linear)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b >= LIGHT_FROM ? 'light' : 'dark'
}

/** One to four hex digits, whatever is the most that so many can say. */
function linear(digits: string): number {
  const x = Number.parseInt(digits, 16) / (16 ** digits.length - 1)
  return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
}

/** Nobody types this; keys that follow an Escape are left alone. */
const LATE = /\u001b?\]11;rgba?:[0-9a-f/]{0,24}(?:\u0007|\u001b\\)/gi
const BEGUN =
  /(?:\u001b\](?:1(?:1(?:;[rgba:0-9a-f/]{0,29}\u001b?)?)?)?|\]11;[rgba:0-9a-f/]{0,29}\u001b?)$/i

/** Taken for keys, an answer would filter, approve and deny. */
export function withoutLateAnswer(input: Pick<NodeJS.ReadStream, 'read'>): void {
  const read = input.read.bind(input)
  let begun = ''
  input.read = (size?: number) => {
    const chunk: unknown = read(size)
    if (typeof chunk !== 'string') return chunk
    const text = (begun + chunk).replace(LATE, '')
    begun = BEGUN.exec(text)?.[0] ?? ''
    return text.slice(0, text.length - begun.length)
  }
}

/** `15;0`, or `15;default;0`: the last is the background. White and what is bright are light. */
export function groundOfEnv({ COLORFGBG }: NodeJS.ProcessEnv): Ground | null {
  const last = /(?:^|;)(\d{1,2})$/.exec(COLORFGBG ?? '')?.[1]
  if (last === undefined || Number(last) > 15) return null
  return Number(last) < 7 || Number(last) === 8 ? 'dark' : 'light'
}
