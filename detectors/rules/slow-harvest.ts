import { Type } from 'typebox'
import type { Measure } from '../../model/measure.ts'
import { CUSUM_MEASURES } from '../baseline/cusum-measures.ts'
import type { Detector } from '../detector.ts'
import { scoreOf } from '../score.ts'
import { cusumSentence } from '../sentence.ts'
import { CountParams, countFinding, countTriggers, type Floors, mostUnusual, perName } from './count-detector.ts'

export interface SlowHarvestParams {
  readonly floors: Floors
  /** Per CUSUM measure, the count over 28 days below which its CUSUM is not reported. */
  readonly cusum_floors: Partial<Record<Measure, number>>
}

/**
 * A harvest spread thin: seven and twenty-eight days of distinct contacts or records taken out against their own
 * baselines, and the CUSUM of daily residuals, which sees a small rise that lasts.
 */
export const slowHarvest: Detector<SlowHarvestParams> = {
  id: 'slow-harvest',
  title: 'Slow harvesting over days and weeks',
  params: Type.Object({
    ...CountParams.properties,
    cusum_floors: Type.Object(perName(CUSUM_MEASURES, Type.Integer({ minimum: 1 })), {
      additionalProperties: false,
      description: 'Per measure, the count over 28 days below which its CUSUM is not reported.',
    }),
  }),
  defaults: {
    floors: {
      contacts_viewed: { '7d': 120, '28d': 250 },
      contacts_copied: { '7d': 40, '28d': 70 },
      records_taken: { '7d': 150, '28d': 250 },
    },
    cusum_floors: { contacts_viewed: 200, contacts_copied: 60, records_taken: 200 },
  },
  triggers: (params) => [
    ...countTriggers(params),
    ...(Object.entries(params.cusum_floors) as [Measure, number][]).map(([measure, floor]) => ({
      on: 'cusum' as const,
      measure,
      floor,
    })),
  ],
  examine(activity, params) {
    const counted = mostUnusual('slow-harvest', activity, countTriggers(params))
    if (counted !== null) return counted
    for (const [measure, floor] of Object.entries(params.cusum_floors) as [Measure, number][]) {
      const cusum = activity.cusum(measure)
      const count = activity.count(measure, '28d')
      if (cusum === null || cusum.value < cusum.limit || count < floor) continue
      const tail = Math.min(activity.baseline(measure, '28d').tailLog10(count), -cusum.value / 2)
      const finding = countFinding('slow-harvest', activity, measure, '28d', tail)
      return { ...finding, score: scoreOf(cusum.value / 2), sentence: cusumSentence(activity, measure) }
    }
    return null
  },
}
