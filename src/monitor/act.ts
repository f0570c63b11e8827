/** A key that acts → what it asks the user first, or what it sends at once. */
import type { CommandInput } from '../action/command.ts'
import { SLOT_OF } from '../action/slot.ts'
import { textsOf } from '../action/world.ts'
import { gateSession, opinionOf, pauseOf } from './gate-view.ts'
import type { TrustTools } from './link.ts'
import type { MonitorState } from './monitor.ts'
import { actionName } from './pending.ts'
import type { Choose, Prompt, TrustForm } from './prompt.ts'
import { clip, safe } from './safe-text.ts'
import { type Target, targetOf } from './target.ts'
import { strangers, unmistakable, wouldUnblock } from './trust.ts'
import { type Act, whyNot } from './why-not.ts'

export type Acted =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'prompt'; readonly prompt: Prompt }
  | { readonly kind: 'send'; readonly command: CommandInput }

export function act(name: Act, state: MonitorState, tools: TrustTools | undefined): Acted {
  const target = targetOf(state, name)
  const why = whyNot(name, state, target)
  if (why !== null) return { kind: 'refused', why }
  const { session } = target
  const id = target.row === null ? '' : textsOf(state.world, target.row).id
  const send = (command: CommandInput): Acted => ({ kind: 'send', command })
  const ask = (prompt: Prompt): Acted => ({ kind: 'prompt', prompt })
  switch (name) {
    case 'approve':
      return send({ type: 'approve', session, action: id })
    case 'deny':
      return ask({ kind: 'words', label: nameOf(state, target), typed: '', session, action: id })
    case 'override':
      return send({ type: 'override', session, action: id })
    case 'override-as':
      return ask(overrides(nameOf(state, target), session, id))
    case 'trust':
      return tools === undefined
        ? { kind: 'refused', why: 'no trust can be given from this screen' }
        : ask(trustForm(state, target, tools))
    case 'edit':
      return edit(state)
    case 'remove':
      return remove(state)
    case 'undo':
      return send({ type: 'undo' })
    case 'pause':
      return send({ type: 'pause', session })
    case 'pause-all':
      return send({ type: 'pause' })
    case 'pause-hard':
      return ask({
        kind: 'confirm',
        question: `pause session ${safe(session.slice(0, 8))} hard? The client leaves auto mode with the next action you approve.`,
        yes: { type: 'pause', session, hard: true },
      })
    case 'resume': {
      const own = pauseOf(state.world, session)?.of === 'session'
      return send(own ? { type: 'resume', session } : { type: 'resume' })
    }
  }
}

const nameOf = ({ world }: MonitorState, { row }: Target): string =>
  row === null ? '' : actionName(world, row)

const SPANS = [
  { minutes: 10, label: '10 minutes' },
  { minutes: 60, label: 'an hour' },
  { minutes: 8 * 60, label: '8 hours' },
  { minutes: 24 * 60, label: 'a day' },
] as const

function overrides(name: string, session: string, action: string): Choose {
  const options = (['once', 'always'] as const).flatMap(uses =>
    SPANS.map(({ minutes, label }) => ({
      label: uses === 'once' ? `once, within ${label}` : `every time, for ${label}`,
      command: { type: 'override' as const, session, action, minutes, uses },
    })),
  )
  return { kind: 'choose', title: `override ${clip(name, 200)}`, options, index: 0 }
}

function trustForm(state: MonitorState, target: Target, tools: TrustTools): TrustForm {
  const { world } = state
  const judgement = opinionOf(world.gate.byRow.get(target.row ?? -1))?.judgement
  const choices = strangers(judgement).flatMap(resource => {
    const slot = SLOT_OF[resource.kind]
    return [tools.narrowestEntry(resource), ...tools.widerEntries(resource)].map((entry, i) => ({
      slot,
      entry,
      resource,
      wider: i > 0,
      unblocks: wouldUnblock(world, { slot, entry }, tools.matchesEntry),
    }))
  })
  const project =
    gateSession(world, target.session)?.cwd ?? world.findSession(target.session)?.cwd ?? ''
  return {
    kind: 'trust',
    choices,
    index: 0,
    project,
    everywhere: project === '',
    expiry: 0,
    note: '',
    typing: false,
    openedAt: state.now,
    // Folders are of that machine, and not told.
    ...(tools.proposes ? { project: '', everywhere: true, proposedTo: target.session } : {}),
  }
}

/** Another note or expiry; the entry and where it is good stay. */
function edit({ policy, view, now }: MonitorState): Acted {
  const entry = policy.trust[view.cursor]
  if (entry === undefined) return { kind: 'refused', why: 'no entry is selected' }
  const { slot, project, note } = entry
  const choices = [{ slot, entry: entry.entry, resource: null, wider: false, unblocks: [] }]
  const form = { choices, index: 0, project, everywhere: project === '', expiry: 0, note }
  return { kind: 'prompt', prompt: { kind: 'trust', ...form, typing: false, openedAt: now } }
}

function remove({ policy, view }: MonitorState): Acted {
  const entry = policy.trust[view.cursor]
  if (entry === undefined) return { kind: 'refused', why: 'no entry is selected' }
  const where = entry.project === '' ? 'everywhere' : `in ${safe(entry.project)}`
  const project = entry.project === '' ? {} : { project: entry.project }
  return {
    kind: 'prompt',
    prompt: {
      kind: 'confirm',
      question: `no longer trust ${safe(unmistakable(entry.entry))} (${entry.slot}) ${where}?`,
      yes: { type: 'untrust', slot: entry.slot, entry: entry.entry, ...project },
    },
  }
}
