/** Asks the gate over its control socket. */
import { request } from 'node:http'
import { join } from 'node:path'
import * as v from 'valibot'
import { GATE_STATUS, type GateStatus } from '../action/command.ts'
import { PROTOCOL, PROTOCOL_HEADER, type Side, VERSION_HEADER } from '../action/protocol.ts'
import { version } from '../config/version.ts'

const WAIT_MS = 3000

export type Asked = { readonly status: number; readonly body: string } | { readonly failed: string }

export function askGate(sockets: string, method: 'GET' | 'POST', path: string): Promise<Asked> {
  const { promise, resolve } = Promise.withResolvers<Asked>()
  const socketPath = join(sockets, 'control.sock')
  const fail = (why: string): void => resolve({ failed: why })
  const headers = { [PROTOCOL_HEADER]: PROTOCOL, [VERSION_HEADER]: version() }
  const asked = request({ socketPath, method, path, headers, timeout: WAIT_MS }, async response => {
    let body = ''
    try {
      for await (const chunk of response.setEncoding('utf8')) body += chunk
      resolve({ status: response.statusCode ?? 0, body })
    } catch (error) {
      fail(String(error))
    }
  })
  asked.on('timeout', () => asked.destroy(new Error(`no answer in ${WAIT_MS / 1000} s`)))
  asked.on('error', error => fail('code' in error ? String(error.code) : error.message))
  asked.end()
  return promise
}

/** Nobody listens: there is no socket, or one that a dead gate left. */
export const isGone = (asked: Asked): boolean =>
  'failed' in asked && /^(ENOENT|ECONNREFUSED)$/.test(asked.failed)

/** @returns what the gate says of itself, or why it does not */
export async function gateStatus(sockets: string): Promise<GateStatus | { failed: string }> {
  const asked = await askGate(sockets, 'GET', '/status')
  if ('failed' in asked) return asked
  try {
    return v.parse(GATE_STATUS, JSON.parse(asked.body))
  } catch {
    return { failed: `answers ${asked.status} with something that is no status` }
  }
}

/** This end. */
export const ownSide = (): Side => ({ version: version(), protocol: PROTOCOL })
