/** Running a file: looks inside where its content is known, else goes by where it came from. */
import { placeOf } from '../../paths.ts'
import { scanCode } from '../code/scan.ts'
import type { Language } from '../code/tokens.ts'
import { type Content, SOMETHING } from '../effect.ts'
import { signalbox } from './commands/guard.ts'
import { outputs } from './commands/outputs.ts'
import type { Call } from './dispatch.ts'
import { maybe } from './maybe.ts'
import type { Shell } from './shell.ts'
import type { Arg } from './value.ts'
import { walkText } from './walk.ts'

/**
 * @param language what runs it; null: what its first line says
 * @param here in this shell: what it sets stays set
 */
export function runFile(
  file: Arg,
  call: Call,
  language: Language | null,
  sh: Shell,
  here = false,
): Content {
  if (/(^|\/)signalbox(\.[cm]?js)?$/.test(file.text)) return signalbox(call, sh)
  const target = sh.target(file)
  for (const out of outputs(call)) sh.write(sh.target(out), 'make', SOMETHING)
  const what = [file.text, ...call.args.map(arg => arg.text)].join(' ')
  if (sh.scope.realm !== 'local' || target.path === null) {
    sh.exec(sh.scope.realm === 'container' && file.known ? 'installed' : 'unknown', what, file.from)
    return SOMETHING
  }
  const content = sh.content(target)
  for (const other of content.others ?? []) runText(other, call, language, sh, here)
  if (content.flows.includes('network')) sh.exec('network', what, content.from)
  else if (content.flows.includes('decoded')) sh.exec('decoded', what, content.from)
  else if (content.text !== null) return runText(content.text, call, language, sh, here)
  else {
    const place = placeOf(target.path, sh.facts)
    const own = sh.facts.createdByAgent.some(
      made => sh.target({ ...file, text: made }).path === target.path,
    )
    // Just written, and not with what the project has; or no file's name at all, but a command's text.
    const strange =
      sh.left.has(target.path) &&
      (!content.flows.includes('project') || content.flows.includes('unknown'))
    // Built or copied from what the project has.
    const built = sh.madeContent(target.path)?.flows
    const fromProject =
      built !== undefined && built.length > 0 && built.every(flow => flow === 'project')
    const known =
      fromProject || (place.kind === 'project' && !own && !strange && !/\s/.test(file.text))
    sh.exec(known ? 'project' : 'unknown', what)
  }
  return SOMETHING
}

function runText(
  text: string,
  call: Call,
  language: Language | null,
  sh: Shell,
  here: boolean,
): Content {
  const spoken = language ?? languageOf(text)
  if (spoken === null) {
    sh.exec('unknown', call.name.text)
    return SOMETHING
  }
  if (spoken !== 'shell') return scanCode(text, spoken, call, sh)
  const run = (): Content => {
    const { positional } = sh.scope
    sh.scope.positional = call.args
    sh.scope.script = call.name
    const output = walkText(text, call.stdin, sh)
    sh.scope.positional = positional
    return output
  }
  return here ? maybe(sh, run) : sh.child(run, call.env)
}

/** By the first line; without one, a shell runs it. */
function languageOf(text: string): Language | null {
  const line = /^#!([^\n]*)/.exec(text)?.[1]
  if (line === undefined) return 'shell'
  if (/\b(ba|z|da|k)?sh\b/.test(line)) return 'shell'
  if (/python/.test(line)) return 'python'
  if (/node|deno|bun|tsx/.test(line)) return 'javascript'
  if (/ruby/.test(line)) return 'ruby'
  if (/perl/.test(line)) return 'perl'
  return null
}
