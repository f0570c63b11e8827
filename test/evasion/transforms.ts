/** All ways to write a command that are tried, by name. */
import { grammar } from './grammar.ts'
import { languages } from './languages.ts'
import { builtins, runners } from './runners.ts'
import { shells } from './shells.ts'
import { spelling } from './spelling.ts'
import { state } from './state.ts'
import type { Transforms } from './text.ts'

export const TRANSFORMS: Transforms = {
  ...spelling,
  ...grammar,
  ...shells,
  ...state,
  ...builtins,
  ...runners,
  ...languages,
}
