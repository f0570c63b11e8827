/**
 * A policy file, as one of its three layers: a policy, or an error with which nothing is approved; a
 * repository's only tightens; and an edit does what was asked for, or nothing.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { crc32 } from 'node:zlib'
import { Lexer } from 'yaml'
import { SLOTS } from '../../../../src/action/slot.ts'
import { policyFacts } from '../../../../src/commands/policy-facts.ts'
import {
  addTrust,
  enableAutoMode,
  type PolicyEdit,
  removeTrust,
  setPlatform,
  undoEdit,
} from '../../../../src/config/edit-policy.ts'
import { LIKE } from '../../../../src/config/entry-slot.ts'
import {
  type LoadedPolicy,
  loadPolicy,
  REPOSITORY_NAME,
} from '../../../../src/config/load-policy.ts'
import { USER_FILE } from '../../../../src/config/policy-schema.ts'
import { UsageError } from '../../../../src/config/usage-error.ts'
import { parseYaml } from '../../../../src/config/yaml-file.ts'
import { checkRules } from '../../../../src/judge/check-rules.ts'
import { createRandom, type Random } from '../../../random.ts'
import { scratch } from '../scratch.ts'
import { type Bench, must, type Target } from '../target.ts'
import { saidOf } from './theme.ts'

const DOCS = join(import.meta.dirname, '../../../../docs')
const EDITED = 0.3

/** The examples of the documents, and files as people may have them. */
function seeds(): Buffer[] {
  const documents = ['policy.md', 'admin.md', 'control.md', 'recipes.md', 'concepts.md'].map(name =>
    readFileSync(join(DOCS, name), 'utf8'),
  )
  const examples = documents.flatMap(text =>
    Array.from(text.matchAll(/```yaml\n([\s\S]*?)```/g), it => it[1] ?? ''),
  )
  // The bytes also say what is done with a file: each has several chances.
  const texts = [...examples, ...OWN].flatMap(it => [it, `${it}\n`, `# x\n${it}`, `${it}# end`])
  return texts.map(it => Buffer.from(it))
}

const OWN: readonly string[] = [
  `# mine
trust: # all of it
  source_control:
    - github.com/acme # ours
    - { entry: gitlab.com/b, note: "x: y", expires: 2027-01-01 }
  domains: ["*.corp.example", api.acme.dev]
projects:
  /srv/app:
    role: decide # here
    trust:
      buckets:
        - s3://builds/app
auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }
`,
  `locked: [trust, override]
auto_mode: off
rules:
  - id: no-prod
    tier: hard_deny
    tool: Bash
    command: kubectl delete
    reason: not here
    match: [kubectl delete pod x]
    no_match: [kubectl get pods]
`,
  'trust:\r\n  hosts:\r\n  - build03\r\n# end\r\ntheme: dark\r\n',
  '\ufeffprices: {}\nkeys: { approve: y }\nfilters:\n  mine: "state:blocked"\n',
  'trust: { domains: [a.example], source_control: [] } # x\nbreaker: { in_row: 2, unattended: stop }\n',
  'a: &a [x]\ntrust:\n  domains: *a\n',
  'rules_off: [force-push]\nwaits: { ask_seconds: 60 }\njournal: { keep_days: 7 }\nallow_in: [auto, default]\n',
]

const MANAGED = `rules:
  - id: no-prod
    tier: hard_deny
    tool: Bash
    command: kubectl delete
    reason: not here
    match: [kubectl delete pod x]
    no_match: [kubectl get pods]
locked: [override]
auto_mode: off
`
const USER = 'auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }\nroles: { default: decide }\n'
const LAYERS = ['managed', 'user', 'repository'] as const
type Layer = (typeof LAYERS)[number]
const OWNER = process.getuid?.() ?? 0

class Policies implements Bench {
  readonly #folder = scratch('policy')
  readonly #paths: Readonly<Record<Layer, string>>
  readonly #known = new Map<string, LoadedPolicy>()

  constructor() {
    const { path } = this.#folder
    const at = (folder: string, name: string): string => {
      mkdirSync(join(path, folder), { mode: 0o700 })
      return join(path, folder, name)
    }
    this.#paths = {
      managed: at('managed', 'policy.yaml'),
      user: at('user', 'config.yaml'),
      repository: at('project', REPOSITORY_NAME),
    }
  }

  try(input: Buffer): string {
    const random = createRandom(crc32(input))
    if (random.chance(EDITED)) return this.#edited(input, random)
    const layer = random.pick(LAYERS)
    const others = random.chance(0.3)
    this.#write('managed', others ? MANAGED : '')
    this.#write('user', layer === 'managed' && !others ? '' : USER)
    this.#write('repository', '')
    const before = this.#before(layer, others)
    this.#write(layer, input)
    const after = this.#load()
    if (random.chance(0.2)) policyFacts(this.#paths[layer])
    for (const error of after.errors) saidOf(new UsageError(error), this.#paths[layer])
    check(layer, before, after)
    const [error] = after.errors
    const policy = Object.entries(after.policy).map(([key, value]) => key[0] + shapeOf(value))
    return error === undefined
      ? `${layer} ${policy.join('')} ${after.notes.length}`
      : `${layer} ${saidOf(new UsageError(error), this.#paths[layer])}`
  }

  close(): void {
    this.#folder.remove()
  }

  /** What holds without the file: the same each time. */
  #before(layer: Layer, others: boolean): LoadedPolicy {
    const key = `${layer} ${others}`
    const known = this.#known.get(key) ?? this.#load()
    this.#known.set(key, known)
    return known
  }

  #write(layer: Layer, text: string | Buffer): void {
    writeFileSync(this.#paths[layer], text, { mode: 0o600 })
  }

  #load(): LoadedPolicy {
    const { path } = this.#folder
    const sources = {
      config: join(path, 'user'),
      managed: this.#paths.managed,
      managedOwner: OWNER,
      projectRoot: join(path, 'project'),
    }
    return loadPolicy(sources, checkRules)
  }

  /** The file as the user's own, changed by a command, and the change taken back. */
  #edited(input: Buffer, random: Random): string {
    this.#write('user', input)
    const file = this.#paths.user
    try {
      const edit = this.#edit(file, random)
      const text = readFileSync(file, 'utf8')
      parseYaml(file, text, USER_FILE)
      for (const comment of edit?.before === null ? commentsIn(input.toString('utf8')) : [])
        must(text.includes(comment), `the comment '${comment}' is gone`)
      if (edit === null) return 'changed'
      listed(edit, text)
      undoEdit(edit)
      must(readFileSync(file).equals(input), 'taken back, it is another file')
      return `edited ${edit.done} ${edit.project === ''} ${edit.splice.removed === ''}`
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      must(readFileSync(file).equals(input), `refused, and changed: ${error.message}`)
      return `not edited ${saidOf(error, file)}`
    }
  }

  /** @returns null for a change that has no way back of its own */
  #edit(file: string, random: Random): PolicyEdit | null {
    const slot = random.pick(SLOTS)
    const project = random.pick(['', '/srv/app', '/srv/new'])
    const note = random.pick(['', 'a note: "x" # y'])
    switch (random.int(0, 4)) {
      case 0:
        enableAutoMode(file, { by: 'Ada', on: '2026-11-24' })
        return null
      case 1:
        setPlatform(file, 'https://gateway.example', random.pick([null, 'decide']))
        return null
      case 2:
        return removeTrust(file, { slot, entry: LIKE[slot], project })
      default:
        return addTrust(file, { slot, entry: LIKE[slot], project, note })
    }
  }
}

function check(layer: Layer, before: LoadedPolicy, { policy, errors }: LoadedPolicy): void {
  if (errors.length > 0) must(policy.enabled === null, 'with an error, auto mode is enabled')
  const denied = policy.rules.some(it => it.id === 'no-prod' && it.origin.layer === 'managed')
  if (layer !== 'managed' && before.policy.rules.length > 0) {
    must(denied, 'a rule of the managed policy is gone')
    must(policy.locked.includes('override'), 'a lock of the managed policy is gone')
    must(policy.enabled === null, 'what the managed policy turns off is on')
  }
  if (layer !== 'repository' || errors.length > 0) return
  const { rules, ...rest } = policy
  const { rules: _, ...same } = before.policy
  must(isDeepStrictEqual(rest, same), 'a repository changes more than rules')
  must(
    rules.every(it => it.tier !== 'allow' || it.origin.layer !== 'repository'),
    'a repository allows',
  )
}

/** What the edit says stands in the file. */
function listed({ slot, entry, project, after }: PolicyEdit, text: string): void {
  const { value } = parseYaml('x', text, USER_FILE)
  const places = Object.entries(value.projects ?? {}).filter(
    ([path]) => path.replace(/(?!^)\/+$/, '') === project,
  )
  const trust = project === '' ? value.trust : places[0]?.[1]?.trust
  const found = (trust?.[slot] ?? []).some(it => (typeof it === 'string' ? it : it.entry) === entry)
  must(found === (after !== null), `${entry} is ${found ? '' : 'not '}listed under ${slot}`)
}

function commentsIn(text: string): string[] {
  return Array.from(new Lexer().lex(text)).filter(it => it.startsWith('#'))
}

const shapeOf = (value: unknown): string =>
  Array.isArray(value) ? String(Math.min(3, value.length)) : value === null ? '-' : ''

export const policy: Target = {
  name: 'policy',
  shape: 'yaml',
  mostBytes: 2048,
  seeds,
  words: [
    'hard_deny',
    'soft_deny',
    'ask',
    'allow',
    'enabled_by: x',
    ...SLOTS,
    'role: decide',
    '/srv/app',
    '/srv/app/',
    '*.example',
  ],
  open: async () => new Policies(),
}
