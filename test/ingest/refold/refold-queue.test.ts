import { expect, it } from 'vitest'
import { createRefoldQueue, type RefoldRequest } from '../../../ingest/refold/refold-queue.ts'

const DAY = 86_400_000
const T0 = Date.UTC(2026, 5, 1)
const before = (days: number, cause: RefoldRequest['cause']): RefoldRequest => ({
  actor: 1,
  fromTime: T0 - days * DAY,
  cause,
  atTime: cause === 'late' ? T0 - days * DAY : T0,
})

it.each([
  ['a late event alone', [before(300, 'late')], 300, null],
  ['a notice and a late event of long ago', [before(90, 'notice'), before(300, 'late')], 300, 90],
  ['a late event of long ago and a notice', [before(300, 'late'), before(90, 'notice')], 300, 90],
  ['a notice and a later wish', [before(90, 'notice'), before(120, 'examination'), before(5, 'late')], 120, 120],
] as const)(
  '%s: reports from the earliest start, and holds to the leaver limit from that of notice or wish',
  (_, requests, days, leaverDays) => {
    const queue = createRefoldQueue()
    for (const request of requests) queue.add(request)
    expect(queue.of(1)).toMatchObject({
      fromTime: T0 - days * DAY,
      leaverFrom: leaverDays === null ? null : T0 - leaverDays * DAY,
    })
    expect(queue.take(1)[0]).toMatchObject({ actor: 1 })
    expect(queue.size).toBe(0)
  },
)
