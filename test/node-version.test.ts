import { expect, test } from 'vitest'

test('the tests run on a Node that the program supports', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNewEnough = major > 22 || (major === 22 && minor >= 22)
  expect(
    isNewEnough,
    `this is Node ${process.versions.node} (${process.execPath}), 22.22 or newer is needed: ` +
      'run `npm ci`, which installs Node 24 through the `node` package, and start the tests with ' +
      '`npx vitest run` or `npm test`',
  ).toBe(true)
})
