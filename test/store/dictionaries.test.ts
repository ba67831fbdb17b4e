import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Kind } from '../../model/event-batch.ts'
import { salesforceSuffix } from '../../model/salesforce-suffix.ts'
import { KIND_LIMITS } from '../../store/bounded-kind.ts'
import { openDatabase } from '../../store/database.ts'
import { loadDictionaries } from '../../store/dictionaries.ts'
import { orderOfId } from '../../store/order-of-id.ts'

const salesforceId = fc.stringMatching(/^003[0-9A-Za-z]{12}$/)
const objectUid = fc.oneof(
  fc.stringMatching(/^[a-z-]{0,4}[0-9]{0,17}$/),
  salesforceId,
  salesforceId.map((id) => id + salesforceSuffix(id)),
  fc.uuid({ version: [1, 4] }),
  // As Dataverse makes them: the version stands where SQL Server's order of bytes puts it.
  fc.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{2}1[0-9a-f]-[0-9a-f]{4}-[0-9a-f]{12}$/),
  fc.string({ maxLength: 40 }),
)

test('what was written is read back under the same codes, and in the same order of ids', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(objectUid, { minLength: 1, maxLength: 50 }), async (uids) => {
      await using db = await openDatabase({ dir: ':memory:' })
      const codes = await loadDictionaries(db)
      const before = uids.map((uid) => codes.object('default', uid))
      await codes.flush(db.writer)
      const again = await loadDictionaries(db)
      const withTexts = await loadDictionaries(db, { origins: [], objects: true })
      expect(uids.map((uid) => again.object('default', uid))).toEqual(before)
      expect(before.map((code) => codes.orderOf(code))).toEqual(uids.map(orderOfId))
      expect(before.map((code) => again.orderOf(code))).toEqual(uids.map(orderOfId))
      expect(before.map((code) => withTexts.orderOf(code))).toEqual(uids.map(orderOfId))
      expect(before.map((code) => withTexts.objectUid(code))).toEqual(uids)
    }),
    { numRuns: 50 },
  )
})

test('kinds keep texts of a bounded length, and beyond so many kinds none that senders chose', async () => {
  await using db = await openDatabase({ dir: ':memory:' })
  const codes = await loadDictionaries(db)
  const kind = (client_app: string): Kind => ({
    ...{ source: 'http', source_product: null, source_event_type: null, actor_type: 'user', action: 'view' },
    ...{ object_type: 'contact', object_uids_complete: true, record_count_basis: 'ids_counted', channel: 'ui' },
    ...{ has_contact_fields: null, client_app, export_format: null, outcome: 'success', excluded: false },
  })
  const long = codes.kind(kind('x'.repeat(4_096)))
  expect(codes.kindOf(long).client_app).toBe('x'.repeat(KIND_LIMITS.textLength))
  expect(codes.kind(kind(`${'x'.repeat(4_000)}y`))).toBe(long)
  for (let n = 1; n < KIND_LIMITS.kinds; n++) codes.kind(kind(`app ${n}`))
  const others = codes.kind(kind('one more'))
  expect(codes.kindOf(others).client_app).toBe('(others)')
  expect(codes.kind(kind('and another'))).toBe(others)
  expect(codes.kindOf(codes.kind(kind('app 7'))).client_app).toBe('app 7')
  expect(codes.kindCount).toBe(KIND_LIMITS.kinds + 1)
})
