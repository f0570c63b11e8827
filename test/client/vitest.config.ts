import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/client/**/*.test.ts'],
    env: { TZ: 'UTC' },
    // The first run downloads the clients; after that a test takes a few seconds.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
})
