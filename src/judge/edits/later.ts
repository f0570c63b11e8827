/** What a file that is written will do when it runs. */
import { scanCode, WHOLE_ENVIRONMENT } from '../effects/code/scan.ts'
import type { Content, Effect, Write } from '../effects/effect.ts'
import { NOTHING, SOMETHING } from '../effects/effect.ts'
import { Shell } from '../effects/shell/shell.ts'
import { known } from '../effects/shell/value.ts'
import { walkText } from '../effects/shell/walk.ts'
import type { Facts } from '../types.ts'
import { changeOf } from './change.ts'
import { heldCode } from './commands.ts'

export interface Later {
  readonly effects: readonly Effect[]
  /** Texts that run as they stand; without one, only a program was looked at. */
  readonly whole: boolean
  /** It takes the environment as a whole. */
  readonly environment: boolean
  readonly unknown: boolean
  /** Some of it was not looked at, for its length or its form. */
  readonly cut: boolean
}

const cache = new WeakMap<Write, Later>()
const MAX_PARTS = 150

export function laterOf(write: Write, facts: Facts): Later {
  const found = cache.get(write)
  if (found !== undefined) return found
  const later = lower(write, facts)
  cache.set(write, later)
  return later
}

function lower(write: Write, facts: Facts): Later {
  const change = changeOf(write, facts)
  const held = change === null ? [] : heldCode(change)
  const parts = held.slice(0, MAX_PARTS)
  const effects: Effect[] = []
  let unknown = false
  let cut = held.length > MAX_PARTS
  for (const { language, text, whole } of parts) {
    const sh = new Shell({ ...facts, cwd: facts.projectRoot }, new Map<string, Content>(), text)
    sh.evidence = text.trim().slice(0, 160)
    if (language === 'shell') walkText(text, SOMETHING, sh)
    else
      scanCode(
        text,
        language,
        { name: known(language), args: [], stdin: NOTHING, env: new Map() },
        sh,
      )
    effects.push(...sh.effects)
    if (sh.cut !== null) cut = true
    if (whole && sh.unknowns.length > 0) unknown = true
  }
  const environment = parts.some(part => WHOLE_ENVIRONMENT.test(part.text))
  return {
    effects,
    environment,
    whole: parts.some(part => part.whole),
    unknown: unknown || cut,
    cut,
  }
}
