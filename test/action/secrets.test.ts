import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secrets, secretProblem } from '../../src/action/secrets.ts'

const secrets = new Secrets('of this machine')
const HIDDEN = /<secret:[0-9a-f]{10}>/

/** Made up at every run: what looks like a key should not lie in a repository. */
const of = (letters: string, length: number): string =>
  Array.from({ length }, (_, i) => letters[(i * 7 + 3) % letters.length]).join('')
const ANY = 'aZ3bY4cX5dW6eV7fU8gT9hS0'
const UPPER = 'Z3Y4X5W6V7U8T9S2'
const HEX = '3f9a0c7b1e5d8264'

/** A text with a secret, which stands where `§` does. */
const HITS: readonly (readonly [string, string, string])[] = [
  ['GitHub', 'git clone https://x-access-token:§@github.com/acme/app', `ghp_${of(ANY, 36)}`],
  ['GitHub, by field', 'gh auth login --with-token <<< §', `github_pat_${of(ANY, 50)}`],
  ['GitLab', 'curl -H "PRIVATE-TOKEN: §" https://gitlab.example/api', `glpat-${of(ANY, 20)}`],
  ['Anthropic', 'export ANTHROPIC_API_KEY=§', `sk-ant-api03-${of(ANY, 40)}`],
  ['OpenAI', 'llm keys set openai §', `sk-proj-${of(ANY, 40)}`],
  ['Stripe', 'stripe --live §', `sk_live_${of(ANY, 24)}`],
  ['AWS key id', 'aws configure set aws_access_key_id §', `AKIA${of(UPPER, 16)}`],
  ['AWS secret key', 'AWS_SECRET_ACCESS_KEY=§ aws s3 ls', of(`${ANY}/+`, 40)],
  ['AWS in a file', 'aws_secret_access_key = §', of(`${ANY}/+`, 40)],
  ['Slack', 'slack --as §', `xoxb-${of('1234567890', 12)}-${of(ANY, 24)}`],
  [
    'Slack webhook',
    'curl -d x https://hooks.slack.com/services/§',
    `T0AB1CD2E/B0AB1CD2E/${of(ANY, 24)}`,
  ],
  [
    'Discord webhook',
    'curl https://discord.com/api/webhooks/§',
    `123456789012345678/${of(ANY, 68)}`,
  ],
  ['npm', 'echo //registry.npmjs.org/:_authToken=§ > .npmrc', `npm_${of(ANY, 36)}`],
  ['npm, of old', '//registry.npmjs.org/:_authToken=§', '0f1e2d3c-1234-4abc-8def-0123456789ab'],
  ['npm basic', '_auth=§', 'dXNlcjpwYXNzd29yZA=='],
  ['PyPI', 'twine upload -u __token__ --password §', `pypi-${of(ANY, 60)}`],
  ['Google API', 'curl "https://maps.example/?key=§"', `AIza${of(ANY, 35)}`],
  ['Google token', 'gcloud --x §', `ya29.${of(ANY, 60)}`],
  ['SendGrid', 'mail §', `SG.${of(ANY, 22)}.${of(ANY, 43)}`],
  ['Telegram', 'curl https://api.telegram.org/bot§/send', `123456789:AA${of(ANY, 33)}`],
  ['Hugging Face', 'hf login §', `hf_${of(ANY, 34)}`],
  ['DigitalOcean', 'doctl auth init -t §', `dop_v1_${of(HEX, 64)}`],
  ['Vault', 'vault login §', `hvs.${of(ANY, 40)}`],
  ['Docker', 'docker login -u me -p §', `dckr_pat_${of(ANY, 27)}`],
  ['Databricks', 'databricks §', `dapi${of(HEX, 32)}`],
  ['age', 'age -d -i §', `AGE-SECRET-KEY-1${of(UPPER, 58)}`],
  ['JWT', 'curl -H "X: §"', `eyJ${of(ANY, 20)}.eyJ${of(ANY, 30)}.${of(ANY, 30)}`],
  ['Azure storage', 'AccountName=acme;AccountKey=§;EndpointSuffix=core', `${of(ANY, 86)}==`],
  ['Azure SAS', 'https://acme.blob.core.windows.net/x?sv=2024&sig=§&se=1', `${of(ANY, 43)}%3D`],
  ['Azure application', 'az login --x §', `abc8Q~${of(ANY, 34)}`],
  ['basic auth', 'curl -H "Authorization: Basic §" x', 'dXNlcjpodW50ZXIy'],
  ['bearer', "curl -H 'authorization: Bearer §' x", of(ANY, 30)],
  ['curl -u', 'curl -s -u admin:§ https://x.example', 'hunter2'],
  ['curl --user', 'curl --user "admin:§" https://x.example', 'hunter2!'],
  ['a flag', 'deploy --password § --force', 'correcthorse'],
  ['a flag with =', 'deploy --db-password=§', 'hunter2'],
  ['a flag in quotes', 'deploy --api-token "§"', 'two words'],
  ['PGPASSWORD', 'PGPASSWORD=§ psql -h db', 'hunter2'],
  ['MYSQL_PWD', 'MYSQL_PWD=§ mysql', 'hunter2'],
  ['mysql -p', 'mysql -u root -p§ -e "select 1"', 'hunter2'],
  ['sshpass', 'sshpass -p § ssh x', 'hunter2'],
  ['redis', 'redis-cli -h x -a § ping', 'hunter2'],
  ['docker login', 'docker login -u me -p § registry.example', 'hunter2'],
  ['a URL', 'psql postgres://app:§@db.example/x', 'p%40ss-w0rd'],
  ['a variable in quotes', 'export DB_PASS="§"', 'a b c d'],
  ['single quotes', "export DB_PASSWORD='§'", 'a;b|c&d'],
  ['JSON', '{"user":"me","password":"§"}', 'hunter2'],
  ['JSON in JSON', '{"body":"{\\"client_secret\\":\\"§\\"}"}', 'hunter2'],
  ['YAML', 'password: §', 'hunter2'],
  ['a header', 'X-Api-Key: §', 'abcdef123456'],
  ['.netrc', 'machine x.example login me password §', 'hunter2'],
  ['.netrc in lines', 'machine x.example\nlogin me\npassword §', 'hunter2'],
  [
    'a private key',
    'cat > k <<E\n§\nE',
    `-----BEGIN RSA PRIVATE KEY-----\n${of(ANY, 64)}\n-----END RSA PRIVATE KEY-----`,
  ],
  [
    'a private key without its end',
    'echo "§',
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${of(ANY, 64)}`,
  ],
  [
    'a service account',
    '{"private_key": "§\\n"}',
    `-----BEGIN PRIVATE KEY-----\\n${of(ANY, 64)}\\n-----END PRIVATE KEY-----`,
  ],
]

describe('a secret', () => {
  test.each(HITS)('of %s is hidden, and nothing else', (_, text, secret) => {
    const shown = secrets.text(text.replace('§', () => secret))
    expect(shown).not.toContain(secret)
    for (let at = 0; at + 6 <= secret.length; at++)
      expect(shown).not.toContain(secret.slice(at, at + 6))
    expect(shown).toMatch(HIDDEN)
    const [before = '', after = ''] = text.split('§')
    expect(shown.startsWith(before.slice(0, 12))).toBe(true)
    expect(shown.endsWith(after.slice(-12))).toBe(true)
  })

  test('is hidden in the same place once more without a change', () => {
    for (const [, text, secret] of HITS) {
      const once = secrets.text(text.replace('§', () => secret))
      expect(secrets.text(once)).toBe(once)
    }
  })

  test('has the same placeholder wherever it stands, and another on another machine', () => {
    const hidden = (text: string, by = secrets): string | undefined =>
      HIDDEN.exec(by.text(text))?.[0]
    expect(hidden('PGPASSWORD=hunter2 psql')).toBe(hidden('mysql -phunter2'))
    expect(hidden('PGPASSWORD=hunter2')).not.toBe(
      hidden('PGPASSWORD=hunter2', new Secrets('other')),
    )
  })

  test('in a field with a telling name is hidden whatever it looks like', () => {
    const value = {
      user: 'me',
      password: 'abc',
      nested: [{ api_key: 'x y z' }],
      tokens: 12,
      text: 'ls',
    }
    expect(secrets.value(value)).toEqual({
      user: 'me',
      password: expect.stringMatching(HIDDEN),
      nested: [{ api_key: expect.stringMatching(HIDDEN) }],
      tokens: 12,
      text: 'ls',
    })
  })
})

const MISSES: readonly string[] = [
  'git checkout 4f1c0b7a9e5d3c2b1a0f9e8d7c6b5a4938271605',
  'git push --force origin HEAD:main',
  'kill 0f1e2d3c-1234-4abc-8def-0123456789ab',
  '"integrity": "sha512-oGB+UxlgWcgQkgwo8GcEGwemoTFt3FIO9ababBmaGwXIoBKZ+GTy0pP185beGg7Llih/NSHSV2XAs1lnznocSg=="',
  'docker pull x@sha256:9b7d5c3e1f2a4b6d8c0e1f3a5b7c9d1e3f5a7b9c1d3e5f7a9b1c3d5e7f9a1b3c',
  'docker run -u 1000:1000 -p 8080:80 app',
  'docker run -e TOKEN -p 127.0.0.1:5432:5432 app',
  'export TOKEN=$GITHUB_TOKEN',
  'curl -H "Authorization: Bearer $TOKEN" https://x.example',
  'curl -u "$USER:$PASSWORD" https://x.example',
  `token: \${{ secrets.GITHUB_TOKEN }}`,
  'password: string',
  'const token = await getToken()',
  'interface A { secret: boolean; apiKey?: string }',
  'max_tokens=4096',
  '{"max_tokens": 4096, "tokens": 12}',
  'ssh -p 2222 deploy@build.example',
  'mkdir -p src/action',
  'mysql -u root -p',
  'npm test -- --grep secret',
  'grep -rn password src',
  'git log --author=me --since=yesterday',
  'https://example.com/a/very/long/path/that/says/nothing?page=12&sort=name',
  'git@github.com:acme/app.git',
  'postgres://db.example:5432/app',
  'postgres://app:$PGPASSWORD@db.example/app',
  'aws secretsmanager get-secret-value --secret-id prod/db',
  'kubectl get secret app -o yaml',
  'sk-learn and sk-something-without-any-number',
  'echo "basic functionality, bearer of bad news"',
  'ls /usr/share/keyrings; apt-key list',
  'key-value store; monkey = banana',
  'The password must be changed: ask the admin',
  'npx tsc --noEmit && npm run build',
  'PWD=/home/dev make',
]

describe('no secret', () => {
  test.each(MISSES)('%s', text => {
    expect(secrets.text(text)).toBe(text)
  })

  test('in a lockfile, a diff of hashes, and ids of a client', () => {
    const lines = Array.from({ length: 50 }, (_, i) => [
      `"node_modules/a${i}": { "version": "1.${i}.0", "resolved": "https://registry.npmjs.org/a/-/a-1.${i}.0.tgz",`,
      `"integrity": "sha512-${of(`${ANY}+/`, 86)}==" }`,
      `index ${of(HEX, 7)}..${of(HEX, 7)} 100644`,
      `toolu_01${of(ANY, 22)} msg_01${of(ANY, 22)} req_011${of(ANY, 21)}`,
    ])
    const text = lines.flat().join('\n')
    expect(secrets.text(text)).toBe(text)
  })
})

describe('time', () => {
  const UNITS = [
    ...[
      'password',
      'token=',
      '://a:',
      'curl -u a',
      'mysql -',
      'login x password ',
      'Bearer ',
      'eyJa.',
    ],
    ...[
      'sk-a',
      'AKIA',
      '-----BEGIN PRIVATE KEY-----',
      '"password":"\\"',
      '_pass',
      'x-key-',
      '?sig=',
      '\\"',
    ],
  ]

  test('grows with the length of a text, however it is made', () => {
    const steps = (text: string): number => {
      const started = process.cpuUsage()
      secrets.text(text)
      const { user, system } = process.cpuUsage(started)
      return (user + system) / 1000
    }
    // A pattern that begins anew inside of what it passed over takes minutes for this.
    for (const unit of UNITS) {
      expect(steps(unit.repeat(Math.ceil(200_000 / unit.length)))).toBeLessThan(5000)
      expect(steps(`${unit}${'a'.repeat(200_000)}`)).toBeLessThan(5000)
    }
  }, 120_000)

  test('no text makes it fail, and a placeholder is left as it is', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...UNITS,
        ...HITS.map(([, text, secret]) => text.replace('§', () => secret)),
        '"',
        '\\',
        '\n',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const once = secrets.text(pieces.join(''))
        const twice = secrets.text(once)
        expect(twice).not.toMatch(/<secret:[^>]{0,10}</)
        for (const [placeholder] of once.matchAll(/<secret:[0-9a-f]{10}>/g))
          expect(twice).toContain(placeholder)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a pattern of the user’s', () => {
  test.each([
    ['acme_[A-Za-z0-9]{20}'],
    ['ACME-[0-9A-F]{4}-[0-9A-F]{4}'],
    ['\\bacme-key: .{10,}'],
    ['tok\\.[\\w.-]+'],
  ])('%s is taken', pattern => {
    expect(secretProblem(pattern)).toBeNull()
  })

  test.each([
    ['', /must begin/],
    ['.*', /must begin/],
    ['[a-z]+', /must begin/],
    ['ab', /must begin/],
    ['acme_(a|b)', /no groups/],
    ['acme_(a+)+$', /no groups/],
    ['acme_[a-z]+[a-z]+!', /only the last/],
    ['acme_a*b*c', /only the last/],
    ['acme_(?=x)', /no groups/],
    ['acme_\\1', /no groups/],
    ['acme_[z-a]', /no regular expression/],
    [`acme_${'x'.repeat(200)}`, /longer than 200/],
  ])('%s is not', (pattern, why) => {
    expect(secretProblem(pattern)).toMatch(why)
  })

  test('hides what it finds', () => {
    const own = new Secrets('key', ['acme_[A-Z]{4}', 'badge [0-9]+'])
    expect(own.text('use acme_ABCD, badge 12')).toMatch(/^use <secret:\w+>, <secret:\w+>$/)
    expect(secrets.text('use acme_ABCD, badge 12')).toBe('use acme_ABCD, badge 12')
  })

  test('takes no longer than any other, whatever it is', () => {
    const worst = new Secrets('key', ['aaa[a]{200}b', 'aaaa[ab]{150}c'])
    worst.text('a'.repeat(200_000))
    expect(secretProblem('aaa[a]{200}b')).toBeNull()
  })
})
