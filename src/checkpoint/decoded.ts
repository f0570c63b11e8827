/** What unpacks a body, by its `Content-Encoding`. */
import type { Transform } from 'node:stream'
import { promisify } from 'node:util'
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
  gunzip,
  inflate,
  zstdDecompress,
} from 'node:zlib'

export interface Decoder {
  /** As it comes. */
  readonly stream: () => Transform
  /** All at once. Rejects when it is broken, or larger than so many bytes. */
  readonly whole: (packed: Buffer, maxOutputLength: number) => Promise<Buffer>
}

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: {
    stream: createGunzip,
    whole: (packed, maxOutputLength) => promisify(gunzip)(packed, { maxOutputLength }),
  },
  deflate: {
    stream: createInflate,
    whole: (packed, maxOutputLength) => promisify(inflate)(packed, { maxOutputLength }),
  },
  br: {
    stream: createBrotliDecompress,
    whole: (packed, maxOutputLength) => promisify(brotliDecompress)(packed, { maxOutputLength }),
  },
  zstd: {
    stream: createZstdDecompress,
    whole: (packed, maxOutputLength) => promisify(zstdDecompress)(packed, { maxOutputLength }),
  },
}

/** @returns null when it is not packed */
export function decoderFor(encoding: string | undefined): Decoder | null | 'unknown' {
  const name = (encoding ?? '').trim().toLowerCase().replace(/^x-/, '')
  if (name === '' || name === 'identity') return null
  return (Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined) ?? 'unknown'
}
