/** What the screen has done beside it, by the program itself: a long look holds up no frame. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { commandLine, KINDS, SEVERITIES } from '../monitor/finding.ts'
import type { Asides } from '../monitor/link.ts'

const CHANGED = v.object({
  actions: v.number(),
  changes: v.array(
    v.object({
      action: v.string(),
      before: v.object({ verdict: v.string() }),
      after: v.object({ verdict: v.string() }),
    }),
  ),
})

const FOUND = v.object({
  findings: v.array(
    v.object({
      kind: v.picklist(KINDS),
      severity: v.picklist(SEVERITIES),
      what: v.string(),
      where: v.string(),
      mend: v.string(),
      fix: v.exactOptional(v.array(v.string())),
    }),
  ),
})

/** A year of a busy journal says less. */
const MAX_BYTES = 256 << 20

/** What a command says is gone once the screen is back, so a person is waited for. */
const WAIT = 'printf "\\nEnter goes back to the screen. "; read -r _; exit $code'
const READ = `"$@"; code=$?; ${WAIT}`
/** An editor that was closed has said all. */
const EDIT = `"$@" && exit; code=$?; ${WAIT}`

/** @param flags what tells the program which gate is meant */
export function asides(flags: readonly string[], policyFile: string, signal: AbortSignal): Asides {
  const said = async (...args: string[]): Promise<string> => {
    const [, program = ''] = process.argv
    const options = { signal, maxBuffer: MAX_BYTES }
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], options)
      return stdout
    } catch (error) {
      const found = foundIn(error)
      if (found !== null) return found
      throw new Error(firstLine(error))
    }
  }
  const own = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await said(...args, ...flags, '--json'))
  return {
    audit: async () => v.parse(FOUND, await own('audit', '--json')).findings,
    policyFile,
    keepFilter: async ({ name, filter }) => {
      const { keepFilter } = await import('../config/edit-policy.ts')
      keepFilter(policyFile, name, filter)
      return `kept as ${name}, in ${policyFile}`
    },
    foreground: async args => {
      const [, program = ''] = process.argv
      const isEdit = args[0] === 'config'
      const command = [process.execPath, program, ...args, ...(isEdit ? [] : flags)]
      const script = ['-c', isEdit ? EDIT : READ, 'sh', ...command]
      const child = spawn('/bin/sh', script, { stdio: 'inherit' })
      // Ctrl-C is for the command alone.
      const ignore = (): void => {}
      process.on('SIGINT', ignore)
      const [code] = await once(child, 'exit').finally(() => process.off('SIGINT', ignore))
      return `${commandLine(args)}: ${code === 0 ? 'done' : `ended with ${code}`}`
    },
    mend: async (fix, what) => {
      // `trust` knows one policy only: this user's.
      const sure = fix[0] === 'audit' ? [...flags, `--what=${what}`, '--yes'] : []
      return (await said(...fix, ...sure)).trim().split('\n').at(-1) ?? ''
    },
    simulate: async ({ slot, entry }) => {
      const { actions, changes } = v.parse(
        CHANGED,
        await own('simulate', `--trust=${entry}`, '--as', slot),
      )
      const through = changes.filter(
        it => it.before.verdict !== 'allow' && it.after.verdict === 'allow',
      )
      return { actions, changed: changes.length, letThrough: through.map(it => it.action) }
    },
  }
}

/** A finding is no failure: the command ends with 1 and has said what it found. */
function foundIn(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  const [code, stdout]: unknown[] = [Reflect.get(error, 'code'), Reflect.get(error, 'stdout')]
  return code === 1 && typeof stdout === 'string' && stdout !== '' ? stdout : null
}

/** What a command said of why it did not do it. */
function firstLine(error: unknown): string {
  const said: unknown = typeof error === 'object' && error !== null && Reflect.get(error, 'stderr')
  const text = typeof said === 'string' && said.trim() !== '' ? said : String(error)
  return (text.trim().split('\n')[0] ?? '').replace(/^signalbox: /, '')
}
