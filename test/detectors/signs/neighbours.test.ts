import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNeighbours } from '../../../detectors/signs/neighbours.ts'

/** Objects whose number is their code; -1 has none. */
const create = () => createNeighbours({ orderOf: (object) => (object < 0 ? Number.NaN : object) })
const touches = (...objects: number[]): boolean[] => {
  const neighbours = create()
  return objects.map((object, i) => neighbours.touch(3, object, i))
}

describe('neighbours', () => {
  it.each([
    ['the first has none', [100], [false]],
    ['upwards', [100, 101, 102], [false, true, true]],
    ['downwards', [102, 101, 100], [false, true, true]],
    ['ten apart are, eleven are not', [100, 110, 121], [false, true, false]],
    ['the same again is none', [100, 100, 101, 100], [false, false, true, false]],
    ['what lies in between does not matter', [100, 5_000, 9_000, 101], [false, false, false, true]],
    ['what has no number is none, and is not remembered', [100, -1, 101, -1], [false, false, true, false]],
  ])('%s', (_, objects, near) => {
    expect(touches(...objects)).toEqual(near)
  })

  it('looks back on eight', () => {
    const far = [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000]
    expect(touches(100, ...far, 101).at(-1)).toBe(true)
    expect(touches(100, ...far, 8_000, 101).at(-1)).toBe(false)
  })

  it('keeps actors apart, and forgets the one that is cleared', () => {
    const neighbours = create()
    neighbours.touch(3, 100, 1)
    expect(neighbours.touch(0, 101, 2)).toBe(false)
    neighbours.clear(3)
    expect(neighbours.touch(3, 101, 3)).toBe(false)
    expect(neighbours.touch(0, 102, 4)).toBe(true)
  })

  it('tells once of work when the record was told to be a neighbour', () => {
    const neighbours = create()
    for (const [i, object] of [100, 101, 102, 5_000].entries()) neighbours.touch(3, object, 1_000 + i)
    expect(neighbours.worked(3, 101)).toBe(1_001)
    expect(neighbours.worked(3, 101)).toBeNaN()
    expect([100, 5_000, 7_777, -1].map((object) => neighbours.worked(3, object))).toEqual([NaN, NaN, NaN, NaN])
    expect(neighbours.worked(9, 102)).toBeNaN()
    for (let object = 10_000; object < 10_800; object += 100) neighbours.touch(3, object, 2_000)
    expect(neighbours.worked(3, 102)).toBeNaN()
  })

  it('is what a plain list of the last eight says', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 60 }), { maxLength: 60 }), (objects) => {
        let last: number[] = []
        const expected = objects.map((object) => {
          if (object < 0 || last.includes(object)) return false
          const near = last.some((one) => Math.abs(one - object) <= 10)
          last = [...last, object].slice(-8)
          return near
        })
        expect(touches(...objects)).toEqual(expected)
      }),
    )
  })
})
