/** What a shell knows while it runs. */
import type { Content, Realm } from '../effect.ts'
import type { Arg } from './value.ts'

/** What a subshell gets a copy of. */
export interface Scope {
  /** Null: not known where. */
  cwd: string | null
  variables: Map<string, Arg>
  functions: Map<string, FunctionBody>
  aliases: Map<string, string>
  /** Names that a program which is started is given. */
  exported: Set<string>
  /** Variables that cannot be changed any more. */
  fixed: Set<string>
  /** What runs at the end of this shell, and what was known when that was said. */
  traps: Trap[]
  positional: readonly Arg[]
  /** The file that is run: `$0`. */
  script?: Arg | undefined
  realm: Realm
}

export type Trap = Pick<Scope, 'variables' | 'functions' | 'cwd'> & { readonly text: string }

export interface FunctionBody {
  readonly run: () => Content
  /** False: the name may mean a program all the same. */
  readonly sure: boolean
}

/** Where the text that is walked stands, to quote it. */
export interface Frame {
  readonly source: string
  /** What is quoted instead, where the text itself is nowhere as written. */
  readonly quote: string | null
  /** Where in the whole command it begins; null: nowhere. */
  readonly at: number | null
}

/** The shell's own variables: a stand-in, of the same form, for what they hold. */
export const OWN_VALUES: ReadonlyMap<string, string> = new Map([
  // The job that was started last.
  ['!', '%job'],
  ['$', '4242'],
  ['?', '0'],
  ['#', '1'],
  ['RANDOM', '4242'],
  ['SECONDS', '42'],
  ['LINENO', '1'],
  ['EPOCHSECONDS', '1700000000'],
  ['UID', '1000'],
  ['BASHPID', '4242'],
])
