import type { Session, World } from '../action/world.ts'
import { isActive } from './counters.ts'

/** Newest first, live ones before the rest. */
export function sessionsByTime(world: World): Session[] {
  const order = (s: Session): number => (isActive(s) ? 1e15 : 0) + s.lastAt
  return world.sessions.filter(s => s.firstAt > 0).sort((a, b) => order(b) - order(a))
}
