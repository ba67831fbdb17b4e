import { createReadStream } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Adapter, AdapterEvent, BoundAdapter, NativeRow, RowOutcome } from '../../../ingest/adapters/adapter.ts'
import { readRecords } from '../../../ingest/adapters/files/read-records.ts'
import { insideEnvelope } from '../../../ingest/adapters/inside-envelope.ts'
import { createSourceRowReader, type SourceOutcome } from '../../../ingest/adapters/read-source-row.ts'

export type Options = Readonly<Record<string, unknown>>

/** The adapter with these options, which must be right. */
export function bound(adapter: Adapter, options: Options = {}): BoundAdapter {
  const result = adapter.bind(options)
  if (!result.ok) throw new Error(result.faults.join('\n'))
  return result
}

/** What the adapter makes of one native row, its columns named as in the source. */
export function outcomeOf(adapter: Adapter, row: NativeRow, options: Options = {}): RowOutcome {
  const { keyOf } = adapter
  const seen = Object.entries(row).map(([key, value]) => [keyOf === undefined ? key : keyOf(key), value])
  return insideEnvelope(bound(adapter, options).readRow, keyOf)(Object.fromEntries(seen))
}

/** The one event of a row. */
export function eventOf(adapter: Adapter, row: NativeRow, options: Options = {}): AdapterEvent {
  const outcome = outcomeOf(adapter, row, options)
  expect(outcome).toMatchObject({ kind: 'events', events: [expect.anything()] })
  if (outcome.kind !== 'events') throw new Error('unreachable')
  return outcome.events[0]
}

/** What becomes of every record of a file's bytes, as the convert command reads them. */
export async function readBytes(adapter: Adapter, bytes: AsyncIterable<Buffer>, options: Options = {}) {
  const source = bound(adapter, options)
  const read = createSourceRowReader(source, { defaultOrg: 'default', latestTime: Number.MAX_SAFE_INTEGER })
  const outcomes: SourceOutcome[] = []
  for await (const records of readRecords(bytes, adapter, source.source)) {
    for (const record of records) outcomes.push(read(record))
  }
  return outcomes
}

/** As readBytes, of a file with this text. */
export async function readText(adapter: Adapter, text: string, options: Options = {}) {
  async function* bytes(): AsyncGenerator<Buffer> {
    yield Buffer.from(text)
  }
  return readBytes(adapter, bytes(), options)
}

export const readFixture = (adapter: Adapter, path: string, options: Options = {}) =>
  readBytes(adapter, createReadStream(path), options)

/** Values that a cell or a JSON field should not have, and has some day. */
export const anyValue = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 40 }) },
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    ...['', ' ', 'N/A', 'null', '-1', '1e309', '20680.0', '=1+2', '@SUM(A1)', '0', '{}', '[]', '{"a":', '%', '%zz'],
    ...[
      '2026-02-30T25:61:61Z',
      '00000000-0000-0000-0000-000000000000',
      '__proto__',
      '::1%eth0',
      '\ud800',
      '9'.repeat(40),
    ],
    'x'.repeat(70_000),
  ),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Rows made of the given rows, some of their values and keys being something else. */
export const mutatedRow = (rows: readonly NativeRow[]): fc.Arbitrary<NativeRow> =>
  fc
    .tuple(
      fc.constantFrom(...rows),
      fc.dictionary(fc.string({ maxLength: 10 }), anyValue, { maxKeys: 2 }),
      fc.infiniteStream(fc.nat(9)),
      fc.infiniteStream(anyValue),
    )
    .map(([row, more, dice, values]) => {
      const mutated: Record<string, unknown> = { ...more }
      for (const [key, value] of Object.entries(row)) {
        const roll = dice.next().value
        if (roll === 0) mutated[key] = values.next().value
        else if (roll === 1) mutated[key.toLowerCase()] = value
        else if (roll !== 2) mutated[key] = value
      }
      return mutated
    })
