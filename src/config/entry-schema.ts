/** Entries of the policy as people write them: trust by slot, and what is sensitive. */
import * as v from 'valibot'
import { NO_SLOT, type Slot } from '../action/slot.ts'
import { LIKE, slotFor, slotProblem } from './entry-slot.ts'

export const text = (what: string) =>
  v.pipe(v.string(`must be ${what}`), v.nonEmpty(`must be ${what}`))
export const list = <S extends v.GenericSchema>(item: S) => v.array(item, 'must be a list')

const DATE_SAYS = 'must be a date like 2026-12-31'
export const DATE = v.pipe(
  v.string(DATE_SAYS),
  v.regex(/^\d{4}-\d{2}-\d{2}$/, DATE_SAYS),
  v.check(isDay, DATE_SAYS),
)

function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date)
}

/** A text, or the same with a note and an expiry. */
const entries = <S extends v.GenericSchema<string, string>>(entry: S, like: string) =>
  list(
    v.union(
      [
        entry,
        v.strictObject({
          entry,
          note: v.optional(v.string('must be a text')),
          expires: v.nullish(DATE),
        }),
      ],
      `must be an entry such as ${like}, or {entry, note, expires}`,
    ),
  )

const slotted = (slot: Slot, about: string) => {
  const entry = v.pipe(
    v.string(`must be an entry such as ${LIKE[slot]}`),
    v.check(
      it => slotProblem(slot, it) === null,
      issue => `'${issue.input}' ${slotProblem(slot, issue.input) ?? ''}`,
    ),
  )
  return v.nullish(v.pipe(entries(entry, LIKE[slot]), v.description(about)))
}

/** The descriptions are what an editor shows. */
export const TRUST_BY_SLOT = v.strictObject(
  {
    source_control: slotted('source_control', 'Repositories, their owners, or whole git servers.'),
    domains: slotted('domains', 'Hosts by name, for every kind of traffic.'),
    buckets: slotted('buckets', 'Buckets of object stores, or what is below a prefix.'),
    services: slotted('services', 'Services: workspaces, channels, projects, or their addresses.'),
    registries: slotted('registries', 'Registries of packages and images.'),
    hosts: slotted('hosts', 'Machines that are logged in to, and what runs on them.'),
    clusters: slotted('clusters', 'Contexts of Kubernetes, or one namespace.'),
    databases: slotted('databases', 'Database servers, or one database.'),
    mcp: slotted('mcp', 'MCP servers.'),
    paths: slotted('paths', 'Folders outside the project.'),
  },
  issue => (issue.expected === 'never' ? NO_SLOT : 'must hold lists of entries by slot'),
)

const FLAT_LIST = v.never(issue => {
  const first: unknown = Array.isArray(issue.input) ? issue.input[0] : null
  const entry: unknown =
    typeof first === 'object' && first !== null ? Reflect.get(first, 'entry') : first
  const slot = typeof entry === 'string' ? slotFor(entry) : null
  const how = slot === null ? `domains: ["${LIKE.domains}"]` : `${slot}: [${JSON.stringify(entry)}]`
  return `is one list; write a list for each slot, here ${how}`
})

/** A list without slots is what people write first: it is told apart from other mistakes. */
export const TRUST = v.lazy<typeof TRUST_BY_SLOT | typeof FLAT_LIST>(input =>
  Array.isArray(input) ? FLAT_LIST : TRUST_BY_SLOT,
)
export type TrustBySlot = v.InferOutput<typeof TRUST_BY_SLOT>

/** Names as commands give them count too, so that these have no form of their own. */
const names = () => v.nullish(entries(text('an entry'), 'prod.acme.example'))
export const SENSITIVE = v.strictObject(
  { data: names(), remote_targets: names(), iac_scopes: names() },
  'must hold data, remote_targets or iac_scopes',
)
export type SensitivePart = v.InferOutput<typeof SENSITIVE>
/** One entry, as it is written. */
export type WrittenEntry = NonNullable<SensitivePart['data']>[number]
