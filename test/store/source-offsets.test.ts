import { expect, test } from 'vitest'
import { openDatabase } from '../../store/database.ts'
import { readOffsets, writeOffsets } from '../../store/source-offsets.ts'

test('offsets are set for partitions seen before and for new ones, in one go', async () => {
  await using db = await openDatabase({ dir: ':memory:' })
  const at = (partition: number, next: bigint) => ({ topic: 'crm.access', partition, next })
  await writeOffsets(db.writer, [at(0, 500n), at(1, 7n)], 1)
  await writeOffsets(db.writer, [at(0, 600n)], 2)
  await writeOffsets(db.writer, [at(0, 700n), at(2, 2n ** 53n + 1n)], 3)
  await writeOffsets(db.writer, [], 4)
  const stored = await readOffsets(db)
  expect(stored.toSorted((a, b) => a.partition - b.partition)).toEqual([at(0, 700n), at(1, 7n), at(2, 2n ** 53n + 1n)])
})
