/** The commands of the documents do what is said there: each `sh` block is run, in a throw-away home. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PROGRAM } from '../helpers/cli.ts'
import { blocksIn } from '../helpers/docs.ts'
import { put, tempFolder } from '../helpers/folder.ts'

interface Shell {
  readonly run: (script: string, input?: string) => { code: number | null; text: string }
}

/** A shell in a repository, in a home in which nothing is but `signalbox` on the path. */
function shell(): Shell {
  const home = tempFolder()
  const cwd = join(home, 'shop')
  mkdirSync(cwd)
  mkdirSync(join(home, '.claude'))
  execFileSync('git', ['init', '-q', cwd])
  const program = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`
  chmodSync(put(join(home, 'bin/signalbox'), program), 0o755)
  const env = { HOME: home, PATH: `${home}/bin:${process.env.PATH}`, TZ: 'UTC', TERM: 'dumb' }
  const run: Shell['run'] = (script, input = '') => {
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-ec', script], {
      cwd,
      env,
      input,
      encoding: 'utf8',
    })
    return { code: status, text: `${stdout}${stderr}` }
  }
  onTestFinished(() => void run('signalbox gate stop'))
  return { run }
}

/** A line may say that it ends with 1. */
const asTold = (script: string): string =>
  script.replaceAll(
    /^(.*?) +# exits with 1$/gm,
    (_, line: string) => `if ${line}; then exit 99; else [ $? -eq 1 ]; fi`,
  )

const DEMO = JSON.stringify({
  hook_event_name: 'PreToolUse',
  session_id: '3f6c1a52-9d1e-4c70-8b65-0a7d5e2f4c11',
  transcript_path: '/nonexistent.jsonl',
  cwd: '/home/dev/shop',
  permission_mode: 'auto',
  tool_name: 'Bash',
  tool_use_id: 'toolu_demo',
  tool_input: { command: 'git push https://github.com/partner/lib HEAD:topic' },
})

function runAll(file: string, { run }: Shell): void {
  const blocks = blocksIn(file, 'sh')
  expect(blocks.length).toBeGreaterThan(0)
  for (const { line, text } of blocks) {
    const { code, text: printed } = run(asTold(text))
    expect(code, `${file}:${line}\n${text}\n${printed}`).toBe(0)
    expect(printed).not.toContain('unexpected:')
  }
}

test('docs/recipes.md, from an empty home on', () => {
  runAll('docs/recipes.md', shell())
}, 60_000)

const AFTER_INIT = [
  'README.md',
  'docs/concepts.md',
  'docs/scripts.md',
  'docs/security-model.md',
  'docs/troubleshooting.md',
]

test.each(AFTER_INIT)(
  '%s, after init and one call of an agent',
  file => {
    const prepared = shell()
    const init = "signalbox init --yes --enable-as 'Dana Doe' --no-gateway"
    expect(prepared.run(init)).toMatchObject({ code: 0 })
    expect(prepared.run('signalbox hook', DEMO).text).toContain('push-external')
    runAll(file, prepared)
  },
  60_000,
)
