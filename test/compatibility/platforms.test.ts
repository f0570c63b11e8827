/** Where things live on macOS and on the Linux side of Windows, told by what is injected. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { managedSettings } from '../../src/commands/doctor/settings.ts'
import { newInstall } from '../../src/config/install-file.ts'
import { placesOf } from '../../src/config/places.ts'
import { runCli } from '../helpers/cli.ts'
import { put, tempFolder } from '../helpers/folder.ts'

describe.each([
  [
    'darwin',
    '/Library/Application Support/Signalbox/policy.yaml',
    '/Library/Application Support/ClaudeCode/managed-settings.json',
  ],
  ['linux', '/etc/signalbox/policy.yaml', '/etc/claude-code/managed-settings.json'],
] as const)('%s', (platform, policy, settings) => {
  test('the administrator’s policy and the client’s managed settings', () => {
    expect(placesOf({}, platform)).toMatchObject({ managed: policy, managedOwner: 0 })
    expect(managedSettings(platform)[0]).toBe(settings)
    const state = join(tempFolder(), 'state')
    expect(newInstall({ XDG_STATE_HOME: state }, '/x/.claude', platform).managed).toBe(policy)
  })

  test('no variable moves them', () => {
    const env = { XDG_CONFIG_HOME: '/x', XDG_STATE_HOME: '/y', XDG_CONFIG_DIRS: '/z', HOME: '/h' }
    expect(placesOf(env, platform).managed).toBe(policy)
  })
})

test('a socket’s path fits into what macOS takes, however long a home is', () => {
  for (const length of [1, 40, 80, 95, 200]) {
    const env = { XDG_STATE_HOME: `/Users/${'x'.repeat(length)}` }
    const { sockets } = newInstall(env, '/x/.claude', 'darwin')
    expect(Buffer.byteLength(join(sockets, 'control.sock'))).toBeLessThan(104)
  }
})

describe('line ends of Windows', () => {
  test('in a policy and in the client’s settings', async () => {
    const home = tempFolder()
    const policy = 'trust:\n  domains:\n    - docs.example\n'
    put(join(home, 'config/signalbox/config.yaml'), policy.replaceAll('\n', '\r\n'))
    mkdirSync(join(home, 'client'))
    const settings = put(join(home, 'client/settings.json'), '{\r\n  "theme": "dark"\r\n}\r\n')
    const env = {
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_STATE_HOME: join(home, 'state'),
      CLAUDE_CONFIG_DIR: join(home, 'client'),
    }
    const listed = await runCli(['trust', 'list'], env)
    expect(listed).toMatchObject({ code: 0, stderr: '' })
    expect(listed.stdout).toContain('docs.example')
    const before = readFileSync(settings, 'utf8')
    expect((await runCli(['init', '--yes', '--no-gateway'], env)).code).toBe(0)
    expect(readFileSync(settings, 'utf8')).not.toBe(before)
    expect((await runCli(['uninstall', '--yes'], env)).code).toBe(0)
    expect(readFileSync(settings, 'utf8')).toBe(before)
  })
})
