import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDistinctWindows } from '../../detectors/windows/distinct-windows.ts'
import { createSumWindows } from '../../detectors/windows/sum-windows.ts'

const SPANS_MS = [10, 60, 240]

interface Access {
  actor: number
  object: number
  amount: number
  time: number
}

const access = fc.record({
  actor: fc.integer({ min: 0, max: 2 }),
  object: fc.integer({ min: 0, max: 9 }),
  amount: fc.integer({ min: 0, max: 50 }),
  time: fc.integer({ min: 0, max: 600 }),
})
/** Streams as they arrive: gently rising time with ties, repeats, late and wildly late events. */
const arrivals = fc
  .array(fc.tuple(access, fc.constantFrom(0, 0, 1, 3, 20, 100), fc.constantFrom(0, 0, 0, 0, 5, 50, 400)), {
    maxLength: 80,
  })
  .map((steps) => {
    let clock = 0
    return steps.map(([one, step, late]): Access => {
      clock += step
      return { ...one, time: Math.max(0, clock - late) }
    })
  })

let connection: DuckDBConnection
let instance: DuckDBInstance
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

async function load(stream: readonly Access[]): Promise<void> {
  await connection.run(
    'CREATE OR REPLACE TABLE s (n INTEGER, actor INTEGER, object INTEGER, amount INTEGER, time INTEGER)',
  )
  if (stream.length === 0) return
  const rows = stream.map((a, n) => `(${n}, ${a.actor}, ${a.object}, ${a.amount}, ${a.time})`)
  await connection.run(`INSERT INTO s VALUES ${rows.join(',')}`)
}

async function numbers(sql: string): Promise<number[][]> {
  const rows = (await connection.runAndReadAll(sql)).getRows()
  return rows.map((row) => row.map(Number))
}

describe('sliding windows', () => {
  test('equal RANGE-window SQL at every event of an ordered stream', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(access, { maxLength: 80 }), async (unordered) => {
        const stream = [...unordered].sort((a, b) => a.time - b.time)
        await load(stream)
        const distinct = createDistinctWindows(SPANS_MS)
        const sums = createSumWindows(SPANS_MS)
        const ours = stream.map((a) => {
          distinct.add(a.actor, a.object, a.time)
          sums.add(a.actor, a.amount, a.time)
          return SPANS_MS.flatMap((_, w) => [distinct.count(a.actor, w), sums.count(a.actor, w)])
        })
        // A RANGE frame holds all rows of equal time; ours holds those that came so far. So the last row of each tie is compared.
        const frames = SPANS_MS.map(
          (
            span,
          ) => `count(DISTINCT object) OVER (PARTITION BY actor ORDER BY time RANGE BETWEEN ${span} PRECEDING AND CURRENT ROW),
            sum(amount) OVER (PARTITION BY actor ORDER BY time RANGE BETWEEN ${span} PRECEDING AND CURRENT ROW)`,
        )
        const theirs = await numbers(
          `SELECT * FROM (SELECT n, n = max(n) OVER (PARTITION BY actor, time) AS last, ${frames.join(',')} FROM s) WHERE last ORDER BY n`,
        )
        for (const [n, , ...expected] of theirs) expect(ours[n]).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  test('equal SQL over what has arrived, whatever the order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (stream) => {
        await load(stream)
        const distinct = createDistinctWindows(SPANS_MS)
        const sums = createSumWindows(SPANS_MS)
        const ours = stream.map((a) => {
          distinct.add(a.actor, a.object, a.time)
          sums.add(a.actor, a.amount, a.time)
          return SPANS_MS.flatMap((_, w) => [
            distinct.count(a.actor, w),
            sums.count(a.actor, w),
            distinct.oldest(a.actor, w),
          ])
        })
        const columns = SPANS_MS.map(
          (span) => `count(DISTINCT x.object) FILTER (x.time >= c.now - ${span}),
            coalesce(sum(x.amount) FILTER (x.time >= c.now - ${span}), 0),
            (SELECT min(latest) FROM (SELECT max(y.time) AS latest FROM s y WHERE y.actor = c.actor AND y.n <= c.n GROUP BY y.object) WHERE latest >= c.now - ${span})`,
        )
        const theirs = await numbers(
          `WITH c AS (SELECT n, actor, max(time) OVER (PARTITION BY actor ORDER BY n) AS now FROM s)
           SELECT c.n, ${columns.join(',')} FROM c JOIN s x ON x.actor = c.actor AND x.n <= c.n GROUP BY c.n, c.actor, c.now ORDER BY c.n`,
        )
        expect(ours).toEqual(theirs.map(([, ...row]) => row))
      }),
      { numRuns: 150 },
    )
  })

  test('a window holds both its ends', () => {
    const distinct = createDistinctWindows([10])
    const sums = createSumWindows([10])
    distinct.add(0, 1, 100)
    sums.add(0, 5, 100)
    distinct.advance(0, 110)
    sums.advance(0, 110)
    expect([distinct.count(0, 0), sums.count(0, 0)]).toEqual([1, 5])
    distinct.advance(0, 111)
    sums.advance(0, 111)
    expect([distinct.count(0, 0), sums.count(0, 0)]).toEqual([0, 0])
  })

  test('an access tells how long ago the one before was', () => {
    const distinct = createDistinctWindows([10, 100])
    const since = ([object, time]: [number, number]) => distinct.add(0, object, time)
    expect(
      (
        [
          [1, 0],
          [1, 0],
          [1, 5],
          [2, 20],
          [1, 60],
          // Out of order: the newest is later already.
          [1, 50],
          [2, 30],
          // Both ends of the widest window belong to it.
          [1, 160],
          [1, 261],
          [2, 160],
        ] as [number, number][]
      ).map(since),
    ).toEqual([Number.POSITIVE_INFINITY, 0, 5, Number.POSITIVE_INFINITY, 55, 0, 10, 100, Number.POSITIVE_INFINITY, 0])
  })

  test('pairs that left the widest window are released', () => {
    const distinct = createDistinctWindows([10, 100])
    for (let i = 0; i < 50_000; i++) distinct.add(i % 7, i, i)
    expect(distinct.size).toBeLessThanOrEqual(107)
    for (let actor = 0; actor < 7; actor++) distinct.clear(actor)
    expect(distinct.size).toBe(0)
  })
})
