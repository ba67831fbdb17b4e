import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTextHash, type HashKey } from '../../store/text-hash.ts'

const KEY: HashKey = { lo: 0x03020100, hi: 0x07060504 }
const printOf = (fields: readonly (string | null)[], key = KEY): string => {
  const hash = createTextHash(key).start()
  for (const field of fields) hash.field(field)
  hash.end()
  return `${hash.lo}/${hash.hi}`
}
const field = fc.option(fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 })))
const ascii = fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)) })

describe('a fingerprint', () => {
  it('is that of the texts, whether they are at hand as text or as bytes', () => {
    fc.assert(
      fc.property(ascii, ascii, fc.nat(5), (org, uid, before) => {
        const bytes = Buffer.from(`${'x'.repeat(before)}${uid}yz`)
        const hash = createTextHash(KEY)
        hash
          .startWith(org)
          .ascii(bytes, before, before + uid.length)
          .end()
        expect(`${hash.lo}/${hash.hi}`).toBe(printOf([org, uid]))
      }),
    )
  })

  it('is another of other fields, be it that they are cut otherwise', () => {
    fc.assert(
      fc.property(fc.array(field), fc.array(field), (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other))
        expect(printOf(one)).not.toBe(printOf(other))
      }),
    )
    const alike = [['ab', 'c'], ['a', 'bc'], ['abc', ''], ['', 'abc'], ['abc', null], ['abc\0', ''], ['abc']]
    expect(new Set(alike.map((fields) => printOf(fields))).size).toBe(alike.length)
  })

  it('of a prefix that is remembered is the same the second time, and after another one', () => {
    const hash = createTextHash(KEY)
    const of = (org: string) => {
      hash.startWith(org).field('u-1').end()
      return `${hash.lo}/${hash.hi}`
    }
    expect([of('a'), of('a'), of('b'), of('a')]).toEqual(['a', 'a', 'b', 'a'].map((org) => printOf([org, 'u-1'])))
  })

  it('of a text longer than any field may be is made as well', () => {
    const long = 'ü'.repeat(20_000)
    expect(printOf([long])).toBe(printOf([long]))
    expect(printOf([long])).not.toBe(printOf([`${long}ü`]))
  })

  it('is another with either half of the key changed by a bit, and no two of many ids are alike', () => {
    const keys = [KEY, { ...KEY, lo: KEY.lo ^ 1 }, { ...KEY, hi: KEY.hi ^ 0x8000_0000 }]
    expect(new Set(keys.map((key) => printOf(['default', 'c-1'], key))).size).toBe(3)
    const ids = Array.from({ length: 200_000 }, (_, i) => printOf(['default', `c-${i}`]))
    expect(new Set(ids).size).toBe(ids.length)
    // Every bit is set in about half of them.
    for (let bit = 0; bit < 64; bit++) {
      const part = bit < 32 ? 0 : 1
      const set = ids.filter((id) => (Number(id.split('/')[part]) >>> (bit % 32)) & 1).length
      expect(Math.abs(set / ids.length - 0.5)).toBeLessThan(0.01)
    }
  })
})
