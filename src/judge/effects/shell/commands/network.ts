/** Programs that talk to other machines, beside requests and copies. */
import { hostIdentity } from '../../../resources/url.ts'
import { SOMETHING } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import { has, optionsOf, valuesOf } from '../value.ts'
import { requests } from './http.ts'
import { copies } from './network-copy.ts'

const DNS_TAKING = 'p t c b k y x q f timeout W w i I s l M m h'

/** A question to a name server carries what its name is made of. */
const dns: Handler = (call, sh) => {
  // An address carries nothing.
  if (
    call.name.text === 'ping' &&
    call.args.every(arg => arg.known && /^(-\w+|\d+(\.\d+){0,3})$/.test(arg.text))
  )
    return SOMETHING
  const { rest } = optionsOf(call.args, DNS_TAKING)
  const names = rest.filter(
    arg =>
      !/^[+@]/.test(arg.text) &&
      !/^(A|AAAA|MX|TXT|NS|CNAME|SOA|ANY|PTR|SRV|CAA|axfr|ixfr)$/i.test(arg.text),
  )
  const carried = [
    ...new Set(names.flatMap(arg => [...arg.flows, ...(arg.known ? [] : (['unknown'] as const))])),
  ]
  if (call.args.some(arg => /^(axfr|ixfr)$/i.test(arg.text))) sh.partial('asks for a whole zone')
  for (const name of names) {
    const to = name.known
      ? hostIdentity(name.text)
      : hostIdentity(/\.([a-z0-9-]+\.[a-z]{2,})\.?$/i.exec(name.text)?.[1] ?? '')
    if (carried.length > 0)
      sh.emit({ kind: 'send', to, means: 'dns', payload: carried, does: 'write' })
    else sh.emit({ kind: 'receive', from: to === null ? null : { kind: 'domain', id: to.id } })
  }
  return SOMETHING
}

const netcat: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'w p s i q X x e c o')
  for (const code of valuesOf(options, 'e', 'c')) sh.exec('unknown', code.text)
  const [host] = options.rest
  const to = host === undefined || has(options, 'l') ? null : hostIdentity(host.text)
  if (has(options, 'z') && to !== null)
    sh.emit({ kind: 'receive', from: { kind: 'domain', id: to.id } })
  else sh.emit({ kind: 'send', to, means: 'tunnel', payload: call.stdin.flows, does: 'write' })
  return { text: null, flows: ['network'], from: to === null ? [] : [to] }
}

const tunnel: Handler = (call, sh) => {
  if (
    call.args.some(arg =>
      /^(--?v(ersion)?|--?help|version|help|list|info|login|config|status|ip)$/.test(arg.text),
    )
  )
    return SOMETHING
  sh.emit({ kind: 'send', to: null, means: 'tunnel', payload: [], does: 'write' })
  return SOMETHING
}

function tunnels(names: string): Handlers {
  return Object.fromEntries(names.split(' ').map(name => [name, tunnel]))
}

export const network: Handlers = {
  ...requests,
  dig: dns,
  nslookup: dns,
  host: dns,
  drill: dns,
  ping: dns,
  ping6: dns,
  traceroute: dns,
  tracepath: dns,
  mtr: dns,
  nc: netcat,
  ncat: netcat,
  netcat,
  telnet: netcat,
  ...tunnels('ngrok cloudflared localtunnel lt frpc bore tailscale chisel serveo'),
  ...copies,
}
