/** The host of the scanner: puts lines into its memory, and makes strings of what it found. */
import { readFileSync } from 'node:fs'
import { FIELDS, FORGOTTEN, SILENT, UNSURE } from './scanner/fields.ts'
import { TELLING_FIELD } from './tools.ts'

/** Line types that begin with their type and tell nothing that is shown. */
const SILENT_TYPES = [
  'api-request',
  'api-request-blob',
  'api-request-shape',
  'atis-latch',
  'file-history-delta',
  'file-history-snapshot',
  'last-prompt',
  'mode',
  'queue-operation',
  'summary',
  'tools-used',
]

interface Scanner {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Addresses. */
  readonly room: { readonly value: number }
  readonly fields: { readonly value: number }
  learn(from: number, to: number, meaning: number): number
  scan(from: number, to: number, own: boolean): number
  nameFrom(name: number): number
  nameLength(name: number): number
}

const scanner = load()
const memory = Buffer.from(scanner.memory.buffer)
const fields = new Float64Array(memory.buffer, scanner.fields.value, FIELDS)
const CHUNK_BYTES = 1 << 19
/** Steps of sixteen bytes look beyond the end of a line. */
const STEP_BYTES = 16
const chunkAt = scanner.room.value
/** Lines that stand elsewhere are copied to here. */
const lineAt = chunkAt + CHUNK_BYTES + STEP_BYTES

/** What is read into here is scanned without a copy. */
export const chunk = memory.subarray(chunkAt, chunkAt + CHUNK_BYTES)
teach()

function load(): Scanner {
  // The bundle and the sources differ in where this file stands.
  const isSource = import.meta.url.endsWith('.ts')
  const url = new URL(isSource ? '../../../dist/scanner.wasm' : './scanner.wasm', import.meta.url)
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(url)))
  return instance.exports as unknown as Scanner // what scanner/line.ts exports
}

/** Tells the scanner the names that mean something. */
function teach(): void {
  const learn = (name: string, meaning: number): number =>
    scanner.learn(lineAt, lineAt + memory.write(name, lineAt, 'latin1'), meaning)
  for (const type of SILENT_TYPES) learn(type, SILENT)
  for (const [tool, field] of Object.entries(TELLING_FIELD)) learn(tool, learn(field, 0))
}

/** @returns what the line is, one of the kinds in `fields.ts` */
export function scan(bytes: Buffer, start: number, end: number, own: boolean): number {
  if (bytes.buffer === memory.buffer) {
    const from = bytes.byteOffset + start
    return scanner.scan(from, from + end - start, own)
  }
  if (lineAt + end - start + STEP_BYTES > memory.length) return UNSURE
  const length = bytes.copy(memory, lineAt, start, end)
  return scanner.scan(lineAt, lineAt + length, own)
}

export const number = (field: number): number => fields[field] ?? 0

/** The bytes of a text, each as a character. */
export const text = (field: number): string => memory.latin1Slice(number(field), number(field + 1))

/** Strings by the numbers of their names. */
const names: string[] = []
let forgotten = 0

/** The name in a field, `''` when there is none. */
export function name(field: number): string {
  if (number(FORGOTTEN) !== forgotten) {
    forgotten = number(FORGOTTEN)
    names.length = 0
  }
  const index = number(field)
  return index === 0 ? '' : (names[index] ?? decode(index))
}

function decode(index: number): string {
  const from = scanner.nameFrom(index)
  const text = memory.latin1Slice(from, from + scanner.nameLength(index))
  names[index] = text
  return text
}
