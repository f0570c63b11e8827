import { describe, expect, test } from 'vitest'
import { gitIdentity } from '../../src/judge/resources/git.ts'
import { hostName, isLoopback } from '../../src/judge/resources/host.ts'
import { bucketIdentity, urlIdentity } from '../../src/judge/resources/url.ts'

describe('git', () => {
  test.each([
    'git@github.com:acme/app.git',
    'ssh://git@github.com/acme/app',
    'ssh://git@github.com:22/acme/app.git',
    'ssh://git@ssh.github.com:443/acme/app.git',
    'https://github.com/acme/app.git',
    'https://x:token@GitHub.com/Acme/App/',
    'https://github.com:443/acme/app',
    'https://github.com./acme/app',
    'git://github.com/acme/app.git',
    'https://github.com/acme/%61pp',
  ])('%s is acme/app', url => {
    expect(gitIdentity(url)).toEqual({ kind: 'git', id: 'github.com/acme/app' })
  })
  test.each([
    'https://github.com.evil.example/acme/app',
    'https://github.com@evil.example/acme/app',
    'https://evil.example/github.com/acme/app',
    'https://github.com:8443/acme/app',
    'https://github.com/acme-evil/app',
    'https://gіthub.com/acme/app',
    'git@evil.example:github.com/acme/app',
    'https://github.com/acme/../evil/app',
    'https://github.com/acme%2f..%2fevil/app',
    'ext::sh -c evil',
    'https://github.com\\@evil.example/acme/app',
  ])('%s is not', url => {
    expect(gitIdentity(url)?.id).not.toBe('github.com/acme/app')
  })
})

describe('hosts and URLs', () => {
  test.each([
    ['ACME.dev.', 'acme.dev'],
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['[::1]', '[::1]'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['a b', null],
    ['', null],
  ])('%s', (text, host) => {
    expect(hostName(text)).toBe(host)
  })
  test('only loopback is loopback', () => {
    expect(['localhost', '127.0.0.1', '[::1]', 'x.localhost'].every(isLoopback)).toBe(true)
    expect(['localhost.evil.example', '127.0.0.1.nip.example', '10.0.0.1'].some(isLoopback)).toBe(
      false,
    )
  })
  test.each([
    ['https://acme.dev/x', 'acme.dev'],
    ['https://acme.dev@evil.example/', 'evil.example'],
    ['https://acme.dev.evil.example', 'acme.dev.evil.example'],
    ['https://evil.example/#acme.dev', 'evil.example'],
    ['acme.dev:8080/x', 'acme.dev:8080'],
  ])('%s', (url, id) => {
    expect(urlIdentity(url)).toMatchObject({ kind: 'domain', id })
  })
  test.each([
    ['s3://b/k', 's3://b/k'],
    ['https://b.s3.amazonaws.com/k', 's3://b/k'],
    ['https://s3.eu-west-1.amazonaws.com/b/k', 's3://b/k'],
    ['https://b.s3.us-east-1.amazonaws.com/k', 's3://b/k'],
    ['https://storage.googleapis.com/b/k', 'gs://b/k'],
    ['https://b.storage.googleapis.com/k', 'gs://b/k'],
  ])('%s is a bucket', (url, id) => {
    expect(urlIdentity(url)).toEqual({ kind: 'bucket', id })
  })
  test('a bucket of a like name is another', () => {
    expect(bucketIdentity('s3://acme-evil/k')?.id).toBe('s3://acme-evil/k')
    expect(urlIdentity('https://acme.s3.amazonaws.com.evil.example/k')?.kind).toBe('domain')
  })
})
