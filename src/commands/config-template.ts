/** Config and policy files to begin with: all that can be set, as comments, and nothing that is approved. */
import { pathToFileURL } from 'node:url'
import { shipped } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'

interface Approval {
  /** `''`: nobody yet, so the line is a comment. */
  readonly by: string
  /** ISO date */
  readonly on: string
}

export function managedTemplate(approval: Approval): string {
  return `${editorLine('managed')}
# Signalbox: the managed policy. It stands above every user's config.yaml.
# Put it at /etc/signalbox/policy.yaml (Linux) or
# '/Library/Application Support/Signalbox/policy.yaml' (macOS), owned by root, mode 0644.
# Check it with: signalbox config check --managed --file FILE

# The approval: who enables auto mode for the users of this machine, and when. Without this line each
# user decides alone; with 'auto_mode: off' nobody can enable it.
${approvalLine(approval)}

# The models and platforms that auto mode may be used with. A user can shorten these lists, not
# lengthen them. 'platforms' holds anthropic, bedrock, vertex, foundry, or a gateway's base URL.
# models: [claude-opus-5*, claude-sonnet-5*]
# platforms:
#   - anthropic
#   - { platform: "https://gateway.corp.example", role: decide }

# What users cannot do: trust, override, pause, approve, roles, rules.
# locked: [trust, roles]

# What counts as your own, for every user, by slot.
# trust:
#   source_control: [github.com/acme]
#   domains:
#     - { entry: "*.corp.example", note: internal hosts, expires: 2027-12-31 }
#   buckets: ["s3://acme-builds"]
#   services: ["slack:acme/#deploys", "jira:OPS"]
#   registries: ["https://npm.corp.example", ghcr.io/acme]
#   hosts: ["deploy@build02.corp.example"]
#   clusters: ["k8s:staging/web"]
#   databases: ["postgres://db.corp.example/reports"]
#   mcp: ["mcp:issues"]
#   paths: [/srv/shared]

# Rules of your own. Tiers: hard_deny (nothing clears it), soft_deny, ask, allow.
# rules:
#   - id: no-publish
#     tier: hard_deny
#     command: npm publish
#     reason: Packages are published by the release job only.
#     # Checked whenever this file is read: what the rule must find, and what it must leave.
#     match: [npm publish --tag next, cd lib && npm publish]
#     no_match: [npm pack, npm view publish]

${COMMON}`
}

export function userTemplate(approval: Approval): string {
  return `${editorLine('config')}
# Signalbox: your settings and policy (config.yaml). A managed policy stands above it.

# The screen. notify: off | badge (the window's title says how many wait) | loud (bell and desktop, too).
# theme: dark
# notify: badge
# unicode: auto   # off: nothing but ASCII is drawn
# motion: full     # reduced: changes every few seconds, but for what waits for you
# (A screen reader is served where INK_SCREEN_READER=true is in the environment.)

# Who enabled auto mode, and when. 'signalbox init' writes this.
${approvalLine(approval)}

# What counts as your own, by slot. 'signalbox trust add ENTRY' writes here too.
# trust:
#   source_control: [github.com/acme]
#   domains: ["*.corp.example"]
#   buckets:
#     - { entry: "s3://acme-builds", note: build results, expires: 2027-12-31 }
#   # also: services, registries, hosts, clusters, databases, mcp, paths

# Good for one project only.
# projects:
#   /home/me/app:
#     role: guard
#     trust:
#       hosts: [staging.acme.example]
#     sensitive:
#       data: [exports/customers]

# rules:
#   - { id: ask-deploy, tier: ask, command: make deploy, reason: Deployments are watched., match: [make deploy ENV=test] }
# rules_off: [new-package]   # ids of built-in rules; 'signalbox rules' lists them

# models: [claude-opus-5*, claude-sonnet-5*]
# platforms: [anthropic]

${COMMON}`
}

const COMMON = `# The role where no project says otherwise: watch, guard or decide.
# roles: { default: guard }

# Where more care is taken, in the same forms as trust, also for one project.
# sensitive:
#   data: [exports/customers, { entry: audit, note: until the audit is over, expires: 2027-12-31 }]
#   remote_targets: [prod.acme.example]
#   iac_scopes: ["k8s:production"]

# So many denials turn a session to asking.
# breaker: { in_row: 3, of: 10, last: 50, unattended: deny }
# waits: { denied_seconds: 10, ask_seconds: 540 }
# allow_in: [auto]
# journal: { keep_days: 30 }

# What is a secret beside what is known to be one: letters and classes, each with {N}, the last with +.
# redact: ['acme_[A-Za-z0-9]{20}']

# A model that is asked where the judge is unsure, instead of you: facts, your words and calls are sent to it.
# reviewer:
#   provider: anthropic
#   model: claude-haiku-4-5
#   api_key_command: pass show ai/reviewer
#   budget: { session_usd: 1, day_usd: 5 }
`

/** What an editor with a YAML language server completes and checks the file by; it needs no network. */
function editorLine(kind: 'config' | 'managed'): string {
  const { href } = pathToFileURL(shipped('docs', `${kind}.schema.json`))
  return `# yaml-language-server: $schema=${href}`
}

function approvalLine({ by, on }: Approval): string {
  if (/\p{C}/u.test(by)) throw new UsageError('--by takes a name of one line')
  return by === ''
    ? `# auto_mode: { enabled_by: "Name of who approves it", enabled_on: ${on} }`
    : `auto_mode: { enabled_by: ${JSON.stringify(by)}, enabled_on: ${on} }`
}
