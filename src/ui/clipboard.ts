import { inTmux } from './tmux.ts'

/** What `y` copies: the command of a shell call, else the whole input as JSON. */
export function copyText(input: unknown, summary: string): string {
  if (typeof input !== 'object' || input === null) return summary
  if ('command' in input && typeof input.command === 'string') return input.command
  return JSON.stringify(input, null, 2)
}

/**
 * OSC 52, which works over ssh; inside tmux wrapped so that tmux hands it on. The text travels as
 * base64, so nothing in it can steer the terminal.
 */
export function toClipboard(text: string, env: NodeJS.ProcessEnv): string {
  const osc = `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`
  return inTmux(osc, env)
}
