/** Programs of Windows, as they are started from its Linux side. */
import { type Content, NOTHING, SOMETHING } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import { tool } from './tool.ts'

const texts = (call: Parameters<Handler>[0]): readonly string[] => [
  call.name.text,
  ...call.args.map(arg => arg.text),
]

const SHOWS = /^\/?(query|qs?|list|show|l|el|gl|enum|get|\?)$/i

/** PowerShell's own language is not read: only what it must not do is looked for. */
const powershell: Handler = (call, sh): Content => {
  const text = texts(call).slice(1).join(' ')
  if (/(^|\s)-e(nc(odedcommand)?)?\s/i.test(text)) sh.exec('decoded', 'powershell')
  else if (/SendKeys|SendInput/i.test(text)) sh.emit({ kind: 'guard-config', what: 'keys' })
  else if (
    /TCPClient|Net\.Sockets|DownloadString|DownloadFile|\biex\b|Invoke-Expression/i.test(text)
  )
    sh.exec('network', 'powershell')
  else if (/Clipboard|CopyFromScreen|GetAsyncKeyState|Get-PSReadlineOption/i.test(text))
    sh.emit({ kind: 'privilege', what: 'spy', names: ['powershell'] })
  else if (
    /Clear-EventLog|MpPreference|ExecutionPolicy\s+(Bypass|Unrestricted)|advfirewall|Disable-/i.test(
      text,
    )
  )
    sh.emit({ kind: 'privilege', what: 'disable-check', names: ['powershell', text.slice(0, 80)] })
  else if (/Invoke-(RestMethod|WebRequest)|Send-MailMessage|\biwr\b|\birm\b/i.test(text))
    sh.emit({ kind: 'send', to: null, means: 'http', payload: ['unknown'], does: 'write' })
  else if (
    !/^(-\w+\s+)*['"]?(Get|Test|Select|Measure|Resolve|Write-Output|Write-Host|\$PSVersionTable)/i.test(
      text,
    )
  )
    sh.partial('PowerShell')
  return SOMETHING
}

function emits(run: (names: readonly string[], sh: Parameters<Handler>[1]) => void): Handler {
  return (call, sh) => {
    if (call.args.some(arg => SHOWS.test(arg.text))) return SOMETHING
    run(texts(call), sh)
    return NOTHING
  }
}

/** Ends, moves or makes whole machines, the one this runs on too; else what follows is a command of Linux. */
const wsl: Handler = (call, sh): Content => {
  const manages =
    /^--(shutdown|terminate|unregister|export|import|manage|mount|unmount|install|uninstall|set-)|^-t$/i
  if (call.args.some(arg => !arg.known || manages.test(arg.text)))
    sh.emit({ kind: 'privilege', what: 'machine', names: texts(call) })
  return tool(call, sh)
}

/** Its own language, with its own ways to quote. */
const cmd: Handler = (call, sh): Content => {
  const text = texts(call).slice(1).join(' ')
  if (!/^\/[ck] (dir|ver|vol|where|type|echo)\b[^&|<>^]*$/i.test(text))
    sh.partial('a command of Windows')
  return SOMETHING
}

const rights = emits((names, sh) => sh.emit({ kind: 'privilege', what: 'permissions', names }))
const asOther = emits((names, sh) => sh.emit({ kind: 'privilege', what: 'root-shell', names }))
const off = emits((names, sh) => sh.emit({ kind: 'privilege', what: 'disable-check', names }))
const login = emits((names, sh) => sh.emit({ kind: 'privilege', what: 'login', names }))
const wipes = emits((names, sh) =>
  sh.emit({ kind: 'cloud', provider: 'disk', verb: 'destroy', names, on: null }),
)
const stays = emits((_names, sh) => sh.emit({ kind: 'persist', what: 'a task of Windows' }))

export const windows: Handlers = {
  powershell,
  cmd,
  wsl,
  pwsh: powershell,
  icacls: rights,
  takeown: rights,
  cacls: rights,
  runas: asOther,
  psexec: asOther,
  wevtutil: off,
  auditpol: off,
  netsh: off,
  net: login,
  net1: login,
  vssadmin: wipes,
  bcdedit: wipes,
  cipher: wipes,
  wbadmin: wipes,
  reg: stays,
  schtasks: stays,
  sc: stays,
  wmic: asOther,
}
