import fc from 'fast-check'
import { expect, test } from 'vitest'
import { salesforceSuffix } from '../../model/salesforce-suffix.ts'
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
