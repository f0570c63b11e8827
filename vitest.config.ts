import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/client/**'],
    globalSetup: './build-scanner.js',
    // Ink asks `tput` for the size on every commit when these are unset.
    env: { COLUMNS: '100', LINES: '30', TZ: 'UTC', FORCE_COLOR: '3' },
    testTimeout: 20_000,
    // Most of their time tests wait for programs: one core less, as is usual, takes two cores twice as long.
    maxWorkers: '100%',
  },
})
