import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseJson } from '../../../../ingest/adapters/files/parse-json.ts'

it.each<[string, unknown]>([
  ['{"userId": 0123}', { userId: '0123' }],
  ['{"a": [00, -01.5, 0, 0.5, 10]}', { a: ['00', '-01.5', 0, 0.5, 10] }],
  ['{"a": 1, "b": [1, 2, ], \n}', { a: 1, b: [1, 2] }],
  ['{"a": "kept, ]", "b": 0123,}', { a: 'kept, ]', b: '0123' }],
  ['[{"a": 1},]', [{ a: 1 }]],
])('passes over leading zeros and a last comma: %s', (text, value) => {
  expect(parseJson(text)).toEqual(value)
})

it.each(['{"a": 1,, "b": 2}', '[,]1', '{,"a":1}', '{"a" 1,}', '{"a": 1', ''])('gives nothing for %s', (text) => {
  expect(parseJson(text)).toBeUndefined()
})

it('reads what is JSON as it is, and never throws', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
  const bits = fc.constantFrom(...',]}[{"\\ 0123-.:a\n')
  fc.assert(fc.property(fc.string({ unit: bits, maxLength: 60 }), (text) => void parseJson(text)))
})
