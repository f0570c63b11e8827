/** Writes docs/rules.md from the rules themselves. `npm run rules:doc`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { GROUPS, type Group, HEADINGS, type Rule } from '../src/judge/rules/rule.ts'
import { RULES } from '../src/judge/rules/rules.ts'

export const RULES_FILE = fileURLToPath(new URL('../docs/rules.md', import.meta.url))

const HEAD = `# Built-in rules

<!-- Written by 'npm run rules:doc' from src/judge/rules: change the rules, not this file. -->

Each rule is a question about what an action does, whichever tool or command does it. The examples are
tested, and are no more than examples. \`signalbox rules\` prints the same list, with the rules
of your policy and what it switches off; \`signalbox check CMD\` says which rule holds for a command.

| tier | meaning |
|---|---|
| \`hard_deny\` | refused; nothing clears it |
| \`soft_deny\` | refused, unless trust, your own words, an \`allow\` rule or an override clear it |
| \`ask\` | a person is asked, unless one of these clears it |

A rule is switched off by its id under \`rules_off\` in the policy, except those of the guard. How to
write rules of your own: [control.md](control.md#rules).
`

const ABOUT: Readonly<Record<Group, string>> = {
  destroy: 'What is lost, or leaves the machine, and cannot be had back.',
  posture: 'What makes the machine, the accounts or the project less safe than they were.',
  trust: 'What comes from, or goes to, somebody who is not trusted.',
  review: 'What others see, rely on or should have agreed to.',
  boundary: 'What the user said must not happen.',
  guard: 'What would let an agent out of the guard itself. These cannot be switched off.',
}

export function rulesDoc(): string {
  const groups = GROUPS.map(group => {
    const rules = RULES.filter(rule => rule.group === group)
    return [`## ${HEADINGS[group]}\n\n${ABOUT[group]}\n`, ...rules.map(ruleDoc)].join('\n')
  })
  return [HEAD, ...groups].join('\n')
}

function ruleDoc({ id, tier, sentence, examples }: Rule): string {
  const block = (title: string, commands: readonly string[]): string =>
    commands.length === 0 ? '' : `\n${title}\n\n\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n`
  const { finds, leaves } = examples
  return `### \`${id}\`\n\n\`${tier}\`. ${sentence}\n${block('Finds:', finds)}${block('Leaves:', leaves)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(RULES_FILE, rulesDoc())
