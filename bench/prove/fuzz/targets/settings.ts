/** The client's settings.json: our hooks go in and out again, and nothing else changes by a byte. */
import { isDeepStrictEqual } from 'node:util'
import { parse } from 'jsonc-parser'
import { hooksOf, withHooks, withoutHooks } from '../../../../src/clients/claude-code/settings.ts'
import { plainValue } from '../../../../src/clients/claude-code/settings-text.ts'
import { parseStatus } from '../../../../src/clients/claude-code/status-line.ts'
import type { Install } from '../../../../src/config/install.ts'
import { UsageError } from '../../../../src/config/usage-error.ts'
import { type Bench, must, type Target } from '../target.ts'
import { saidOf } from './theme.ts'

const INSTALL: Install = {
  node: '/usr/bin/node',
  program: '/opt/signalbox/bin/signalbox.js',
  config: '/home/dev/.config/signalbox',
  state: '/home/dev/.local/state/signalbox',
  sockets: '/home/dev/.local/state/signalbox/s',
  managed: '/etc/signalbox/policy.yaml',
  client: '/home/dev/.claude',
  checkpoint: null,
  home: '/home/dev',
}
const PATH = '/home/dev/.claude/settings.json'
const isOurs = (command: string): boolean => command.startsWith('signalbox=1')

const SEEDS: readonly string[] = [
  '',
  '{}',
  '{"model":"opus"}',
  '{\n\t"model": "opus",\n\t"env": {\n\t\t"A": "1"\n\t}\n}\n',
  '{\r\n    "model": "opus"\r\n}\r\n',
  '{\n  "model": "opus", // mine\n}\n',
  '{\n  "model": "opus" /* mine */ ,\n}\n',
  '{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"x"}]}]}}',
  '{\n  "hooks": {\n    "Stop": []\n  }\n}\n',
  '{ "hooks": { // mine\n } }',
  '{"permissions":{"allow":["Bash(npm test)"],"deny":[]},"hooks":{"Stop":[{"hooks":[]}]},"a":[1,2,   3]}',
  '{"session_id":"s1","transcript_path":"/t.jsonl","cost":{"total_cost_usd":1.25}}',
]

class Settings implements Bench {
  try(input: Buffer): string {
    const text = input.toString('utf8')
    const { costUsd, session, transcript } = parseStatus(text)
    must(costUsd === null || (Number.isFinite(costUsd) && costUsd >= 0), `it costs ${costUsd}`)
    must(typeof session === 'string' && typeof transcript === 'string', 'no texts')
    try {
      const before = hooksOf(PATH, text)
      const put = withHooks(PATH, text, INSTALL)
      const added = hooksOf(PATH, put.text).length - before.length
      must(added > 5, `${added} hooks were put in`)
      must(isDeepStrictEqual(others(put.text), others(text)), 'other settings are others')
      if (before.some(it => isOurs(it.command))) return 'ours are there'
      // Of an empty file all is ours, and what is left is no part of it.
      if (plainValue(text) !== undefined)
        must(withoutHooks(PATH, put.text, isOurs, put) === text, 'taken out, it is another text')
      const blind = withoutHooks(PATH, put.text, isOurs, null)
      must(!hooksOf(PATH, blind).some(it => isOurs(it.command)), 'some of ours are left')
      return `hooks ${before.length} ${put.pieces.length} ${costUsd === null}`
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      return saidOf(error, PATH)
    }
  }

  close(): void {}
}

/** What does not belong to hooks. */
function others(text: string): unknown {
  const value: unknown = parse(text, [], { allowTrailingComma: true })
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).filter(([name]) => name !== 'hooks')
}

export const settings: Target = {
  name: 'settings',
  shape: 'json',
  mostBytes: 4096,
  seeds: () => SEEDS.map(it => Buffer.from(it)),
  words: ['//', '/*', '*/', 'hooks', 'PreToolUse', 'Stop', 'SessionStart', 'command', ',\n'],
  open: async () => new Settings(),
}
