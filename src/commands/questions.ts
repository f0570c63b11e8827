/** Asks the person at the terminal. */
import { createInterface } from 'node:readline/promises'
import { UsageError } from '../config/usage-error.ts'

export interface Questions {
  readonly yes: (question: string) => Promise<boolean>
  readonly text: (question: string, otherwise: string) => Promise<string>
}

/** @throws UsageError without a terminal: then a script has to say what it wants */
export function terminalQuestions(needs: string): Questions {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UsageError(`nobody to ask without a terminal: use ${needs}, or --print to only see`)
  const ask = async (question: string): Promise<string> => {
    const lines = createInterface({ input: process.stdin, output: process.stdout })
    try {
      return (await lines.question(question)).trim()
    } finally {
      lines.close()
    }
  }
  return {
    yes: async question => /^y(es)?$/i.test(await ask(`${question} [y/N] `)),
    text: async (question, otherwise) => (await ask(`${question} [${otherwise}] `)) || otherwise,
  }
}
