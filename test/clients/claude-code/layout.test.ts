import { mkdirSync, symlinkSync, utimesSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { agentNameOf } from '../../../src/clients/claude-code/agent-name.ts'
import {
  agentOf,
  defaultRoot,
  findTranscripts,
  transcriptAt,
} from '../../../src/clients/claude-code/layout.ts'
import { FIXTURES, put, tempFolder } from '../../helpers/folder.ts'
import { promptLine, SESSION, text } from '../../helpers/lines.ts'

const found = (root: string): string[] =>
  findTranscripts(root)
    .map(t => relative(root, t.path))
    .sort()

describe('which files are transcripts', () => {
  test('sessions and subagents, not hook logs and stream-json', () => {
    const session = '05ddb86e-1c43-410d-b3e9-d675f27a54ef'
    expect(found(join(FIXTURES, 'auto-classifier-2.1.150'))).toEqual([
      `${session}.jsonl`,
      join(session, 'subagents', 'agent-a6423e7b205e9d60a.jsonl'),
    ])
  })

  test('a file by any other name, by what its lines have', () => {
    const root = tempFolder()
    put(join(root, 'saved.jsonl'), text(promptLine('hi')))
    put(join(root, 'other.jsonl'), '{"sessionId":"x"}\n{"uuid":"y"}\n')
    put(join(root, 'saved.json'), text(promptLine('hi')))
    expect(found(root)).toEqual(['saved.jsonl'])
  })

  test('a client’s new file, even when it is still empty', () => {
    const root = tempFolder()
    put(join(root, `${SESSION}.jsonl`), '')
    put(join(root, 'notes.jsonl'), '')
    expect(found(root)).toEqual([`${SESSION}.jsonl`])
  })

  test('of a config folder only what is under projects', () => {
    const root = tempFolder()
    put(join(root, 'projects', '-app', `${SESSION}.jsonl`), text(promptLine('hi')))
    put(join(root, 'backup', `${SESSION}.jsonl`), text(promptLine('hi')))
    expect(found(root)).toEqual([join('projects', '-app', `${SESSION}.jsonl`)])
  })

  test('one file is its own folder', () => {
    const path = put(join(tempFolder(), 'one.jsonl'), text(promptLine('hi')))
    expect(findTranscripts(path).map(t => t.path)).toEqual([path])
  })

  test('nothing is found where nothing is', () => {
    expect(findTranscripts('/no/such/folder')).toEqual([])
    expect(transcriptAt('/no/such.jsonl')).toBeNull()
  })

  test('a folder or a dangling link named like a transcript does not stop the search', () => {
    const root = tempFolder()
    mkdirSync(join(root, 'folder.jsonl'))
    symlinkSync('/no/such', join(root, 'dangling.jsonl'))
    put(join(root, 'good.jsonl'), text(promptLine('hi')))
    expect(found(root)).toEqual(['good.jsonl'])
  })

  test('the one that changed last comes first', () => {
    const root = tempFolder()
    for (const [name, seconds] of [
      ['b', 300],
      ['a', 500],
      ['c', 100],
    ] as const) {
      const path = put(join(root, `${name}.jsonl`), text(promptLine('hi')))
      utimesSync(path, seconds, seconds)
    }
    expect(findTranscripts(root).map(t => basename(t.path))).toEqual([
      'a.jsonl',
      'b.jsonl',
      'c.jsonl',
    ])
  })
})

describe('subagents', () => {
  test('the id is in the name of the file', () => {
    expect(agentOf('/p/s/subagents/agent-a6423e7b205e9d60a.jsonl')).toBe('a6423e7b205e9d60a')
    expect(agentOf(`/p/${SESSION}.jsonl`)).toBe('')
  })

  test('what it is called stands in the file beside', () => {
    const root = tempFolder()
    const transcript = join(root, 'agent-a1.jsonl')
    expect(agentNameOf(transcript)).toBe('')
    put(join(root, 'agent-a1.meta.json'), '{"agentType":"Explore","description":"look"}')
    expect(agentNameOf(transcript)).toBe('Explore')
    put(join(root, 'agent-a1.meta.json'), '{"description":"look around"}')
    expect(agentNameOf(transcript)).toBe('look around')
    put(join(root, 'agent-a1.meta.json'), '{"agentType":')
    expect(agentNameOf(transcript)).toBe('')
  })
})

test('the client’s config folder', () => {
  expect(defaultRoot({ CLAUDE_CONFIG_DIR: '/cfg' })).toBe('/cfg')
  expect(defaultRoot({ CLAUDE_CONFIG_DIR: '' })).toBe(join(homedir(), '.claude'))
})
