/** What a tool call does, in the same terms for every tool. Rules see nothing but these. */
import type { Resource } from '../../action/judgement.ts'

/** Something with an identity; how far it is trusted is decided later. */
export interface Identity extends Omit<Resource, 'trust'> {
  /** Of a domain: where on it, for entries that mean a part of it. */
  readonly path?: string
}

/**
 * Where bytes come from, as far as it matters: the network, a secret (a credential file, the
 * environment), the project's content, a decoder (base64, printf of escapes), or nobody knows.
 */
export const FLOWS = ['network', 'secret', 'project', 'decoded', 'unknown'] as const
export type Flow = (typeof FLOWS)[number]

/** Whose files and processes a command touches. Local facts say nothing of the other two. */
export type Realm = 'local' | 'remote' | 'container'

export interface PathTarget {
  /** As written in the action. */
  readonly written: string
  /** Absolute, with `..` and known links resolved, up to the first wildcard; null: cannot be told. */
  readonly path: string | null
  /** The rest, from the first wildcard on. */
  readonly glob: string
}

/** A part of the command, as positions in its text. */
export interface Span {
  readonly from: number
  readonly to: number
}

interface Base {
  /** The part of the action it rests on, as written. */
  readonly evidence: string
  /** Where that stands in the command; the nearest part around it that is written there. */
  readonly span: Span
  readonly realm: Realm
}

export interface Read extends Base {
  readonly kind: 'read'
  readonly target: PathTarget
  /** A credential, or what a search for credentials finds. */
  readonly credential: boolean
}

export interface Write extends Base {
  readonly kind: 'write'
  readonly target: PathTarget
  /** `empty`: what was there is lost and nothing replaces it. `make`: a folder, a date, a mode. */
  readonly how: 'replace' | 'append' | 'edit' | 'empty' | 'make'
  /** What is written, or null when it is not known. */
  readonly content: string | null
  /** The bytes come from the network: from where, as far as that is known. */
  readonly fetched?: readonly Identity[]
  /** What it replaces, where the action says so. */
  readonly replaced: string | null
}

export interface Delete extends Base {
  readonly kind: 'delete'
  readonly target: PathTarget
  readonly recursive: boolean
  /** Sorted out by more than a path, such as the tests of `find`. */
  readonly filter: string
  /** It goes from the folder and stays in the history. */
  readonly kept?: true
}

/** Code that runs and is not seen through. */
export interface Exec extends Base {
  readonly kind: 'exec'
  readonly origin:
    | 'network'
    | 'decoded'
    | 'unknown'
    /** The project's own scripts and tests, by its tools. */
    | 'project'
    /** A dependency that the project declares, or a tool of the project's. */
    | 'declared'
    /** A package that is named on the command line. */
    | 'package'
    /** A program that is on the machine, and not one that is known. */
    | 'installed'
    /** Started by way of another program, or with a secret in its hands: nobody sees what it does. */
    | 'hidden'
  readonly what: string
  /** Packages that it installs, by name. */
  readonly names?: readonly string[]
  /** Where the code came from, as far as that is known. */
  readonly from: readonly Identity[]
}

export interface Send extends Base {
  readonly kind: 'send'
  readonly to: Identity | null
  /** `post`: to a place where others read it. `auth`: only as a credential, to log in. */
  readonly means: 'http' | 'copy' | 'post' | 'publish' | 'dns' | 'tunnel' | 'message' | 'auth'
  readonly payload: readonly Flow[]
  /** It says who asks: the other side acts on it. */
  readonly signed?: boolean
  /** `read` for a request that only asks; `delete` for HTTP DELETE and the like. */
  readonly does: 'read' | 'write' | 'delete'
}

export interface Receive extends Base {
  readonly kind: 'receive'
  readonly from: Identity | null
}

export type VcsOp =
  | 'local'
  | 'fetch'
  | 'push'
  | 'discard'
  | 'rewrite'
  | 'delete-branch'
  | 'remote-change'
  | 'skip-checks'
  | 'config'

export interface Vcs extends Base {
  readonly kind: 'vcs'
  readonly op: VcsOp
  /** The repository at the other end; null where there is none, or it cannot be told. */
  readonly to: Identity | null
  /** The name of the remote, as written. */
  readonly remote?: string
  /** Branches, tags, paths or keys that it is about, as written. */
  readonly names: readonly string[]
  readonly force: boolean
  readonly deletes: boolean
}

export const CLOUD_VERBS = [
  'read',
  'write',
  'destroy',
  'grant',
  'expose',
  'deploy',
  'secret',
  'bypass',
] as const
export type CloudVerb = (typeof CLOUD_VERBS)[number]

export interface Cloud extends Base {
  readonly kind: 'cloud'
  readonly provider: string
  readonly verb: CloudVerb
  /** What it is about, as written: names, contexts, projects. */
  readonly names: readonly string[]
  readonly on: Identity | null
}

export interface Privilege extends Base {
  readonly kind: 'privilege'
  /**
   * `root`: something as another user; `root-shell`: anything at all as another user. `machine`: its
   * mounts, kernel or power. `login`: accounts and keys.
   */
  readonly what:
    | 'root'
    | 'root-shell'
    | 'permissions'
    | 'disable-check'
    | 'process'
    | 'service'
    | 'machine'
    | 'login'
    | 'attack'
    | 'spy'
  readonly names: readonly string[]
}

export interface Persist extends Base {
  readonly kind: 'persist'
  readonly what: string
}

/** Something against the guard or the client itself. */
export interface GuardConfig extends Base {
  readonly kind: 'guard-config'
  readonly what: 'command' | 'keys' | 'process' | 'client' | 'socket' | 'files'
}

export type Effect =
  | Read
  | Write
  | Delete
  | Exec
  | Send
  | Receive
  | Vcs
  | Cloud
  | Privilege
  | Persist
  | GuardConfig

export interface Effects {
  readonly effects: readonly Effect[]
  /** `partial`: something in it is not seen through, and so it cannot be called harmless. */
  readonly coverage: 'full' | 'partial'
  /** What is not seen through, for people. */
  readonly unknowns: readonly string[]
  /** The commands in it that were walked, in that order, also those that do nothing of note. */
  readonly parts: readonly Span[]
  /** Bytes that it leaves in files: path → where they come from. For the ledger. */
  readonly left: Readonly<Record<string, Content>>
  /** What it makes, in the forms of `createdByAgent`. For the ledger. */
  readonly made: readonly Made[]
}

/** The one thing with a name that an effect reaches. */
export function identityIn(effect: Effect): Identity | null {
  switch (effect.kind) {
    case 'send':
    case 'vcs':
      return effect.to
    case 'receive':
      return effect.from
    case 'cloud':
      return effect.on
    case 'exec':
      return effect.from[0] ?? null
    case 'read':
    case 'write':
    case 'delete':
    case 'privilege':
    case 'persist':
    case 'guard-config':
      return null
  }
}

export interface Made {
  readonly name: string
  /** How many effects came before it: what was deleted first was not the agent's yet. */
  readonly after: number
}

/** The content of a file, a pipe or a variable. */
export interface Content {
  /** Null: not known. */
  readonly text: string | null
  readonly flows: readonly Flow[]
  /** Where it was fetched from. */
  readonly from: readonly Identity[]
  /** Its words are names of files below this folder, absolute. */
  readonly below?: string
  /** They all match this. */
  readonly matching?: string
  /** Its words are like this pattern, as they are printed: names without their folder. */
  readonly named?: string
  /** Other texts that it may be: what was there before may still be there. */
  readonly others?: readonly string[]
}

export const NOTHING: Content = { text: '', flows: [], from: [] }
/** Something harmless: a listing, a count, a message. */
export const SOMETHING: Content = { text: null, flows: [], from: [] }
export const UNKNOWN: Content = { text: null, flows: ['unknown'], from: [] }

export function textContent(text: string): Content {
  return { text, flows: [], from: [] }
}

/** Those bytes in another form: no text, and no names of files, that anything can be told from. */
export function reshaped({ flows, from }: Content): Content {
  return { text: null, flows, from }
}

/** What comes out when all of it went in: no text of its own. */
export function mixed(parts: readonly Content[]): Content {
  return {
    text: null,
    flows: [...new Set(parts.flatMap(part => part.flows))],
    from: parts.flatMap(part => part.from),
  }
}
