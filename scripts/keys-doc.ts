/** Writes docs/keys.md from the keymap. `npm run docs`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FILTER_KEYS } from '../src/monitor/filter.ts'
import { BINDINGS, isAct, signOf } from '../src/ui/keymap.ts'
import { DOCS } from './schema.ts'

export const KEYS_DOC = `${DOCS}keys.md`

const HEAD = `# Keys

<!-- Written by 'npm run docs' from src/ui/keymap.ts: change the keymap, not this file. -->

\`?\` shows them on the screen, and the foot of the screen those that can act now. What the acting keys do to a
running agent is told in [control.md](control.md#keys); try all of them on the sample: \`signalbox demo\`.
`

const EXAMPLES: Readonly<Record<string, string>> = {
  state: 'state:blocked,pending',
  by: 'by:classifier',
  outcome: 'outcome:failed',
  tool: 'tool:bash',
  session: '!session:5444',
  agent: 'agent:main',
  project: 'project:shop',
  model: 'model:opus',
  text: 'text:"git push"',
}

const TAIL = `
A key that cannot act says at the foot why: no gate (\`signalbox init\`), \`--read-only\`, nothing selected that
it could act on, or a lock of the managed policy.

## The filter

Typed after its key, live. Words must all be there; \`a,b\` is a or b; \`!\` before a word is its opposite. A word
without a key is looked for in the action's own text.

| key | example |
|---|---|
${FILTER_KEYS.map(key => `| \`${key}:\` | \`${EXAMPLES[key] ?? key}\` |`).join('\n')}
`

export function keysDoc(): string {
  const looking = BINDINGS.filter(({ command }) => !isAct(command))
  const acting = BINDINGS.filter(({ command }) => isAct(command))
  return [
    HEAD,
    '## To look',
    '',
    ...table(looking),
    '',
    '## To act',
    '',
    'These need the gate.',
    '',
    ...table(acting),
    TAIL,
  ].join('\n')
}

/** Keys that are explained together stand together. */
function table(bindings: typeof BINDINGS): string[] {
  const byHelp = Map.groupBy(bindings, ({ help }) => help)
  const rows = Array.from(byHelp, ([help, all]) => {
    const keys = all.flatMap(({ keys }) => keys).map(key => `\`${signOf(key)}\``)
    return `| ${keys.join(' ').replaceAll('|', '\\|')} | ${help} |`
  })
  return ['| key | what it does |', '|---|---|', ...rows]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(KEYS_DOC, keysDoc())
