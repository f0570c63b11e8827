/** An attribute that the client's telemetry no longer has, or has in another form, is not made up. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TelemetryRecord } from '../../src/action/telemetry-record.ts'
import { telemetryIn } from '../../src/clients/claude-code/otlp.ts'
import { FIXTURES } from '../helpers/folder.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')

function bodies(fixture: string): string[] {
  return readFileSync(join(FIXTURES, fixture, 'requests.jsonl'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.stringify(JSON.parse(line).body ?? JSON.parse(line)))
}

const recordsOf = (texts: readonly string[]): TelemetryRecord[] =>
  texts.flatMap(text => telemetryIn(JSON.parse(text), NOW))

const keyOf = (it: TelemetryRecord): string => `${it.type} ${'action' in it ? it.action : ''}`

describe.each(['otlp-2.1.150', 'otlp-2.1.330'])('%s', fixture => {
  const texts = bodies(fixture)
  const was = recordsOf(texts)
  const names = new Set(
    texts.flatMap(text => [...text.matchAll(/"key":"([\w.]+)"/g)].map(([, name = '']) => name)),
  )

  test('no decision turns into another, and no cost into none', () => {
    expect(was.filter(it => it.type === 'decision').length).toBeGreaterThan(1)
    const decided = new Map(
      was.flatMap(it => (it.type === 'decision' ? [[keyOf(it), it.accepted] as const] : [])),
    )
    const costs = was.flatMap(it => (it.type === 'request' ? [it.costUsd] : []))
    for (const name of names) {
      const is = recordsOf(texts.map(text => text.replaceAll(`"key":"${name}"`, '"key":"of.next"')))
      for (const it of is) {
        if (it.type === 'decision' && decided.has(keyOf(it)))
          expect([name, it.accepted]).toEqual([name, decided.get(keyOf(it))])
        if (it.type === 'request') expect([null, ...costs]).toContain(it.costUsd)
      }
    }
  })
})
