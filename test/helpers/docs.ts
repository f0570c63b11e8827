/** What stands in the documents, block by block. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

export interface Block {
  readonly file: string
  readonly line: number
  readonly text: string
}

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** The fenced blocks of a language; of a list item, too. */
export function blocksIn(file: string, language: string): Block[] {
  const text = textOf(file)
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\``, 'gm')
  return Array.from(text.matchAll(fence), ([, indent = '', block = ''], i) => ({
    file,
    line: text.slice(0, [...text.matchAll(fence)][i]?.index).split('\n').length + 1,
    text: block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

export type PolicyKind = 'user' | 'managed' | 'repository'

/** The policies of a document, each of the kind that its first line or its document says. */
export function yamlIn(file: string): (Block & { readonly kind: PolicyKind })[] {
  return blocksIn(file, 'yaml').flatMap(block => {
    // A theme is another kind of file.
    if (file.endsWith('themes.md')) return []
    const [first = ''] = block.text.split('\n')
    const kind = first.startsWith('# .signalbox.yaml')
      ? 'repository'
      : first.startsWith('# managed policy') || file.endsWith('admin.md')
        ? 'managed'
        : 'user'
    return [{ ...block, kind }]
  })
}
