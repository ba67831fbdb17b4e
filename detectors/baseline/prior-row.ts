import { MEASURE_WINDOWS, MEASURES, slotOf, WINDOWS } from '../../model/measure.ts'
import {
  DAY_WEIGHT,
  DEFAULT_DAYS,
  DEFAULT_DISPERSION,
  DEFAULT_LOG_MEAN,
  DEFAULT_LOG_VARIANCE,
  DEFAULT_MEAN,
  DEFAULT_RATE,
  LEAST_SIZE,
  UNKNOWN_ROLE_DISPERSION,
} from './defaults.ts'
import { type Distribution, familyOfSlot } from './distribution.ts'
import { dispersionOf, logVarianceOf, type Totals } from './moments.ts'

/** What one row says: how each slot's day peaks are distributed, how many role-days taught it, and their sum. */
export interface PriorNumbers {
  readonly bySlot: readonly Distribution[]
  readonly weights: readonly number[]
  readonly sums: readonly number[]
}

const DAY_WINDOW = WINDOWS.indexOf('1d')
/** Working days in each window longer than a day, by window index. */
const WORKDAYS_IN: readonly number[] = [0, 0, 0, 4.5, 18]

/** The slots that are counted; of a measure those of the shorter windows first. */
const COUNTED_SLOTS = MEASURES.flatMap((measure) => MEASURE_WINDOWS[measure].map((window) => slotOf(measure, window)))
/** Numbers of a slot: role-days, their sum, and the parameters of its family. */
const widthOf = (slot: number): number => (familyOfSlot(slot) === 'count' ? 4 : 5)

export const PRIOR_ROW_WIDTH = COUNTED_SLOTS.reduce((width, slot) => width + widthOf(slot), 0)

/** Writes what a role's days up to now let expect of a person into `row`. */
export function writePriorRow(row: Float32Array, totals: Totals): void {
  const bySlot: Distribution[] = []
  let at = 0
  for (const slot of COUNTED_SLOTS) {
    const distribution = distributionOf(totals, slot, bySlot)
    bySlot[slot] = distribution
    row[at] = totals.weights[slot]
    row[at + 1] = totals.sums[slot]
    if (distribution.family === 'count') row.set([distribution.mean, distribution.dispersion], at + 2)
    else row.set([distribution.rate, distribution.logMean, distribution.logSd], at + 2)
    at += widthOf(slot)
  }
}

export function readPriorRow(row: Float32Array): PriorNumbers {
  const bySlot: Distribution[] = []
  const weights: number[] = []
  const sums: number[] = []
  let at = 0
  for (const slot of COUNTED_SLOTS) {
    weights[slot] = row[at]
    sums[slot] = row[at + 1]
    bySlot[slot] =
      familyOfSlot(slot) === 'count'
        ? { family: 'count', mean: row[at + 2], dispersion: row[at + 3] }
        : { family: 'size', rate: row[at + 2], logMean: row[at + 3], logSd: row[at + 4], least: LEAST_SIZE[slot] }
    at += widthOf(slot)
  }
  return { bySlot, weights, sums }
}

/** `shorter`: the distributions of the measure's shorter windows, the day's among them. */
function distributionOf(totals: Totals, slot: number, shorter: readonly Distribution[]): Distribution {
  const window = slot % WINDOWS.length
  const daily = shorter[slot - window + DAY_WINDOW]
  const days = WORKDAYS_IN[window]
  // Days of long windows overlap, so they weigh less than they are many.
  const n = totals.weights[slot] * DAY_WEIGHT[slot % WINDOWS.length]
  if (familyOfSlot(slot) === 'count') {
    const roleMean = totals.weights[slot] > 0 ? totals.sums[slot] / totals.weights[slot] : 0
    // Weeks are first known by their days: as many times as there are working days in them.
    const byDays = daily?.family === 'count' ? daily.mean * days : 0
    const mean = (n * roleMean + DEFAULT_DAYS * Math.max(DEFAULT_MEAN[slot], byDays)) / (n + DEFAULT_DAYS)
    const estimate = dispersionOf(totals, slot)
    const known = estimate === null ? 0 : n
    const dispersion = (known * (estimate ?? 0) + 10 * DEFAULT_DISPERSION) / (known + 10)
    // Of a role nobody has seen yet not even the mean is known.
    return { family: 'count', mean, dispersion: dispersion + UNKNOWN_ROLE_DISPERSION / (1 + n / DEFAULT_DAYS) }
  }
  const hits = totals.hits[slot] * DAY_WEIGHT[slot % WINDOWS.length]
  const measure = MEASURES[Math.floor(slot / WINDOWS.length)]
  const logMean = hits > 0 ? totals.logSums[slot] / totals.hits[slot] : 0
  const byDays = daily?.family === 'size' ? daily.logMean + Math.log(Math.max(1, daily.rate * days)) : 0
  const logVariance = logVarianceOf(totals, slot)
  const known = logVariance === null ? 0 : hits
  return {
    family: 'size',
    rate: (hits + DEFAULT_DAYS * DEFAULT_RATE) / (n + DEFAULT_DAYS),
    logMean: (hits * logMean + DEFAULT_DAYS * Math.max(DEFAULT_LOG_MEAN[measure], byDays)) / (hits + DEFAULT_DAYS),
    logSd: Math.sqrt((known * (logVariance ?? 0) + 10 * DEFAULT_LOG_VARIANCE) / (known + 10)),
    least: LEAST_SIZE[slot],
  }
}
