/** Questions to the user before a key acts: pure state machines over keys, like the view. */
import type { CommandInput } from '../action/command.ts'
import type { Resource } from '../action/judgement.ts'
import type { Slot } from '../action/slot.ts'
import { UNSAFE } from '../action/unsafe.ts'
import { isFresh } from './why-not.ts'

export type Prompt = Confirm | Mend | Words | Choose | TrustForm | Keep | Copy

/** A command that is looked for by its name. */
export interface Palette {
  readonly typed: string
  /** Into what is found. */
  readonly index: number
}

/** Yes or no; anything but `y` is no. */
export interface Confirm {
  readonly kind: 'confirm'
  readonly question: string
  readonly yes: CommandInput
}

/** Yes or no to what this program does by itself, without the gate. */
export interface Mend {
  readonly kind: 'mend'
  readonly question: string
  /** Its arguments. */
  readonly fix: readonly string[]
  /** What is mended: something else may stand at its place by then. */
  readonly what: string
}

/** A no to a pending action, with words for the agent. */
export interface Words {
  readonly kind: 'words'
  readonly label: string
  readonly typed: string
  readonly session: string
  readonly action: string
}

/** A name for a filter, under which it is found again. */
export interface Keep {
  readonly kind: 'keep'
  readonly filter: string
  readonly typed: string
}

/** What of the selected action is copied. */
export interface Copy {
  readonly kind: 'copy'
}

export type Copied = 'command' | 'reason' | 'JSON'

const COPIED: Readonly<Record<string, Copied>> = { c: 'command', r: 'reason', j: 'JSON' }

export interface KeptFilter {
  readonly name: string
  readonly filter: string
}

export interface Choose {
  readonly kind: 'choose'
  readonly title: string
  readonly options: readonly { readonly label: string; readonly command: CommandInput }[]
  readonly index: number
}

export interface TrustChoice {
  readonly slot: Slot
  readonly entry: string
  /** Null: the entry is there already, and gets another note or expiry. */
  readonly resource: Resource | null
  /** Covers more than what the action touched. */
  readonly wider: boolean
  /** Recorded blocked actions whose strange resources it covers all; whether they had run is judged apart. */
  readonly unblocks: readonly number[]
}

/** Which entry, where, for how long, and why. */
export interface TrustForm {
  readonly kind: 'trust'
  readonly choices: readonly TrustChoice[]
  readonly index: number
  /** The folder of the session; `''` when not known. */
  readonly project: string
  readonly everywhere: boolean
  /** Into EXPIRIES. */
  readonly expiry: number
  readonly note: string
  /** The note is being typed. */
  readonly typing: boolean
  /** Unix ms; nobody has read it in the first moment. */
  readonly openedAt: number
  /** The session to whose machine it is proposed; absent: it is trusted at once. */
  readonly proposedTo?: string
}

export const EXPIRIES = [
  { label: 'until it is removed', days: 0 },
  { label: 'for a day', days: 1 },
  { label: 'for a week', days: 7 },
  { label: 'for 30 days', days: 30 },
] as const

export interface Answer {
  /** Null when the question is over. */
  readonly prompt: Prompt | null
  readonly send: CommandInput | null
  readonly mend?: Mend
  readonly keep?: KeptFilter
  readonly copy?: Copied
}

const over: Answer = { prompt: null, send: null }

/** @param now Unix ms, for when an entry expires */
export function promptKey(prompt: Prompt, key: string, text: string, now: number): Answer {
  if (key === 'escape') {
    if (prompt.kind === 'trust' && prompt.typing)
      return { prompt: { ...prompt, typing: false }, send: null }
    return over
  }
  switch (prompt.kind) {
    case 'confirm':
      return key === 'y' || key === 'Y' ? { prompt: null, send: prompt.yes } : over
    case 'mend':
      return key === 'y' || key === 'Y' ? { ...over, mend: prompt } : over
    case 'words':
      return wordsKey(prompt, key, text)
    case 'copy':
      return copyKey(key)
    case 'keep':
      return keepKey(prompt, key, text)
    case 'choose':
      return chooseKey(prompt, key)
    case 'trust':
      return prompt.typing ? noteKey(prompt, key, text) : trustKey(prompt, key, now)
  }
}

function wordsKey(prompt: Words, key: string, text: string): Answer {
  const { session, action, typed: words } = prompt
  if (key === 'enter')
    return { prompt: null, send: { type: 'deny', session, action, words: words.trim() } }
  return { prompt: { ...prompt, typed: typedOn(prompt.typed, key, text) }, send: null }
}

function copyKey(key: string): Answer {
  const copy = Object.hasOwn(COPIED, key) ? COPIED[key] : undefined
  return copy === undefined ? over : { ...over, copy }
}

function keepKey(prompt: Keep, key: string, text: string): Answer {
  const name = prompt.typed.trim()
  if (key !== 'enter')
    return { prompt: { ...prompt, typed: typedOn(prompt.typed, key, text) }, send: null }
  return name === '' ? over : { ...over, keep: { name, filter: prompt.filter.trim() } }
}

function chooseKey(prompt: Choose, key: string): Answer {
  const { options, index } = prompt
  if (key === 'enter') return { prompt: null, send: options[index]?.command ?? null }
  return { prompt: { ...prompt, index: moved(index, options.length, key) }, send: null }
}

/** Words that were meant for another window trust nothing: most of their letters close the form. */
function trustKey(form: TrustForm, key: string, now: number): Answer {
  const to = (change: Partial<TrustForm>): Answer => ({
    prompt: { ...form, ...change },
    send: null,
  })
  switch (key) {
    case 'enter':
      return isFresh(form.openedAt, now) ? to({}) : trusted(form, now)
    case 'tab':
      return isFixed(form) ? to({}) : to({ everywhere: !form.everywhere })
    case 'e':
      // Who takes a proposal up says for how long.
      return to(
        form.proposedTo !== undefined ? {} : { expiry: (form.expiry + 1) % EXPIRIES.length },
      )
    case 'n':
      return to({ typing: true })
    case '?': // its keys stand at the foot
      return to({})
    case 'up':
    case 'down':
    case 'k':
    case 'j':
      return to({ index: moved(form.index, form.choices.length, key) })
    default:
      return over
  }
}

/** Where it is good cannot be chosen. */
const isFixed = ({ project, choices }: TrustForm): boolean =>
  project === '' || choices[0]?.resource === null

function trusted(form: TrustForm, now: number): Answer {
  const choice = form.choices[form.index]
  if (choice === undefined) return over
  const { slot, entry } = choice
  const note = form.note.trim()
  if (form.proposedTo !== undefined)
    return { prompt: null, send: { type: 'propose', session: form.proposedTo, slot, entry, note } }
  const days = EXPIRIES[form.expiry]?.days ?? 0
  const send: CommandInput = {
    type: 'trust',
    slot,
    entry,
    note,
    ...(form.everywhere || form.project === '' ? {} : { project: form.project }),
    ...(days === 0
      ? {}
      : { expires: new Date(now + days * 86_400_000).toISOString().slice(0, 10) }),
  }
  return { prompt: null, send }
}

/** Enter goes back to the form: what is typed is never the yes. */
function noteKey(form: TrustForm, key: string, text: string): Answer {
  const change = key === 'enter' ? { typing: false } : { note: typedOn(form.note, key, text) }
  return { prompt: { ...form, ...change }, send: null }
}

function moved(index: number, length: number, key: string): number {
  const step = key === 'up' || key === 'k' ? -1 : key === 'down' || key === 'j' ? 1 : 0
  return Math.max(0, Math.min(length - 1, index + step))
}

/** A line of text after one more key, without what cannot be seen in it; the filter is typed in the same way. */
export function typedOn(typed: string, key: string, text: string): string {
  if (key === 'backspace') return Array.from(typed).slice(0, -1).join('')
  if (key === 'ctrl+u') return ''
  if (key === 'ctrl+w') return typed.replace(/\S+\s*$/, '')
  return typed + text.replace(UNSAFE, '')
}
