import { expect, it } from 'vitest'
import { createProgress } from '../../cli/progress.ts'

function run(
  isTTY: boolean,
  total: number | null,
  steps: readonly (readonly [ms: number, done: number])[],
  columns = 100,
) {
  const written: string[] = []
  let time = 5000
  const stream = { isTTY, columns, write: (text: string) => written.push(text) }
  const progress = createProgress({ label: 'History', unit: 'events', total, stream, now: () => time })
  for (const [ms, done] of steps) {
    time = 5000 + ms
    progress.update(done)
  }
  progress.finish(total ?? 99)
  return written
}

it('redraws one line on a terminal, at most ten times a second', () => {
  expect(
    run(true, 4000, [
      [1000, 1000],
      [1050, 1100],
      [2000, 2000],
    ]),
  ).toEqual([
    '\r\x1b[2KHistory: [######..................] 25 %, 1,000 of 4,000 events, 1,000 events/s, 3 s left',
    '\r\x1b[2KHistory: [############............] 50 %, 2,000 of 4,000 events, 1,000 events/s, 2 s left',
    '\r\x1b[2KHistory: 4,000 events in 2.0 s, 2,000 events/s\n',
  ])
})

it('prints a plain line every ten seconds elsewhere', () => {
  expect(
    run(false, 4_000_000, [
      [1000, 1000],
      [10_000, 100_000],
      [15_000, 150_000],
      [20_000, 200_000],
    ]),
  ).toEqual([
    'History: 2 %, 100,000 of 4,000,000 events, 10,000 events/s, 6 min 30 s left\n',
    'History: 5 %, 200,000 of 4,000,000 events, 10,000 events/s, 6 min 20 s left\n',
    'History: 4,000,000 events in 20.0 s, 200,000 events/s\n',
  ])
})

it('does without a total, and without elapsed time', () => {
  expect(run(true, null, [[0, 10]])).toEqual([
    '\r\x1b[2KHistory: 10 events, 0 events/s',
    '\r\x1b[2KHistory: 99 events in 0 ms, 0 events/s\n',
  ])
})

it('never passes the width of the terminal', () => {
  const lines = run(true, 4000, [[1000, 1000]], 30).map((line) => line.replace('\r\x1b[2K', '').trimEnd())
  expect(lines.every((line) => line.length < 30)).toBe(true)
})

it('tells the time left from the share that was done since it was first told', () => {
  const written: string[] = []
  let time = 0
  const stream = { isTTY: true, columns: 100, write: (text: string) => written.push(text) }
  const progress = createProgress({ label: 'importing', unit: 'rows', total: null, stream, now: () => time })
  for (const [ms, done, share] of [
    [1000, 0, 0.5],
    [3000, 2000, 0.75],
  ]) {
    time = ms
    progress.update(done, share)
  }
  expect(written).toEqual([
    '\r\x1b[2Kimporting: [############............] 50 %, 0 rows, 0 rows/s',
    '\r\x1b[2Kimporting: [##################......] 75 %, 2,000 rows, 667 rows/s, 2 s left',
  ])
})

it('ends with a time from which the rate follows', () => {
  const written: string[] = []
  let time = 0
  const stream = { isTTY: false, columns: 100, write: (text: string) => written.push(text) }
  const progress = createProgress({ label: 'importing', unit: 'rows', total: null, stream, now: () => time })
  time = 627
  progress.finish(5_991)
  expect(written).toEqual(['importing: 5,991 rows in 627 ms, 9,555 rows/s\n'])
})
