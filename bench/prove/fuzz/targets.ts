/** Everything that is fuzzed. */
import type { Target } from './target.ts'
import { control } from './targets/control.ts'
import { hooks } from './targets/hooks.ts'
import { keys } from './targets/keys.ts'
import { otlp } from './targets/otlp.ts'
import { policy } from './targets/policy.ts'
import { screen } from './targets/screen.ts'
import { settings } from './targets/settings.ts'
import { theme } from './targets/theme.ts'
import { transcripts } from './targets/transcripts.ts'

export const TARGETS: readonly Target[] = [
  transcripts,
  hooks,
  otlp,
  policy,
  theme,
  control,
  keys,
  screen,
  settings,
]
