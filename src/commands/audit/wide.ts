/**
 * Entries of trust that mean more than anybody's own. What is plainly too wide (`*.com`, `github.com`,
 * `/home`) no policy file may hold: that is an error of the file. These are the ones that pass.
 */
import { type EntryForm, formOf, SHARED } from '../../config/entry-form.ts'
import { placeOf } from '../../config/layers.ts'
import type { PolicyRule, TrustEntry } from '../../config/policy.ts'
import { isInside } from '../../judge/paths.ts'
import { covers } from '../../judge/trust.ts'
import type { Facts } from '../../judge/types.ts'
import type { Finding, Severity } from '../../monitor/finding.ts'
import { removal } from './fix.ts'

/** Below these every customer of a cloud or a service has a name. */
export const TENANTS: readonly string[] =
  `core.windows.net database.windows.net vault.azure.net azure.net azurecr.io
  documents.azure.com visualstudio.com gcr.io pkg.dev googleusercontent.com
  firebaseio.com cloudflarestorage.com r2.cloudflarestorage.com oraclecloud.com aliyuncs.com myqcloud.com
  myhuaweicloud.com backblazeb2.com wasabisys.com atlassian.net sharepoint.com
  my.salesforce.com force.com zendesk.com okta.com auth0.com snowflakecomputing.com
  mongodb.net redislabs.com railway.app glitch.me neon.tech planetscale.com upstash.io
  cloud.databricks.com azuredatabricks.net`.split(/\s+/)

/** Hosts where anybody can leave or fetch something, and a name alone says nothing of whose. */
export const ANYBODYS: ReadonlySet<string> = new Set(
  `api.github.com uploads.github.com codeload.github.com objects.githubusercontent.com hf.co
  cdn-lfs.huggingface.co discordapp.com cdn.discordapp.com telegram.org t.me 0x0.st file.io ix.io paste.rs
  termbin.com tinyurl.com bit.ly t.co gcr.io public.ecr.aws api.notion.com api.trello.com
  content.dropboxapi.com api.dropboxapi.com graph.microsoft.com sites.google.com forms.gle
  script.google.com www.googleapis.com translate.google.com`.split(/\s+/),
)

/** What is published there is everybody's to install. */
export const REGISTRIES: ReadonlySet<string> = new Set(
  `registry.npmjs.org npm.pkg.github.com pypi.org upload.pypi.org files.pythonhosted.org crates.io
  static.crates.io rubygems.org registry.yarnpkg.com repo.maven.apache.org nuget.org
  api.nuget.org packagist.org hex.pm pub.dev`.split(/\s+/),
)

/** Labels of Amazon's own between a customer's name and the end: services and regions. */
const AMAZONS =
  /^(([a-z]{2,4}-)+\d|s3|s3-[\w-]+|rds|es|aos|aoss|sqs|sns|dkr|ecr|execute-api|elb|compute(-\d)?|cache|redshift|lambda-url|dynamodb|docdb|neptune|mq|kafka|efs|dualstack|vpce|cn)$/

/** The disk of another system, or of whoever plugs one in. */
const DISK =
  /^\/(mnt\/[a-z]|Volumes\/[^/]+|media\/[^/]+(\/[^/]+)?|run\/media\/[^/]+(\/[^/]+)?|proc\/.+|sys\/.+)$/
/** Programs and settings that everybody on the machine runs. */
const SYSTEM =
  /^\/(usr\/(local|bin|sbin|lib|lib64|libexec|share|include)|usr\/local\/(bin|sbin|lib)|var\/(lib|spool|cache|log|run)|etc\/[^/]*(cron|init|systemd|profile|sudoers|ssh|pam|ld\.so)[^/]*|opt\/homebrew|(private|System|Library)\/[^/]+)$/

/** @param facts of no project: only `~` is read from them */
export function wideFindings(trust: readonly TrustEntry[], facts: Facts): Finding[] {
  return trust.flatMap(it => {
    const wide = widthOf(it, facts)
    return wide === null ? [] : [findingOf(it, wide)]
  })
}

/** Programs that run whatever comes behind their name, or reach everything there is. */
const RUNS_ANYTHING =
  /^(ba|z|k|da|fi|c|tc)?sh$|^(python|node|ruby|perl|php|deno|bun|lua|awk|osascript|pwsh|powershell)[\d.]*$|^(env|sudo|doas|su|xargs|eval|exec|nohup|timeout|time|nice|npx|bunx|pnpx|uvx|pipx|ssh|docker|podman|kubectl|helm|aws|gcloud|az|gh|glab|terraform|tofu|pulumi|git|curl|wget|find)$/

/** An `allow` rule is an exception to all soft denials of what begins so. */
export function wideRules(rules: readonly PolicyRule[]): Finding[] {
  return rules.flatMap(({ id, tier, pattern, origin }) => {
    if (tier !== 'allow' || pattern?.over !== 'command') return []
    const words = pattern.text.trim().replace(/\s+/g, ' ')
    if (!RUNS_ANYTHING.test(words.replace(/^.*\//, ''))) return []
    return [
      {
        kind: 'rule-too-wide' as const,
        severity: 'high' as const,
        what: `the rule '${id}' allows every command that begins with ${words}: that is nearly everything`,
        where: placeOf(origin),
        mend: 'write the words that are meant behind it, and a rule for each',
      },
    ]
  })
}

interface Width {
  readonly severity: Severity
  readonly why: string
  readonly mend: string
}

function findingOf(it: TrustEntry, { severity, why, mend }: Width): Finding {
  const what = `${it.entry} under ${it.slot} is too wide: ${why}`
  return {
    kind: 'entry-too-wide',
    severity,
    what,
    where: placeOf(it.origin),
    mend,
    ...removal(it),
  }
}

function widthOf(it: TrustEntry, facts: Facts): Width | null {
  const form = formOf(it.entry)
  if (form === null) return null
  if (form.form === 'path') return pathWidth(it, facts)
  return hostWidth(form) ?? projectWidth(it, facts)
}

function pathWidth(it: TrustEntry, facts: Facts): Width | null {
  // As the judge reads it: not every way to write a folder means one.
  const means = (id: string): boolean => covers(it, { kind: 'path', id }, facts)
  const folder = it.entry.replace(/^~(?=\/|$)/, facts.home)
  const mend = 'name the folder that is meant'
  if (means(facts.home)) return { severity: 'high', why: 'it is your whole home folder', mend }
  if (DISK.test(folder)) return { severity: 'high', why: 'it is a whole disk', mend }
  if (!SYSTEM.test(folder)) return projectWidth(it, facts)
  return { severity: 'medium', why: 'what everybody on this machine runs is in it', mend }
}

function hostWidth(form: EntryForm): Width | null {
  if (form.form === 'path' || form.form === 'named' || form.form === 'bucket') return null
  const host = form.host.toLowerCase().replace(/:\d+$/, '')
  if (host.startsWith('*.')) return belowWidth(host.slice(2))
  if (form.path.replace(/\/+$/, '') !== '') return null
  if (ANYBODYS.has(host))
    return {
      severity: 'high',
      why: `anybody can have something on ${host}`,
      mend: 'name whose it is with a path, or leave each use to be asked',
    }
  if (!REGISTRIES.has(host)) return null
  return {
    severity: 'medium',
    why: `${host} is everybody's registry, and publishing to it is no longer stopped`,
    mend: 'leave it out: packages that a project declares are installed without it',
  }
}

/** Of `*.` and a name: whose names are below it. */
function belowWidth(above: string): Width | null {
  const below = (host: string): boolean => host === above || host.endsWith(`.${above}`)
  const shared = [...SHARED, ...ANYBODYS].find(below)
  const mend = 'name the host that is yours'
  const tenants = TENANTS.find(below)
  if (tenants !== undefined || isAmazons(above))
    return {
      severity: 'high',
      why: `every customer has a name below ${tenants ?? above}`,
      mend,
    }
  if (shared === undefined) return null
  return { severity: 'high', why: `${shared} is below it, where anybody can have a place`, mend }
}

function isAmazons(above: string): boolean {
  const [, labels] = /^(.+)\.amazonaws\.com$/.exec(above.replace(/\.cn$/, '')) ?? []
  return labels?.split('.').every(label => AMAZONS.test(label)) ?? false
}

/** An entry for one project whose folder is all of them. */
function projectWidth({ project }: TrustEntry, { home }: Facts): Width | null {
  if (project === '' || !isInside(home, project)) return null
  return {
    severity: 'medium',
    why: `it is written for the project ${project}, and every project is in there`,
    mend: 'name the folder of the project',
  }
}
