/** What `signalbox init` writes into the user's policy; comments and order stay. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Role } from '../action/entry.ts'
import { UsageError } from './usage-error.ts'
import { writePrivate } from './whole-file.ts'
import { codeOf } from './yaml-file.ts'

/** Writes down who enabled auto mode and when (ISO date). */
export function enableAutoMode(file: string, { by, on }: { by: string; on: string }): void {
  edit(file, document => document.set('auto_mode', { enabled_by: by, enabled_on: on }))
}

/** Lists a platform or a gateway's base URL, with the role that sessions behind it have. */
export function setPlatform(file: string, url: string, role: Role): void {
  edit(file, document => {
    const list = document.get('platforms')
    if (!isSeq(list)) {
      // The built-in list is replaced by the file's, and the client's own API stays on it.
      document.set('platforms', document.createNode(['anthropic', { platform: url, role }]))
      return
    }
    const i = list.items.findIndex(item => platformOf(item) === url)
    const node = document.createNode({ platform: url, role })
    if (i === -1) list.items.push(node)
    else list.items[i] = node
  })
}

function platformOf(item: unknown): unknown {
  if (isScalar(item)) return item.value
  return isMap(item) ? item.get('platform') : undefined
}

function edit(file: string, change: (document: Document) => void): void {
  const path = existsSync(file) ? realpathSync(file) : file
  const document = parseDocument(existsSync(path) ? readFileSync(path, 'utf8') : '')
  const [broken] = document.errors
  if (broken !== undefined) throw new UsageError(`${file}: ${broken.message.split('\n')[0]}`)
  if (document.contents !== null && !isMap(document.contents))
    throw new UsageError(`${file}: must hold settings by name`)
  change(document)
  try {
    writePrivate(path, document.toString({ lineWidth: 0 }))
  } catch (error) {
    throw new UsageError(`${file}: cannot be written (${codeOf(error)}); it is as it was`)
  }
}
