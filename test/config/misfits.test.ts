/** What does not fit in a policy file: one line that says where, and how to mend it. */
import { describe, expect, test } from 'vitest'
import { load } from './layers.ts'

describe('a file that does not fit', () => {
  test.each([
    ['trust: [*]\n', /config\.yaml:1:\d+: /],
    [
      'trust:\n  - github.com/acme\n  - "*.corp.example"\n',
      /config\.yaml:2:3: trust: is one list; write a list for each slot, here source_control: \["github\.com\/acme"\]$/,
    ],
    [
      'trust: [{ entry: "s3://b", note: x }]\n',
      /:1:8: trust: is one list; .* here buckets: \["s3:\/\/b"\]$/,
    ],
    ['trust: []\n', /:1:8: trust: is one list; .* here domains: \["\*\.corp\.example"\]$/],
    [
      'projects:\n  /srv/app:\n    trust: [deploy@host]\n',
      /:3:12: projects\.\/srv\/app\.trust: is one list; .* here hosts: \["deploy@host"\]$/,
    ],
    ['trust: github.com/acme\n', /:1:8: trust: must hold lists of entries by slot/],
    [
      'trust:\n  repos: [github.com/acme]\n',
      /:2:3: trust\.repos: is no slot of trust; the slots are source_control, domains, .*paths$/,
    ],
    ['trust:\n  domains: a.example\n', /:2:12: trust\.domains: must be a list/],
    [
      'trust:\n  domains:\n    - acme.dev\n    - "*.com"\n',
      /config\.yaml:4:7: trust\.domains\.1: '\*\.com' is as wide/,
    ],
    [
      'trust:\n  domains: ["s3://b"]\n',
      /:2:13: trust\.domains\.0: 's3:\/\/b' is not a host by its name alone; it belongs under buckets$/,
    ],
    [
      'projects: { /srv/app: { trust: { mcp: [{ entry: github.com/acme }] } } }\n',
      /:1:49: projects\.\/srv\/app\.trust\.mcp\.0\.entry: .* is not an MCP server; it belongs under source_control$/,
    ],
    [
      'trust:\n  domains:\n    - { entry: a.example, expires: soon }\n',
      /:3:36: trust\.domains\.0\.expires: must be a date/,
    ],
    [
      'trust:\n  domains:\n    - { entry: a.example, until: 2027-01-01 }\n',
      /:3:\d+: trust\.domains\.0\.until: is not known/,
    ],
    [
      'sensitive: { data: [{ entry: x, expires: soon }] }\n',
      /:1:42: sensitive\.data\.0\.expires: must be a date/,
    ],
    ['sensitive: [x]\n', /:1:\d+: sensitive\.0: must hold data, remote_targets or iac_scopes/],
    ['projects:\n  app: { role: guard }\n', /:2:\d+: projects\.app: must be an absolute path/],
    [
      'rules:\n  - { id: a, tier: deny, command: x, reason: y }\n',
      /rules\.0\.tier: must be one of/,
    ],
    ['rules:\n  - { id: a, tier: ask, command: x }\n', /rules\.0\.reason: is missing/],
    ['locked: [trust]\n', /:1:1: locked: is not known here/],
    ['auto_mode: true\n', /auto_mode: must hold enabled_by/],
    ['breaker: { in_row: 0 }\n', /breaker\.in_row: must be a whole number from 1/],
    ['a: &a [1]\nb: *c\n', /Unresolved alias/],
  ])('%j gives one error with its place, and nothing is approved', (text, says) => {
    const { errors, policy } = load({
      user: text,
      managed: 'auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }\n',
    })
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(says)
    expect(policy.enabled).toBeNull()
  })
})
