import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createCellReader, plainCells } from '../../../../ingest/adapters/files/csv-cells.ts'

const options = {
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n'],
}

it.each<[string, string[] | null]>([
  ['a,b', ['a', 'b']],
  ['a,', ['a', '']],
  [',', ['', '']],
  ['""', ['']],
  ['"a,b",c', ['a,b', 'c']],
  ['"say ""x""","line\nend"', ['say "x"', 'line\nend']],
  [' "a"', null],
  ['"a"b,c', null],
  ['a"b,c', null],
  ['"a', null],
])('cuts %j', (text, cells) => {
  expect(plainCells(text, ',')).toEqual(cells)
})

it('cuts as csv-parse does, or leaves it to csv-parse', () => {
  const cell = fc.string({ unit: fc.constantFrom('"', '""', ',', 'a', ' ', ';', 'é', '\r'), maxLength: 6 })
  const quoted = cell.map((text) => `"${text.replaceAll('"', '""')}"`)
  const record = fc.array(fc.oneof(cell, quoted), { minLength: 1, maxLength: 5 }).map((cells) => cells.join(','))
  fc.assert(
    fc.property(record, fc.constantFrom(',', ';'), (text, delimiter) => {
      fc.pre(!text.endsWith('\r') && text !== '')
      const cells = plainCells(text, delimiter)
      if (cells !== null) expect(parse(text, { ...options, delimiter })).toEqual([cells])
    }),
    { numRuns: 5_000 },
  )
})

it('reads a record with quotes inside cells by csv-parse', () => {
  const read = createCellReader(',')
  expect(read(Buffer.from('a 5" pipe,b'))).toEqual(['a 5" pipe', 'b'])
  expect(read(Buffer.from('a,"b\n'))).toBeNull()
})
