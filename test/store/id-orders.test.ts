import { expect, it } from 'vitest'
import { createIdOrders } from '../../store/id-orders.ts'

it('orders go by object code, however many there are; of unknown codes there is none', () => {
  const orders = createIdOrders()
  for (let code = 0; code < 10_000; code++) orders.add(code % 3 === 0 ? Number.NaN : code * 7)
  for (let code = 0; code < 10_000; code++) expect(orders.of(code)).toBe(code % 3 === 0 ? Number.NaN : code * 7)
  expect(orders.of(10_000)).toBeNaN()
})
