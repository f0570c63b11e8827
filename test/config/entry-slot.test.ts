/** Which slot an entry belongs to, and what is said of one that stands in another. */
import { describe, expect, test } from 'vitest'
import { SLOTS, type Slot } from '../../src/action/slot.ts'
import { LIKE, slotFor, slotProblem } from '../../src/config/entry-slot.ts'

describe('the slot that a form tells', () => {
  test.each([
    ['source_control', 'github.com/acme'],
    ['source_control', 'gitlab.com/acme/team/app'],
    ['source_control', 'git.acme.example/team'],
    ['source_control', 'https://github.com/acme'],
    ['source_control', 'ssh://git.acme.example/team'],
    ['domains', '*.corp.example'],
    ['domains', 'corp.example'],
    ['domains', 'build02'],
    ['domains', '10.0.0.5'],
    ['domains', '[::1]:8443'],
    ['domains', 'https://npm.acme.example'],
    ['domains', 'wss://live.acme.example'],
    ['buckets', 's3://bucket/prefix'],
    ['buckets', 'gs://bucket'],
    ['services', 'slack:acme/#dev'],
    ['services', 'jira:OPS'],
    ['services', 'linear:OPS'],
    ['services', 'https://grafana.acme.example/d'],
    ['services', 'hooks.slack.com/services/T0'],
    ['registries', 'ghcr.io/acme'],
    ['registries', 'docker.io/x'],
    ['registries', 'https://npm.acme.example/team'],
    ['registries', 'registry.acme.example:5000/team'],
    ['registries', 'eu.gcr.io/acme'],
    ['registries', 'oci://ghcr.io/acme'],
    ['hosts', 'deploy@host'],
    ['hosts', 'deploy@build02.acme.example:2222'],
    ['clusters', 'k8s:context/namespace'],
    ['databases', 'postgres://db.acme.example/app'],
    ['mcp', 'mcp:server'],
    ['paths', '/srv/shared'],
    ['paths', '~/notes'],
  ] as const)('%s: %s', (slot, entry) => {
    expect(slotFor(entry)).toBe(slot)
    expect(slotProblem(slot, entry)).toBeNull()
  })

  test('none of what has no form', () => {
    expect(slotFor('javascript://x')).toBeNull()
  })
})

const ALSO: Readonly<Partial<Record<Slot, readonly string[]>>> = {
  source_control: ['git.acme.example', '*.git.acme.example', 'https://git.acme.example/team'],
  services: ['grafana.acme.example', 'https://grafana.acme.example', '*.acme.example'],
  registries: ['npm.acme.example', 'https://npm.acme.example', 'images.acme.example/team'],
  hosts: ['build02', 'prod', 'build02.acme.example:2222', '*.build.acme.example'],
  databases: ['db.acme.example', 'db.acme.example:5432/app', 'redis://cache.acme.example'],
}

describe('what else a slot takes', () => {
  const cases = SLOTS.flatMap(slot => (ALSO[slot] ?? []).map(entry => [slot, entry] as const))
  test.each(cases)('%s: %s', (slot, entry) => {
    expect(slotProblem(slot, entry)).toBeNull()
  })
})

describe('what stands in the wrong slot', () => {
  test.each([
    ['source_control', 's3://b', /not a repository or who owns it; it belongs under buckets$/],
    ['source_control', 'deploy@host', /under hosts$/],
    ['source_control', 'ghcr.io/acme', /under registries$/],
    ['source_control', 'slack.com/acme', /under services$/],
    ['source_control', 'https://git.acme.example', /under domains$/],
    ['domains', 's3://b', /not a host by its name alone; it belongs under buckets$/],
    ['domains', 'github.com/acme', /under source_control$/],
    ['domains', 'ghcr.io/acme', /under registries$/],
    ['domains', 'deploy@host', /under hosts$/],
    ['domains', 'https://npm.acme.example/team', /under registries$/],
    ['domains', 'k8s:dev', /under clusters$/],
    ['domains', '/srv/shared', /under paths$/],
    ['buckets', 'acme-builds', /not a bucket; it belongs under domains$/],
    ['buckets', 'https://b.s3.amazonaws.com', /under domains$/],
    ['services', 'k8s:dev', /not a service; it belongs under clusters$/],
    ['services', 'mcp:files', /under mcp$/],
    ['services', 'github.com/acme', /under source_control$/],
    ['registries', 'github.com/acme', /not a registry; it belongs under source_control$/],
    ['registries', 'deploy@host', /under hosts$/],
    ['registries', 's3://b', /under buckets$/],
    ['hosts', 'https://build02.acme.example', /not a machine to log in to; .* under domains$/],
    ['hosts', 'github.com/acme', /under source_control$/],
    ['hosts', 'postgres://db.acme.example', /under databases$/],
    ['clusters', 'prod', /not a cluster; write k8s:prod if you mean one$/],
    ['clusters', 'jira:OPS', /under services$/],
    ['databases', 'deploy@db', /not a database; it belongs under hosts$/],
    ['databases', 's3://b', /under buckets$/],
    ['mcp', 'files', /not an MCP server; write mcp:files if you mean one$/],
    ['mcp', 'k8s:dev', /under clusters$/],
    ['paths', 's3://b', /not a folder outside the project; it belongs under buckets$/],
    ['paths', 'srv/shared', /under source_control$/],
  ] as const)('%s: %s', (slot, entry, says) => {
    expect(slotProblem(slot, entry)).toMatch(says)
  })

  test.each(SLOTS)('what is wrong everywhere is said first, also under %s', slot => {
    expect(slotProblem(slot, LIKE[slot])).toBeNull()
    expect(slotProblem(slot, '*.co.uk')).toMatch(/as wide as/)
    expect(slotProblem(slot, '*')).toMatch(/would trust everything/)
    expect(slotProblem(slot, '*.com')).toMatch(/as wide as/)
    expect(slotProblem(slot, 'git@github.com:acme/app.git')).toMatch(
      /write github\.com\/acme\/app$/,
    )
  })
})
