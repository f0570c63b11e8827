/** What happened at the gate, in words: commands of every screen and what they came to, alerts. */
import type { GateEventOf, Notice } from '../action/gate-event.ts'
import type { World } from '../action/world.ts'
import { actionName } from './pending.ts'

type Command = GateEventOf<'command'>['command']

export interface NoticeLine {
  readonly at: number
  /** Which screen gave the command, in full; `''` where none did. */
  readonly who: string
  /** Holds text of people and agents. */
  readonly text: string
  readonly loud: boolean
}

/** Newest first. */
export const noticeLines = (world: World): NoticeLine[] =>
  world.gate.notices.map(notice => noticeLine(world, notice)).reverse()

export function newestNotice(world: World): NoticeLine | null {
  const last = world.gate.notices.at(-1)
  return last === undefined ? null : noticeLine(world, last)
}

function noticeLine(world: World, notice: Notice): NoticeLine {
  const { at } = notice
  const quiet = (text: string): NoticeLine => ({ at, who: '', text, loud: false })
  const loud = (text: string): NoticeLine => ({ at, who: '', text, loud: true })
  switch (notice.type) {
    case 'command': {
      const { screen, command, done, text } = notice
      const who = `${screen.name} (pid ${screen.pid}${screen.tty === '' ? '' : `, ${screen.tty}`})`
      const told = done ? text || command.type : `${command.type} not done: ${text}`
      return {
        at,
        who,
        text: [told, aboutOf(world, command)].filter(Boolean).join(': '),
        loud: !done,
      }
    }
    case 'alert':
      return loud(`ALERT ${notice.what}: ${notice.text}`)
    case 'policy':
      return loud(`policy refused, the last good one stays: ${notice.error}`)
    case 'paused': {
      const how = notice.hard ? 'paused hard' : 'paused'
      return loud(`${how} ${whose(notice.session)}${notice.why === '' ? '' : `: ${notice.why}`}`)
    }
    case 'resumed':
      return quiet(`resumed ${whose(notice.session)}`)
    case 'granted':
      return quiet(`granted ${notice.uses}: ${notice.summary}`)
    case 'grant-ended':
      return quiet(`grant ${notice.why}`)
    case 'trusted':
      return quiet(`trusted ${notice.entry} (${notice.slot})${where(notice.project)}`)
    case 'untrusted':
      return quiet(`no longer trusted ${notice.entry} (${notice.slot})${where(notice.project)}`)
    case 'gate-started':
      return quiet(`gate ${notice.version} started (pid ${notice.pid})`)
    case 'gate-stopped':
      return quiet(`gate stopped (pid ${notice.pid}): ${notice.why}`)
    case 'healed':
      return loud(`the journal's last line was torn: ${notice.bytes} bytes set aside`)
  }
}

/** Who looks on did not see what was selected; `''` where the words tell it. */
function aboutOf(world: World, { type, session, action }: Command): string {
  if (typeof session !== 'string') return ''
  if (type === 'pause' || type === 'resume') return `session ${session.slice(0, 8)}`
  const row = typeof action === 'string' ? world.gate.find(session, action)?.row : null
  return row == null ? '' : actionName(world, row)
}

const whose = (session: string): string =>
  session === '' ? 'all sessions' : `session ${session.slice(0, 8)}`

const where = (project: string): string => (project === '' ? '' : ` in ${project}`)
