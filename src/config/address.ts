/** Where a server listens, as people write it. */
import { UsageError } from './usage-error.ts'

export type Address = { readonly path: string } | { readonly host: string; readonly port: number }

/** @throws UsageError */
export function addressOf(text: string): Address {
  if (text.startsWith('/')) return { path: text }
  const [, host = '', port = ''] = /^(\[[0-9a-f:]+\]|[\w.-]+):(\d{1,5})$/i.exec(text) ?? []
  if (host === '' || Number(port) > 65_535)
    throw new UsageError(
      `--listen takes HOST:PORT, like 127.0.0.1:8477, or the absolute path of a socket, not '${text}'`,
    )
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

export const isLoopback = (at: Address): boolean =>
  'path' in at || /^(127(\.\d+){3}|::1|localhost)$/i.test(at.host)
