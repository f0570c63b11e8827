/** `signalbox rules`: what is in force, and what one rule finds. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RULES_FILE, rulesDoc } from '../../scripts/rules-doc.ts'
import { run } from '../../src/commands/rules.ts'
import { RULES } from '../../src/judge/rules/rules.ts'
import { put } from '../helpers/folder.ts'
import { desk } from './desks.ts'

const POLICY = `rules:
  - id: no-publish
    tier: hard_deny
    reason: Packages are published by the release job.
    command: npm publish
    match: [npm publish --tag next]
    no_match: [npm pack]
rules_off: [new-package]
`

test("docs/rules.md is up to date; 'npm run rules:doc' writes it", () => {
  expect(readFileSync(RULES_FILE, 'utf8')).toBe(rulesDoc())
})

test('every built-in rule stands once, under its heading', async () => {
  const at = desk()
  expect(await run([], at)).toBe(0)
  expect(at.printed.filter(line => /^\S/.test(line))).toEqual([
    'Destroy or exfiltrate',
    'Degrade security posture',
    'Cross trust boundaries',
    'Bypass review or affect others',
    'Boundary',
    'Guard',
  ])
  const ids = at.printed.flatMap(line => /^ {2}\S+ +(\S+)/.exec(line)?.[1] ?? [])
  expect(ids.toSorted()).toEqual(RULES.map(it => it.id).toSorted())
})

test("the policy's own stand with their place, and what it switches off says where", async () => {
  const at = desk()
  put(at.configFile, POLICY)
  expect(await run([], at)).toBe(0)
  const line = (id: string) => at.printed.find(it => it.includes(` ${id} `))?.replace(/ +/g, ' ')
  expect(line('new-package')).toBe(
    ` off new-package Installs or runs a package that the project does not list. [off: ${at.configFile}:8]`,
  )
  expect(line('no-publish')).toBe(
    ` hard_deny no-publish Packages are published by the release job. [any tool, command 'npm publish'; ${at.configFile}:2]`,
  )
})

test('of one rule: what it finds and what it leaves', async () => {
  const at = desk()
  put(at.configFile, POLICY)
  await run(['new-package'], at)
  expect(at.printed.slice(0, 5)).toEqual([
    'new-package  (ask; Cross trust boundaries)',
    'Installs or runs a package that the project does not list.',
    'from    built in',
    `off     ${at.configFile}:8`,
    'finds   npm install left-pad',
  ])
  expect(at.printed.at(-1)).toBe('leaves  npm install')
  await run(['no-publish', '--json'], at)
  expect(JSON.parse(at.printed.at(-1) ?? '')).toEqual({
    id: 'no-publish',
    group: 'Rules of the policy',
    tier: 'hard_deny',
    sentence: 'Packages are published by the release job.',
    over: "any tool, command 'npm publish'",
    from: `${at.configFile}:2`,
    off: '',
    finds: ['npm publish --tag next'],
    leaves: ['npm pack'],
  })
})

test('--json has all of them', async () => {
  const at = desk()
  put(at.configFile, POLICY)
  await run(['--json'], at)
  const { rules } = JSON.parse(at.printed.join(''))
  expect(rules).toHaveLength(RULES.length + 1)
  expect(rules[0]).toMatchObject({ id: 'exfil-secret', group: 'Destroy or exfiltrate', off: '' })
})

test('an id that is no rule names the nearest, of the policy too', async () => {
  const at = desk()
  put(at.configFile, POLICY)
  await expect(run(['publsh'], at)).rejects.toThrow(
    /^no rule is called 'publsh'; the nearest is 'publish'$/,
  )
  await expect(run(['nopublish'], at)).rejects.toThrow(/the nearest is 'no-publish'$/)
  await expect(run(['publish', 'tunnel'], at)).rejects.toThrow(/takes the id of one rule, or none/)
})

test('a policy that does not fit is told after the list, which helps to mend it', async () => {
  const at = desk()
  put(at.configFile, 'rules_off: [new-packages]\n')
  await expect(run([], at)).rejects.toThrow(
    /config\.yaml:1:13: rules_off\.0: no built-in rule is called 'new-packages'; the nearest is 'new-package'/,
  )
  expect(at.printed.some(line => line.includes(' new-package '))).toBe(true)
})
