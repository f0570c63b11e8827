import { textsOf, type World } from '../action/world.ts'
import type { Copied } from '../monitor/prompt.ts'
import { pasteable } from '../monitor/safe-text.ts'
import { hiddenField, hiddenInput } from '../monitor/secrets.ts'
import { actionJson } from '../monitor/snapshot.ts'
import { terminalSafe } from '../monitor/terminal-json.ts'
import { inTmux } from './tmux.ts'

/** What is copied of an action. @param input the whole input of its call, or null */
export function copyText(what: Copied, world: World, row: number, input: unknown): string {
  switch (what) {
    case 'command':
      return pasteable(commandOf(input) ?? textsOf(world, row).summary)
    case 'reason':
      return pasteable(actionJson(world, row).reason)
    case 'JSON': {
      const whole = { ...actionJson(world, row), input: hiddenInput(input) }
      return terminalSafe(JSON.stringify(whole, hiddenField, 2))
    }
  }
}

/** The command of a shell call, else the whole input as JSON. */
function commandOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null
  if ('command' in input && typeof input.command === 'string') return input.command
  return JSON.stringify(hiddenInput(input), null, 2)
}

/**
 * OSC 52, which works over ssh; inside tmux wrapped so that tmux hands it on. The text travels as
 * base64, so nothing in it can steer this terminal; `pasteable` sees to the next one.
 */
export function toClipboard(text: string, env: NodeJS.ProcessEnv): string {
  const osc = `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`
  return inTmux(osc, env)
}
