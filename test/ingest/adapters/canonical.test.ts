import { describe, expect, it } from 'vitest'
import { readCanonical } from '../../../ingest/adapters/canonical.ts'
import { createEventDraft } from '../../../ingest/event-draft.ts'
import { EARLIEST_TIME, LATEST_TIME } from '../../../model/event-time.ts'

const NOW = Date.UTC(2026, 10, 1)

const read = (time: unknown, latestTime: number) =>
  readCanonical({ time, actor_uid: 'a', action: 'view' }, createEventDraft(), { latestTime })

describe('the time of an event', () => {
  it('lies in the years 2000 to 2099', () => {
    expect(new Date(EARLIEST_TIME).toISOString()).toBe('2000-01-01T00:00:00.000Z')
    expect(new Date(LATEST_TIME).toISOString()).toBe('2099-12-31T23:59:59.999Z')
    for (const time of [EARLIEST_TIME, LATEST_TIME]) expect(read(time, Number.MAX_SAFE_INTEGER)).toBeNull()
  })

  it.each([LATEST_TIME + 1, '2100-01-01T00:00:00Z', NOW * 1_000, NOW * 1_000_000, 9e15, 1e300])(
    'is told to be in other units where it is %j, also of a running service',
    (time) => {
      for (const latestTime of [Number.MAX_SAFE_INTEGER, NOW])
        expect(read(time, latestTime)).toEqual({
          reason: 'time_in_future',
          detail: 'time lies after the year 2099; epoch times must be in milliseconds',
        })
    },
  )

  it('is told to lie in the future where it is in the right units', () => {
    expect(read(NOW + 1, NOW)?.detail).toBe('time lies further in the future than ingest.max_future_ms allows')
  })
})
