/** Writes docs/keys.md from the keymap. `npm run docs`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FILTER_KEYS } from '../src/monitor/filter.ts'
import { BINDINGS } from '../src/ui/bindings.ts'
import { isAct, signOf } from '../src/ui/keymap.ts'
import { DOCS } from './schema.ts'

export const KEYS_DOC = `${DOCS}keys.md`

const HEAD = `# Keys

<!-- Written by 'npm run docs' from src/ui/bindings.ts: change the bindings, not this file. -->

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

## Your own keys

Every command can have other keys, in \`config.yaml\`. Two commands that do something on one screen may not share a
key; \`signalbox config check\` and the screen at its start say which do, with file and line. \`Ctrl-C\` always ends
the program. Help, titles and hints tell the keys that you chose.

\`\`\`yaml
keys: { approve: y, copy: [C, ctrl+y], trust: [] }
\`\`\`

## The palette

\`:\` (or \`Ctrl-K\`) finds any command, screen, theme, session or kept filter by a part of its name, and does it.

## The filter

\`Tab\` completes, \`↑\` and \`↓\` recall earlier filters, \`Ctrl-S\` keeps one under a name.

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

function table(bindings: typeof BINDINGS): string[] {
  const rows = bindings.map(({ command, keys, help, name = help, on }) => {
    const signs = keys.map(key => `\`${signOf(key)}\``).join(' ')
    const where = on === undefined ? 'everywhere' : on.join(', ')
    return `| ${signs.replaceAll('|', '\\|')} | ${name} | ${where} | \`${command}\` |`
  })
  return ['| key | what it does | on the screen | command |', '|---|---|---|---|', ...rows]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(KEYS_DOC, keysDoc())
