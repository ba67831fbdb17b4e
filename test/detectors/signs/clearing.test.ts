import { describe, expect, it } from 'vitest'
import { createClearing } from '../../../detectors/signs/clearing.ts'

const ANNA = 3

describe('records changed or deleted after they were taken out', () => {
  it('counts no more of them than were taken', () => {
    const clearing = createClearing()
    clearing.listed(ANNA)
    clearing.taken(ANNA, 5)
    expect([clearing.worked(ANNA, 3), clearing.worked(ANNA, 3), clearing.worked(ANNA, 3)]).toEqual([3, 2, 0])
  })

  it('needs a list or search before, and something taken', () => {
    const clearing = createClearing()
    clearing.taken(ANNA, 5)
    expect(clearing.worked(ANNA, 3)).toBe(0)
    clearing.listed(ANNA)
    expect(clearing.worked(ANNA, 3)).toBe(0)
  })

  it('keeps people apart, and begins anew with the day', () => {
    const clearing = createClearing()
    for (const actor of [ANNA, 900]) {
      clearing.listed(actor)
      clearing.taken(actor, 5)
    }
    clearing.clear(ANNA)
    expect(clearing.worked(ANNA, 3)).toBe(0)
    expect(clearing.worked(900, 3)).toBe(3)
  })
})
