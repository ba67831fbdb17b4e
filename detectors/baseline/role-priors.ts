import { MEASURE_INDEX, MEASURES, SLOT_COUNT, slotOf, WINDOWS } from '../../model/measure.ts'
import { createDaySnapshots, type DaySnapshots } from '../days/day-snapshots.ts'
import { createLaggedDays, type LaggedDays } from '../days/lagged-days.ts'
import { LEAST_SURPRISE } from '../surprise.ts'
import {
  DAY_WEIGHT,
  DEFAULT_DAYS,
  DEFAULT_DISPERSION,
  DEFAULT_LOG_MEAN,
  DEFAULT_LOG_VARIANCE,
  DEFAULT_MEAN,
  DEFAULT_RATE,
  LAG_DAYS,
  LEAST_SIZE,
  UNKNOWN_ROLE_DISPERSION,
} from './defaults.ts'
import { type Distribution, familyOfSlot, tailQuantile } from './distribution.ts'
import { addToTotals, createTotals, dispersionOf, foldTotals, logVarianceOf, type Totals } from './moments.ts'

/** The role's part of a baseline on one day: what is assumed of a person of whom nothing else is known. */
export interface RolePrior {
  readonly bySlot: readonly Distribution[]
  /** Faded number of role-days behind it. */
  readonly days: number
  /** Faded number of role-days that taught one slot; of wide windows they come later. */
  slotDays(slot: number): number
  /** The count from which one slot's day peak is any surprise. */
  speaksFrom(slot: number): number
  /** Whether the role's people are seen to work on what they open, to change it or come back to it; taken to be so until many have been opened. */
  readonly seesWork: boolean
  /** What one slot's day peaks are as a share of another's. */
  share(slot: number, amongSlot: number): number
}

/**
 * Role peers: what the day's peak of each slot is for a role, from the closed days of all its people.
 *
 * The prior of day D is made once, from days up to D - 2: people of one role may come by different partitions, and the
 * two days keep the prior the same however these interleave, as long as none trails by more than a day.
 */
export interface RolePriors {
  /** Counts one person's closed day. `full` tells per window whether that person was there for the window's whole span. */
  add(role: string, day: number, peaks: ArrayLike<number>, full: readonly boolean[], newKnown: boolean): void
  /** The prior for judging `day`. */
  get(role: string, day: number): RolePrior
}

/** Fades role-days with a half-life of 40 days. */
const KEEP_PER_DAY = 0.5 ** (1 / 40)
const DAY_WINDOW = WINDOWS.indexOf('1d')
/** Working days in each window longer than a day, by window index. */
const WORKDAYS_IN: readonly number[] = [0, 0, 0, 4.5, 18]
/** Past priors kept for judging the past again. */
const KEPT_PRIORS = 100
/** Assumed of a share before a role is known, and its weight in contacts. */
const DEFAULT_SHARE = 0.3
const DEFAULT_SHARE_CONTACTS = 100
/** Of so many contacts opened, faded, more than this share not worked on: the source does not log it, or the role does none. */
const OPENED_TO_TELL = 1_000
const ALL_BUT_FEW = 0.95
const VIEWED_SLOT = slotOf('contacts_viewed', '1d')
const UNWORKED_SLOT = slotOf('contacts_unworked', '1d')

interface Role {
  readonly taught: LaggedDays<Totals>
  readonly priors: DaySnapshots<RolePrior>
}

export function createRolePriors(): RolePriors {
  const roles = new Map<string, Role>()

  const roleOf = (name: string): Role => {
    let role = roles.get(name)
    if (role === undefined) {
      role = { taught: createLaggedDays(() => createTotals(1), fade), priors: createDaySnapshots(KEPT_PRIORS) }
      roles.set(name, role)
    }
    return role
  }

  return {
    add(name, day, peaks, full, newKnown) {
      const totals = roleOf(name).taught.gather(day)
      // A day that an earlier version closed says nothing of what that did not count.
      for (let slot = 0; slot < Math.min(SLOT_COUNT, peaks.length); slot++) {
        if (!full[slot % WINDOWS.length] || (!newKnown && isNewSlot(slot))) continue
        addToTotals(totals, slot, peaks[slot], 1, 1)
      }
    },
    get(name, day) {
      const { priors, taught } = roleOf(name)
      return priors.of(day, () => priorOf(taught.knownFor(day)))
    },
  }
}

const fade = (known: Totals, taught: Totals, daysSince: number): void =>
  foldTotals(known, taught, KEEP_PER_DAY ** daysSince)

function priorOf(totals: Totals): RolePrior {
  const bySlot: Distribution[] = []
  for (let slot = 0; slot < SLOT_COUNT; slot++) bySlot.push(distributionOf(totals, slot, bySlot))
  const sums = totals.sums.slice()
  const weights = totals.weights.slice()
  const speaking = new Map<number, number>()
  return {
    bySlot,
    days: totals.weights[0],
    slotDays: (slot) => weights[slot],
    seesWork: sums[VIEWED_SLOT] < OPENED_TO_TELL || sums[UNWORKED_SLOT] <= ALL_BUT_FEW * sums[VIEWED_SLOT],
    speaksFrom(slot) {
      const known = speaking.get(slot)
      if (known !== undefined) return known
      const from = tailQuantile(bySlot[slot], -LEAST_SURPRISE)
      speaking.set(slot, from)
      return from
    },
    share: (slot, among) =>
      (sums[slot] + DEFAULT_SHARE_CONTACTS * DEFAULT_SHARE) /
      (Math.max(sums[slot], sums[among]) + DEFAULT_SHARE_CONTACTS),
  }
}

/** `shorter`: the distributions of the slots before, the measure's day among them. */
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

/** Whether a person present since `firstDay` fills each window by the end of `day`. */
export function fullWindows(firstDay: number, day: number): boolean[] {
  return LAG_DAYS.map((lag) => day - firstDay + 1 >= lag - 1)
}

const NEW = MEASURE_INDEX.contacts_new
/** Whether a slot counts contacts that are new to a person, which takes four weeks to tell. */
export const isNewSlot = (slot: number): boolean => Math.floor(slot / WINDOWS.length) === NEW
export const newIsKnown = (firstDay: number, day: number): boolean => day - firstDay >= 28
