import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clipText } from '../../model/clip-text.ts'
import { parseJsonText, toJsonText } from '../../model/json-text.ts'

/** Texts of any UTF-16 units, halves of pairs and backslashes among them. */
const units = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x5c, 0x75, 0x64, 0x22, 0x61, 0xd83d, 0xde42, 0xd800, 0xdfff),
      fc.integer({ min: 0, max: 0xffff }),
    ),
    { maxLength: 30 },
  )
  .map((codes) => String.fromCharCode(...codes))

it('a text that was written and read is the same, but for halves of surrogate pairs', () => {
  fc.assert(
    fc.property(units, fc.array(units), (text, list) => {
      const read = [toJsonText({ text, list }), JSON.stringify({ text, list })].map(parseJsonText)
      const expected = { text: text.toWellFormed(), list: list.map((one) => one.toWellFormed()) }
      expect(read).toEqual([expected, expected])
    }),
  )
})

it.each([
  ['"\\ud83d\\ude42"', '🙂'],
  ['"\\uD83D\\uDE42"', '🙂'],
  ['"\\ud83d"', '\ufffd'],
  ['"\\ud83dx\\ude42"', '\ufffdx\ufffd'],
  ['"\\ud83d\\ud83d\\ude42"', '\ufffd🙂'],
  ['"\\\\ud83d"', '\\ud83d'],
  ['"\\\\\\ud83d"', '\\\ufffd'],
])('%s says %s', (text, value) => {
  expect(parseJsonText(text)).toBe(value)
})

it('a text is cut between characters', () => {
  expect(clipText('ab🙂', 4)).toBe('ab🙂')
  expect(clipText('ab🙂', 3)).toBe('ab')
  expect(clipText('ab🙂', 2)).toBe('ab')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, most) => {
      const clipped = clipText(text, most)
      expect(clipped.length).toBeLessThanOrEqual(most)
      expect(text.startsWith(clipped) && clipped.isWellFormed()).toBe(true)
      expect(clipped.length >= Math.min(text.length, most) - 1).toBe(true)
    }),
  )
})
