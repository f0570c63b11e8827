/** Where a program is told to put what it makes. */
import type { Call } from '../dispatch.ts'
import { type Arg, known } from '../value.ts'

export function outputs({ args }: Call): readonly Arg[] {
  return args.flatMap((arg, i) => {
    if (/^(-o|-O|--out(put)?(-?(dir|file|path|folder))?)$/.test(arg.text))
      return args.slice(i + 1, i + 2)
    const given = /^--out(?:put)?(?:-?(?:dir|file|path|folder))?=(.+)$/.exec(arg.text)?.[1]
    return given === undefined ? [] : [{ ...arg, ...known(given), known: arg.known }]
  })
}
