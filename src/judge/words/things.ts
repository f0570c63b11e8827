/** What a command is about: the things that it names, and the places where they are. */
import { isCommon, subjectsOf } from '../subjects.ts'

export interface Named {
  readonly things: readonly string[]
  /** A host, an app, a namespace: they need not be said, but what is said must not be another. */
  readonly places: readonly string[]
}

/** Options that say where something is, or how it is done. */
const PLACES =
  /^--?(host(name)?|user(name)?|database|dbname|db|namespace|context|kube-context|bootstrap-server|brokers?|chdir|app|project|port|zone|region|repo|hosted-zone-id|inventory|cluster|server|resource-group|vhost|environment|profile|subscription|ref|location)$/
/** The short ones, of programs that go somewhere else to do it. */
const SHORT_PLACES = /^-[hUudnapHRigse]$/
const AWAY =
  /^(psql|dropdb|createdb|dropuser|pg_\w+|mysql\w*|mongosh?|mongo\w+|redis-cli|rabbitmq\w*|kubectl|oc|helm|heroku|fly|flyctl|ansible\S*|gh|glab|az|nomad|aws|gcloud|clickhouse-client|cqlsh|sqlcmd)$/
const TEXTS =
  /^--?(defaults-file|title|body|notes|desc|track|access|tag|acl|from|reason|comment|message|date|time|api-key|description)$/
const PUBLIC_PLACE =
  /^(https?:\/\/)?([\w-]+\.)*(npmjs\.(org|com)|pypi\.org|nuget\.org|rubygems\.org|crates\.io|hex\.pm)(\/|$)/

/** Programs whose first word is a thing already. */
const NO_SUBCOMMAND =
  /^(rm|mv|cp|ln|dropdb|createdb|dropuser|kill|pkill|killall|userdel|useradd|usermod|deluser|adduser|passwd|tee|sed|chmod|chown|curl|wget|psql|mysql|mongosh|trash|truncate|mount|umount|rsync|scp|touch|mkdir|install|drush|twine|ansible-playbook|bash|sh|python3?|node)$/
const BY_NAME = /^(docker|podman|kill|pkill|killall|systemctl|service)$/
const isPart = (word: string): boolean =>
  /^(rm|rmi|stop|kill|down|up|restart|start|prune|run|exec|push|pull|create|inspect|ls|build)$/.test(
    word,
  )
const WRAPPERS = /^(sudo|env|nohup|time|nice|xargs|exec|command|npx|bundle|doas|setsid|-n|-E|-H)$/
const SSH = /^\s*ssh\s+((?:-[JipLRDoFlbcE]\s+\S+\s+|-\S+\s+)*)(\S*[@.]\S+|[\w-]+)\s+(.+)$/is

/** @param command as it is run, or a part of it */
export function thingsIn(command: string): Named {
  if (command.startsWith('mcp__')) return { things: thingsOfTool(command), places: [] }
  const written = /(?:^|\|\s*)(?:echo|printf|cat)\b.*>>?\s*(\S+)\s*$/s.exec(command)?.[1]
  if (written !== undefined) return { things: [written.replace(/['"]/g, '')], places: [] }
  const known = [tablesIn, collectionsIn, valuesIn].map(of => of(command)).find(it => it.length > 0)
  if (known !== undefined) return { things: known, places: [] }
  const remote = SSH.exec(command)
  const isTunnel = /\s-\w*[LRD]\b/.test(remote?.[1] ?? '')
  const [, , host = '', inner = ''] = remote === null || isTunnel ? ['', '', '', command] : remote
  const parts = inner.split(/[;&|<>()\n]+/).map(thingsOfPart)
  const things = [host, ...parts.flatMap(it => it.things)].filter(isThing)
  return { things: [...new Set(things)], places: parts.flatMap(it => it.places) }
}

/** What another machine is told to do, one after the other. */
export function stepsOf(command: string): readonly string[] {
  return (
    SSH.exec(command)?.[3]
      ?.replace(/^['"]|['"]$/g, '')
      .split(/[;&|\n]+/) ?? []
  )
}

function thingsOfPart(part: string): Named {
  const words = part
    .replace(
      /\s(-\w*m|-b|--?(title|body|notes|reason|comment|message|desc|description))[= ](?:"[^"]*"|'[^']*')/g,
      ' ',
    )
    .split(/[\s'"`,]+/)
    .filter(word => word !== '')
  while (words[0] !== undefined && (WRAPPERS.test(words[0]) || /^\w+=/.test(words[0])))
    words.shift()
  const program = (words.shift() ?? '').split('/').at(-1) ?? ''
  if (!NO_SUBCOMMAND.test(program)) {
    const first = words.findIndex(word => !/^-.*=/.test(word))
    const isTask = /^(mix|rake|gradle|gradlew)$/.test(program)
    if (isTask || /^[a-z][a-z:-]*$/i.test(words[first] ?? '')) words.splice(first, 1)
    const isNoun = BY_NAME.test(program) ? isPart : isCommon
    while (isNoun(words[0] ?? '')) words.shift()
  }
  const places: string[] = []
  const only: string[] = []
  const left = words.filter((word, i) => {
    if (program === 'sed' && isScript(word)) return false
    const before = words[i - 1] ?? ''
    const [, option = before, value = word] = /^(--?[\w-]+)=(.+)$/.exec(word) ?? []
    if (option === '--only' || /^-\w*G$/.test(option)) only.push(value.split(':').at(-1) ?? value)
    if (TEXTS.test(option)) return false
    if (PUBLIC_PLACE.test(value) && !/\b(install|add|i)\b/.test(part)) return false
    if (!PLACES.test(option) && !(AWAY.test(program) && SHORT_PLACES.test(option))) return true
    places.push(value)
    return false
  })
  const found = subjectsOf(
    left.flatMap(word => thingsOfWord(word, program)),
    Number.POSITIVE_INFINITY,
  ).filter(isThing)
  // What these are given are names, whatever they look like.
  const all = BY_NAME.test(program)
    ? left.filter(word => /^[\w.-]+$/.test(word) && !word.startsWith('-'))
    : []
  const things = [...new Set([...only, ...found, ...all])]
  const file = words[words.findIndex(word => /^(-f|--filename)$/.test(word)) + 1] ?? ''
  const isFile = things.length === 0 && words.some(word => /^(-f|--filename)$/.test(word))
  return { things: isFile && /[./]/.test(file) ? [file] : things, places: places.filter(isThing) }
}

function isScript(word: string): boolean {
  return /^\d*s?[#/|,].*[#/|,]/.test(word) && !/^\/(etc|home|usr|var|opt|srv)\//.test(word)
}

function thingsOfWord(word: string, program: string): readonly string[] {
  const plain = word.replace(/[.;,]+$/, '')
  if (plain.startsWith('repos/')) return resourceOf(plain)
  // `name=x` is x.
  const tunnel = /^\d+:([\w.-]+:\d+)$/.exec(plain)?.[1]
  if (tunnel !== undefined) return [tunnel]
  const value = /^(?:name|queue|id|key)=(.+)$/.exec(plain)?.[1] ?? plain.replace(/=\d+$/, '')
  if (program === 'dd') return /^(if|of)=(.+)$/.exec(plain)?.slice(2) ?? []
  // `deploy/web` is web.
  if (/^(kubectl|oc|k)$/.test(program)) return [value.replace(/^[a-z]+\/(?=[\w-]+$)/, '')]
  if (program !== 'git') return [value]
  return /^(origin|upstream|--)$/.test(value) ? [] : [refOf(value)]
}

/** Words of command lines that are no things. */
const NO_THING =
  /^(now|clear|down|up|push|pull|upload|cp|mv|reset|review|swap|migrate|local|package|public|status|protocol|tcp|udp|http|https|Bearer|permission|staging|production|prod|stage|systemctl|reload|reboot|done|do|HEAD|PATH|copy|sync|rm|drop|approve|auto-approve|recursive|sudo|rails|db:migrate|commit|for|in|slot|assignment|head|base|cache|latest|clusterrolebinding|rolebinding|binding|map)$/

export function isThing(word: string): boolean {
  return (
    (word.trim().length > 1 || /^\d$/.test(word)) &&
    !NO_THING.test(word) &&
    !/^-|\$|^\d\.\d+$|[:=](true|false)$|^(erase|write|delete|purge)_\w+$/.test(word)
  )
}

/** `mcp__server__tool ID words of a message`: what is named, not what is said. */
function thingsOfTool(evidence: string): readonly string[] {
  const tables = tablesIn(evidence)
  if (tables.length > 0) return tables
  const words = evidence
    .split(/\s+/)
    .slice(1, 4)
    .filter(word => !/^(purge|cancel|delete|archive|force|skip)_/.test(word))
  const mails = words.filter(word => /\S@\S/.test(word))
  if (mails.length > 0 && words.length > mails.length && /mail/i.test(evidence))
    return mails.map(it => `mailto:${it}`)
  const marked = words.filter(word => /[#@\d/_.-]/.test(word) && /[a-z]\w/i.test(word))
  const sure = marked.filter(word => /[\d#@]/.test(word))
  if (sure.length > 0) return sure
  return marked.length > 0 ? marked : words.filter(word => /^\d+$/.test(word))
}

const TABLE =
  /\b(?:from|table|into|update|truncate|index|schema|view|drop\s+database|collection|to)\s+(?:table\s+)?(?:if\s+(?:not\s+)?exists\s+)?["'`]?([a-z_][\w.]*(?:\s*,\s*[a-z_][\w.]*)*)/gi
const SQL =
  /\b(delete\s+from|drop\s+(table|database|schema|view|index|collection)|truncate\s+(table\s+)?[a-z_]\w*|update\s+\S+\s+set|insert\s+into|alter\s+table|grant\s+\w+)\b/i

function tablesIn(command: string): readonly string[] {
  if (!SQL.test(command)) return []
  // One row: by what it is known.
  const row = /\bupdate\b.*\bwhere\b.*=\s*'?([\w.-]*\d[\w.-]*)'?/is.exec(command)?.[1]
  if (row !== undefined) return [row]
  const found = [...command.matchAll(TABLE)].flatMap(match => (match[1] ?? '').split(/\s*,\s*/))
  return [...new Set(found.filter(name => !/^(table|if|only|set)$/i.test(name)))]
}

function valuesIn(command: string): readonly string[] {
  const session = /pg_(?:terminate|cancel)_backend\((\d+)\)/.exec(command)?.[1]
  if (session !== undefined) return [session]
  const keyed = /"(?:name|id|\w+_id|identifier|key|channel)"\s*:\s*"([^"]{2,80})"/gi
  return [...command.matchAll(keyed)].map(match => (match[1] ?? '').replace(/\.$/, '')).slice(0, 3)
}

function collectionsIn(command: string): readonly string[] {
  if (!/\bmongo(sh)?\b/.test(command)) return []
  const found = [...command.matchAll(/\bdb\.(?:getCollection\(['"]([\w.-]+)['"]\)|(\w+))\./g)].map(
    match => match[1] ?? match[2] ?? '',
  )
  const database = /:\/\/[^/\s'"]+\/([\w-]+)/.exec(command)?.[1]
  return found.length > 0 || database === undefined ? found : [database]
}

/** `HEAD:main`, `:refs/tags/v1`: where it goes to. */
function refOf(word: string): string {
  if (/^[\w.-]+@|:\/\//.test(word)) return word
  return word
    .replace(/^\+?[^:]*:(?=.)/, '')
    .replace(/^\+/, '')
    .replace(/^refs\/(tags|heads)\//, '')
}

const KINDS =
  /^(branches|protection|collaborators|hooks|contents|actions|secrets|keys|releases|tags|pulls|issues|merge|git|refs|heads|environments|variables|topics|rulesets|comments|labels|assignees|reviews)$/

/** `repos/o/r/branches/main/protection`: the repository, and what in it. */
function resourceOf(path: string): readonly string[] {
  const [, owner = '', repo = '', ...rest] = path.split('/')
  return [`${owner}/${repo}`, ...rest.filter(it => !KINDS.test(it))]
}
