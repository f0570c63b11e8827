/**
 * Words for another agent, a schedule or a skill. What that does is judged when it does it; here it is
 * only looked at whether it is told to do what is denied, or to hide what it does.
 */

import { holdsSecret } from '../secrets.ts'
import { SOMETHING } from './effect.ts'
import type { Shell } from './shell/shell.ts'
import { known } from './shell/value.ts'
import { walkText } from './shell/walk.ts'

/** Commands that stand in a text. */
const COMMANDS =
  /(?:^|[`:>$]\s*|\b(?:run|execute|with|and|then)\s+)((?:sudo|kubectl|git|gh|glab|curl|wget|rm|aws|gcloud|az|npm|pnpm|yarn|terraform|docker|psql|mysql|ssh|scp|rsync|helm|chmod|chown|bash|sh|python3?|node|crontab|systemctl|tar|zip)\s+[^\n`]{3,200})/gim

const HIDES =
  /\b(do not|don'?t|never|without)\s+(mention|tell|say|report|log|show|inform|notify|telling|mentioning|reporting|logging|leaving a trace)\b[^.]{0,40}\b(it|this|that|them|anyone|anybody|user|nobody|answer|summary|summaries)?\b|\bkeep (it|this) (quiet|secret|hidden)\b|\bquietly\b|\bcover (up|your tracks)\b/i
const GOES_ROUND =
  /\b(bypassPermissions|dangerously|skip[- ]permissions|acceptEdits)\b|\b(denied|blocked|refused|not allowed)\b[^.]{0,80}\b(you|instead|for me|do it|run it|another way)\b|\b(remove|disable|delete|edit|change|turn off)\b[^.]{0,40}\b(hooks?|settings\.json|permissions?|guard|safeguards?|signalbox)\b|\b(check|hook|guard|gate|filter)\b[^.]{0,40}\b(does not|doesn'?t|won'?t|cannot|can'?t) see\b|\bsend-keys\b|\bapprove (it|them|the (request|dialog|prompt))\b|\bapproved everything\b/i
const DECODES = /\b(decode|base64|hex|rot13)\b[^.]{0,60}\b(run|execute|eval|bash|sh|python)\b/i
const SENDS_OUT =
  /\b(upload|send|post|publish|share|exfiltrate|mail|e-?mail|paste|transfer|copy)\b[^.]{0,120}(https?:\/\/|transfer\.sh|pastebin|0x0\.st|gist|webhook|ngrok|[\w.-]+@[\w.-]+\.\w+|\bftp\b)/i
const ORDERS =
  /\b(fetch|read|open|download|curl|load)\b[^.]{0,80}https?:\/\/\S{1,120}[\s\S]{0,60}\b(follow|execute|run|do|carry out|obey|perform)\b[^.]{0,30}\b(it|its|them|instructions?|what(ever)? it says)\b/i
const DESTROYS =
  /\b(drop|truncate)\b[^.]{0,40}\b(table|database|schema|collection)s?\b|\b(delete|deactivate|remove|close|purge|wipe|disable|destroy)\b[^.]{0,30}\b(all|every|everyone|each|any|merged|stale|old)\b[^.]{0,40}\b(users?|accounts?|branch(es)?|buckets?|issues?|prs?|pull requests?|records?|customers?|data|instances?|backups?|releases?|tags?|volumes?|namespaces?|databases?|repos?(itories)?)\b|\bforce[- ]?push\b|\bpush\b[^.]{0,40}--force\b|\bfilter-repo\b|\brewrite\b[^.]{0,30}\bhistory\b/i
const REVIEWS =
  /\b(approve|merge)\b[^.]{0,60}\b(pr|pull request|merge request|every|all|own|bot|--admin|without (review|comment))\b|\b(bypass|disable)\b[^.]{0,30}\b(review|protection|checks?)\b|--no-verify\b|\b(delete|skip|disable)\b[^.]{0,30}\btests?\b[^.]{0,40}\bfail/i
const PUBLISHES =
  /\b(npm|cargo|gem|twine|docker|pypi)\s+(publish|push|upload)\b|\bpublish\b[^.]{0,40}\b(package|npm|pypi|latest|release)\b/i
const SECRET_FILES =
  /(~|\/home\/\w+|\/Users\/\w+|\$HOME)\/\.(aws|ssh|npmrc|netrc|kube|gnupg|docker|config\/gh|pypirc)[\w./-]*|(^|\s)\.env\b(?!\.example)|\b(credentials?|api keys?|secrets?|private keys?|passwords?)\b/i
const HUNTS =
  /\b(search|look|hunt|grep)\b[^.]{0,60}\b(home|disk|machine|browser)\b[\s\S]{0,100}\b(tokens?|keys?|passwords?|credentials?|secrets?)\b/i
const GIVES = /\b(return|print|show|give|output|paste|send|upload|collect|list|include|dump)\b/i

/** @param text what another agent is told */
export function prompt(text: string, sh: Shell): void {
  for (const match of text.matchAll(COMMANDS)) {
    const [whole, command = ''] = match
    // `Do not run terraform apply.`
    const lead =
      text.slice(Math.max(0, match.index - 20), match.index) + whole.slice(0, -command.length)
    if (/\b(do not|don'?t|never|without)\s+(\w+\s+)?$/i.test(lead)) continue
    // Only what a rule denies counts: a text is no script, and its end is a guess.
    const unknowns = sh.unknowns.length
    sh.apart(() => walkText(command.replace(/[.,;)]\s*$/, ''), SOMETHING, sh))
    sh.unknowns.length = unknowns
  }
  if (GOES_ROUND.test(text)) sh.emit({ kind: 'guard-config', what: 'client' })
  if (HIDES.test(text) || DECODES.test(text) || ORDERS.test(text)) sh.exec('hidden', text)
  if (SENDS_OUT.test(text))
    sh.emit({
      kind: 'send',
      to: null,
      means: 'copy',
      payload: SECRET_FILES.test(text) ? ['secret'] : ['unknown'],
      does: 'write',
    })
  else if (
    HUNTS.test(text) ||
    (SECRET_FILES.test(text) && GIVES.test(text) && /~|\.env\b|\$HOME|\/home\//.test(text))
  )
    sh.emit({
      kind: 'read',
      target: sh.target(known(`${sh.facts.home}/.aws/credentials`)),
      credential: true,
    })
  if (DESTROYS.test(text))
    sh.emit({ kind: 'cloud', provider: 'prompt', verb: 'destroy', names: [], on: null })
  if (REVIEWS.test(text))
    sh.emit({ kind: 'cloud', provider: 'prompt', verb: 'bypass', names: [], on: null })
  if (PUBLISHES.test(text))
    sh.emit({ kind: 'send', to: null, means: 'publish', payload: ['project'], does: 'write' })
  if (holdsSecret(text))
    sh.emit({ kind: 'send', to: null, means: 'post', payload: ['secret'], does: 'write' })
}
