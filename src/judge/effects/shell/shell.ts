/** One run of a shell as it would go: its folder, variables and files, and the effects so far. */
import { posix } from 'node:path'
import type { ArithmeticExpression, ParsedScript } from 'unbash'
import { isCredential, isInside, isSecret, pathTarget, placeOf } from '../../paths.ts'
import { isDisguised, undisguised } from '../../same-file.ts'
import type { Facts } from '../../types.ts'
import {
  type Content,
  type Effect,
  type Exec,
  type Identity,
  type Made,
  NOTHING,
  type PathTarget,
  type Realm,
  SOMETHING,
  type Span,
  UNKNOWN,
} from '../effect.ts'
import { both, either } from './alternatives.ts'
import { walkArithmetic } from './expressions.ts'
import { type Frame, type FunctionBody, OWN_VALUES, type Scope } from './scope.ts'
import { type Arg, known, unknown } from './value.ts'
import { walkScript, walkText } from './walk.ts'

const MAX_DEPTH = 28
const MAX_STEPS = 3000
/** Letters of commands and of what is shown of their effects. */
const MAX_WORK = 80 * 1024
const MAX_EFFECTS = 150
const TOO_LONG = 'too deep or too long to see through'

/** Without the kinds' own fields: what `emit` adds. */
type Bare<T> = T extends Effect ? Omit<T, 'evidence' | 'span' | 'realm'> : never
export type BareEffect = Bare<Effect>

export class Shell {
  readonly facts: Facts
  readonly root: string
  readonly effects: Effect[] = []
  readonly unknowns: string[] = []
  readonly made: Made[] = []
  /** What is in files, as far as this run or the session says. Folders mean all below them. */
  readonly left = new Map<string, Content>()
  readonly #before: ReadonlyMap<string, Content>
  scope: Scope
  frame: Frame
  /** What the command that runs now looks like, to quote it. */
  evidence = ''
  /** Where that stands. */
  span: Span
  readonly parts: Span[] = []
  #depth = 0
  #steps = 0
  #work = 0
  #pipes = 0

  constructor(facts: Facts, before: ReadonlyMap<string, Content>, root: string) {
    this.facts = facts
    this.#before = before
    this.root = root
    this.head = facts.branch
    this.frame = { source: root, quote: null, at: 0 }
    this.span = { from: 0, to: root.length }
    this.scope = {
      cwd: facts.cwd,
      variables: new Map([['HOME', known(facts.home)]]),
      functions: new Map(),
      aliases: new Map(),
      exported: new Set(['HOME']),
      fixed: new Set(),
      traps: [],
      positional: [],
      realm: 'local',
    }
  }

  emit(effect: BareEffect): void {
    const { realm } = this.scope
    this.spend(this.evidence.length)
    if (this.#work > MAX_WORK || this.effects.length >= MAX_EFFECTS) {
      this.tooMuch(TOO_LONG)
      return
    }
    // Spreading a union loses which kind it is; it is the same kind with its own fields added.
    this.effects.push({ ...effect, evidence: this.evidence, span: this.span, realm } as Effect)
  }

  partial(why: string): void {
    const short = why.length > 300 ? `${why.slice(0, 300)}…` : why
    if (this.unknowns.at(-1) !== short) this.unknowns.push(short)
  }

  /** Not looked at, or not to the end: this counts also where what is only unclear does not. */
  cut: string | null = null

  tooMuch(why: string): void {
    this.cut = why
    this.partial(why)
  }

  /** So much was looked at: what goes on for too long is not seen through. */
  spend(letters: number): void {
    this.#work += letters
  }

  /** @returns false when it goes too deep or on for too long to be looked at */
  enter(): boolean {
    if (this.#depth >= MAX_DEPTH || ++this.#steps > MAX_STEPS || this.#work > MAX_WORK) {
      this.tooMuch(TOO_LONG)
      return false
    }
    this.#depth++
    return true
  }

  leave(): void {
    this.#depth--
  }

  readonly #running: FunctionBody[] = []

  /** Runs the body of a function, and knows so. */
  inside<T>(body: FunctionBody, run: () => T): T {
    this.#running.push(body)
    try {
      return run()
    } finally {
      this.#running.pop()
    }
  }

  isEndless(body: FunctionBody): boolean {
    return this.#running.filter(it => it === body).length > 1
  }

  /** Runs in a copy of the scope; what it changes there is forgotten. */
  apart<T>(run: () => T): T {
    const outer = this.scope
    this.scope = {
      ...outer,
      variables: new Map(outer.variables),
      functions: new Map(outer.functions),
      aliases: new Map(outer.aliases),
      exported: new Set(outer.exported),
      fixed: new Set(outer.fixed),
      traps: [],
    }
    try {
      const result = run()
      this.ends()
      return result
    } finally {
      this.scope = outer
    }
  }

  /** A shell ends: its traps run, with what may have changed since they were set. */
  ends(): void {
    const { scope } = this
    for (const trap of scope.traps.splice(0)) {
      const changed = [...scope.variables].filter(
        ([name, { text }]) => trap.variables.get(name)?.text !== text,
      )
      const moved = scope.cwd !== trap.cwd
      const same = [...scope.functions].every(([name, it]) => trap.functions.get(name) === it)
      if (changed.length === 0 && !moved && same) continue
      this.apart(() => {
        for (const [name] of changed) this.scope.variables.set(name, unknown(`$${name}`))
        if (moved) this.scope.cwd = null
        walkText(trap.text, SOMETHING, this)
      })
    }
  }

  /**
   * Runs as another shell: it knows what was exported, and functions only if they were.
   * @param env what it is given beside
   */
  child<T>(run: () => T, env: ReadonlyMap<string, Arg> = new Map()): T {
    return this.apart(() => {
      const { scope } = this
      for (const name of scope.variables.keys())
        if (!scope.exported.has(name)) scope.variables.delete(name)
      for (const [name, { run }] of scope.functions)
        scope.functions.set(name, { run, sure: scope.exported.has(`${name}()`) })
      scope.aliases.clear()
      scope.script = undefined
      for (const [name, value] of env) {
        scope.variables.set(name, value)
        scope.exported.add(name)
      }
      return run()
    })
  }

  /** Runs where local facts say nothing: another host, a container. */
  elsewhere<T>(realm: Realm, run: () => T): T {
    return this.child(() => {
      this.scope.realm = realm
      this.scope.cwd = null
      return run()
    })
  }

  substitution(script: ParsedScript): Content {
    return this.apart(() => walkScript(script, SOMETHING, this))
  }

  /** @returns the name of the pipe, which can be read like a file */
  processSubstitution(script: ParsedScript, operator: '<' | '>'): Arg {
    const path = `/dev/fd/${60 + this.#pipes++}`
    const content = this.apart(() =>
      walkScript(script, operator === '<' ? SOMETHING : UNKNOWN, this),
    )
    this.left.set(path, content)
    return known(path)
  }

  arithmetic(expression: ArithmeticExpression): void {
    walkArithmetic(expression, this)
  }

  /** The branch that is checked out, as far as this run and the session tell. */
  head: string

  variable(name: string): Arg | undefined {
    if (/^[1-9]$/.test(name)) return this.scope.positional[Number(name) - 1]
    if (name === '0') return this.scope.script
    // The last word of the command before, whatever it is set to.
    if (name === '_') return undefined
    const value = this.scope.variables.get(name)
    if (value !== undefined) return value
    if (name === 'PWD') return this.scope.cwd === null ? undefined : known(this.scope.cwd)
    const own = OWN_VALUES.get(name)
    return own === undefined ? undefined : known(own)
  }

  set(name: string, value: Arg): Arg {
    const kept = this.scope.fixed.has(name) ? unknown(`$${name}`, value.flows) : value
    this.scope.variables.set(name, kept)
    return kept
  }

  target(arg: Arg): PathTarget {
    const files = this.#linksToo()
    const cwd = this.scope.cwd
    return pathTarget(arg.text, arg.known, arg.glob, cwd, files)
  }

  #links: Facts['files'] | null = null

  #linksToo(): Facts['files'] {
    return this.#links ?? this.facts.files
  }

  link(at: string, to: string): void {
    this.#links = { ...this.#linksToo(), [at]: { kind: 'link', to } }
  }

  /** What is in a file, as far as this run, the session or the facts tell. */
  content(target: PathTarget): Content {
    const { path } = target
    if (path === '/dev/null') return NOTHING
    if (path === null || this.scope.realm !== 'local') return UNKNOWN
    const made = this.madeContent(path)
    if (made !== undefined) return made
    const fact = Object.hasOwn(this.facts.files, path) ? this.facts.files[path] : undefined
    const text = fact?.kind === 'file' && target.glob === '' ? fact.content : null
    if (isSecret(path)) return { text, flows: ['secret'], from: [] }
    switch (placeOf(path, this.facts).kind) {
      case 'project':
        return { text, flows: ['project'], from: [] }
      // What lies in a folder for scratch files is most likely the project's.
      case 'temp':
        return { text, flows: ['project'], from: [] }
      case 'home':
        return { text, flows: ['unknown'], from: [] }
      case 'sink':
      case 'device':
      case 'system':
        return { text, flows: isInside(this.facts.home, path) ? ['secret'] : [], from: [] }
    }
  }

  madeContent(path: string): Content | undefined {
    const exact = this.left.get(path) ?? this.#before.get(path)
    if (exact !== undefined) return exact
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      const above = this.left.get(folder) ?? this.#before.get(folder)
      if (above !== undefined) return { ...above, text: null }
    }
    return undefined
  }

  /** Whether this run or the session wrote a file in a folder. */
  wroteBelow(folder: string): boolean {
    const inside = (path: string): boolean => path !== folder && isInside(path, folder)
    return [...this.left.keys()].some(inside) || [...this.#before.keys()].some(inside)
  }

  read(arg: Arg, recursive = false): Content {
    const target = this.target(arg)
    const { path } = target
    const outside = path === null || placeOf(path, this.facts).kind !== 'project'
    const many = path === null || target.glob !== '' || recursive
    const searched = arg.flows.includes('secret') && many
    const full =
      path === null ? '' : target.glob === '' ? path : `${path}/${target.glob.replaceAll('*', 'x')}`
    const credential =
      outside &&
      (searched ||
        (path !== null && (isCredential(path) || isCredential(full))) ||
        (path === null && isDisguised(arg.text) && isSecret(undisguised(arg.text))))
    this.emit({
      kind: 'read',
      target: recursive ? { ...target, glob: `${target.glob}/**` } : target,
      credential,
    })
    const content = this.content(target)
    return credential ? { ...content, flows: [...content.flows, 'secret'] } : content
  }

  write(
    target: PathTarget,
    how: 'replace' | 'append' | 'edit' | 'empty' | 'make',
    content: Content,
    replaced: string | null = null,
  ): void {
    const fetched = content.flows.includes('network') ? { fetched: content.from } : {}
    this.emit({ kind: 'write', target, how, content: content.text, replaced, ...fetched })
    if (target.path === null || target.glob !== '' || how === 'make') return
    // Nothing stays there.
    if (/^\/dev\/(null|tty|std(out|err))$/.test(target.path)) return
    // Whatever was there before, all that is in it now is the agent's.
    if (how === 'replace') this.makesFile(target.path)
    const adds = how === 'append' || how === 'edit'
    if (adds) {
      const whole = both(this.content(target), content)
      // A text of the agent's own among what is not known: no file of the project's any more.
      const lost = this.left.has(target.path) && whole.text === null && content.text !== null
      this.left.set(target.path, lost ? both(whole, UNKNOWN) : whole)
    } else this.puts(target.path, content)
  }

  /** A file gets another content, unless that fails. */
  puts(path: string, content: Content): void {
    this.left.set(path, either(this.left.get(path), content))
  }

  /** @param name in the forms of `createdByAgent` */
  makes(name: string): void {
    this.made.push({ name, after: this.effects.length })
  }

  /** A file that is written over, where no folder may have been in its way: that would still be there. */
  makesFile(path: string): void {
    const { cwd, projectRoot, files } = this.facts
    const kind = files[path]?.kind
    const place = placeOf(path, this.facts)
    const above = [cwd, projectRoot, '/tmp', '/var/tmp', '/dev/shm'].some(it => isInside(it, path))
    const fileLike = posix.extname(path) !== '' || place.kind === 'temp'
    if (this.scope.realm !== 'local' || above || kind === 'folder') return
    if (kind !== undefined || fileLike) this.makes(path)
  }

  /**
   * A file or folder that comes to be. Only what is known not to have been there is the agent's own:
   * `mkdir -p` and `touch` leave what is there, and so may a failed command before a `;`.
   * @param exclusive the command fails when it is there; enough in a folder for scratch files
   */
  makesPath({ path, glob }: PathTarget, exclusive = false): void {
    if (path === null || glob !== '' || this.scope.realm !== 'local') return
    const scratch = exclusive && placeOf(path, this.facts).kind === 'temp'
    if (scratch || this.facts.files[path]?.kind === 'absent') this.makes(path)
  }

  exec(
    origin: Exec['origin'],
    what: string,
    from: readonly Identity[] = [],
    names: readonly string[] = [],
  ): void {
    const here = this.scope.cwd === null ? undefined : this.madeContent(this.scope.cwd)
    const own = origin === 'project' || origin === 'declared'
    // A folder that was fetched is nobody's project.
    if (own && here?.flows.includes('network'))
      this.emit({ kind: 'exec', origin: 'network', what, from: here.from })
    else this.emit({ kind: 'exec', origin, what, from, ...(names.length > 0 ? { names } : {}) })
  }
}
