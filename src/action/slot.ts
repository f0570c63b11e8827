/** The slots of trust: what kind of thing an entry of the policy names. */
import type { ResourceKind } from './judgement.ts'

export const SLOTS = [
  'source_control',
  'domains',
  'buckets',
  'services',
  'registries',
  'hosts',
  'clusters',
  'databases',
  'mcp',
  'paths',
] as const
export type Slot = (typeof SLOTS)[number]

/** Where an entry for a resource of each kind belongs: the slot that means nothing beside it. */
export const SLOT_OF: Readonly<Record<ResourceKind, Slot>> = {
  git: 'source_control',
  domain: 'domains',
  bucket: 'buckets',
  service: 'services',
  registry: 'registries',
  host: 'hosts',
  cluster: 'clusters',
  database: 'databases',
  mcp: 'mcp',
  path: 'paths',
}

export function isSlot(name: string): name is Slot {
  return SLOTS.some(slot => slot === name)
}

export const NO_SLOT = `is no slot of trust; the slots are ${SLOTS.join(', ')}`
