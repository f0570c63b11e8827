/** The hook in real shells against real sockets: whatever goes wrong, nothing is approved. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PROTOCOL, PROTOCOL_HEADER } from '../../../src/action/protocol.ts'
import {
  answerOnFailure,
  HOOK_EVENT_NAMES,
  HOOK_EVENTS,
  hookCommand,
  isHookCommand,
} from '../../../src/clients/claude-code/hook-command.ts'
import type { Install } from '../../../src/config/install.ts'
import { put, tempFolder } from '../../helpers/folder.ts'
import { ALLOW, allowing, gateAt, installIn, runHook } from '../../helpers/hook.ts'

const HERE = [
  { file: '/bin/sh', name: 'sh' },
  { file: '/bin/dash', name: 'dash' },
  { file: '/bin/bash', name: 'bash' },
  { file: '/bin/bash', name: 'sh' }, // as macOS and others have it
].filter(({ file }) => existsSync(file))

const ASK = `${answerOnFailure('PreToolUse')}\n`
const socketOf = (install: Install): string => join(install.sockets, 'hook.sock')

/** The same text with seconds that a test can wait for. */
const hasty = (command: string): string =>
  command.replace('ask 590 ', 'ask 0.3 ').replace('ask 5;', 'ask 0.1;')

describe.each(HERE)('$file as $name', shell => {
  test('gives the payload to the gate and its answer to the client', async () => {
    const install = installIn(tempFolder())
    const asked = await gateAt(socketOf(install), allowing)
    const payload = `{"tool_name":"Bash","tool_input":{"command":"printf '%s\\\\n' \\"$PATH\\" é\\t"}}`
    const ran = await runHook(shell, hookCommand(install, 'PreToolUse'), { payload })
    expect(ran).toEqual({ code: 0, stdout: `${ALLOW}\n` })
    expect(asked.map(a => [a.url, a.body])).toEqual([['/hook', payload]])
  })

  test('5 MB arrive whole', async () => {
    const install = installIn(tempFolder())
    const asked = await gateAt(socketOf(install), allowing)
    const payload = JSON.stringify({ text: 'é\\n"$(id)`'.repeat(500_000) })
    const ran = await runHook(shell, hookCommand(install, 'PreToolUse'), { payload })
    expect(ran.stdout).toBe(`${ALLOW}\n`)
    expect(asked[0]?.body === payload).toBe(true)
  })

  const BAD: readonly (readonly [string, RequestListener])[] = [
    ['an error page', (_, response) => response.writeHead(500).end(ALLOW)],
    ['an empty answer', (_, response) => response.end()],
    ['nothing but white space', (_, response) => response.end(' \n')],
    ['no JSON', (_, response) => response.end('allow')],
    ['half an object', (_, response) => response.end(ALLOW.slice(0, 40))],
    [
      'an answer that breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': 500 }).write(ALLOW, () => response.destroy())
      },
    ],
    [
      'chunks that break off after a whole object',
      (_, response) => {
        response.write(ALLOW, () => response.destroy())
      },
    ],
    ['a closed connection', (_, response) => response.destroy()],
    ['no answer at all', () => {}],
    ['an answer that does not end', (_, response) => void response.write(ALLOW)],
  ]
  test.each(BAD)('%s: asks the user, and says it once', async (_, answer) => {
    const install = installIn(tempFolder())
    await gateAt(socketOf(install), answer)
    const ran = await runHook(shell, hasty(hookCommand(install, 'PreToolUse')))
    expect(ran).toEqual({ code: 0, stdout: ASK })
  })

  test('no gate, and none can be started: asks; for what decides nothing, an empty object', async () => {
    const install = installIn(tempFolder())
    for (const event of HOOK_EVENT_NAMES) {
      const { code, stdout } = await runHook(shell, hookCommand(install, event))
      expect([event, code, stdout]).toEqual([event, 0, event === 'PreToolUse' ? ASK : '{}\n'])
    }
  })

  test('no Node, no folder of sockets: asks', async () => {
    const install = installIn(tempFolder())
    rmSync(install.node)
    rmSync(install.sockets, { recursive: true })
    expect((await runHook(shell, hookCommand(install, 'PreToolUse'))).stdout).toBe(ASK)
  })

  test('starts the gate with a clean environment, and asks it', async () => {
    const folder = tempFolder()
    // Stands for the gate: notes how it was started, and waits for the one that the test starts.
    const install = installIn(
      folder,
      `/usr/bin/env > '${folder}/env'; echo "$@" > '${folder}/args'; echo '{"noise":1}'
       while ! [ -e '${folder}/run/hook.sock' ]; do sleep 0.02; done`,
    )
    const running = runHook(shell, hookCommand(install, 'PreToolUse'), {
      payload: '{"a":1}',
      env: { NODE_OPTIONS: '--require=/tmp/evil.js', PATH: folder, HOME: '/evil', X: '1' },
    })
    while (!existsSync(join(folder, 'args'))) await new Promise(r => setTimeout(r, 5))
    const asked = await gateAt(socketOf(install), allowing)
    expect(await running).toEqual({ code: 0, stdout: `${ALLOW}\n` })
    expect(asked.map(a => a.body)).toEqual(['{"a":1}'])
    const env = readFileSync(join(folder, 'env'), 'utf8').split('\n')
    expect(env.filter(line => !/^(PWD|SHLVL|_|OLDPWD)=|^$/.test(line)).sort()).toEqual([
      `HOME=${folder}`,
      'PATH=/usr/bin:/bin',
    ])
    expect(readFileSync(join(folder, 'args'), 'utf8')).toBe(
      `${install.program} gate run --install ${install.state}/install.json --detach\n`,
    )
  })

  test('facts of the environment travel as headers', async () => {
    const install = installIn(tempFolder())
    const asked = await gateAt(socketOf(install), allowing)
    await runHook(shell, hookCommand(install, 'PreToolUse'), {
      env: {
        CLAUDE_CODE_ENTRYPOINT: 'sdk-cli',
        CLAUDE_CODE_SESSION_ATTENDED: '1',
        CLAUDE_PID: '4711',
        ANTHROPIC_BASE_URL: 'http://[::1]:8399/v1/~dev/a_b-c%20d',
        CLAUDE_CODE_USE_VERTEX: 'x\r\nx-evil: 1',
      },
    })
    await runHook(shell, hookCommand(install, 'PreToolUse'))
    expect(asked.map(ours)).toEqual([
      {
        'x-signalbox-entrypoint': 'sdk-cli',
        'x-signalbox-attended': '1',
        'x-signalbox-pid': '4711',
        'x-signalbox-base-url': 'http://[::1]:8399/v1/~dev/a_b-c%20d',
        'x-signalbox-cloud': 'vertex',
      },
      {},
    ])
    // What the hook itself speaks is in its text, and no variable changes it.
    for (const { headers } of asked) expect(headers[PROTOCOL_HEADER]).toBe(String(PROTOCOL))
  })

  const SMUGGLED = [
    '1\r\nx-signalbox-pid: 1',
    'good\n',
    '\n',
    ' http://a.example',
    'http://good.example\n.evil.example',
    'http://user:secret@a.example',
    '1\r\n\r\n{"session_id":"other"}',
    '$(id)',
    '`id`',
    '"; id; "',
    '*',
    '\\',
    'é',
    '\u{1f600}',
    '1;2',
    "'",
    '@/etc/passwd',
    '\u007f',
    '\u0001',
  ]
  test.each(SMUGGLED)('a value that is none is named as such: %j', async value => {
    const install = installIn(tempFolder())
    const asked = await gateAt(socketOf(install), allowing)
    const ran = await runHook(shell, hookCommand(install, 'PreToolUse'), {
      payload: '{"a":1}',
      env: {
        CLAUDE_CODE_ENTRYPOINT: value,
        CLAUDE_CODE_SESSION_ATTENDED: value,
        CLAUDE_PID: value,
        ANTHROPIC_BASE_URL: value,
        LC_ALL: 'C.UTF-8',
      },
    })
    expect(ran.stdout).toBe(`${ALLOW}\n`)
    expect(asked.map(a => [ours(a), a.body])).toEqual([
      [
        {
          'x-signalbox-entrypoint': '!',
          'x-signalbox-attended': '!',
          'x-signalbox-pid': '!',
          'x-signalbox-base-url': '!',
        },
        '{"a":1}',
      ],
    ])
  })

  test('a value too long for a header: asks', async () => {
    const install = installIn(tempFolder())
    await gateAt(socketOf(install), allowing)
    const env = { ANTHROPIC_BASE_URL: 'a'.repeat(100_000), CLAUDE_PID: '1'.repeat(100_000) }
    expect((await runHook(shell, hookCommand(install, 'PreToolUse'), { env })).stdout).toBe(ASK)
  })

  test('nothing of a hostile environment is run or obeyed', async () => {
    const folder = tempFolder()
    const install = installIn(folder)
    const asked = await gateAt(socketOf(install), (_, response) => response.end('{"real":1}'))
    const mark = join(folder, 'owned')
    const evil = `#!/bin/sh\ntouch '${mark}'\nprintf '${ALLOW}'\n`
    for (const name of ['cat', 'env', 'curl', 'printf', 'sh', 'node', 'unset'])
      put(join(folder, 'bin', name), evil)
    put(join(folder, '.curlrc'), `output = ${mark}\nurl = file:///etc/passwd\n`)
    const func = `() { touch '${mark}'; builtin printf '${ALLOW}'; }`
    const names = 'printf unset cat ask command builtin test [ true false : case set exit env curl'
    const functions = [...names.split(' '), '/bin/cat', '/usr/bin/env', '/usr/bin/curl']
    const env = {
      PATH: join(folder, 'bin'),
      HOME: folder,
      CURL_HOME: folder,
      XDG_CONFIG_HOME: folder,
      NODE_OPTIONS: `--require=${mark}`,
      ENV: put(join(folder, 'env.sh'), evil),
      IFS: '/{}"-',
      LC_ALL: 'tr_TR.UTF-8',
      LOCPATH: folder,
      FUNCNEST: '1',
      BASH_COMPAT: '31',
      BASH_XTRACEFD: '1',
      GLOBIGNORE: '*',
      CDPATH: '/',
      http_proxy: 'http://127.0.0.1:1',
      all_proxy: 'http://127.0.0.1:1',
      p: 'exported',
      r: '{"r":1}',
      a: '\r\nx: 1',
      signalbox: '0',
      ...Object.fromEntries(functions.map(name => [`BASH_FUNC_${name}%%`, func])),
    }
    const payload = JSON.stringify({ text: 'x'.repeat(300_000) })
    const ran = await runHook(shell, hookCommand(install, 'PreToolUse'), { payload, env })
    expect(ran).toEqual({ code: 0, stdout: '{"real":1}\n' })
    expect(asked.map(a => a.body === payload)).toEqual([true])
    expect(existsSync(mark)).toBe(false)
  })

  test('a shell that will not start ends with 2, which the client takes for a refusal', async () => {
    const install = installIn(tempFolder())
    await gateAt(socketOf(install), allowing)
    const { code, stdout } = await runHook(shell, hookCommand(install, 'PreToolUse'), {
      env: { POSIXLY_CORRECT: '', 'BASH_FUNC_unset%%': '() { echo {}; }' },
    })
    expect([`0 ${ALLOW}\n`, '2 ']).toContain(`${code} ${stdout}`)
  })
})

test('all seconds of a hook together end before the client gives up on it', () => {
  // Starting the gate is over within 3 seconds: `gate run --detach` promises it.
  for (const { timeout, ask, again, tool } of Object.values(HOOK_EVENTS).filter(e => e.ask > 4)) {
    expect(tool).toBe(true)
    expect(ask + 3 + again).toBeLessThanOrEqual(timeout)
  }
})

test('one line, and known again as ours', () => {
  const install = installIn(tempFolder())
  for (const event of HOOK_EVENT_NAMES) {
    expect(hookCommand(install, event)).not.toMatch(/[\n\r]/)
    expect(isHookCommand(hookCommand(install, event))).toBe(true)
  }
  expect(isHookCommand('echo signalbox=1')).toBe(false)
})

function ours({ headers }: { headers: NodeJS.Dict<string | string[]> }): object {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('x-') && name !== PROTOCOL_HEADER),
  )
}
