import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderOfId } from '../../store/order-of-id.ts'

describe('the order of an id', () => {
  it.each([
    ['c-0042', 42],
    ['1234567', 1_234_567],
    ['42', 42],
    ['lead/17', 17],
    ['7', Number.NaN],
    ['c-7', Number.NaN],
    ['', Number.NaN],
    ['anna', Number.NaN],
    ['42-b', Number.NaN],
    ['x123456789012345', 123_456_789_012_345],
    // Of longer ones the last fifteen digits, which a number still holds exactly.
    ['99123456789012345', 123_456_789_012_345],
    // Fifteen characters that are no Salesforce id.
    ['contact00000123', 123],
    ['000000000000129', 129],
  ])('of %j is %d', (id, order) => {
    expect(orderOfId(id)).toBe(order)
  })

  it('grows with the number at the end', () => {
    const number = fc.integer({ min: 10, max: 999_999_999 })
    fc.assert(
      fc.property(fc.constantFrom('', 'c-', 'contact:', '00Q-'), number, number, (prefix, one, other) => {
        expect(orderOfId(`${prefix}${one}`) - orderOfId(`${prefix}${other}`)).toBe(one - other)
      }),
    )
  })

  it('is a whole number or none, of every text', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const order = orderOfId(id)
        expect(Number.isNaN(order) || (Number.isSafeInteger(order) && order >= 0)).toBe(true)
        expect(Number.isNaN(order)).toBe(!/[0-9]{2}$/.test(id))
      }),
    )
  })
})

describe('the order of a Salesforce id', () => {
  it('counts to the base 62 in digits, capitals and small letters', () => {
    const [nine, capitalA, capitalZ, smallA, smallZ] = ['9', 'A', 'Z', 'a', 'z'].map((last) =>
      orderOfId(`0035e00000AbCd${last}`),
    )
    expect(capitalA - nine).toBe(1)
    expect(smallA - capitalZ).toBe(1)
    expect(orderOfId('0035e00000AbCe0') - smallZ).toBe(1)
  })

  it('is the same in 15 and in 18 characters', () => {
    expect(orderOfId('0035e00000AbCdEAAV')).toBe(orderOfId('0035e00000AbCdE'))
    expect(orderOfId('a0X5e00000AbCdEEAV')).toBe(orderOfId('a0X5e00000AbCdE'))
  })

  it('is that of a plain text where the suffix does not fit the capitals', () => {
    expect(orderOfId('0035e00000AbCdEAAB')).toBeNaN()
    expect(orderOfId('0035e00000AbCdEA42')).toBe(42)
  })
})

describe('the order of a GUID', () => {
  it('grows where the bytes turn that SQL Server counts up first', () => {
    const first = orderOfId('49a0e5b9-88df-e311-b8e5-6c3be5a8b200')
    expect(orderOfId('4ba0e5b9-88df-e311-b8e5-6c3be5a8b200') - first).toBe(2)
    expect(orderOfId('49A1E5B9-88DF-E311-B8E5-6C3BE5A8B200') - first).toBe(256)
    expect(orderOfId('49a0e5b9-89df-e311-b8e5-6c3be5a8b200') - first).toBe(2 ** 32)
  })

  it('grows with time where it is written as the standard has it', () => {
    const first = orderOfId('b9e5a049-df88-11e3-b8e5-6c3be5a8b200')
    expect(orderOfId('b9e5a04a-df88-11e3-b8e5-6c3be5a8b200') - first).toBe(1)
    expect(first).toBe(orderOfId('49a0e5b9-88df-e311-b8e5-6c3be5a8b200'))
  })

  it('is none of one that is random, whatever it ends in', () => {
    expect(orderOfId('b9e5a049-df88-4ae3-b8e5-6c3be5a81234')).toBeNaN()
  })
})
