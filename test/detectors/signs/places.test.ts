import { describe, expect, it } from 'vitest'
import { createPlaces } from '../../../detectors/signs/places.ts'

const HOME = 1
const ABROAD = 2
const ACTOR = 5

describe('places', () => {
  it.each([
    [0, false],
    [1, false],
    [7, false],
    [8, true],
    [100, true],
  ])('calls another address on the %dth day after the first: new is %s', (day, isNew) => {
    const places = createPlaces(7)
    expect(places.visit(ACTOR, HOME, 0)).toBe(false)
    expect(places.visit(ACTOR, ABROAD, day)).toBe(isNew)
  })

  it('calls it new for three days', () => {
    const places = createPlaces(7)
    places.visit(ACTOR, HOME, 0)
    const seen = [20, 20, 21, 22, 23, 40].map((day) => places.visit(ACTOR, ABROAD, day))
    expect(seen).toEqual([true, true, true, true, false, false])
    expect(places.visit(ACTOR, HOME, 40)).toBe(false)
  })

  it('never calls new what was used in the first week', () => {
    const places = createPlaces(7)
    places.visit(ACTOR, HOME, 0)
    places.visit(ACTOR, ABROAD, 7)
    expect(places.visit(ACTOR, ABROAD, 8)).toBe(false)
  })

  it('knows each actor apart', () => {
    const places = createPlaces(7)
    places.visit(ACTOR, HOME, 0)
    places.visit(2, ABROAD, 0)
    expect(places.visit(ACTOR, ABROAD, 20)).toBe(true)
    expect(places.visit(9, ABROAD, 20)).toBe(false)
  })

  it('forgets the address used longest ago when there are more than 64', () => {
    const places = createPlaces(7)
    for (let place = 0; place < 64; place++) places.visit(ACTOR, place, place === 0 ? 3 : place === 1 ? 0 : 2)
    places.visit(ACTOR, 0, 4)
    places.visit(ACTOR, 64, 30)
    expect(places.visit(ACTOR, 0, 31)).toBe(false)
    expect(places.visit(ACTOR, 1, 31)).toBe(true)
  })

  it('restored are what they were', () => {
    const lived = createPlaces(7)
    const restored = createPlaces(7)
    for (const [place, first, last] of [
      [HOME, 0, 30],
      [ABROAD, 29, 30],
    ]) {
      lived.visit(ACTOR, place, first)
      lived.visit(ACTOR, place, last)
      restored.restore(ACTOR, place, first, last)
    }
    for (const [place, day] of [
      [HOME, 31],
      [ABROAD, 31],
      [ABROAD, 32],
      [3, 32],
    ]) {
      expect(restored.visit(ACTOR, place, day)).toBe(lived.visit(ACTOR, place, day))
    }
    expect(restored.visit(ACTOR, 4, 33)).toBe(true)
  })

  it('cleared begin anew', () => {
    const places = createPlaces(7)
    places.visit(ACTOR, HOME, 0)
    places.clear(ACTOR)
    expect(places.visit(ACTOR, ABROAD, 20)).toBe(false)
    expect(places.visit(ACTOR, HOME, 27)).toBe(false)
    expect(places.visit(ACTOR, 3, 28)).toBe(true)
  })
})
