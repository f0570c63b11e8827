/** A settings file that is looked at: where things stand in it, and what it would be without them. */
import type { Node } from 'jsonc-parser'
import { removed } from '../../clients/claude-code/settings-text.ts'
import type { Finding } from '../../monitor/finding.ts'

type Mends = Required<Pick<Finding, 'fix' | 'mended'>>

export class SettingsText {
  readonly #path: string
  readonly #text: string

  constructor(path: string, text: string) {
    this.#path = path
    this.#text = text
  }

  /** `FILE:LINE` */
  placeOf(node: Node): string {
    return `${this.#path}:${this.#before(node).length}`
  }

  /** Takes out a member of an object or a list, and nothing else. */
  without(node: Node): Mends {
    return this.#mends(node, () => removed(this.#text, node))
  }

  /** Puts a text before all others of a list. */
  withFirst(list: Node, value: string): Mends {
    const at = list.offset + 1
    const member = `${JSON.stringify(value)}${(list.children ?? []).length > 0 ? ', ' : ''}`
    return this.#mends(list, () => this.#text.slice(0, at) + member + this.#text.slice(at))
  }

  #mends(node: Node, mended: () => string): Mends {
    const lines = this.#before(node)
    // Of several on one line the column tells which.
    const place = `${this.#path}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`
    return {
      fix: ['audit', '--mend', place],
      mended: now => (now === this.#text ? mended() : null),
    }
  }

  #before({ offset }: Node): string[] {
    return this.#text.slice(0, offset).split(/\r\n|\r|\n/)
  }
}
