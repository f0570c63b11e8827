/** A person at a terminal, in temporary folders. */
import { chmodSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Desk } from '../../src/commands/desk.ts'
import { put, tempFolder } from '../helpers/folder.ts'

export interface TestDesk extends Desk {
  readonly printed: string[]
  readonly asked: string[]
  readonly configFile: string
  readonly settings: string
}

export function desk({ says = false, managed = '' } = {}): TestDesk {
  const folder = tempFolder()
  const places = {
    config: join(folder, 'config'),
    state: join(folder, 'state'),
    managed: join(folder, 'etc', 'policy.yaml'),
    managedOwner: process.getuid?.() ?? 0,
    client: join(folder, 'client'),
  }
  const cwd = join(folder, 'project')
  mkdirSync(cwd)
  if (managed !== '') {
    put(places.managed, managed)
    chmodSync(dirname(places.managed), 0o755)
    chmodSync(places.managed, 0o644)
  }
  const printed: string[] = []
  const asked: string[] = []
  return {
    places,
    cwd,
    now: new Date(2026, 10, 24, 12),
    print: text => printed.push(text),
    ask: async question => {
      asked.push(question)
      return says
    },
    printed,
    asked,
    configFile: join(places.config, 'config.yaml'),
    settings: join(places.client, 'settings.json'),
  }
}
