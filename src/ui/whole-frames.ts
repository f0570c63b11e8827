/** The marks of synchronized output, between which a terminal shows nothing. */
const BEGIN = '\u001b[?2026h'
const END = '\u001b[?2026l'

/**
 * A terminal to which each frame goes in one write. Ink writes it in three: begin, frame, end, and
 * between two of them a terminal (or a slow line) may draw or wait.
 */
export function inWholeFrames(terminal: NodeJS.WriteStream): NodeJS.WriteStream {
  let held = ''
  const flush = (): void => {
    if (held !== '') terminal.write(held)
    held = ''
  }
  const write = (...args: readonly unknown[]): boolean => {
    const [text, ...rest] = args
    if (typeof text !== 'string' || rest.length > 0 || (held === '' && text !== BEGIN)) {
      flush()
      return Reflect.apply(terminal.write, terminal, args)
    }
    // A frame is made without a pause: one that does not come to its end goes out as far as it came.
    if (held === '') queueMicrotask(flush)
    held += text
    if (text === END) flush()
    return true
  }
  return new Proxy(terminal, {
    get: (target, name) => (name === 'write' ? write : Reflect.get(target, name)),
  })
}
