import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { liveSessions } from '../../../src/clients/claude-code/presence.ts'
import { put, tempFolder } from '../../helpers/folder.ts'

const AT = 1_795_433_024_682

/** As the client writes it. */
function told(root: string, pid: number, more: object = {}): void {
  put(
    join(root, 'sessions', `${pid}.json`),
    JSON.stringify({
      pid,
      sessionId: `session-of-${pid}`,
      cwd: '/home/dev/app',
      startedAt: AT,
      procStart: ownStart(),
      version: '2.1.330',
      kind: 'interactive',
      status: 'busy',
      updatedAt: AT + 5,
      ...more,
    }),
  )
}

/** When this process began, in the words of the kernel. */
function ownStart(): string {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  const { pid } = child
  await once(child, 'exit')
  if (pid === undefined) throw new Error('no process was started')
  return pid
}

const SELF = { session: `session-of-${process.pid}`, at: AT + 5 }

describe('sessions that live', () => {
  test('busy, as the client says', () => {
    const root = tempFolder()
    told(root, process.pid)
    expect(liveSessions(root)).toEqual([{ ...SELF, presence: { status: 'busy' } }])
  })

  test('waiting for a person, and for what', () => {
    const root = tempFolder()
    told(root, process.pid, { status: 'waiting', waitingFor: 'permission prompt' })
    const presence = { status: 'waiting', waitingFor: 'permission prompt' }
    expect(liveSessions(root)).toEqual([{ ...SELF, presence }])
  })

  test('a status of next year is busy', () => {
    const root = tempFolder()
    told(root, process.pid, { status: 'dreaming' })
    expect(liveSessions(root)).toEqual([{ ...SELF, presence: { status: 'busy' } }])
  })

  test('since its start when it never changed', () => {
    const root = tempFolder()
    told(root, process.pid, { updatedAt: undefined })
    expect(liveSessions(root)?.[0]?.at).toBe(AT)
  })
})

describe('sessions that do not', () => {
  test('one whose process was killed', async () => {
    const root = tempFolder()
    told(root, await deadPid())
    expect(liveSessions(root)).toEqual([])
  })

  test('one whose number another process has now', () => {
    const root = tempFolder()
    told(root, process.pid, { procStart: '1' })
    expect(liveSessions(root)).toEqual([])
  })

  test('a folder that is not there tells nothing at all', () => {
    expect(liveSessions(tempFolder())).toBeNull()
  })
})

describe('files that are something else', () => {
  test('keys beside are not sessions', () => {
    const root = tempFolder()
    told(root, process.pid)
    const key = JSON.stringify({ pid: process.pid, sessionId: 'secret' })
    put(join(root, 'sessions', `${process.pid}.key`), key)
    put(join(root, 'sessions', `${process.pid}.json.key`), key)
    put(join(root, 'sessions', 'key.json'), key)
    expect(liveSessions(root)?.map(l => l.session)).toEqual([SELF.session])
  })

  test.each(['', '{"pid":', '[]', '{"pid":-1,"sessionId":"x"}', '{"pid":"1","sessionId":"x"}'])(
    'half written or odd: %j',
    content => {
      const root = tempFolder()
      told(root, process.pid)
      put(join(root, 'sessions', '1.json'), content)
      mkdirSync(join(root, 'sessions', '2.json'))
      expect(liveSessions(root)?.map(l => l.session)).toEqual([SELF.session])
    },
  )
})
