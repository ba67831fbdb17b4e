import { describe, expect, it } from 'vitest'
import { type BoundDetector, bindDetectors } from '../../detectors/registry.ts'
import { createSaid } from '../../detectors/said.ts'

const [view, copy, exported] = bindDetectors()
const ACTOR = 7
const DAY = 20_000

describe('what was said of somebody', () => {
  it('lets every detector be heard with the first report of a day', () => {
    const said = createSaid<BoundDetector>()
    expect(said.has(ACTOR, DAY)).toBe(false)
    expect(said.news(ACTOR, DAY, 9, [view, copy])).toEqual([view, copy])
    expect(said.has(ACTOR, DAY)).toBe(true)
    expect(said.has(ACTOR, DAY + 1)).toBe(false)
    expect(said.news(ACTOR, DAY + 1, 9, [view, copy])).toEqual([view, copy])
  })

  it('says the same again only when the risk has grown by 0.7 since it was said', () => {
    const said = createSaid<BoundDetector>()
    said.news(ACTOR, DAY, 9, [view])
    expect(said.news(ACTOR, DAY, 9.6, [view])).toEqual([])
    expect(said.news(ACTOR, DAY, 9.7, [view])).toEqual([view])
    expect(said.news(ACTOR, DAY, 10.3, [view])).toEqual([])
  })

  it('lets a detector be heard that speaks later, once, though the risk is the same', () => {
    const said = createSaid<BoundDetector>()
    said.news(ACTOR, DAY, 9, [view])
    expect(said.news(ACTOR, DAY, 9, [view, exported])).toEqual([exported])
    expect(said.news(ACTOR, DAY, 9.3, [view, exported])).toEqual([])
    // What was heard later does not count as a report of the whole day.
    expect(said.news(ACTOR, DAY, 9.7, [view, exported])).toEqual([view, exported])
  })

  it('knows nothing of whom it has forgotten, and everything of the others', () => {
    const said = createSaid<BoundDetector>()
    said.news(ACTOR, DAY, 9, [view])
    said.news(ACTOR + 1, DAY, 9, [view])
    said.forget(ACTOR)
    expect(said.news(ACTOR, DAY, 9, [view])).toEqual([view])
    expect(said.news(ACTOR + 1, DAY, 9, [view])).toEqual([])
  })
})
