/** Databases: statements that only read, that change, and that destroy. */
import { type Content, type Identity, SOMETHING } from '../../effect.ts'
import { DESTROYS, statementVerb } from '../../sql.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'

function statement(text: string | null, names: readonly string[], sh: Shell): Content {
  if (text !== null && /(^|\n)\s*(\\!|\.shell|\.system|!)/.test(text)) {
    runShell(text.replace(/[\s\S]*?(\\!|\.shell|\.system|!)\s*/, ''), SOMETHING, sh)
    sh.exec('unknown', 'a database client with a shell')
  }
  const verb = text === null ? null : statementVerb(text)
  if (verb === null) sh.exec('unknown', names.join(' '))
  else
    sh.emit({
      kind: 'cloud',
      provider: 'database',
      verb,
      names: [...hostsIn(names), ...objectsIn(text ?? '')],
      on: placeIn(names),
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

const URL = /^[a-z+]+:\/\/(?:[^@/]*@)?([\w.-]+)(?::(\d+))?(?:\/([\w.-]+))?/i

function hostsIn(names: readonly string[]): readonly string[] {
  return names.flatMap((name, i) => {
    const url = URL.exec(name)
    if (url !== null) return [url[1] ?? '', url[3] ?? ''].filter(text => text !== '')
    return /^(-h|--host|-H)$/.test(names[i - 1] ?? '') ? [name] : []
  })
}

/** Where the database is, by what the command line says. */
function placeIn(names: readonly string[]): Identity | null {
  const url = names.map(name => URL.exec(name)).find(it => it !== null)
  const option =
    names.find((_, i) => /^(-h|--host|-H)$/.test(names[i - 1] ?? '')) ??
    names.map(name => /^(?:--host=|-h)([\w.-]+)$/.exec(name)?.[1]).find(it => it !== undefined)
  const host = url?.[1] ?? option
  if (host === undefined || host === '') return null
  const database =
    url?.[3] ?? names.find((_, i) => /^(-d|--dbname|-D|--database)$/.test(names[i - 1] ?? ''))
  return {
    kind: 'database',
    id: database === undefined ? host.toLowerCase() : `${host.toLowerCase()}/${database}`,
  }
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
    if (options.flags.has('f') || options.flags.has('file')) return statement(null, names, sh)
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

const PSQL = 'c command f file h host p port U username d dbname v set o output P F R L log-file'
const MYSQL = 'e execute h host P port u user D database S socket default-character-set'
const REDIS = 'h p a n u user pass s i r'

/** SQL typed as if it were a command: not a shell's, but plain to see. */
const sql: Handler = (call, sh) => {
  const text = [call.name.text, ...call.args.map(arg => arg.text)].join(' ')
  return statement(text, [text], sh)
}

const dump: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'h p U u d f file host port username dbname t n')
  const content: Content = { text: null, flows: ['unknown'], from: [] }
  for (const file of valuesOf(options, 'f', 'file')) sh.write(sh.target(file), 'replace', content)
  return content
}

const SQLITE: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'cmd init separator nullvalue')
  const [file, ...code] = options.rest
  const content = file === undefined ? SOMETHING : sh.read(file)
  const text =
    [...valuesOf(options, 'cmd'), ...code].map(arg => arg.text).join(';') || call.stdin.text
  statement(text, [call.name.text, file?.text ?? '', ...code.map(arg => arg.text)], sh)
  return { ...content, text: null }
}

const destroys: Handler = (call, sh) => {
  const words = call.args.map(arg => arg.text)
  sh.emit({
    kind: 'cloud',
    provider: 'database',
    verb: 'destroy',
    names: [...hostsIn(words), words.at(-1) ?? ''],
    on: placeIn(words),
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
  'redis-cli': client(REDIS, [], 0),
  'valkey-cli': client(REDIS, [], 0),
  mongosh: client('eval u p username password host port f file', ['eval'], null),
  mongo: client('eval u p username password host port f file', ['eval'], null),
  'clickhouse-client': client('q query h host u user d database', ['q', 'query'], null),
  sqlite3: SQLITE,
  duckdb: SQLITE,
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
