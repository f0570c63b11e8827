/** Tells a person who looks elsewhere: the window's title, and if they want, the bell and the desktop. */
import type { Monitor, MonitorState } from '../monitor/monitor.ts'
import { Newsroom } from '../monitor/news.ts'
import { inTmux } from './tmux.ts'

/** `badge`: the title alone. `loud`: the bell and a notification of the desktop, too. */
export type Notify = 'off' | 'badge' | 'loud'

type Write = (bytes: string) => void

const BELL = '\u0007'
const END = '\u001b\\'
const KEEP_TITLE = '\u001b[22;2t'
const OLD_TITLE = '\u001b[23;2t'

/** @returns what ends it, and gives the title back */
export function notifying(
  monitor: Monitor,
  write: Write,
  notify: Notify,
  env: NodeJS.ProcessEnv,
): () => void {
  if (notify === 'off') return () => {}
  const newsroom = new Newsroom(monitor.current().now)
  let shown = 0
  const badge = (waiting: number): void => {
    if (waiting === shown) return
    if (shown === 0) write(KEEP_TITLE)
    write(waiting === 0 ? OLD_TITLE : windowTitle(`${waiting} waiting - signalbox`))
    shown = waiting
  }
  const look = ({ world, now }: MonitorState): void => {
    const { waiting, say } = newsroom.update(world, now)
    badge(waiting)
    if (notify === 'loud' && say !== '') write(BELL + desktop(say, env))
  }
  look(monitor.current())
  const end = monitor.store.subscribe((state, before) => {
    if (state.tick !== before.tick) look(state)
  })
  return () => {
    end()
    badge(0)
  }
}

const windowTitle = (text: string): string => `\u001b]2;${plain(text)}${END}`

/** These know nothing but OSC 777; most others know OSC 9, and who knows both would show two. */
const ONLY_777 = /^(rxvt|foot)/

export function desktop(text: string, env: NodeJS.ProcessEnv): string {
  const only777 = ONLY_777.test(env.TERM ?? '') || env.VTE_VERSION !== undefined
  const body = plain(text)
  return inTmux(only777 ? osc777(body) : osc9(body), env)
}

/** A semicolon would begin another part. */
const osc777 = (body: string): string =>
  `\u001b]777;notify;signalbox;${body.replaceAll(';', ',')}${END}`

/** Digits first would be another command of OSC 9. */
const osc9 = (body: string): string => `\u001b]9;signalbox: ${body}${END}`

/** Nothing in it ends the sequence, or is obeyed. */
const plain = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
