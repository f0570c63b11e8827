/** Databases: statements that only read, that change, and that destroy. */

import { isLoopback } from '../../../resources/host.ts'
import { bucketIdentity } from '../../../resources/url.ts'
import { type Content, type Identity, SOMETHING } from '../../effect.ts'
import { DESTROYS, statementVerb } from '../../sql.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'

/** Clients that start a shell from their own language. */
function shells(text: string | null, sh: Shell): void {
  if (text === null || !/(^|\n|;)\s*(\\!|\.shell|\.system|!)/.test(text)) return
  runShell(text.replace(/[\s\S]*?(\\!|\.shell|\.system|!)\s*/, ''), SOMETHING, sh)
  sh.exec('hidden', 'a database client with a shell')
}

function statement(text: string | null, names: readonly string[], sh: Shell): Content {
  shells(text, sh)
  const verb = text === null ? null : statementVerb(text)
  const on = placeIn(names)
  const objects = objectsIn(text ?? '')
  const told = [...hostsIn(names), ...objects]
  // A file of statements, or one that is not known: it changes something, where that is.
  const does = verb ?? 'write'
  const own = isOwnTest(on, objects)
  sh.emit({
    kind: 'cloud',
    provider: 'database',
    verb: own && does === 'destroy' ? 'write' : does,
    names: told,
    on,
  })
  return SOMETHING
}

/** Tables and databases that statements name. */
function objectsIn(text: string): readonly string[] {
  const found = Array.from(
    text.matchAll(
      /\b(?:drop|truncate|alter)\s+(?:table|database|schema|index|view|user|role|keyspace|collection)?\s*(?:if\s+exists\s+)?[`"]?([\w.-]+)|\bdelete\s+from\s+[`"]?([\w.-]+)|db\.(\w+)\.(?:drop|deleteMany|remove)/gi,
    ),
    match => match[1] ?? match[2] ?? match[3] ?? '',
  )
  return found.filter(name => name !== '' && !/^(table|database)$/i.test(name))
}

const DATABASE_URL = /^[a-z+]+:\/\/(?:[^@/]*@)?(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d+))?(?:\/([\w.-]+))?/i

function hostsIn(names: readonly string[]): readonly string[] {
  return names.flatMap((name, i) => {
    const url = DATABASE_URL.exec(name)
    if (url !== null) return [url[1] ?? '', url[3] ?? ''].filter(text => text !== '')
    return /^(-h|--host|-H)$/.test(names[i - 1] ?? '') ? [name] : []
  })
}

/** On this machine, and by its name there to be thrown away. */
function isOwnTest(on: Identity | null, objects: readonly string[]): boolean {
  if (on === null || !isLoopback(on.id.split('/')[0]?.replace(/:\d+$/, '') ?? '')) return false
  return [on.id.split('/')[1] ?? '', ...objects].some(name =>
    /(^|[_-])(tests?|dev|development|scratch|tmp|temp|ci|e2e|spec|sandbox)([_-]|\d|$)/i.test(name),
  )
}

/** Where the database is, by what the command line says. */
function placeIn(names: readonly string[]): Identity | null {
  const url = names.map(name => DATABASE_URL.exec(name)).find(it => it !== null)
  const option =
    names.find((_, i) => /^(-h|--host|-H)$/.test(names[i - 1] ?? '')) ??
    names.map(name => /^(?:--host=|-h)([\w./-]+)$/.exec(name)?.[1]).find(it => it !== undefined)
  // A socket's folder is this machine.
  const host = (url?.[1] ?? option ?? '').toLowerCase().replace(/^\/.*/, 'localhost')
  if (host === '') return null
  const port =
    url?.[2] ??
    names.find(
      (_, i) => /^(-p|-P|--port)$/.test(names[i - 1] ?? '') && /^\d+$/.test(names[i] ?? ''),
    )
  const usual = port === undefined || /^(5432|3306|27017|6379)$/.test(port)
  const place = usual ? host : `${host}:${port}`
  const database = url?.[3] ?? named(names)
  // Redis has numbers.
  const at = names[0] === 'redis-cli' ? names.indexOf('-n') : -1
  const part = at < 0 ? database : names[at + 1]
  return { kind: 'database', id: part === undefined ? place : `${place}/${part}` }
}

/** The database: an option's value, or the first word that is none. */
function named(names: readonly string[]): string | undefined {
  const option = names.find((_, i) => /^(-d|--dbname|-D|--database)$/.test(names[i - 1] ?? ''))
  if (option !== undefined) return option
  if (!/^(psql|mysql|mariadb|dropdb|createdb)$/.test(names[0] ?? '')) return undefined
  return names
    .slice(1)
    .find(
      (name, i) =>
        !name.startsWith('-') &&
        /^[\w.-]+$/.test(name) &&
        !/^-(h|p|P|U|u|c|f|d|D|e|v|F|o|L)$|^--(host|port|username|command|file|user|execute|set)$/.test(
          names[i] ?? '',
        ),
    )
}

/** @param taking options with a value; @param code those whose value is a statement */
function client(taking: string, code: readonly string[], positional: number | null): Handler {
  return (call, sh) => {
    const options = optionsOf(call.args, taking)
    const names = [call.name.text, ...call.args.map(arg => arg.text)]
    const given: readonly Arg[] = [
      ...valuesOf(options, ...code),
      ...(positional === null ? [] : options.rest.slice(positional)),
    ]
    for (const file of valuesOf(options, 'f', 'file')) sh.read(file)
    if (options.flags.has('f') || options.flags.has('file')) {
      const texts = valuesOf(options, 'f', 'file').map(arg => sh.content(sh.target(arg)).text)
      return statement(texts.includes(null) ? null : texts.join(';'), names, sh)
    }
    if (
      options.flags.has('version') ||
      options.flags.has('V') ||
      options.flags.has('l') ||
      options.flags.has('list')
    )
      return SOMETHING
    if (given.length === 0) return statement(call.stdin.text, names, sh)
    const text = given.map(arg => arg.text).join(code.length > 0 ? ';' : ' ')
    return statement(given.every(arg => arg.known) || DESTROYS.test(text) ? text : null, names, sh)
  }
}

const OTHERS =
  'e q Q h H host S u U user p P password d D database a account s schema port f file i k d'

const PSQL = 'c command f file h host p port U username d dbname v set o output P F R L log-file'
const MYSQL = 'e execute h host P port u user D database S socket default-character-set'
const REDIS = 'h p a n u user pass s i r'

/** SQL typed as if it were a command: not a shell's, but plain to see. */
const sql: Handler = (call, sh) => {
  const text = [call.name.text, ...call.args.map(arg => arg.text)].join(' ')
  return statement(text, [text], sh)
}

/** Options that only look at the keys, in place of a command. */
const SCANS = /^--(scan|bigkeys|memkeys|hotkeys|stat|latency(-\w+)?)$/

const redis: Handler = (call, sh) => {
  const scans = call.args.some(arg => SCANS.test(arg.text))
  return scans
    ? statement('get', [call.name.text, ...call.args.map(arg => arg.text)], sh)
    : client(REDIS, [], 0)(call, sh)
}

const dump: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'h p U u d f file host port username dbname t n')
  const content: Content = { text: null, flows: ['unknown'], from: [] }
  for (const file of valuesOf(options, 'f', 'file')) sh.write(sh.target(file), 'replace', content)
  return content
}

/** A database that is a file: an edit of that file, whatever the statement. */
const SQLITE: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'cmd init separator nullvalue c s f')
  const code = valuesOf(options, 'cmd', 'c', 's')
  const [file, ...more] =
    call.name.text === 'duckdb' && code.length > 0 && options.rest.length === 0
      ? [undefined]
      : options.rest
  const text = [...code, ...more].map(arg => arg?.text ?? '').join(';') || call.stdin.text
  shells(text, sh)
  const stored = /\bto\s+'((?:s3|gs|az|r2):\/\/[^']+)'/i.exec(text ?? '')?.[1]
  if (stored !== undefined)
    sh.emit({
      kind: 'send',
      to: bucketIdentity(stored),
      means: 'copy',
      payload: ['project'],
      does: 'write',
    })
  if (file === undefined || file.text === ':memory:') return SOMETHING
  const content = sh.read(file)
  const reads = text !== null && statementVerb(text) === 'read'
  if (!reads) {
    sh.write(sh.target(file), 'edit', SOMETHING)
    sh.makesPath(sh.target(file), true)
  }
  return { ...content, text: null }
}

const destroys: Handler = (call, sh) => {
  const words = [call.name.text, ...call.args.map(arg => arg.text)]
  const on = placeIn(words)
  // What a developer keeps in the development database is no throw-away.
  const name = words.at(-1) ?? ''
  if (isOwnTest(on, [name]) && !/(^|[_-])dev(elopment)?([_-]|$)/.test(name)) return SOMETHING
  sh.emit({
    kind: 'cloud',
    provider: 'database',
    verb: 'destroy',
    names: [...hostsIn(words), words.at(-1) ?? ''],
    on,
  })
  return SOMETHING
}

export const database: Handlers = {
  psql: client(PSQL, ['c', 'command'], null),
  mysql: client(MYSQL, ['e', 'execute'], null),
  mariadb: client(MYSQL, ['e', 'execute'], null),
  createdb: (call, sh) => {
    const name = call.args.at(-1)
    if (name?.known) sh.makes(`database:${name.text}`)
    return SOMETHING
  },
  'redis-cli': redis,
  'valkey-cli': redis,
  mongosh: client('eval u p username password host port f file', ['eval'], null),
  mongo: client('eval u p username password host port f file', ['eval'], null),
  'clickhouse-client': client('q query h host u user d database', ['q', 'query'], null),
  snowsql: client(OTHERS, ['q', 'query'], null),
  cqlsh: client(OTHERS, ['e', 'execute'], null),
  sqlcmd: client(OTHERS, ['Q', 'q'], null),
  'clickhouse-local': client(OTHERS, ['q', 'query'], null),
  clickhouse: client(OTHERS, ['q', 'query'], null),
  influx: client(OTHERS, ['execute'], 1),
  sqlite3: SQLITE,
  duckdb: SQLITE,
  pg_restore: (call, sh) =>
    call.args.some(arg => /^(-c|--clean)$/.test(arg.text))
      ? destroys(call, sh)
      : client(
          PSQL,
          [],
          null,
        )({ ...call, stdin: { ...call.stdin, text: 'insert into restored' } }, sh),
  mongorestore: (call, sh) => {
    const words = [call.name.text, ...call.args.map(arg => arg.text)]
    const on = placeIn(words)
    const verb = words.includes('--drop') ? 'destroy' : 'write'
    sh.emit({ kind: 'cloud', provider: 'database', verb, names: words.slice(1), on })
    if (on !== null)
      sh.emit({ kind: 'send', to: on, means: 'copy', payload: call.stdin.flows, does: 'write' })
    return SOMETHING
  },
  pg_dump: dump,
  mysqldump: dump,
  mongodump: dump,
  dropdb: destroys,
  dropuser: destroys,
  DROP: sql,
  drop: sql,
  DELETE: sql,
  delete: sql,
  TRUNCATE: sql,
  GRANT: sql,
  UPDATE: sql,
  ALTER: sql,
}
