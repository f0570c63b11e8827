/**
 * What leaves the machine of an entry unless the policy says more: who decided what, by which rule, over
 * which resources and programs. No arguments, no words of a person, no texts of an agent, no paths.
 */
import { posix } from 'node:path'
import * as v from 'valibot'
import type { Entry, EntryOf } from '../action/entry.ts'
import type { Judgement } from '../action/judgement.ts'
import { COMMAND, effectsOf } from '../judge/effects/effects.ts'
import { emptyLedger } from '../judge/ledger.ts'
import { nowhere } from '../judge/nowhere.ts'

export function reduced(entry: Entry): Entry {
  switch (entry.type) {
    case 'judged': {
      const judgement = withoutTexts(entry.judgement)
      const input = programsAndResources(entry.tool, entry.input, judgement)
      return { ...entry, judgement, input, inputHash: '', cwd: nameOf(entry.cwd), facts: null }
    }
    case 'session':
      return { ...entry, cwd: nameOf(entry.cwd), transcript: '' }
    case 'client-denied': {
      const judgement = entry.judgement === null ? null : withoutTexts(entry.judgement)
      return { ...entry, reason: '', judgement }
    }
    case 'words':
      return { ...entry, text: '' }
    case 'asked':
      return { ...entry, why: '' }
    case 'answered':
      return { ...entry, words: '', changed: '' }
    case 'reviewed':
      return { ...entry, reason: '' }
    case 'granted':
      return { ...entry, summary: '' }
    case 'trusted':
      return { ...entry, note: '', entry: named(entry.entry), project: nameOf(entry.project) }
    case 'untrusted':
      return { ...entry, entry: named(entry.entry), project: nameOf(entry.project) }
    case 'command':
      return { ...entry, command: aboutOf(entry.command), text: '' }
    case 'policy':
      return { ...entry, error: entry.error === '' ? '' : SEE_THERE }
    case 'alert':
      return hasOwnWords(entry.what) ? { ...entry, text: SEE_THERE } : entry
    case 'ran':
      return { ...entry, inputHash: '' }
    case 'request':
    case 'paused':
    case 'resumed':
    case 'grant-ended':
    case 'session-ended':
    case 'gate-started':
    case 'gate-stopped':
    case 'healed':
    case 'pruned':
      return entry
  }
}

/** As clients and gates make them; what somebody sent in the place of one may say anything. */
const ID = /^[\w.:-]{1,100}$/

/** Whose it is stays: entries about it carry the same ids. */
function aboutOf({ type, session, action }: EntryOf<'command'>['command']) {
  const ids = Object.entries({ session, action }).filter(
    ([, id]) => typeof id === 'string' && ID.test(id),
  )
  return { type, ...Object.fromEntries(ids) }
}

/** The rule's own sentence stays; what was filled into it, and what it rests on, does not. */
function withoutTexts(judgement: Judgement): Judgement {
  const reason =
    judgement.tier === 'uncertain' ? 'No rule knows this to be harmless.' : judgement.reason
  const clear = judgement.clear.filter(it => /^(trust (?!file:|[~/.])|override$)/.test(it))
  const resources = judgement.resources.map(it =>
    it.kind === 'path' ? { ...it, id: nameOf(it.id) } : { ...it, id: named(it.id) },
  )
  return { ...judgement, reason, evidence: '', resources, clear }
}

const nameOf = (path: string): string => posix.basename(path)

/** Also repositories and entries of trust may be folders. */
const named = (id: string): string => (PATH.test(id) ? nameOf(id) : id)
const PATH = /^(?:file:|[~/.])/

/** Such a text may quote a file, a person or an error. */
const hasOwnWords = (what: EntryOf<'alert'>['what']): boolean =>
  what === 'policy' || what === 'integrity'
const SEE_THERE = 'what it is, that machine tells'

/** In the form of the tool's input, so that it is shown like one. */
function programsAndResources(tool: string, input: unknown, { resources }: Judgement): object {
  const ids = [...new Set(resources.map(it => it.id))].join(', ')
  const programs = tool === 'Bash' ? programsIn(input).join(', ') : ''
  const text = [programs, ids].filter(it => it !== '').join(' > ')
  return tool === 'Bash' ? { command: text } : { reduced: text }
}

const REDUCED = v.object({ reduced: v.string() })

/** What is left of a reduced input, of a tool other than the shell; null when it is another. */
export function reducedText(input: unknown): string | null {
  const given = v.safeParse(REDUCED, input)
  return given.success ? given.output.reduced : null
}

function programsIn(input: unknown): readonly string[] {
  const given = v.safeParse(COMMAND, input)
  if (!given.success) return []
  const { command } = given.output
  const { parts } = effectsOf(
    { tool: 'Bash', input: { command }, agent: '' },
    nowhere('/'),
    emptyLedger,
  )
  const names = parts.map(({ from, to }) => {
    const words = command.slice(from, to).trim().split(/\s+/)
    const word = words.find(it => !/^\w+=/.test(it)) ?? ''
    return /^[\w./+-]+$/.test(word) ? nameOf(word) : ''
  })
  return [...new Set(names.filter(it => it !== ''))]
}
