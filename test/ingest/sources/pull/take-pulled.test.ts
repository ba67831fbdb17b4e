import { expect, it } from 'vitest'
import { createRecentRecords } from '../../../../ingest/sources/pull/recent-records.ts'
import { takePulled } from '../../../../ingest/sources/pull/take-pulled.ts'
import { EVENT_LOG_HEADER, eventLogRow } from '../../../support/event-log-csv.ts'
import { NOW, openTestCore } from '../../../support/test-core.ts'
import { rowOptions, sourceOf } from '../source-core.ts'

const ROWS = 3_000
const UNREADABLE = [7, 900, 2_990]

it('tells the place of a refused row within its file, in whichever part it is read', async () => {
  await using core = await openTestCore(':memory:')
  const lines = Array.from({ length: ROWS }, (_, n) => (UNREADABLE.includes(n + 1) ? ',y' : eventLogRow(n)))
  async function* chunks() {
    yield Buffer.from(`${EVENT_LOG_HEADER}\n`)
    for (const line of lines) yield Buffer.from(`${line}\n`)
  }
  const records = await takePulled(
    { chunks: chunks(), format: 'csv', cursor: {} },
    sourceOf({ adapter: 'salesforce-event-log-file', org: 'acme' }),
    { takeRows: core.pipeline.takeRows, rowOptions, now: () => NOW, recent: createRecentRecords(10) },
  )
  expect(records).toBe(ROWS)
  const letters = await core.db.query<{ line: number }>('SELECT line FROM dead_letters ORDER BY line')
  expect(letters.map(({ line }) => line)).toEqual(UNREADABLE)
})
