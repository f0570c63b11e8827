/** Whether what was recorded can be relied on. */
import { join } from 'node:path'
import { findInstall } from '../config/install-file.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { dayFiles } from '../gate/journal.ts'
import { type Kept, type Verified, verifyJournal } from '../gate/verify.ts'
import { terminalSafeJson } from '../monitor/snapshot.ts'
import { flagsOf } from './flags.ts'
import { say } from './say.ts'

const FLAGS = {
  verify: 'boolean',
  head: 'string',
  json: 'boolean',
  install: 'string',
} as const

/** @returns 1 when the journal is not as it was written */
export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  if (!flags.verify) throw new UsageError('audit takes --verify: it looks at the journal')
  const kept = flags.head === undefined ? [] : [headOf(flags.head)]
  const state = findInstall(process.env, flags.install)?.state ?? stateFolder(process.env)
  const journal = join(state, 'journal')
  if (dayFiles(journal).length === 0)
    throw new UsageError(
      `${journal}: holds no journal; 'signalbox init' sets up the gate that writes it`,
    )
  const verified = verifyJournal(journal, kept)
  if (flags.json) process.stdout.write(`${terminalSafeJson({ journal, ...verified })}\n`)
  else say(linesOf(journal, verified))
  return verified.breaks.length > 0 ? 1 : 0
}

function headOf(text: string): Kept {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash }
  throw new UsageError(`--head takes what 'audit --verify' printed, N:HASH, not '${text}'`)
}

function linesOf(journal: string, { files, first, head, breaks }: Verified): string[] {
  const where = files === 1 ? '1 file' : `${files} files`
  const whole = breaks.length === 0 ? ', each as it was written' : ''
  return [
    `journal  ${journal}`,
    `entries  ${first} to ${head.seq} in ${where}${whole}`,
    `head     ${head.seq}:${head.hash}`,
    ...breaks.map(({ file, line, what }) =>
      file === '' ? `the journal: ${what}` : `${join(journal, file)}:${line}: ${what}`,
    ),
  ]
}
