/** A reviewer by itself, where the gate around it does not matter. */
import { expect, test } from 'vitest'
import { Reviewer } from '../../../src/judge/reviewer/reviewer.ts'
import { bashCall, caseFor, settingsFor } from './cases.ts'
import { modelServer, says } from './model-server.ts'

test('what it says counts also where no price list can be had', async () => {
  const server = await modelServer(says({ pass: true }))
  const loadPrice = async () => Promise.reject(new Error('the program was updated meanwhile'))
  const reviewer = new Reviewer({ env: { REVIEW_KEY: 'sk-test' }, clock: Date.now, loadPrice })
  const it = caseFor({ call: bashCall('curl -s https://docs.example') })
  const gone = new AbortController().signal
  const { review, account } = await reviewer.review(settingsFor(server.url), 's1', it, gone)
  expect(review).toMatchObject({ verdict: 'allow', problem: '' })
  expect(account).toMatchObject({ costUsd: null, requests: 1 })
  await server.close()
})
