import { MEASURE_WINDOWS, type Measure, slotOf, WINDOWS, type Window } from '../../model/measure.ts'
import { CUSUM_MEASURES } from '../baseline/cusum-measures.ts'

/**
 * One statistical question about an actor's day. `count`: is the day's peak of a sliding count unusual; `share`: is one
 * count unusual as a share of another, whatever the volume; `peers`: is the day's peak unusual for the role, whoever it is;
 * `team`: do all of the actor's team who are at work today reach unusually much together; `cusum`: has the daily count been above usual for long.
 */
export type Test =
  | {
      readonly id: string
      readonly kind: 'count' | 'peers' | 'team'
      readonly measure: Measure
      readonly window: Window
      readonly slot: number
    }
  | {
      readonly id: string
      readonly kind: 'share'
      readonly measure: Measure
      readonly among: Measure
      readonly window: Window
      readonly slot: number
      readonly amongSlot: number
    }
  | {
      readonly id: string
      readonly kind: 'cusum'
      readonly measure: Measure
      /** Over which the rise is told: the longest that is counted. */
      readonly window: Window
      /** Of the day. */
      readonly slot: number
      /** Of the window; the floor is held against its count. */
      readonly floorSlot: number
      readonly cusum: number
    }

const count = (measure: Measure, ...windows: Window[]): Test[] =>
  windows.map((window) => ({
    id: `${measure}.${window}`,
    kind: 'count',
    measure,
    window,
    slot: slotOf(measure, window),
  }))

const peers = (measure: Measure, ...windows: Window[]): Test[] =>
  windows.map((window) => ({
    id: `${measure}_peers.${window}`,
    kind: 'peers',
    measure,
    window,
    slot: slotOf(measure, window),
  }))

const team = (measure: Measure, ...windows: Window[]): Test[] =>
  windows.map((window) => ({
    id: `${measure}_team.${window}`,
    kind: 'team',
    measure,
    window,
    slot: slotOf(measure, window),
  }))

const share = (measure: Measure, among: Measure, ...windows: Window[]): Test[] =>
  windows.map((window) => ({
    id: `${measure}_share.${window}`,
    kind: 'share',
    measure,
    among,
    window,
    slot: slotOf(measure, window),
    amongSlot: slotOf(among, window),
  }))

const longestOf = (measure: Measure): Window => {
  const windows = MEASURE_WINDOWS[measure]
  return windows[windows.length - 1]
}

const cusum = (...measures: (typeof CUSUM_MEASURES)[number][]): Test[] =>
  measures.map((measure) => {
    const window = longestOf(measure)
    return {
      id: `${measure}.cusum`,
      kind: 'cusum',
      measure,
      window,
      slot: slotOf(measure, '1d'),
      floorSlot: slotOf(measure, window),
      cusum: CUSUM_MEASURES.indexOf(measure),
    }
  })

/** All tests. The order is that of stored rows; append only. */
export const TESTS: readonly Test[] = [
  ...count('contacts_viewed', ...WINDOWS),
  ...count('contacts_copied', ...WINDOWS),
  ...count('records_taken', ...WINDOWS),
  ...count('records_listed', '10m', '1h', '1d'),
  ...count('unsized_exports', '10m', '1h', '1d', '7d'),
  ...count('contacts_foreign', '1d', '7d', '28d'),
  ...count('contacts_new', '1d', '7d', '28d'),
  ...count('contacts_off_hours', '1d'),
  ...share('contacts_copied', 'contacts_viewed', '1d', '7d', '28d'),
  ...share('contacts_foreign', 'contacts_viewed', '1d', '7d', '28d'),
  ...share('contacts_new', 'contacts_viewed', '1d', '7d'),
  ...cusum('contacts_viewed', 'contacts_copied', 'records_taken', 'contacts_off_hours', 'contacts_in_order'),
  ...count('contacts_in_order', '1h', '1d'),
  ...count('records_new_place', '1h', '1d'),
  ...count('contacts_unworked', '1d', '7d', '28d'),
  ...share('contacts_unworked', 'contacts_viewed', '1d', '7d', '28d'),
  ...cusum('contacts_unworked'),
  ...peers('records_taken', '1d', '7d'),
  ...peers('contacts_viewed', '1d', '7d'),
  ...peers('contacts_unworked', '7d'),
  ...count('records_elsewhere', '1d'),
  ...count('contacts_planted', '1d'),
  ...count('records_shared', '1d'),
  ...peers('records_shared', '1d'),
  ...peers('contacts_viewed', '28d'),
  ...peers('records_taken', '28d'),
  ...count('records_new_way', '1d'),
  ...count('records_cleared', '1d'),
  ...count('records_on_leave', '1d'),
  ...count('contacts_even', '1h'),
  ...team('contacts_unworked', '7d'),
  ...count('portfolio_taken', '1d'),
  ...peers('portfolio_taken', '1d'),
]

export const TEST_COUNT = TESTS.length

/** Tests to look at when the count of a slot grows, by slot. */
export const TESTS_OF_SLOT: readonly (readonly number[])[] = (() => {
  const bySlot: number[][] = []
  TESTS.forEach((test, t) => {
    bySlot[test.slot] ??= []
    bySlot[test.slot].push(t)
  })
  return Array.from({ length: bySlot.length }, (_, slot) => bySlot[slot] ?? [])
})()

/**
 * Shares, and what is new to a person, have no tail that holds from the first day: these tests speak once they have
 * been calibrated. Counts speak at once.
 */
export const NEEDS_CALIBRATION: readonly boolean[] = TESTS.map(
  ({ kind, measure }) => kind === 'share' || measure === 'contacts_new',
)
