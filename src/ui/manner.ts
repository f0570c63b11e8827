/** How the screen behaves, as the user wants it. */
import type { Config } from '../config/config.ts'
import type { Keymap } from './keymap.ts'
import type { Notify } from './notify.ts'

export interface Manner {
  readonly keymap: Keymap
  readonly notify: Notify
  /** For a screen reader: plain lines, below what the terminal shows already. */
  readonly spoken: boolean
}

export const mannerOf = (
  { notify = 'badge' }: Config,
  keymap: Keymap,
  env: NodeJS.ProcessEnv,
): Manner => ({
  keymap,
  notify,
  // Ink's own word for it, so that one setting is good for every program made with it.
  spoken: env.INK_SCREEN_READER === 'true',
})
