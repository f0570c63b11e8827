/** The machine itself: services, schedules, firewalls, accounts. */
import { placeOf } from '../../../paths.ts'
import { hostIdentity } from '../../../resources/url.ts'
import { type Content, mixed, NOTHING, SOMETHING } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'

const all = (call: Parameters<Handler>[0]): readonly string[] => [
  call.name.text,
  ...call.args.map(arg => arg.text),
]

function off(names: readonly string[], sh: Shell): Content {
  sh.emit({ kind: 'privilege', what: 'disable-check', names })
  return SOMETHING
}

const GUARDS =
  /auditd|rsyslog|syslog|firewalld|ufw|apparmor|fail2ban|falco|crowdstrike|falcon|osquery|clamav|selinux|iptables|nftables|defender|signalbox/i

const systemctl: Handler = (call, sh) => {
  const { rest } = optionsOf(call.args, 't H M p n o', false)
  const [verb, ...units] = rest.map(arg => arg.text)
  if (
    verb === undefined ||
    /^(status|is-active|is-enabled|list-.*|show|cat|is-failed|get-default)$/.test(verb)
  )
    return SOMETHING
  if (/^(stop|disable|mask|kill)$/.test(verb) && units.some(unit => GUARDS.test(unit)))
    return off(all(call), sh)
  if (/^(enable|link|add-wants|edit|set-.*|import-environment)$/.test(verb)) {
    sh.emit({ kind: 'persist', what: 'a service' })
    return SOMETHING
  }
  sh.emit({ kind: 'privilege', what: 'service', names: all(call) })
  return SOMETHING
}

const service: Handler = (call, sh) => {
  if (call.args.some(arg => arg.text === 'status')) return SOMETHING
  if (GUARDS.test(all(call).join(' '))) return off(all(call), sh)
  sh.emit({ kind: 'privilege', what: 'service', names: all(call) })
  return SOMETHING
}

const crontab: Handler = (call, sh) => {
  if (call.args.some(arg => arg.text === '-l')) return SOMETHING
  sh.emit({ kind: 'persist', what: 'crontab' })
  return NOTHING
}

const launchctl: Handler = (call, sh) => {
  if (/^(list|print|blame)$/.test(call.args[0]?.text ?? '')) return SOMETHING
  sh.emit({ kind: 'persist', what: 'launchd' })
  return SOMETHING
}

const firewall: Handler = (call, sh) => {
  const text = all(call).join(' ')
  return /\b(status|-L|--list|list|-S|show|--state|--get-\S+)\b/.test(text)
    ? SOMETHING
    : off(all(call), sh)
}

const disables: Handler = (call, sh) => off(all(call), sh)

const account: Handler = (call, sh) => {
  if (call.name.text === 'visudo' && call.args.some(arg => /^-\w*c/.test(arg.text)))
    return SOMETHING
  sh.emit({ kind: 'privilege', what: 'login', names: all(call) })
  return SOMETHING
}

const power: Handler = (call, sh) => {
  if (call.args.length === 0 && /^(mount|swapon)$/.test(call.name.text)) return SOMETHING
  sh.emit({ kind: 'privilege', what: 'machine', names: all(call) })
  return NOTHING
}

const sysctl: Handler = (call, sh) =>
  call.args.some(arg => /=|^-w$|^-p/.test(arg.text)) ? power(call, sh) : SOMETHING

const openssl: Handler = (call, sh) => {
  const [verb] = call.args
  const options = optionsOf(
    call.args.slice(1),
    'in out keyout connect servername CA CAkey key cert config extfile days subj addext passin passout inform outform engine provider C CApath CAfile newkey name export_file',
  )
  const [engine] = valuesOf(options, 'engine', 'provider')
  if (engine !== undefined && /[./]/.test(engine.text)) sh.exec('hidden', all(call).join(' '))
  const read = valuesOf(options, 'in').map(file => sh.read(file))
  for (const file of valuesOf(options, 'out', 'keyout'))
    sh.write(sh.target(file), 'replace', SOMETHING)
  if (verb?.text === 's_client') {
    const place = valuesOf(options, 'connect')[0]?.text.replace(/:\d+$/, '') ?? ''
    const to = hostIdentity(place)
    // Without a word to send it only shows the other's certificate.
    if (call.stdin.flows.length > 0)
      sh.emit({ kind: 'send', to, means: 'tunnel', payload: call.stdin.flows, does: 'write' })
    else sh.emit({ kind: 'receive', from: to === null ? null : { kind: 'domain', id: to.id } })
    return { text: null, flows: ['network'], from: to === null ? [] : [to] }
  }
  if (
    /^(version|dgst|rand|x509|ciphers|list|verify|prime|help|req|genrsa|genpkey|rsa|ec|ecparam|pkey|pkcs12|pkcs8|dhparam|crl|asn1parse|speed|passwd|ca)$/.test(
      verb?.text ?? '',
    )
  )
    return read.length > 0 ? mixed(read) : { ...call.stdin, text: null }
  if (/^(base64|enc)$/.test(verb?.text ?? ''))
    return {
      text: null,
      flows: [...(read.length > 0 ? mixed(read) : call.stdin).flows, 'decoded'],
      from: [],
    }
  sh.partial(`openssl ${verb?.text ?? ''}`)
  return SOMETHING
}

const keys: Handler = (call, sh) => {
  if (call.args.some(arg => /^-(l|F|L|lf)$/.test(arg.text))) return SOMETHING
  // A key for the project's tests opens nothing.
  const file = valuesOf(optionsOf(call.args, 'f t N C b'), 'f')[0]
  const target = file === undefined ? null : sh.target(file)
  if (
    target !== null &&
    target.path !== null &&
    /^(project|temp)$/.test(placeOf(target.path, sh.facts).kind)
  ) {
    sh.write(target, 'replace', SOMETHING)
    return SOMETHING
  }
  sh.emit({ kind: 'privilege', what: 'login', names: all(call) })
  return SOMETHING
}

const gpg: Handler = (call, sh) => {
  if (call.args.some(arg => /^--(list-.*|verify|version|fingerprint)$/.test(arg.text)))
    return SOMETHING
  if (call.args.some(arg => /export-secret/.test(arg.text))) {
    sh.emit({
      kind: 'read',
      target: { written: 'gpg keys', path: null, glob: '' },
      credential: true,
    })
    return { text: null, flows: ['secret'], from: [] }
  }
  sh.partial('gpg')
  return SOMETHING
}

/** Opens something with a program that is not known. */
const opens: Handler = (call, sh) => {
  sh.exec('unknown', all(call).join(' '))
  return NOTHING
}

/** The text to come is looked at as what the loop of another program does. */
const trapText: Handler = (call, sh) => {
  for (const arg of call.args)
    if (arg.known && /\s/.test(arg.text)) runShell(arg.text, SOMETHING, sh)
  return opens(call, sh)
}

export const system: Handlers = {
  systemctl,
  service,
  crontab,
  launchctl,
  ufw: firewall,
  iptables: firewall,
  ip6tables: firewall,
  nft: firewall,
  'firewall-cmd': firewall,
  pfctl: firewall,
  setenforce: disables,
  auditctl: disables,
  spctl: disables,
  csrutil: disables,
  'update-ca-certificates': disables,
  'update-ca-trust': disables,
  useradd: account,
  usermod: account,
  userdel: account,
  adduser: account,
  deluser: account,
  passwd: account,
  chpasswd: account,
  visudo: account,
  chsh: account,
  'ssh-copy-id': account,
  'ssh-keygen': keys,
  'ssh-add': keys,
  gpg,
  openssl,
  reboot: power,
  shutdown: power,
  poweroff: power,
  halt: power,
  init: power,
  modprobe: power,
  insmod: power,
  rmmod: power,
  mount: power,
  umount: power,
  swapoff: power,
  sysctl,
  journalctl: (call, sh) =>
    call.args.some(arg => /^--(vacuum|rotate|flush)/.test(arg.text))
      ? off(all(call), sh)
      : SOMETHING,
  dmesg: () => SOMETHING,
  open: opens,
  'xdg-open': opens,
  start: opens,
  entr: trapText,
  pbcopy: () => NOTHING,
}
