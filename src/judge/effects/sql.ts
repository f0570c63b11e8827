/** Statements of databases: whether they read, change, give rights or destroy. */
import type { CloudVerb } from './effect.ts'

export const DESTROYS =
  /\b(drop\s+(keyspace|materialized|stage|warehouse|share|procedure|sequence|trigger|policy|table|database|schema|index|view|user|role|collection|type|function|extension)|truncate\b|delete\s+from\b(?![^;]*\bwhere\b)|delete\s+from\b|alter\s+table\b[^;]*\bdrop\b|dropDatabase|\.drop\(|update\s+[\w."`]+\s+set\b(?![\s\S]*\bwhere\b)|deleteMany|remove\(|flushall|flushdb|\bunlink\b|purge|shutdown)/i
const GRANTS = /\b(grant|revoke|create\s+(user|role)|alter\s+(user|role)|set\s+password)\b/i
const CHANGES =
  /\b(insert|update|merge|replace|create|alter|call|do|copy|load|vacuum|reindex|lock|set|insertOne|insertMany|updateMany|updateOne|eval|config\s+set|rename)\b/i
const READS =
  /^\s*(\\(d\w*|l|c|conninfo|timing|x|q)\b[^!|]*|select\b|show\b|explain\b|describe\b|desc\b|with\b|pragma\b|values\b|table\b|\.(tables|schema|dump|databases|headers|mode|indexes)|(get|keys|ttl|type|info|ping|hget|hgetall|llen|lrange|scan|exists|dbsize|--scan|--bigkeys|--stat|memory|mget|smembers|zrange|strlen)\b|db\.\w+\.(find|count|aggregate|findOne|countDocuments|stats)\b)/i

export function statementVerb(text: string): CloudVerb | null {
  const bare = text
    .replace(/--[^\n]*/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''")
  if (DESTROYS.test(bare)) return 'destroy'
  if (GRANTS.test(bare)) return 'grant'
  const all = bare.split(';').filter(part => part.trim() !== '')
  if (
    CHANGES.test(bare) ||
    /\binto\s+(outfile|dumpfile)\b|\bpg_(terminate|read_file|ls_dir)|\bcopy\b/i.test(bare)
  )
    return 'write'
  return all.length > 0 && all.every(part => READS.test(part)) ? 'read' : null
}
