import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdOrders, orderOfId } from '../../store/id-orders.ts'

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

  it('is one of every text, or none', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const order = orderOfId(id)
        expect(Number.isNaN(order) || (Number.isSafeInteger(order) && order >= 0)).toBe(true)
        expect(Number.isNaN(order)).toBe(!/[0-9]{2}$/.test(id))
      }),
    )
  })
})

it('orders go by object code, however many there are; of unknown codes there is none', () => {
  const orders = createIdOrders()
  for (let code = 0; code < 10_000; code++) orders.add(code % 3 === 0 ? Number.NaN : code * 7)
  for (let code = 0; code < 10_000; code++) expect(orders.of(code)).toBe(code % 3 === 0 ? Number.NaN : code * 7)
  expect(orders.of(10_000)).toBeNaN()
})
