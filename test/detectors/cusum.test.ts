import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cusumStaysUpTo, nextCusum } from '../../detectors/baseline/cusum.ts'
import type { Distribution } from '../../detectors/baseline/distribution.ts'
import { createBench } from './fold-case.ts'

const usual: Distribution = { family: 'count', mean: 35, dispersion: 0.6 }

test('falls on ordinary days, rises on unusual ones by 3.5 at most', () => {
  expect(nextCusum(5, 30, usual)).toBeLessThan(5)
  expect(nextCusum(5, 0, usual)).toBe(Math.max(0, nextCusum(5, 0, usual)))
  expect(nextCusum(5, 5_000, usual)).toBe(8.5)
})

test('a day that lasts: twice the mean every day adds up', () => {
  let value = 0
  for (let day = 0; day < 20; day++) value = nextCusum(value, 90, usual)
  expect(value).toBeGreaterThan(10)
})

test('letters of a single record, which no baseline of exports counts, never add up', () => {
  const exports: Distribution = { family: 'size', rate: 0.05, logMean: Math.log(80), logSd: 1, least: 10 }
  let value = 6
  for (let day = 0; day < 20; day++) value = nextCusum(value, day % 10, exports)
  expect(value).toBe(0)
  expect(nextCusum(0, 10, exports)).toBeGreaterThan(1)
})

test('forgets what is over: however long it lasted, forty ordinary days without anything bring it to nothing', () => {
  const exports: Distribution = { family: 'size', rate: 0.05, logMean: Math.log(80), logSd: 1, least: 10 }
  let value = 0
  for (let day = 0; day < 100; day++) value = nextCusum(value, 2_000, exports)
  expect(value).toBeGreaterThan(15)
  for (let day = 0; day < 40; day++) value = nextCusum(value, 0, exports)
  expect(value).toBe(0)
})

test('below the count up to which the sum is said to stay, it stays, and seldom must every count be tried', () => {
  const most = 0.6
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 6, noNaN: true }),
      fc.double({ min: 0.1, max: 300, noNaN: true }),
      fc.double({ min: 0.1, max: 2, noNaN: true }),
      fc.nat(40),
      (before, mean, dispersion, count) => {
        const distribution: Distribution = { family: 'count', mean, dispersion }
        const upTo = cusumStaysUpTo(before, most, distribution, count)
        expect(upTo).toBeGreaterThanOrEqual(count)
        if (upTo > count) expect(nextCusum(before, upTo, distribution)).toBeLessThanOrEqual(most)
      },
    ),
  )
  expect(cusumStaysUpTo(0, most, usual, 1)).toBeGreaterThan(40)
  expect(cusumStaysUpTo(1.5, most, usual, 1)).toBeGreaterThan(15)
})

test('speaks of what is counted by the day alone', () => {
  const day = 86_400_000
  const monday = Date.UTC(2026, 0, 5, 9)
  const opens = (n: number, first: number, step: number) =>
    Array.from({ length: 30 }, (_, i) => ({
      time: monday + n * day + i * 60_000,
      actor: 'anna',
      action: 'view' as const,
      objects: [`contact-${first + i * step}`],
    }))
  const usual = Array.from({ length: 40 }, (_, n) => opens(n, 10_000 + 131 * n, 7_919)).flat()
  const walk = Array.from({ length: 5 }, (_, n) => opens(40 + n, 900_000 + 30 * n, 1)).flat()
  const tests = createBench({ numbered: true })
    .fold([...usual, ...walk])
    .flatMap(({ finding }) => (finding.contributions ?? []).map(({ test }) => test))
  expect(tests).toContain('contacts_in_order.cusum')
})
