import { type TSchema, Type } from 'typebox'
import type { Finding } from '../../model/alert.ts'
import { MEASURES, type Measure, WINDOW_MS, WINDOWS, type Window } from '../../model/measure.ts'
import type { Activity, Detector, Trigger } from '../detector.ts'
import { scoreOf } from '../score.ts'
import { countSentence } from '../sentence.ts'

/** Per measure and window, the count below which nothing is ever reported. */
export type Floors = Partial<Record<Measure, Partial<Record<Window, number>>>>

export interface CountParams {
  readonly floors: Floors
}

/** Every name optional, all of one type. */
export function perName<T extends TSchema>(names: readonly string[], schema: T) {
  return Object.fromEntries(names.map((name) => [name, Type.Optional(schema)]))
}

const LEAST = Type.Integer({ minimum: 1 })

export const CountParams = Type.Object({
  floors: Type.Object(perName(MEASURES, Type.Object(perName(WINDOWS, LEAST), { additionalProperties: false })), {
    additionalProperties: false,
    description: 'Per measure and window, the count below which nothing is ever reported.',
  }),
})

/** A detector that reports the most unusual of several counts against the actor's baseline. */
export function createCountDetector(id: string, title: string, floors: Floors): Detector<CountParams> {
  return {
    id,
    title,
    params: CountParams,
    defaults: { floors },
    triggers: countTriggers,
    examine: (activity, params) => mostUnusual(id, activity, countTriggers(params)),
  }
}

export type CountTrigger = Extract<Trigger, { on: 'count' }>

export function countTriggers(params: CountParams): CountTrigger[] {
  const triggers: CountTrigger[] = []
  for (const [measure, windows] of Object.entries(params.floors) as [Measure, Partial<Record<Window, number>>][]) {
    for (const [window, floor] of Object.entries(windows) as [Window, number][]) {
      triggers.push({ on: 'count', measure, window, floor })
    }
  }
  return triggers
}

/** The finding of the count with the smallest tail probability among those over their limit. */
export function mostUnusual(id: string, activity: Activity, triggers: readonly CountTrigger[]): Finding | null {
  let best: { measure: Measure; window: Window; tail: number } | null = null
  for (const { measure, window } of triggers) {
    const count = activity.count(measure, window)
    if (count < activity.limit(measure, window)) continue
    const tail = activity.baseline(measure, window).tailLog10(count)
    if (best === null || tail < best.tail) best = { measure, window, tail }
  }
  return best === null ? null : countFinding(id, activity, best.measure, best.window, best.tail)
}

export function countFinding(id: string, activity: Activity, measure: Measure, window: Window, tail: number): Finding {
  const { expected, expectedPeers, days } = activity.baseline(measure, window)
  const { time } = activity.event
  return {
    detector: id,
    time,
    score: scoreOf(-tail),
    measure,
    window,
    window_from: Math.max(time - WINDOW_MS[window], activity.since(measure, window)),
    window_to: time,
    observed: activity.count(measure, window),
    expected: round(expected),
    expected_peers: round(expectedPeers),
    baseline_days: days,
    tail_log10: round(tail),
    look_back: activity.actor.lookBack,
    sentence: countSentence(activity, measure, window),
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
