/** `signalbox trust sync`: tells the client's own classifier what is trusted, after a question. */
import { applySync, planSync } from '../clients/claude-code/auto-mode.ts'
import { UsageError } from '../config/usage-error.ts'
import { safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import type { Desk } from './desk.ts'
import { wordsAndFlagsOf } from './flags.ts'
import { current, noMore, where } from './trust-args.ts'
import { trustLines } from './trust-lines.ts'

export async function sync(args: readonly string[], desk: Desk): Promise<number> {
  const { words, flags } = wordsAndFlagsOf(args, { json: 'boolean', yes: 'boolean' })
  noMore(words)
  const { policy, errors } = current(desk)
  const [error] = errors
  if (error !== undefined) throw new UsageError(`${error}; nothing was written`)
  const { lines, left } = trustLines(policy, desk.now)
  const { client, state } = desk.places
  const plan = planSync(client, state, lines)
  const { file, added, removed } = plan
  const changes = added.length + removed.length > 0
  if (!flags.json) {
    for (const line of [file, ...removed.map(it => `- ${it}`), ...added.map(it => `+ ${it}`)])
      desk.print(safe(line))
    for (const it of left)
      desk.print(
        `! ${safe(it.entry)} is not told to the client: it is good ${safe(where(it.project))}`,
      )
  }
  const go = !changes || flags.yes || (await desk.ask('Write this?'))
  if (go) applySync(plan, state)
  const done = changes && go
  if (flags.json) desk.print(terminalSafeJson({ file, added, removed, written: done }))
  else desk.print(done ? 'written' : changes ? 'nothing was written' : 'it is in step already')
  return 0
}
