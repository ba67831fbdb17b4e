import { describe, expect, it } from 'vitest'
import { type BoundDetector, bindDetectors } from '../../detectors/registry.ts'
import { createSaid } from '../../detectors/said.ts'

const [view, copy, exported] = bindDetectors()
/** Each of a test of its own, with the same count. */
const speaking = (...voices: BoundDetector[]) =>
  voices.map((voice) => ({ voice, test: [view, copy, exported].indexOf(voice), count: 40 }))
const ACTOR = 7
const DAY = 20_000

describe('what was said of somebody', () => {
  it('lets every detector be heard with the first report of a day', () => {
    const said = createSaid<BoundDetector>()
    expect(said.has(ACTOR, DAY)).toBe(false)
    expect(said.news(ACTOR, DAY, 9, speaking(view, copy))).toEqual([view, copy])
    expect(said.has(ACTOR, DAY)).toBe(true)
    expect(said.has(ACTOR, DAY + 1)).toBe(false)
    expect(said.news(ACTOR, DAY + 1, 9, speaking(view, copy))).toEqual([view, copy])
  })

  it('says the same again only when the risk has grown by 0.7 since it was said', () => {
    const said = createSaid<BoundDetector>()
    said.news(ACTOR, DAY, 9, speaking(view))
    expect(said.news(ACTOR, DAY, 9.6, speaking(view))).toEqual([])
    expect(said.news(ACTOR, DAY, 9.7, speaking(view))).toEqual([view])
    expect(said.news(ACTOR, DAY, 10.3, speaking(view))).toEqual([])
  })

  it('lets a detector be heard that speaks later, once, though the risk is the same', () => {
    const said = createSaid<BoundDetector>()
    said.news(ACTOR, DAY, 9, speaking(view))
    expect(said.news(ACTOR, DAY, 9, speaking(view, exported))).toEqual([exported])
    expect(said.news(ACTOR, DAY, 9.3, speaking(view, exported))).toEqual([])
    // What was heard later does not count as a report of the whole day.
    expect(said.news(ACTOR, DAY, 9.7, speaking(view, exported))).toEqual([view, exported])
  })

  it('says the same again when a test has counted a tenth more, though the risk is the same', () => {
    const said = createSaid<BoundDetector>()
    const counted = (copies: number, views: number) => [
      { voice: copy, test: 1, count: copies },
      { voice: copy, test: 2, count: 900 },
      { voice: view, test: 0, count: views },
    ]
    said.news(ACTOR, DAY, 9, counted(40, 60))
    expect(said.news(ACTOR, DAY, 9, counted(43, 60))).toEqual([])
    expect(said.news(ACTOR, DAY, 9, counted(44, 60))).toEqual([copy])
    expect(said.news(ACTOR, DAY, 9, counted(48, 65))).toEqual([])
    expect(said.news(ACTOR, DAY, 9, counted(49, 66))).toEqual([copy, view])
  })

  it('knows nothing of whom it has forgotten, and everything of the others', () => {
    const said = createSaid<BoundDetector>()
    said.news(ACTOR, DAY, 9, speaking(view))
    said.news(ACTOR + 1, DAY, 9, speaking(view))
    said.forget(ACTOR)
    expect(said.news(ACTOR, DAY, 9, speaking(view))).toEqual([view])
    expect(said.news(ACTOR + 1, DAY, 9, speaking(view))).toEqual([])
  })
})
