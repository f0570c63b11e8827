/** What the screen has done beside it, by the program itself: a long look holds up no frame. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as v from 'valibot'
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

/** A year of a busy journal says less. */
const MAX_BYTES = 256 << 20

export function asides(flags: readonly string[], signal: AbortSignal): Asides {
  const own = async (...args: string[]): Promise<unknown> => {
    const [, program = ''] = process.argv
    const options = { signal, maxBuffer: MAX_BYTES }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, ...args, ...flags, '--json'],
      options,
    ).catch(error => {
      throw new Error(firstLine(error))
    })
    return JSON.parse(stdout)
  }
  return {
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

/** What a command said of why it did not do it. */
function firstLine(error: unknown): string {
  const said: unknown = typeof error === 'object' && error !== null && Reflect.get(error, 'stderr')
  const text = typeof said === 'string' && said.trim() !== '' ? said : String(error)
  return (text.trim().split('\n')[0] ?? '').replace(/^signalbox: /, '')
}
