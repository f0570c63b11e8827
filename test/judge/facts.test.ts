import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gatherFacts } from '../../src/judge/facts.ts'
import type { Facts } from '../../src/judge/types.ts'
import { bash } from './facts.ts'

let home = ''
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-facts-')))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), text)
}

function gather(
  command: string,
  folder = 'app',
  remotes: Facts['remotes'] | null = null,
): Promise<Facts> {
  const cwd = join(home, folder)
  const baseline = { remotes, createdByAgent: [] }
  return gatherFacts(
    { cwd, projectRoot: cwd, home, call: bash(command), words: [], baseline, guarded: [] },
    5000,
  )
}

test('remotes with includes, insteadOf and pushurl; branch and default branch', async () => {
  put(
    'app/.git/config',
    '[remote "origin"]\n\turl = acme:app.git\n[include]\n\tpath = more\n[branch "x"]\n\tremote = origin\n',
  )
  put(
    'app/.git/more',
    '[remote "up"]\n  url = https://a.example/x/y # note\n  pushurl = "https://b.example/x/y"\n',
  )
  put('.gitconfig', '[url "git@github.com:acme/"]\n\tinsteadOf = acme:\n')
  put('app/.git/HEAD', 'ref: refs/heads/topic/one\n')
  put('app/.git/refs/remotes/origin/HEAD', 'ref: refs/remotes/origin/trunk\n')
  const facts = await gather('ls')
  expect(facts.remotesNow).toEqual({
    origin: 'git@github.com:acme/app.git',
    up: 'https://b.example/x/y',
  })
  expect(facts).toMatchObject({ branch: 'topic/one', defaultBranch: 'trunk' })
  const kept = await gather('ls', 'app', { origin: 'https://kept.example/a/b' })
  expect(kept.remotes).toEqual({ origin: 'https://kept.example/a/b' })
})

test('a worktree has its own branch and the remotes of the repository', async () => {
  put('app/.git/config', '[remote "origin"]\n\turl = https://a.example/x/y\n')
  put('app/.git/worktrees/w/HEAD', 'ref: refs/heads/w\n')
  put('app/.git/worktrees/w/commondir', '../..\n')
  put('w/.git', `gitdir: ${join(home, 'app/.git/worktrees/w')}\n`)
  const facts = await gather('ls', 'w')
  expect(facts).toMatchObject({ branch: 'w', remotesNow: { origin: 'https://a.example/x/y' } })
})

test('reads what the call touches: scripts, scripts in scripts, links, and what is not there', async () => {
  put('app/a.sh', 'sh ./b.sh')
  put('app/b.sh', 'rm -rf ~')
  put('app/other.sh', 'not touched')
  symlinkSync('/somewhere', join(home, 'app/link'))
  const { files } = await gather('sh a.sh; cat link/x; cat none')
  const at = (path: string) => files[join(home, 'app', path)]
  expect(at('a.sh')).toEqual({ kind: 'file', content: 'sh ./b.sh' })
  expect(at('b.sh')).toEqual({ kind: 'file', content: 'rm -rf ~' })
  expect(at('link')).toEqual({ kind: 'link', to: '/somewhere' })
  expect(at('none')).toEqual({ kind: 'absent' })
  expect(at('other.sh')).toBeUndefined()
})

test('without time all is unknown, and nothing fails', async () => {
  put('app/.git/config', '[remote "origin"]\n\turl = https://a.example/x/y\n')
  const cwd = join(home, 'app')
  const baseline = { remotes: null, createdByAgent: [] }
  const facts = await gatherFacts(
    { cwd, projectRoot: cwd, home, call: bash('cat a'), words: [], baseline, guarded: [] },
    0,
  )
  expect(facts).toMatchObject({ cwd, remotesNow: {} })
})

test("programs' own settings: hosts behind names, the cluster that is meant and none of its keys", async () => {
  put('.ssh/config', 'Host box\n  HostName 203.0.113.9\n')
  put('.kube/config', 'current-context: prod-eu\nusers:\n- user: {token: not-a-real-one}\n')
  put('app/requirements.txt', 'httpx==0.27\n')
  expect((await gather('ssh box ls')).files[join(home, '.ssh/config')]?.kind).toBe('file')
  expect((await gather('kubectl get pods')).files[join(home, '.kube/config')]).toEqual({
    kind: 'file',
    content: 'current-context: prod-eu',
  })
  expect((await gather('pip install httpx')).files[join(home, 'app/requirements.txt')]?.kind).toBe(
    'file',
  )
  expect((await gather('ls')).files[join(home, '.kube/config')]).toBeUndefined()
})
