/** The other end of the control socket: for screens and commands. */
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import {
  COMMAND_REPLY,
  type CommandInput,
  type CommandReply,
  GATE_STATUS,
  type GateStatus,
  type ScreenName,
} from '../action/command.ts'
import { CONTROL_SOCKET } from './sockets.ts'

const STATUS_MS = 2000
const COMMAND_MS = 10_000

/** @returns null when no gate answers */
export async function gateStatus(sockets: string): Promise<GateStatus | null> {
  try {
    const response = await send(sockets, { method: 'GET', path: '/status', timeout: STATUS_MS })
    return v.parse(GATE_STATUS, JSON.parse(await text(response)))
  } catch {
    return null
  }
}

/** Sends a command. A gate that is not there is an answer too: `done` false. */
export async function sendCommand(
  sockets: string,
  screen: ScreenName,
  command: CommandInput,
): Promise<CommandReply> {
  try {
    const how = { method: 'POST', path: '/command', timeout: COMMAND_MS }
    const response = await send(sockets, how, JSON.stringify({ screen, command }))
    return v.parse(COMMAND_REPLY, JSON.parse(await text(response)))
  } catch {
    return { done: false, text: 'no gate answers: signalbox gate status says more' }
  }
}

interface How {
  readonly method: string
  readonly path: string
  /** Milliseconds */
  readonly timeout: number
}

function send(sockets: string, how: How, body = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const socketPath = join(sockets, CONTROL_SOCKET)
    const sent = request({ socketPath, ...how }, resolve)
    sent.on('timeout', () => sent.destroy(new Error('timed out')))
    sent.on('error', reject)
    sent.end(body)
  })
}
