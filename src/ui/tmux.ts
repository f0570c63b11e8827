/** Inside tmux a sequence is wrapped, so that tmux hands it on to the terminal (`allow-passthrough`). */
export function inTmux(sequence: string, env: NodeJS.ProcessEnv): string {
  if (!env.TMUX) return sequence
  return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`
}
