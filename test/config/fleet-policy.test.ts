/** Who may act from elsewhere, by the managed and the user's policy together. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadPolicy } from '../../src/config/load-policy.ts'
import { checkRules } from '../../src/judge/check-rules.ts'
import { put, tempFolder } from '../helpers/folder.ts'

const DANA = 'UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4'
const LISTED = `fleet: { remote: [{ nkey: ${DANA}, name: Dana }] }\n`

function fleetOf(managed: string, user: string) {
  const folder = tempFolder()
  put(join(folder, 'managed.yaml'), managed)
  put(join(folder, 'config/config.yaml'), user)
  return loadPolicy(
    {
      managed: join(folder, 'managed.yaml'),
      managedOwner: process.getuid?.() ?? 0,
      config: join(folder, 'config'),
      projectRoot: '',
    },
    checkRules,
  )
}

test('nobody, until somebody is listed', () => {
  expect(fleetOf('{}\n', '{}\n').policy.fleet.remote).toEqual([])
  expect(fleetOf('{}\n', LISTED).policy.fleet.remote.map(it => it.name)).toEqual(['Dana'])
})

test('nobody of the user’s list where an administrator locked it, and that is said', () => {
  const { policy, notes } = fleetOf('locked: [remote]\n', LISTED)
  expect(policy.fleet.remote).toEqual([])
  expect(JSON.stringify(notes)).toContain("'remote' is locked")
})

test('no more than both allow', () => {
  const bound = (managed: string, user: string) =>
    fleetOf(`fleet: { remote_may: ${managed} }\n`, `fleet: { remote_may: ${user} }\n`).policy.fleet
      .remoteMay
  expect(bound('[deny, pause]', '[approve, deny]')).toEqual(['deny'])
  expect(bound('[]', '[approve]')).toEqual([])
  expect(fleetOf('fleet: { remote_may: [deny, pause] }\n', LISTED).policy.fleet.remoteMay).toEqual([
    'deny',
    'pause',
  ])
})
