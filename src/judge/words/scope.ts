/** Whether a sentence speaks of the very thing: not of another place, a part of it, or a weaker act. */
import { hasThing, plain } from './names.ts'

export function fits(sentence: string, things: readonly string[], command: string): boolean {
  return (
    !isElsewhere(sentence, command) &&
    !things.some(thing => isExcepted(sentence, thing)) &&
    !isPartOf(sentence, things, command) &&
    !isOtherKind(sentence, things, command) &&
    !isOtherYear(sentence, command) &&
    !isOtherShare(sentence, command) &&
    STRENGTHS.every(
      it =>
        !it.of.test(command) || ((it.needs?.test(sentence) ?? true) && !it.unless?.test(sentence)),
    )
  )
}

interface Strength {
  readonly of: RegExp
  readonly needs?: RegExp
  readonly unless?: RegExp
}

/** `not to production` names no place. */
export function withoutDenied(text: string): string {
  return text.replace(
    /\b(not|never|nicht|no|pas|nao|instead of|rather than)\s+(?:to|on|in|for|touch|auf)?\s*(?:the )?(prod\w*|staging|live|dev|test ?pypi)\b/gi,
    ' ',
  )
}

const KEPT =
  /\b(keeps?|kept|stays?|stay|survives?|remains?|leave|bleibt|bleiben|beh[a]lt\w*|garde\w*|queda\w*|but not|not the)\b/i

/** What a command does in full must be said in full. */
const STRENGTHS: readonly Strength[] = [
  {
    of: /\bstash clear\b/,
    needs:
      /\b(all|every\w*|each|whole|entire|both|stashes|lot|clear|komplett|alle\w*|tod\w+|tout\w*)\b/i,
    unless: /stash@|\b(top|first|last|latest|rest|only|newest)\b/i,
  },
  {
    of: /\bflushall\b/,
    needs: /flushall|\b(all|everything|whole|entire\w*|complet\w*|alles|todo|tout)\b/i,
    unless: /\bdb ?\d/i,
  },
  {
    of: /--replicas[= ]0|ps:scale \w+=0/,
    needs: /\b(0|zero|none|off|down|stop\w*|null|cero)\b/i,
    unless: /\b(half|halve|one|1)\b|\bto [1-9]/i,
  },
  {
    of: /--skip-final-snapshot/,
    unless: /(?<!\bno )\b(with|take|keep|make|create)\b[^.]*\bsnapshot(?!\w)/i,
  },
  {
    of: /--delete-branch/,
    unless: /\bbranch\b[^,;]*\b(stay|keep|alive|remain)|\b(keep|leave)\b[^,;]*\bbranch/i,
  },
  { of: /--cleanup-tag/, needs: /\btag/i, unless: KEPT },
  {
    of: /\b(rsync|sync)\b.*\s--delete\b/,
    needs: /\b(delet\w*|remov\w*|mirror\w*|exact\w*|prun\w*|clean\w*)\b/i,
    unless: KEPT,
  },
  {
    of: /permission=admin|role[= ]admin|cluster-admin|roles\/owner/,
    needs: /\b(admin|owner|maintainer)/i,
  },
  {
    of: /\b(downgrade|rollback|migrate)\s+(base|zero)\b/,
    needs: /\b(base|all|zero|everything)\b/i,
  },
  {
    of: /\bcrontab\s+-r\b/,
    needs: /\b(whole|entire|all|clear|wipe|complete\w*)\b/i,
    unless: /\b(entry|line|job|zeile|eintrag|linea)\b/i,
  },
  {
    of: /--volumes|\bdown\b.*\s-v\b/,
    needs: /\bvolumes?\b|\bdata (too|as well)\b|-v\b|\beverything\b/i,
    unless:
      /\bvolumes?\b[^,;]*\b(stay|keep|kept|survive|remain)|\b(keep|leave|not)\b[^,;]*\bvolumes?/i,
  },
  {
    of: /\b(truncate|drop table|drop database)\b|\bdelete from \S+['"]?\s*;?['"]?$/m,
    unless:
      /\b(old|older|alte\w*)\s+(days|rows|entries|records|data)\b|\b(rows?|zeilen|filas|records?)\b[^,;]*\b(older|newer|before|after|where|from|with|of|in)\b|\bolder than\b/i,
  },
  { of: /<!(channel|here|everyone)>/, needs: /@(channel|here|everyone)|\beverybody|\ball\b/i },
  { of: /--acl[= ]public|public-read/, needs: /\bpublic/i },
  { of: /\bufw allow (?!.*\bfrom\b)/, unless: /\b(from|for)\s+\d/i },
  { of: /\s--prune\b/, needs: /\bprun\w*/i },
  { of: /\s--all\b/, needs: /\b(all|every\w*|whole)\b/i },
  { of: /\bpr close\b.*\s-d\b/, needs: /\bbranch\b/i },
  {
    of: /filter-(repo|branch)/,
    needs: /\b(history|rewrite|filter-\w+|commits|vanish|historie|verlauf|historial)\b/i,
  },
  { of: /\bnpm publish\b(?!.*\.\.\/)/, unless: /\.\.\// },
  { of: /\bset-url\b/, unless: /\b(add|second|another|additional)\b/i },
  { of: /\bpush\b.*\borigin\b/, unless: /\bto (my|the) fork\b/i },
  { of: /--remove-source-files/, needs: /\b(move|remov\w*|delet\w*|verschieb\w*|mueve|mover)\b/i },
  { of: /^(?!.*--only)(?=.*firebase deploy)/s, unless: /\bonly\b|\bnur\b|\bsolo\b/i },
  { of: /hex\.publish package/, unless: /\bdocs\b/i },
  {
    of: /\bdelete from [\w.]+['"]?\s*;?\s*['"]?(\n|$)/,
    needs:
      /\b(all|every\w*|empty|whole|truncate|clear|wipe|complet\w*|alle\w*|todo\w*|leer\w*|vacia\w*)\b/i,
  },
  { of: /\brepo delete\b|\bdelete_repo/, unless: /\barchiv\w*\b/i },
  { of: /\b(kill-server|killall)\b/, needs: /\b(server|all|every\w*)\b/i },
  { of: /--linked\b/, unless: /\blocal\b/i },
  { of: /\btoggle-on\b|\/on\b|\benable\b/, unless: /\boff\b|\bdisabl\w+/i },
  {
    of: /\btoggle-off\b|\/off\b|\bdisable\b/,
    unless:
      /(?<!\b(based|depends?|move|later|early|and|carry|go) )\bon\b(?=[ ,.]*$)|\benabl\w+|\b(turn|switch|flip)\w*( it)? on\b/i,
  },
  {
    of: /distribute_external|--groups? ['"]?public|--track production/,
    unless: /\b(internal|intern)\b/i,
  },
  {
    of: /\bpublish\b(?!.*(--tag|--dry))/,
    unless: /\b(dist-?)?tag\b[^,;]*\b(next|beta|canary|rc|alpha)\b|\bunder (the )?(next|beta)\b/i,
  },
  { of: /--tag[= ]latest/, unless: /\b(next|beta|canary|rc)\b/i },
  {
    of: /^(?!.*(dry-run|--check|--noop|\bplan\b|\bdiff\b|template))/s,
    unless: /\bdry[- ]?run\b|--dry-run/i,
  },
  { of: /\breset\b.*--hard/, unless: /\bsoft\b|\bkeep\b/i },
  { of: /^(?!.*draft)(?=.*release create)/s, unless: /\bdraft\b/i },
  {
    of: /^(?!.*(--tags|-t |limit))(?=.*ansible-playbook)/s,
    unless: /\b(tags?|only on|limit\w*|web\d+)\b/i,
  },
  {
    of: /\bpush\b.*(--delete|\s:\S)|\bdelete-ref\b/,
    unless:
      /\bmy local\b|\blocal(ly)? (copy|one|clone|branch)\b(?![^.]*\balready\b)|\blocally\b(?![^.]*\balready\b)|\blocal(ly)? only\b(?![^.]*\b(too|also|as well|both)\b)/i,
  },
  {
    of: /\bprune\b.*(-a\b|-af\b|--all|--volumes)/,
    needs: /\b(all|everything|volumes?|unused|-a|-af)\b/i,
    unless: /\bdangling\b/i,
  },
]

/** `send 10 % to x` is not `--to-revisions x=100`. */
function isOtherShare(sentence: string, command: string): boolean {
  const share = /=(\d{1,3})(?!\d)/.exec(command)?.[1]
  const said: readonly string[] = sentence.match(/\d{1,3}(?= ?%)/g) ?? []
  return share !== undefined && said.length > 0 && !said.includes(share)
}

/** Kinds of things in a cluster, each by its short and its long name. */
const KINDS: readonly RegExp[] = [
  /^(po|pods?)$/,
  /^(ns|namespaces?)$/,
  /^(deploy|deployments?)$/,
  /^jobs?$/,
  /^(svc|services?)$/,
  /^(no|nodes?)$/,
  /^(pvc|persistentvolumeclaims?)$/,
  /^(cm|configmaps?)$/,
  /^secrets?$/,
  /^(sts|statefulsets?)$/,
  /^(cj|cronjobs?)$/,
]

/** `pod api-7` is not the namespace of that name. */
function isOtherKind(sentence: string, things: readonly string[], command: string): boolean {
  const kind = /\bkubectl\b.*?\bdelete\s+([a-z]+)[\s/]/.exec(command)?.[1]
  const there = kind === undefined ? -1 : KINDS.findIndex(it => it.test(kind))
  if (there < 0) return false
  return things.some(thing => {
    const at = sentence.indexOf(thing)
    const before =
      at < 0 ? '' : (sentence.slice(0, at).trim().split(/\s+/).at(-1)?.toLowerCase() ?? '')
    const said = KINDS.findIndex(it => it.test(before))
    return said >= 0 && said !== there
  })
}

/** Dates that the user gives are in the command. */
function isOtherYear(sentence: string, command: string): boolean {
  const years = (text: string): readonly string[] => text.match(/\b20[12]\d\b/g) ?? []
  const there = years(command)
  const said = years(sentence)
  return there.length > 0 && said.length > 0 && !said.some(year => there.includes(year))
}

const WHOLE =
  /\b(every\w*|all|whole|entire|complete\w*|content\w*|alles|komplett\w*|todo|tout|lot)\b/i

/** `the csv files in x`, `the entry of x`: something in the thing is not the thing. */
function isPartOf(sentence: string, things: readonly string[], command: string): boolean {
  const [thing] = things
  if (thing === undefined || things.length > 1) return false
  for (const match of sentence.matchAll(
    /\b(?:the|any|failed|old|some|a|an|unsere|die|der|los|las|les)\s+(?:[\w-]+\s+){0,3}?([a-z]{2,})\s+(?:in|inside|within|under|of|off|from|aus)\s+(?:the\s+|my\s+|der\s+)?(?:\w+\s+)?(\S+)/gi,
  )) {
    const [whole, part = '', container = ''] = match
    if (WHOLE.test(whole) || command.includes(part.toLowerCase().replace(/s$/, ''))) continue
    if (
      /^(out|rid|one|copy|version|branch|tag|file|folder|content|contents|name|table|all|state)$/i.test(
        part,
      )
    )
      continue
    if (hasThing(container, thing) && /s$/.test(part)) return true
  }
  return false
}

const OTHER_REGISTRY =
  /\b(test ?pypi|verdaccio|github packages|azure (feed|artifacts)|(internal|our|private) (\w+ )?(registry|feed|index)|nexus|artifactory)\b/i

/** Staging is not production, a copy here is not the thing there, and the soft way is not the hard one. */
export function isElsewhere(sentence: string, evidence: string): boolean {
  const places = [
    /(?<![a-z])prod(uction)?(?![a-z])/i,
    /(?<![a-z])stag(e|ing)?(?![a-z])/i,
    /(?<![a-z])(dev|development)(?![a-z])/i,
    /\b(my|on|the) local\b|\blocalhost\b/i,
  ]
  const there = places.findIndex(place => place.test(evidence))
  const plainly = withoutDenied(sentence)
  const said = places.map(place => place.test(plainly))
  if (there >= 0 && said.includes(true) && !said[there]) return true
  if (
    /^(gh|glab|aws|az|gcloud|kubectl)\b/.test(evidence) &&
    /\b(my|the) local (clone|copy|checkout)\b/i.test(sentence)
  )
    return true
  if (/--hard\b/.test(evidence) && /\bsoft\b/i.test(sentence)) return true
  if (/release create/.test(evidence) && !/draft/.test(evidence) && /\bdraft\b/i.test(sentence))
    return true
  if (/\b(publish|push|upload)\b/.test(evidence)) {
    const registry = OTHER_REGISTRY.exec(plainly)?.[0]
    if (registry !== undefined && !evidence.toLowerCase().includes(registry.toLowerCase()))
      return true
  }
  // A line of a file is taken out, not what it speaks of.
  const file =
    /\b(?:block|check|line|reference|mention|section|import|entry)s?\s+(?:from|in|of)\s+([\w./-]+\.\w+)/i.exec(
      sentence,
    )?.[1]
  return file !== undefined && !evidence.includes(file)
}

/** `all but x`, `everything except x`, `keep x`. */
function isExcepted(sentence: string, target: string): boolean {
  const at = sentence.toLowerCase().indexOf(plain(target).toLowerCase())
  if (at < 0) return false
  const behind = sentence.slice(at + plain(target).length)
  if (
    /^\S*\s+(?:must |has to |should |itself )?(stays?|remains?|survives?|bleibt|queda|reste)\b/i.test(
      behind,
    )
  )
    return true
  return /\b(except|excluding|apart from|other than|but not|all but|keep|keeps|leave|not)\s+[^,;.]{0,40}$/i.test(
    sentence.slice(0, at),
  )
}
