import { closeSync, openSync, readSync } from 'node:fs'
import type { LineRef } from '../../action/event.ts'
import { parseLine } from './lines.ts'

/** The whole input of a tool call, from its line; null when the transcript is gone or changed. */
export function readInput(line: LineRef, id: string): unknown {
  try {
    const fd = openSync(line.file, 'r')
    try {
      const bytes = Buffer.alloc(line.length)
      readSync(fd, bytes, 0, line.length, line.offset)
      const content = parseLine(bytes.toString('utf8'))?.message?.content
      if (!Array.isArray(content)) return null
      return content.find(block => block.id === id)?.input ?? null
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}
