/** Code that other code loads, where this run or the session wrote it. */
import type { Shell } from '../shell/shell.ts'
import { known } from '../shell/value.ts'
import type { Tokens } from './calls.ts'

type LookInto = (text: string) => void

/** `import name` of Python: a file beside it comes before the language's own module. */
export function modules(tokens: Tokens, sh: Shell, lookInto: LookInto): void {
  for (const [i, token] of tokens.entries()) {
    const name = tokens[i + 1]
    if (token.kind !== 'name' || !/^(import|from)$/.test(token.value)) continue
    const { path } = sh.target(known(`${name?.value ?? ''}.py`))
    if (path !== null) written([path], sh, lookInto)
  }
}

export function written(paths: readonly string[], sh: Shell, lookInto: LookInto): void {
  for (const path of paths) {
    const content = sh.madeContent(path)
    if (content?.text === null) sh.partial(`code that loads ${path}`)
    else if (content !== undefined)
      for (const text of [...(content.others ?? []), content.text]) lookInto(text)
  }
}

const REPLACED_BY_CODE = /\bs([^\w\s])((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1[a-df-z]*e/gs

/** What Perl's `s/…/…/e` runs. */
export function replacements(code: string): readonly string[] {
  return Array.from(code.matchAll(REPLACED_BY_CODE), match => match[3] ?? '')
}
