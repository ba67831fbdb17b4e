import { defineConfig } from 'vitest/config'

/** What needs a broker, a browser or the whole service: one file at a time, after everything else. */
const SERIAL = ['test/integration/**/*.test.ts', 'test/browser/**/*.test.ts']

export default defineConfig({
  test: {
    reporters: ['default', './test/support/summary-reporter.ts'],
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          env: { TZ: 'UTC' },
          include: ['test/**/*.test.ts'],
          exclude: SERIAL,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          env: { TZ: 'UTC' },
          include: SERIAL,
          fileParallelism: false,
          // Starting a broker may have to fetch it first.
          testTimeout: 180_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
