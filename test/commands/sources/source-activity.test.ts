import { expect, it } from 'vitest'
import { openSourceActivity } from '../../../commands/sources/source-activity.ts'
import { HOUR_MS } from '../../../ingest/sources/write-tallies.ts'
import { forgetSourceHours } from '../../../store/source-records.ts'
import { sourceOf, take } from '../../ingest/sources/source-core.ts'
import { eventLogCsv } from '../../support/event-log-csv.ts'
import { inFolder, NOW, openTestCore } from '../../support/test-core.ts'

const source = sourceOf({ adapter: 'salesforce-event-log-file', org: 'acme' })
const HOURS = 10 * 24

it('knows a source after a restart as it did before, and of hours long gone only the last', async () => {
  await inFolder(async (dir) => {
    let now = NOW - HOURS * HOUR_MS
    {
      await using core = await openTestCore(dir, { now: () => now })
      for (let hour = 0; hour < HOURS; hour++) {
        await take(core, source, eventLogCsv(hour, hour + 1), 'csv')
        now += HOUR_MS
      }
    }
    await using core = await openTestCore(dir)
    const activity = await openSourceActivity(core.db, NOW)
    expect(activity.lastArrival('crm')).toBe(NOW - HOUR_MS)
    expect(activity.newestEvent('crm')).toBe(Date.UTC(2026, 2, 2, 8) + (HOURS - 2) * 20_000)
    expect(activity.silentHours('crm', NOW)).toBe(0)
    expect(activity.silentHours('crm', NOW + 5 * HOUR_MS)).toBe(5)
    expect(activity.silentHours('nobody', NOW)).toBeNull()
    expect(activity.lastArrival('nobody')).toBeNull()

    await forgetSourceHours(core.db.writer, Math.floor(NOW / HOUR_MS) + 1)
    const hours = await core.db.query<{ n: number }>('SELECT count(*) AS n FROM source_hours')
    expect(hours[0].n).toBeLessThanOrEqual(2)
    const after = await openSourceActivity(core.db, NOW)
    expect(after.lastArrival('crm')).toBe(NOW - HOUR_MS)
    expect(after.newestEvent('crm')).toBe(activity.newestEvent('crm'))
  })
})

it('follows what is committed', async () => {
  await using core = await openTestCore(':memory:')
  const activity = await openSourceActivity(core.db, NOW)
  const tally = {
    source: 'crm',
    accepted: 1,
    duplicates: 0,
    ignored: new Map(),
    rejected: new Map(),
    unmapped: new Map(),
  }
  for (let hour = 0; hour <= 200; hour++) {
    activity.note([{ ...tally, records: 1, arrivedAt: NOW + hour * HOUR_MS, newestEvent: NOW + hour }])
  }
  // Dead letters that are read again are no sign of life.
  activity.note([{ ...tally, records: 0, arrivedAt: NOW + 203 * HOUR_MS, newestEvent: null }])
  expect(activity.lastArrival('crm')).toBe(NOW + 200 * HOUR_MS)
  expect(activity.silentHours('crm', NOW + 204 * HOUR_MS)).toBe(3)
})
