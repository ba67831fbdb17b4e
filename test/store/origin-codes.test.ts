import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createOriginCodes } from '../../store/origin-codes.ts'

const address = fc.option(fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1', '198.51.100.7'))

it('origins have the same code exactly when they have the same address, and -1 when they have none', () => {
  fc.assert(
    fc.property(fc.array(address, { minLength: 1, maxLength: 30 }), (addresses) => {
      const codes = createOriginCodes()
      for (const one of addresses) codes.add(one)
      for (const [i, one] of addresses.entries()) {
        expect(codes.of(i) === -1).toBe(one === null)
        for (const [j, other] of addresses.entries()) {
          if (one !== null && other !== null) expect(codes.of(i) === codes.of(j)).toBe(one === other)
        }
      }
    }),
  )
})

it('holds as many origins as there are', () => {
  const codes = createOriginCodes()
  for (let origin = 0; origin < 5_000; origin++) codes.add(`10.0.0.${origin % 200}`)
  expect(codes.of(4_999)).toBe(codes.of(199))
  expect(codes.of(4_999)).not.toBe(codes.of(4_998))
})

it('knows no address of an origin that was never added', () => {
  const codes = createOriginCodes()
  codes.add('192.0.2.1')
  expect(codes.of(1)).toBe(-1)
})
