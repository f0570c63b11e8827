// A publisher that does nothing else, with the client library that a relay has:
//   node fleet-peer.ts URL SUBJECT COUNT BYTES PER-SECOND     (0: as fast as it goes)
// Each message begins with when it was given to the library, Unix ms, and is acknowledged by the stream.
import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { paced } from './fleet-pace.ts'

const [servers = '', subject = '', count = '', bytes = '', perSecond = ''] = process.argv.slice(2)
const IN_FLIGHT = 500

const connection = await connect({ servers })
const js = jetstream(connection)
let next = 0

const publish = (): Promise<unknown> => {
  const now = performance.timeOrigin + performance.now()
  const payload = now.toFixed(3).padEnd(Number(bytes))
  return js.publish(subject, payload, { msgID: `${subject} ${next++}` })
}
const sent: Promise<unknown>[] = []
if (Number(perSecond) > 0) {
  await paced(Number(count), Number(perSecond), () => sent.push(publish()))
  await Promise.all(sent)
} else {
  const one = async (): Promise<void> => {
    while (next < Number(count)) await publish()
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, one))
}
await connection.close()
