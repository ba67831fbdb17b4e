import { Type } from 'typebox'
import { WINDOW_MS } from '../../model/measure.ts'
import { scoreOf, strengthOf } from '../../model/score.ts'
import type { Detector } from '../detector.ts'
import { standingOf } from '../standing.ts'

export interface AfterLeavingParams {
  readonly score: number
}

/** Strength of a first access, as a negative log10: a date in the HR feed is wrong now and then, a theft is likelier. */
const PER_DOUBLING = 0.5

/** Any successful operation after the last working day. */
export const afterLeaving: Detector<AfterLeavingParams, 'after-leaving'> = {
  id: 'after-leaving',
  title: 'Access after the last working day',
  params: Type.Object({
    score: Type.Number({ minimum: 0, maximum: 100, description: 'Score of a single access; more of them add to it.' }),
  }),
  defaults: { score: 70 },
  triggers: () => [{ on: 'access-after-leaving' }],
  examine(activity, params) {
    const accesses = activity.accessesAfterLeaving
    if (activity.actor.leaver !== 'left' || accesses === 0) return null
    const { time } = activity.event
    const strength = strengthOf(Math.min(params.score, 99)) + PER_DOUBLING * Math.log2(accesses)
    return {
      detector: 'after-leaving',
      time,
      score: scoreOf(strength),
      measure: null,
      window: '1d',
      window_from: time - WINDOW_MS['1d'],
      window_to: time,
      observed: accesses,
      expected: 0,
      expected_peers: 0,
      baseline_days: 0,
      tail_log10: null,
      look_back: activity.actor.lookBack,
      facts: { kind: 'after-leaving', ...standingOf(activity) },
      contributions: [
        {
          test: 'access-after-leaving',
          kind: 'after-leaving',
          measure: null,
          window: '1d',
          observed: accesses,
          expected: 0,
          expected_peers: 0,
          weight: null,
          part: 1,
        },
      ],
    }
  },
}
