// What clients and screens were told, held against what the journal says.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Entry, parseEntry } from '../../../src/action/entry.ts'
import { dayFiles } from '../../../src/gate/journal.ts'
import { verifyJournal } from '../../../src/gate/verify.ts'
import { COMMANDS, type Story } from './clients.ts'

/** The gate says so of itself when it cannot judge: that is no decision, and need not be recorded. */
const FAILED = /^Signalbox (could not judge|cannot be reached)/

/** @returns everything that must not be, in words */
export function faultsOf(folder: string, { received, replied, wrong }: Story): string[] {
  const faults = [...wrong]
  for (const { file, line, what } of verifyJournal(folder).breaks)
    faults.push(`journal ${file}:${line}: ${what}`)
  const entries = entriesIn(folder)
  const judged = Map.groupBy(
    entries.filter(it => it.type === 'judged'),
    it => it.action,
  )
  const approved = new Set(
    entries.flatMap(it => (it.type === 'answered' && it.answer === 'allow' ? [it.action] : [])),
  )
  for (const { action, command, decision, reason } of received) {
    const own = judged.get(action) ?? []
    const recorded =
      own.some(it => it.answer === decision) || (decision === 'allow' && approved.has(action))
    if (!recorded && !FAILED.test(reason))
      faults.push(`${action}: was told ${decision}, which the journal does not have: ${reason}`)
    if (decision !== 'allow') continue
    const granted = own.some(it => it.answer === 'allow' && it.grant !== '')
    const allowed = own.some(it => it.answer === 'allow' && it.judgement.verdict === 'allow')
    if (!allowed && !granted && !approved.has(action))
      faults.push(`${action}: allowed, and nobody had allowed ${command}`)
    if (command.startsWith(COMMANDS.deny) && !granted)
      faults.push(`${action}: allowed without a grant: ${command}`)
  }
  const byGrant = Map.groupBy(
    entries.filter(it => it.type === 'judged' && it.grant !== ''),
    it => (it.type === 'judged' ? it.grant : ''),
  )
  for (const [grant, uses] of byGrant) {
    const actions = new Set(uses.map(it => (it.type === 'judged' ? it.action : '')))
    if (actions.size > 1) faults.push(`grant ${grant} was used for ${[...actions].join(' and ')}`)
  }
  const commands = new Set(
    entries.flatMap(it => (it.type === 'command' ? [told(it.command, it.text)] : [])),
  )
  for (const { command, reply } of replied)
    if (reply.done && !commands.has(told(command, reply.text)))
      faults.push(`a screen was told '${reply.text}', which the journal does not have`)
  return faults
}

/** The gate writes a command with its defaults. */
const told = (command: { readonly type: string }, text: string): string => {
  const { session = '', action = '' } = Object(command)
  return `${command.type} ${session} ${action} ${text}`
}

export function entriesIn(folder: string): Entry[] {
  return dayFiles(folder).flatMap(file =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(parseEntry)
      .filter(entry => entry !== null),
  )
}
