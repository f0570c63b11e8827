/** How the screen behaves, as the user wants it. */
import type { Config } from '../config/config.ts'
import type { Notify } from './notify.ts'

export interface Manner {
  readonly notify: Notify
}

export const mannerOf = ({ notify = 'badge' }: Config): Manner => ({ notify })
