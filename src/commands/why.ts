/** `signalbox why ACTION-ID`: all that is known of one decision. */
import { existsSync } from 'node:fs'
import { fold } from '../action/fold.ts'
import type { GateAction } from '../action/gate-state.ts'
import { textsOf, World } from '../action/world.ts'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import { findInstall } from '../config/install-file.ts'
import { UsageError } from '../config/usage-error.ts'
import { opinionOf } from '../monitor/gate-view.ts'
import { type ReviewJson, reviewJson, reviewText } from '../monitor/reviews.ts'
import { safe } from '../monitor/safe-text.ts'
import { type ActionJson, actionJson } from '../monitor/snapshot.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { unmistakable } from '../monitor/trust.ts'
import { transcripts } from '../sources/transcripts.ts'
import { withJournal } from './attached.ts'
import { flagsAmong, optionsOf } from './options.ts'
import { hideSecrets } from './secrets.ts'

const TAKES = ['paths', 'json', 'root', 'install', 'show-secrets'] as const
export const FLAGS = flagsAmong(TAKES)

export async function run(args: readonly string[]): Promise<number> {
  const options = optionsOf(args, TAKES)
  const [id, ...more] = options.paths
  if (id === undefined || more.length > 0)
    throw new UsageError('why takes one action id: signalbox why toolu_…')
  if (options.root !== undefined && !existsSync(options.root))
    throw new UsageError(`--root ${options.root}: no such file or folder`)
  const install = findInstall(process.env, options.install)
  await hideSecrets(options)
  const root = options.root ?? defaultRoot(process.env)
  const noPrice = async () => () => null // nothing here is about money
  const reading = { loadPrice: noPrice, follow: false }
  let world = new World()
  const source = withJournal(transcripts({ root, ...reading }), install, reading)
  for await (const batch of source) for (const event of batch) world = fold(world, event)
  const rows = rowsOf(world, id)
  if (rows.length === 0)
    throw new UsageError(
      `no action '${id}' in ${root}${install === null ? '' : ` or the journal in ${install.state}`}`,
    )
  for (const row of rows) {
    const text = options.json ? terminalSafeJson(whyJson(world, row)) : whyLines(world, row)
    process.stdout.write(`${text}\n`)
  }
  return 0
}

/** Ids are unique, but for gateways that begin theirs anew in each session. */
function rowsOf(world: World, id: string): number[] {
  const all = Array.from({ length: world.actions.length }, (_, row) => row)
  return all.filter(row => textsOf(world, row).id === id)
}

/** The action as in the snapshot, and what the gate said of it. */
export interface WhyJson extends Omit<ActionJson, 'costUsd'> {
  readonly verdict: string | null
  readonly tier: string | null
  /** The judge's own words; `reason` is that of whoever decided. */
  readonly judgeReason: string
  /** The client decided: what the judge said is an opinion. */
  readonly opinionOnly: boolean
  /** What a reviewer said, and what that cost; null where none was to look at it. */
  readonly review: ReviewJson | null
  readonly gateAnswer: string | null
  readonly gateMs: number | null
  readonly answeredBy: { name: string; pid: number; tty: string } | null
  readonly words: string
}

function whyJson(world: World, row: number): WhyJson {
  const { costUsd: _, ...action } = actionJson(world, row)
  const gate: GateAction | undefined = world.gate.byRow.get(row)
  const opinion = opinionOf(gate)
  return {
    ...action,
    verdict: opinion?.judgement.verdict ?? null,
    tier: opinion?.judgement.tier ?? null,
    judgeReason: opinion?.judgement.reason ?? '',
    opinionOnly: opinion?.opinionOnly ?? false,
    review: reviewJson(gate?.reviewed ?? null),
    gateAnswer: gate?.judged?.answer ?? null,
    gateMs: gate?.judged?.ms ?? null,
    answeredBy: gate?.answered?.screen ?? null,
    words: gate?.answered?.words ?? '',
  }
}

function whyLines(world: World, row: number): string {
  const why = whyJson(world, row)
  const gate = world.gate.byRow.get(row)
  const screen = why.answeredBy
  const touched = why.resources.map(r => `${unmistakable(r.id)} (${r.kind}, ${r.trust})`)
  const facts: readonly (readonly [string, string])[] = [
    ['action', `${why.tool}: ${why.summary}`],
    ['state', `${why.state}${why.outcome === null ? '' : `, ${why.outcome}`}`],
    ['by', why.decidedBy],
    ['reason', why.reason],
    ['UNGATED', why.ungated ?? ''],
    ['rule', why.rule === null ? '' : `${why.verdict} by ${why.rule} (${why.tier})`],
    ['note', why.opinionOnly ? "the judge's own opinion, which did not decide" : ''],
    ['judge', why.judgeReason === why.reason ? '' : why.judgeReason],
    ['evidence', why.evidence],
    ['touches', touched.join(', ')],
    ['clears', why.clear.join(', ')],
    ['reviewer', gate === undefined ? '' : reviewText(gate, why.reason)],
    ['gate', why.gateAnswer === null ? '' : `answered ${why.gateAnswer}`],
    ['screen', screen === null ? '' : `${screen.name} (pid ${screen.pid}, ${screen.tty})`],
    ['words', why.words],
    ['asked', why.requestedAt ?? ''],
    ['session', why.session],
  ]
  return facts
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `${label.padEnd(9)} ${safe(text)}`)
    .join('\n')
}
