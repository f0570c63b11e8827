/** How the rows of the screen are shared out. */
import type { MonitorState } from '../monitor/monitor.ts'
import { footHeight } from './foot.ts'
import type { Keymap } from './keymap.ts'
import { isTall } from './prompt.ts'
import { wordHeight } from './states.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

export interface Layout {
  readonly header: number
  readonly body: number
  /** 1 where the timeline is, else 0. */
  readonly timeline: number
  readonly list: number
  readonly details: number
}

export interface Parts {
  /** Room is wanted for a question or for details. */
  readonly pane: boolean
  /** Lines at the bottom: the foot, and a word above it. */
  readonly bottom: number
  readonly timeline: boolean
  readonly reviews: boolean
}

const USUAL: Parts = { pane: false, bottom: 1, timeline: false, reviews: false }

/** What a question needs to be read; the list has three lines at least. */
const SMALL_PANE = 6

/** Integers that always add up. */
export function layoutOf({ rows }: Size, wanted: Partial<Parts> = {}): Layout {
  const parts = { ...USUAL, ...wanted }
  const header = rows >= 24 ? (parts.reviews ? 6 : 5) : rows >= 16 ? 3 : rows >= 12 ? 2 : 1
  const body = Math.max(1, rows - header - 1 - parts.bottom)
  const share = Math.max(Math.floor(body * 0.55), Math.min(SMALL_PANE, body - 3))
  const details = parts.pane ? Math.min(body - 1, Math.max(4, share)) : 0
  const heads = rows >= 16 ? 1 : 0
  const timeline = parts.timeline && rows >= 24 ? 1 : 0
  const list = Math.max(1, body - details - heads - timeline)
  return { header, body, timeline, list, details }
}

export function layoutFor(state: MonitorState, size: Size, keymap: Keymap): Layout {
  const { view, world } = state
  const withDetails = view.screen !== 'sessions' && view.screen !== 'machines'
  return layoutOf(size, {
    pane: isTall(view.prompt, size.columns) || (view.details && withDetails),
    bottom: footHeight(state, keymap, size.columns) + wordHeight(state, size.columns),
    timeline: view.screen === 'live',
    reviews: world.gate.reviewSums.asked > 0,
  })
}
