/** What may or may not run, and what then is not known. */
import { type Content, mixed, NOTHING } from '../effect.ts'
import type { FunctionBody } from './scope.ts'
import type { Shell } from './shell.ts'
import { type Arg, unknown } from './value.ts'

/** What may or may not run: what it changed may be either way afterwards. */
export function maybe<T>(sh: Shell, run: () => T): T {
  const before = new Map(sh.scope.variables)
  const functions = new Map(sh.scope.functions)
  const { cwd, positional } = sh.scope
  const result = run()
  for (const [name, value] of sh.scope.variables)
    if (before.get(name)?.text !== value.text)
      sh.scope.variables.set(name, either(name, before.get(name), value))
  if (sh.scope.cwd !== cwd) sh.scope.cwd = null
  if (sh.scope.positional !== positional) sh.scope.positional = []
  eitherFunction(functions, sh.scope.functions)
  return result
}

function either(name: string, before: Arg | undefined, value: Arg): Arg {
  const or = [before, value].flatMap(arg => (arg?.known ? [arg.text] : (arg?.or ?? [])))
  return { ...unknown(`$${name}`, value.flows), or: or.slice(0, 8) }
}

/** What a name meant before, it may still mean. */
function eitherFunction(
  before: ReadonlyMap<string, FunctionBody>,
  after: Map<string, FunctionBody>,
): void {
  for (const [name, old] of before) if (!after.has(name)) after.set(name, { ...old, sure: false })
  for (const [name, fresh] of after) {
    const old = before.get(name)
    if (fresh === old || fresh.run === old?.run) continue
    const run = (): Content => together([fresh.run(), old?.run() ?? NOTHING])
    after.set(name, { run, sure: fresh.sure && old?.sure === true })
  }
}

/** The outputs of commands one after the other. */
export function together(outputs: readonly Content[]): Content {
  const loud = outputs.filter(output => output !== NOTHING)
  const [only] = loud
  if (loud.length === 0) return NOTHING
  if (loud.length === 1 && only !== undefined) return only
  const texts = loud.map(output => output.text)
  const text = texts.includes(null) ? null : texts.join('')
  return { ...mixed(loud), text }
}
