/** A theme file: a theme that writes colours and nothing else, or one line that says where it is wrong. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { UsageError } from '../../../../src/config/usage-error.ts'
import { ROLES, themeFrom } from '../../../../src/ui/theme.ts'
import { scratch } from '../scratch.ts'
import { type Bench, must, type Target } from '../target.ts'

const SHIPPED = join(import.meta.dirname, '../../../../themes')
const DEPTHS = [1, 4, 8, 24] as const
const PAINTED = /^(\u001b\[[0-9;]{1,20}m)?text(\u001b\[[0-9]{1,3}m)?$/

class Themes implements Bench {
  readonly #folder = scratch('theme')
  readonly #path = join(this.#folder.path, 'own.yaml')

  try(input: Buffer): string {
    writeFileSync(this.#path, input)
    const depth = DEPTHS[crc32(input) % DEPTHS.length] ?? 24
    try {
      const theme = themeFrom(this.#path, depth)
      for (const paint of [...ROLES.map(role => theme.role[role]), theme.selection])
        must(PAINTED.test(paint('text')), `it paints ${JSON.stringify(paint('text'))}`)
      return `a theme ${ROLES.map(role => theme.role[role]('').length).join()}`
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      return saidOf(error, this.#path)
    }
  }

  close(): void {
    this.#folder.remove()
  }
}

/** What is wrong, with its file; told apart by its words, not by what it quotes. */
export function saidOf({ message }: UsageError, path: string): string {
  must(message.includes(path), `no file in '${message}'`)
  must(message.length < path.length + 400, `a message of ${message.length} characters`)
  return message.replaceAll(path, '').replace(/\d+|'.*'|".*"/g, '')
}

export const theme: Target = {
  name: 'theme',
  shape: 'yaml',
  mostBytes: 2048,
  seeds: () => readdirSync(SHIPPED).map(it => readFileSync(join(SHIPPED, it))),
  words: ['reverse', 'default', 'faint', 'brightBlue', '#ffffff', 'selection:', 'background:'],
  open: async () => new Themes(),
}
