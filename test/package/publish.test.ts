/** Nothing is published that cannot be traced: the workflow, and what it asks before. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { put, tempFolder } from '../helpers/folder.ts'
import { REPOSITORY, runProgram } from './packed.ts'

const WORKFLOW = join(REPOSITORY, '.github/workflows/publish.yml')
const SCRIPT = join(REPOSITORY, 'scripts/publishable.js')
const ADDRESS = 'https://github.example/acme/signalbox'

describe('the workflow', () => {
  const { on, permissions, jobs } = parse(readFileSync(WORKFLOW, 'utf8'))
  const steps: { run?: string; uses?: string }[] = jobs.publish.steps

  test('runs for a tag, with the rights to prove where it ran and no others', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } })
    expect(permissions).toEqual({})
    expect(jobs.publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(readFileSync(WORKFLOW, 'utf8')).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|_authToken/)
  })

  test('any action in it is pinned to a commit', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/)
  })

  test('asks, installs by the lockfile, tests, and only then publishes', () => {
    const words = [
      'git clone',
      'publishable.js',
      'npm ci',
      'audit signatures',
      'npm test',
      'publish',
    ]
    expect(steps).toHaveLength(words.length)
    for (const [i, word] of words.entries()) expect(steps[i]?.run).toContain(word)
  })
})

describe('before anything is installed', () => {
  const WHOLE = {
    version: '1.2.3',
    repository: { type: 'git', url: `git+${ADDRESS}.git` },
    publishConfig: { provenance: true },
  }
  async function asked(manifest: object, tag = 'v1.2.3'): Promise<string> {
    const cwd = tempFolder()
    put(join(cwd, 'package.json'), JSON.stringify(manifest))
    put(join(cwd, 'CHANGELOG.md'), '## 1.2.3\n')
    const { code, stderr } = await runProgram(process.execPath, [SCRIPT, tag, ADDRESS], { cwd })
    expect(code).toBe(stderr === '' ? 0 : 2)
    return stderr
  }

  test('a whole one may go', async () => expect(await asked(WHOLE)).toBe(''))

  test.each([
    ['another tag', WHOLE, 'v1.2.4', "the tag is 'v1.2.4' and package.json says version 1.2.3"],
    ['no repository', { ...WHOLE, repository: undefined }, 'v1.2.3', 'names no repository'],
    [
      'another repository',
      { ...WHOLE, repository: 'https://x.example/y' },
      'v1.2.3',
      'x.example/y',
    ],
    ['no provenance', { ...WHOLE, publishConfig: {} }, 'v1.2.3', '"provenance": true'],
    ['no word of it', { ...WHOLE, version: '9.9.9' }, 'v9.9.9', 'CHANGELOG.md says nothing'],
  ])('%s is one line', async (_, manifest, tag, words) => {
    const told = await asked(manifest, tag)
    expect(told).toMatch(/^publish: [^\n]+\n$/)
    expect(told).toContain(words)
  })
})
