/** A journal as a gate would write it: real judgements of real commands, one after the other. */
import { join } from 'node:path'
import type { EntryBody, EntryOf } from '../../../src/action/entry.ts'
import { type Audited, findings } from '../../../src/commands/audit/findings.ts'
import { loadPolicy } from '../../../src/config/load-policy.ts'
import { hashInput } from '../../../src/gate/grants.ts'
import { Journal } from '../../../src/gate/journal.ts'
import { checkRules } from '../../../src/judge/check-rules.ts'
import { judgeOn } from '../../../src/judge/judge.ts'
import { emptyLedger, learn } from '../../../src/judge/ledger.ts'
import { nowhere } from '../../../src/judge/nowhere.ts'
import type { Facts, ToolCall } from '../../../src/judge/types.ts'
import type { Finding, Kind } from '../../../src/monitor/finding.ts'
import { put, tempFolder } from '../../helpers/folder.ts'

export const START = Date.parse('2026-11-20T10:00:00Z')
export const MINUTE = 60_000
export const DAY = 86_400_000

interface Asked {
  readonly tool?: string
  readonly input?: unknown
  readonly answer?: EntryOf<'judged'>['answer']
  readonly facts?: Partial<Facts>
  readonly session?: string
  /** Whether it ran. By itself what was not denied. */
  readonly ran?: boolean
}

export class Story {
  readonly folder = tempFolder()
  readonly audited: Audited = {
    config: join(this.folder, 'config', 'signalbox'),
    state: join(this.folder, 'state', 'signalbox'),
    managed: join(this.folder, 'etc', 'policy.yaml'),
    managedOwner: process.getuid?.() ?? 0,
    client: join(this.folder, 'client'),
    home: '/home/dev',
    folder: this.folder,
    since: 0,
  }
  /** In which the program finds all that. */
  readonly env = {
    HOME: this.folder,
    CLAUDE_CONFIG_DIR: this.audited.client,
    XDG_CONFIG_HOME: join(this.folder, 'config'),
    XDG_STATE_HOME: join(this.folder, 'state'),
  }
  at = START
  readonly #journal = new Journal(join(this.audited.state, 'journal'), () => this.at)
  readonly #words = new Map<string, string[]>()
  readonly #ledgers = new Map<string, ReturnType<typeof learn>>()
  #last = 0

  /** Writes the user's policy, without a word of it in the journal: as an editor does. */
  policy(yaml: string): this {
    put(join(this.audited.config, 'config.yaml'), yaml)
    return this
  }

  later(ms: number): this {
    this.at += ms
    return this
  }

  write(body: EntryBody): this {
    this.#journal.append(body)
    return this
  }

  say(text: string, session = 's1'): this {
    const words = this.#words.get(session) ?? []
    this.#words.set(session, [...words, text])
    return this.write({ type: 'words', at: this.at, session, index: words.length, text })
  }

  /** @returns the id of the action */
  ask(command: string, more: Asked = {}): string {
    const { session = 's1', tool = 'Bash', input = { command } } = more
    const { policy } = loadPolicy(this.audited, checkRules)
    const words = this.#words.get(session) ?? []
    const place = { cwd: '/home/dev/app', projectRoot: '/home/dev/app' }
    const facts: Facts = { ...nowhere('/home/dev'), ...place, ...more.facts, words }
    const call: ToolCall = { tool, input, agent: '' }
    const ledger = this.#ledgers.get(session) ?? emptyLedger
    const judgement = judgeOn(new Date(this.at).toISOString().slice(0, 10))(
      call,
      facts,
      policy,
      ledger,
    )
    const { answer = judgement.verdict } = more
    const action = `t${++this.#last}`
    this.write({
      type: 'judged',
      at: this.at,
      session,
      action,
      ...call,
      inputHash: hashInput(tool, input),
      cwd: facts.cwd,
      permissionMode: 'auto',
      role: 'decide',
      judgement,
      answer,
      by: 'judge',
      grant: '',
      ms: 1,
      facts: { ...facts, words: words.length },
    })
    if (more.ran ?? answer !== 'deny') {
      this.#ledgers.set(session, learn(ledger, call, facts, policy))
      const { at } = this
      this.write({ type: 'ran', at, session, action, ok: true, runMs: 1, inputHash: '' })
    }
    this.at += 1000
    return action
  }

  command(type: string, action: string, name = 'dana', done = true): this {
    const screen = { name, pid: 1, tty: '' }
    const command = { type, session: 's1', action }
    return this.write({ type: 'command', at: this.at, screen, command, done, text: '' })
  }

  /** What is found of these kinds, as it is now. */
  found(kinds: readonly Kind[], more: Partial<Audited> = {}, now = new Date(this.at)): Finding[] {
    return findings({ ...this.audited, ...more }, now).filter(it => kinds.includes(it.kind))
  }
}
