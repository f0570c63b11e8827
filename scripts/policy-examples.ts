/** An example of each field in docs/policy.md; all are tried out by a test. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  theme: ['theme: colorblind'],
  prices: [
    `
prices:
  my-gateway-model: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }`,
  ],
  auto_mode: [
    `
auto_mode: { enabled_by: Dana Doe, enabled_on: 2026-11-24 }`,
  ],
  trust: [
    `
trust:
  source_control: [github.com/acme]
  domains:
    - "*.corp.example"
    - { entry: api.partner.example, note: until the move, expires: 2027-03-31 }
  buckets: ["s3://acme-builds"]
  services: ["slack:acme/#deploys"]
  registries: ["https://npm.acme.example"]
  hosts: ["deploy@build02.acme.example"]
  clusters: ["k8s:staging/web"]
  databases: ["postgres://db.acme.example/reports"]
  mcp: ["mcp:issues"]
  paths: [/srv/shared]`,
  ],
  projects: [
    `
projects:
  /home/me/shop:
    role: decide
    trust:
      hosts: [staging.acme.example]
    sensitive:
      data: [exports/customers]`,
  ],
  roles: [
    `
roles: { default: guard }`,
  ],
  models: [
    `
models: [claude-opus-5*, claude-sonnet-5*]`,
  ],
  platforms: [
    `
platforms:
  - anthropic
  - { platform: "https://gateway.corp.example", role: decide }`,
  ],
  rules: [
    `
rules:
  - id: no-publish
    tier: hard_deny
    reason: Packages are published by the release job only.
    command: npm publish
    match: [npm publish --tag next]
    no_match: [npm pack]
  - id: generated
    tier: ask
    reason: It is generated; change the source.
    path: /srv/app/gen/**
    match: [/srv/app/gen/api/client.ts]`,
    `
# .signalbox.yaml: only hard_deny, soft_deny and ask
rules:
  - { id: migrations, tier: ask, command: npm run migrate, reason: A person looks at migrations. }`,
  ],
  rules_off: [
    `
rules_off: [new-package]`,
  ],
  sensitive: [
    `
sensitive:
  data:
    - { entry: exports/customers, note: personal data }
  remote_targets: [prod.acme.example]
  iac_scopes: ["k8s:production"]`,
  ],
  breaker: [
    `
breaker: { in_row: 3, of: 10, last: 50, unattended: stop }`,
  ],
  allow_in: [
    `
allow_in: [auto, default]`,
  ],
  waits: [
    `
waits: { denied_seconds: 20, ask_seconds: 540 }`,
  ],
  journal: [
    `
journal: { keep_days: 90 }`,
  ],
  reviewer: [
    `
reviewer:
  provider: anthropic
  model: claude-haiku-4-5
  api_key_command: pass show ai/reviewer`,
    `
reviewer:
  provider: openai-compatible
  model: qwen3-coder:30b
  base_url: http://127.0.0.1:11434/v1
  timeout: 30
  budget: { session_tokens: 500000 }`,
  ],
  locked: [
    `
# managed policy
locked: [trust, roles]`,
  ],
}
