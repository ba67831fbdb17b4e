import { MEASURES, type Measure, SLOT_COUNT, WINDOWS } from '../../model/measure.ts'

/**
 * What is assumed of a role before anything is known: the mean day's peak per measure and window, from the public
 * figures in docs/detection.md (CRM and case-handling logs). They weigh as much as five role-days, so the first week
 * of real work replaces them.
 */
const DEFAULT_MEANS: Readonly<Record<Measure, readonly number[]>> = {
  contacts_viewed: [5, 12, 32, 130, 420],
  contacts_copied: [1, 2, 4, 15, 50],
  records_taken: [2, 2, 3, 15, 60],
  records_listed: [60, 150, 500, 2_500, 10_000],
  unsized_exports: [0.05, 0.05, 0.05, 0.2, 0.6],
  contacts_foreign: [2, 4, 10, 40, 130],
  contacts_new: [2, 4, 10, 50, 200],
  contacts_off_hours: [0.3, 0.6, 1, 4, 15],
  contacts_in_order: [0.3, 0.6, 2, 8, 30],
  records_new_place: [0.5, 1, 2, 8, 30],
  contacts_unworked: [4, 8, 20, 85, 270],
  records_elsewhere: [0.1, 0.1, 0.2, 1, 4],
  contacts_planted: [0.01, 0.01, 0.01, 0.05, 0.2],
  records_shared: [0.2, 0.3, 0.5, 2, 8],
  records_new_way: [0.1, 0.1, 0.2, 1, 4],
  records_cleared: [0.1, 0.1, 0.2, 1, 4],
  records_on_leave: [0.1, 0.1, 0.2, 1, 4],
  contacts_even: [0.5, 1.5, 3, 12, 40],
  portfolio_taken: [1, 1, 1, 5, 20],
}

/** For measures that come in operations of any size: share of days with any, and the usual size's logarithm and spread. */
export const DEFAULT_RATE = 0.05
export const DEFAULT_LOG_MEAN: Readonly<Record<Measure, number>> = {
  contacts_viewed: 0,
  contacts_copied: 0,
  records_taken: Math.log(40),
  records_listed: Math.log(150),
  unsized_exports: 0,
  contacts_foreign: 0,
  contacts_new: 0,
  contacts_off_hours: Math.log(8),
  contacts_in_order: 0,
  records_new_place: Math.log(15),
  contacts_unworked: 0,
  records_elsewhere: Math.log(10),
  contacts_planted: 0,
  records_shared: Math.log(10),
  records_new_way: Math.log(10),
  records_cleared: Math.log(10),
  records_on_leave: Math.log(10),
  contacts_even: 0,
  portfolio_taken: Math.log(20),
}
export const DEFAULT_LOG_VARIANCE = 1.25 ** 2

/**
 * The day's peak from which something of some size was done: a letter or a print of a single record says nothing of
 * how large an export is, and the two together would make one of any size look usual. Over a week such add up.
 */
const LEAST_SIZES: Readonly<Partial<Record<Measure, readonly number[]>>> = {
  records_taken: [10, 10, 10, 25, 60],
  portfolio_taken: [10, 10, 10, 25, 60],
}
export const LEAST_SIZE: Float64Array = Float64Array.from({ length: SLOT_COUNT }, (_, slot) => {
  const sizes = LEAST_SIZES[MEASURES[Math.floor(slot / WINDOWS.length)]]
  return sizes?.[slot % WINDOWS.length] ?? 1
})

/** Dispersion 1/k of a role of strangers: as wide as the public logs' clean user-days. */
export const DEFAULT_DISPERSION = 0.8

/** Added to the dispersion of a role without any day behind it; falls with every day. */
export const UNKNOWN_ROLE_DISPERSION = 1

/** Weight of the default mean, in role-days. */
export const DEFAULT_DAYS = 5

export const DEFAULT_MEAN: Float64Array = Float64Array.from({ length: SLOT_COUNT }, (_, slot) => {
  const measure = MEASURES[Math.floor(slot / WINDOWS.length)]
  return DEFAULT_MEANS[measure][slot % WINDOWS.length]
})

/**
 * Days that must lie between a closed day and the day judged, so that the tested span is outside its own baseline;
 * and how many independent looks one day's peak of such a window is worth (windows of a week overlap from day to day).
 */
export const LAG_DAYS: readonly number[] = [1, 1, 2, 8, 29]
export const DAY_WEIGHT: readonly number[] = [1, 1, 1, 1 / 5, 1 / 20]
