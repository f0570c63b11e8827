/** What `m` does about a finding: there is something for every one of them. */
import { hashId } from '../action/hash-index.ts'
import { textsOf, type World } from '../action/world.ts'
import { commandLine, type Finding, stepOf } from '../monitor/finding.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { safe, verbatim } from '../monitor/safe-text.ts'
import type { View } from '../monitor/view.ts'
import type { Controlled } from './control.ts'

export function mended(state: MonitorState, view: View): Controlled {
  const say = (message: string): Controlled => ({ view: { ...view, message }, effect: null })
  const finding = state.audit.findings[view.cursor]
  if (finding === undefined) return say('nothing is selected')
  const { fix = [], what, mend } = finding
  const step = stepOf(finding)
  if (step === 'tell') {
    const message = verbatim(safe(`copied, for who can change it: ${mend}`))
    return { view: { ...view, message }, effect: { kind: 'tell', text: wordsOf(finding) } }
  }
  if (step === 'show') return shown(state.world, view, fix)
  if (state.reach === 'closed') return say('this screen only watches')
  if (step === 'edit') return { view, effect: { kind: 'run', args: fix } }
  const question = safe(`mend: ${what}? ${commandLine(fix)}`)
  return { view: { ...view, prompt: { kind: 'mend', question, fix, what } }, effect: null }
}

/** For an administrator, who was not there. */
const wordsOf = ({ what, where, mend }: Finding): string => `${where}: ${what}. To do: ${mend}`

/** Goes to the action, where everything can be done about it; one that is not here is told in words. */
function shown(world: World, view: View, fix: readonly string[]): Controlled {
  const [name, id = ''] = fix
  const row = name === 'why' ? rowOf(world, id) : null
  if (row === null) return { view, effect: { kind: 'run', args: fix } }
  const live = { ...view, screen: 'live', filter: '', selected: row } as const
  return { view: { ...live, details: true, detailsTop: 0 }, effect: null }
}

function rowOf(world: World, id: string): number | null {
  const row = world.actionRows.get(hashId(id))
  return row !== undefined && textsOf(world, row).id === id ? row : null
}
