/** Which entries a person may choose from when something is to be trusted: narrowest first. */
import { parse } from 'tldts'
import type { Resource } from '../action/judgement.ts'
import { SLOT_OF } from '../action/slot.ts'
import { entryProblem, formOf } from './entry-form.ts'
import { slotProblem } from './entry-slot.ts'

/** The narrowest entry that is of any use for a resource; may still be one that is refused. */
export function narrowestEntry(resource: Resource): string {
  const id = resource.id.replace(/\/+$/, '')
  switch (resource.kind) {
    case 'git':
      return id.replace(/\.git$/, '')
    case 'bucket':
    case 'path':
      return withoutFile(id)
    case 'mcp':
      return firstSteps(id, 1)
    case 'cluster':
      return firstSteps(id, 2)
    case 'database':
      return id.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1').replace(/[?#].*$/, '')
    default:
      return id.replace(/[?#].*$/, keep => (keep.startsWith('#') && id.includes(':') ? keep : ''))
  }
}

/** The next wider entries, narrowest first; only such as may be trusted in the resource's slot. */
export function widerEntries(resource: Resource): string[] {
  const wider: string[] = []
  for (let next = widerThan(narrowestEntry(resource)); next !== null; next = widerThan(next))
    if (slotProblem(SLOT_OF[resource.kind], next) === null) wider.push(next)
  return wider
}

/** A key such as `s3://bucket/builds/a.tgz` is never written twice: its folder is what is meant. */
function withoutFile(id: string): string {
  const [, folder = '', name = ''] = /^(.*)\/([^/]*)$/.exec(id) ?? []
  const inside = folder !== '' && !folder.endsWith('/') && folder !== '~'
  return inside && /.\.[a-z0-9]+$/i.test(name) && entryProblem(folder) === null ? folder : id
}

function firstSteps(id: string, count: number): string {
  return id.split('/').slice(0, count).join('/')
}

/** One step up: a path loses its last step, a user is left out, a host becomes all beside it. */
function widerThan(entry: string): string | null {
  const form = formOf(entry)
  if (form === null) return null
  if (form.form === 'path' || form.form === 'named') return parent(entry)
  if (form.form !== 'host') return form.path.replace(/\/$/, '') === '' ? null : parent(entry)
  if (form.path !== '') return parent(entry)
  const port = form.port === '' ? '' : `:${form.port}`
  if (form.user !== '') return `${form.host}${port}`
  if (port !== '') return form.host
  return above(form.host)
}

function parent(entry: string): string | null {
  const cut = entry.lastIndexOf('/')
  return cut > 0 && entry[cut - 1] !== '/' ? entry.slice(0, cut) : null
}

function above(host: string): string | null {
  const { domain, isIp } = parse(host.replace(/^\*\./, ''), { allowPrivateDomains: true })
  const labels = host.replace(/^\*\./, '').split('.')
  if (isIp || domain === null || labels.length <= domain.split('.').length) return null
  return `*.${labels.slice(1).join('.')}`
}
