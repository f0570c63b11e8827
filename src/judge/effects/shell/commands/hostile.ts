/** Programs that are made to attack, to mine or to spy, and those that wipe disks. */

import { placeOf } from '../../../paths.ts'
import { isLoopback } from '../../../resources/host.ts'
import { parseUrl } from '../../../resources/url.ts'
import { type Content, NOTHING, SOMETHING } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import { tool } from './tool.ts'

const ASKS_ITSELF = /^(--?version|-[vV]|--?help|-h|--list(=.*)?)$/

const texts = (call: Parameters<Handler>[0]): readonly string[] => [
  call.name.text,
  ...call.args.map(arg => arg.text),
]

function hostile(what: 'attack' | 'spy'): Handler {
  return (call, sh): Content => {
    if (call.args.length === 1 && ASKS_ITSELF.test(call.args[0]?.text ?? '')) return SOMETHING
    sh.emit({ kind: 'privilege', what, names: texts(call) })
    return SOMETHING
  }
}

/** @param reads what the program is told when it only looks */
function disk(reads: RegExp): Handler {
  return (call, sh) => {
    const words = texts(call)
    const [, ...args] = words
    if (args.some(text => reads.test(text)) || args.length === 0) return SOMETHING
    // An image file in the project is a file like others.
    const [last] = call.args.slice(-1)
    const target = last === undefined ? null : sh.target(last)
    const image = call.args.find(arg => {
      const { path } = sh.target(arg)
      return (
        /[./]/.test(arg.text) &&
        path !== null &&
        /^(project|temp)$/.test(placeOf(path, sh.facts).kind)
      )
    })
    const device = args.some(text => /^\/dev\/|^r?disk\d/.test(text))
    if (
      !device &&
      target?.path !== null &&
      target !== null &&
      /^mk|^wipefs|^shred/.test(call.name.text)
    ) {
      sh.write(target, 'make', SOMETHING)
      return NOTHING
    }
    if (
      !device &&
      image !== undefined &&
      /^(parted|s?fdisk|sgdisk|gdisk|cfdisk)$/.test(call.name.text)
    ) {
      sh.write(sh.target(image), 'edit', SOMETHING)
      return NOTHING
    }
    sh.emit({ kind: 'cloud', provider: 'disk', verb: 'destroy', names: words, on: null })
    return NOTHING
  }
}

const SHOWS =
  /^(list|info|status|show|get|--list|-l|--status|--detail|--examine|-D|--help|-h|--version|--scan|smart-log|id-ctrl|isLuks|luksDump|history|iostat|-I|-i|-n)$/

function pick(names: string, handler: Handler): Handlers {
  return Object.fromEntries(names.split(' ').map(name => [name, handler]))
}

const CAPTURES = /^(x11grab|avfoundation|gdigrab|dshow|v4l2|pulse|alsa|kmsgrab|pipewire|jack)$/

/** Recorders that also work on files. */
function recorder(is: (words: readonly string[]) => boolean): Handler {
  return (call, sh): Content => {
    const words = texts(call)
    if (!is(words)) return tool(call, sh)
    sh.emit({ kind: 'privilege', what: 'spy', names: words })
    return { text: null, flows: ['secret'], from: [] }
  }
}

/** Stores of passwords and keys: what they print is just that. */
const vault: Handler = (call, sh): Content => {
  const words = texts(call).slice(1)
  if (
    words.length === 0 ||
    words.some(word =>
      /^(--?version|--?help|-h|-v|status|help|login|logout|lock|sync|init|whoami|signin|lookup-none|encrypt|-e|--encrypt)$/.test(
        word,
      ),
    )
  )
    return SOMETHING
  sh.emit({
    kind: 'read',
    target: { written: texts(call).join(' '), path: null, glob: '' },
    credential: true,
  })
  return { text: null, flows: ['secret'], from: [] }
}

/** Whole networks, or every port: nobody's own machine is looked for like that. */
const scanner: Handler = (call, sh): Content => {
  const words = texts(call)
  const wide = words.some(word =>
    /^-(s[SUAFXN]|A|p-)$|^-p-|\/(8|9|1\d|2[0-4])$|^--script/.test(word),
  )
  const own = words.some(word => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(word))
  if (!wide || own) return tool(call, sh)
  sh.emit({ kind: 'privilege', what: 'attack', names: words })
  return SOMETHING
}

/** Reads along with a program of somebody's, by its number. */
export function tracer(then: Handler): Handler {
  return (call, sh): Content => {
    const words = texts(call)
    if (
      words.some(word => /^-\w*p$|^--(attach|pid)/.test(word)) &&
      /sshd?\b|\bbash|zsh|login|sudo|agent|pts\/|keyring|gpg/.test(words.join(' '))
    ) {
      sh.emit({ kind: 'privilege', what: 'spy', names: words })
      return { text: null, flows: ['secret'], from: [] }
    }
    return then(call, sh)
  }
}

/** A shell or a screen of this machine for whoever asks. */
const shared: Handler = (call, sh): Content => {
  if (call.args.length === 1 && ASKS_ITSELF.test(call.args[0]?.text ?? '')) return SOMETHING
  sh.emit({ kind: 'send', to: null, means: 'tunnel', payload: ['unknown'], does: 'write' })
  return NOTHING
}

/** What is locked with a key that nobody has is gone. */
const locks: Handler = (call, sh): Content => {
  const words = texts(call)
  if (words.some(word => /^(status|--help|-h|--version|unlock|list)$/.test(word))) return SOMETHING
  sh.emit({ kind: 'cloud', provider: 'disk', verb: 'destroy', names: words, on: null })
  return NOTHING
}

/** Load on somebody else's machine. */
const load: Handler = (call, sh): Content => {
  const hosts = call.args
    .map(arg => parseUrl(arg.text.replace(/^-{1,2}\w+=/, '')))
    .filter((url, i) => url !== null && /:\/\//.test(call.args[i]?.text ?? ''))
  if (hosts.some(url => url !== null && !isLoopback(url.host)))
    sh.emit({ kind: 'privilege', what: 'attack', names: texts(call) })
  else sh.exec('installed', texts(call).join(' '))
  return SOMETHING
}

export const hostileTools: Handlers = {
  ...pick('ab hey wrk wrk2 siege vegeta bombardier oha autocannon slowhttptest h2load', load),
  ...pick(
    'bw op pass gopass lpass rbw secret-tool keepassxc-cli kpcli keyring sops ansible-vault kubeseal envchain teller',
    vault,
  ),
  nmap: scanner,
  ...pick('dtruss reptyr', tracer(tool)),
  ...pick('ttyd gotty wetty x11vnc vncserver x0vncserver sshx upterm teleconsole', shared),
  ...pick('fscrypt ecryptfs-setup-private ecryptfs-migrate-home veracrypt', locks),
  ffmpeg: recorder(words => words.some(word => CAPTURES.test(word))),
  sox: recorder(words => words.includes('-d') && words.indexOf('-d') < 3),
  xclip: recorder(words => words.some(word => /^-o(ut)?$/.test(word))),
  xsel: recorder(words => words.some(word => /^-\w*o|--output/.test(word)) || words.length === 1),
  ...pick(
    'hydra medusa ncrack john hashcat msfconsole msfvenom msfdb mimikatz responder sqlmap nikto nuclei trufflehog aircrack-ng airodump-ng ettercap bettercap arpspoof dnsspoof masscan zmap rustscan xmrig xmr-stak cpuminer minerd ethminer cgminer bfgminer t-rex nbminer phoenixminer lolminer teamredminer crackmapexec netexec nxc cme evil-winrm psexec psexec.py secretsdump.py wmiexec.py smbexec.py impacket-secretsdump impacket-psexec kerbrute rubeus linpeas linpeas.sh winpeas pspy pspy64 linenum.sh les.sh chisel ligolo-ng gost frpc frps bore pagekite slowloris hping3 hping arp-scan gobuster dirb dirbuster feroxbuster ffuf wfuzz enum4linux bloodhound-python bloodhound sliver-client empire proxychains proxychains4 torsocks nbtscan smbmap smbclient rpcclient snmpwalk onesixtyone wpscan patator crowbar cewl crunch tcpkill macchanger stress stress-ng fping nping dnscat dnscat2 iodine ptunnel nbd-client',
    hostile('attack'),
  ),
  ...pick(
    'scrot screencapture gnome-screenshot spectacle maim flameshot grim xwd logkeys evtest showkey arecord parecord parec wf-recorder recordmydesktop imagesnap fswebcam streamer rec sox_recorder xspy tcpdump tshark dumpcap wireshark ngrep dsniff mitmproxy mitmdump mitmweb xinput pbpaste wl-paste gcore',
    hostile('spy'),
  ),
  ...pick(
    'mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mke2fs mkswap mkntfs wipefs sgdisk gdisk fdisk cfdisk sfdisk parted blkdiscard hdparm nvme badblocks mdadm cryptsetup lvremove vgremove pvremove lvreduce zfs zpool diskutil dmsetup btrfs newfs_apfs asr nwipe scrub format diskpart',
    disk(SHOWS),
  ),
}
