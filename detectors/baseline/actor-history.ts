import type { ClosedDay } from '../../model/closed-day.ts'
import { SLOT_COUNT, WINDOWS } from '../../model/measure.ts'
import { grown, roomFor } from '../grown.ts'
import { nextCusum } from './cusum.ts'
import { CUSUM_SLOTS } from './cusum-measures.ts'
import { createDayQueue, type DayQueue } from './day-queue.ts'
import { DAY_WEIGHT, LAG_DAYS, LEAST_SIZE } from './defaults.ts'
import type { Distribution } from './distribution.ts'
import {
  addToTotals,
  clearTotals,
  createTotals,
  dispersionOf,
  grownTotals,
  logVarianceOf,
  onSameDays,
} from './moments.ts'
import { fullWindows, isNewSlot, newIsKnown, type RolePrior } from './role-priors.ts'

/**
 * Why a closed day does not teach: bit 0 a window up to a day was over its limit, bit 1 seven days, bit 2 twenty-eight.
 * `ADAPTED` stands alone: flagged, but taught all the same, since little is known yet or it has become the habit.
 */
export const ADAPTED = 8
export const FLAG_OF_WINDOW: readonly number[] = [1, 1, 1, 2, 4]
/** The flags that keep a window's slot from being taught: its own and those of shorter windows, which it contains. */
const DROPPED_BY: readonly number[] = [1, 1, 1, 3, 7]
/** After so many flagged days in a row the level is taken as the new habit. */
const MAX_FLAGGED_RUN = 15
/** Until a person has so many own days, or the role so many, unusual only means unknown: then every day teaches. */
export const OWN_DAYS_TO_JUDGE = 5
const ROLE_DAYS_TO_JUDGE = 30

/** What a day leaves behind, as the engine saw it. */
export type DaySeen = Omit<ClosedDay, 'actor' | 'cusum'>

export interface SlotBaseline {
  readonly distribution: Distribution
  /** The actor's own days behind it. */
  readonly days: number
}

/** Whether a closed day may teach the role's peers. */
export const teachesPeers = (flags: number): boolean => flags === 0 || flags === ADAPTED

/** Each actor's own past: closed days' peaks, faded by age, taught only when they are old enough for their window. */
export interface ActorHistory {
  /** Makes the actor's closed days that `day` may learn from part of the baseline. */
  open(actor: number, day: number): void
  /** Closes a day: updates the CUSUM against the baseline as it stood and keeps the peaks for later days. */
  close(actor: number, seen: DaySeen, prior: RolePrior): ClosedDay
  /** Takes a day closed earlier, as stored. Days of one actor must come in order. */
  restore(closed: ClosedDay): void
  baseline(actor: number, slot: number, prior: RolePrior): SlotBaseline
  /** CUSUM before today, for CUSUM measure number `c`. */
  cusum(actor: number, c: number): number
  /** Faded sums of a slot's day peaks and of another's that it is a share of, over the same number of faded days. */
  sums(actor: number, slot: number, amongSlot: number): { readonly of: number; readonly among: number }
  firstDay(actor: number): number | null
  /** Worked days that the actor's baselines hold, faded by age. */
  learnedDays(actor: number): number
  /** Whether the actor has been seen long enough to tell which contacts are new. */
  knowsNew(actor: number, day: number): boolean
  lastClosed(actor: number): number
  clear(actor: number): void
}

/** Own days fade with a half-life of 40 worked days. */
const KEEP_PER_DAY = 0.5 ** (1 / 40)
/** Weight of the peers' mean and dispersion against own days (docs/detection.md). */
const PEER_MEAN_DAYS = 2
const PEER_DISPERSION_DAYS = 10
/** How often something rare happens is better known of the role than of one person. */
const PEER_RATE_DAYS = 20
const LEAST_MEAN = 0.02
const DAY_WINDOW = WINDOWS.indexOf('1d')

interface Past {
  readonly firstDay: number
  lastClosed: number
  flaggedRun: number
  /** Closed days not yet taught to every window, oldest first. */
  readonly pending: DayQueue
  /** Per window, how many of `pending` are taught. */
  readonly taught: number[]
  readonly cusum: Float64Array
}

export function createActorHistory(): ActorHistory {
  let rows = 0
  let own = createTotals(0)
  /** Own days' peaks as old as the days that teach a window longer than a day, in that window's slot. */
  let levels = createLevels(0)
  const pasts: (Past | undefined)[] = []

  const pastOf = (actor: number, day: number): Past => {
    const known = pasts[actor]
    if (known !== undefined) return known
    while (pasts.length < actor) pasts.push(undefined)
    const past: Past = {
      firstDay: day,
      lastClosed: Number.NEGATIVE_INFINITY,
      flaggedRun: 0,
      pending: createDayQueue(),
      taught: WINDOWS.map(() => 0),
      cusum: new Float64Array(CUSUM_SLOTS.length),
    }
    pasts[actor] = past
    return past
  }

  const teach = (actor: number, past: Past, i: number, window: number) => {
    const { pending, firstDay } = past
    if ((pending.flags(i) & DROPPED_BY[window]) !== 0) return
    if (actor >= rows) {
      rows = roomFor(actor + 1, rows)
      own = grownTotals(own, rows)
      levels = grownLevels(levels, rows)
    }
    const isFull = fullWindows(firstDay, pending.day(i))[window]
    const newKnown = newIsKnown(firstDay, pending.day(i))
    // A day that an earlier version closed says nothing of what that did not count.
    for (let slot = window; slot < pending.slots(i); slot += WINDOWS.length) {
      if (!newKnown && isNewSlot(slot)) continue
      const at = actor * SLOT_COUNT + slot
      if (window > DAY_WINDOW) addToLevel(levels, at, pending.peak(i, slot - window + DAY_WINDOW))
      if (isFull) addToTotals(own, at, pending.peak(i, slot), DAY_WEIGHT[window], KEEP_PER_DAY)
    }
  }

  /** How much more of a measure the actor usually does in a day than the role's people: weeks are long known by their days. */
  const ownLevel = (actor: number, slot: number, prior: RolePrior): number => {
    const peers = prior.bySlot[slot - (slot % WINDOWS.length) + DAY_WINDOW]
    if (peers.family !== 'count') return 1
    const at = actor * SLOT_COUNT + slot
    const usual = (levels.sums[at] + PEER_MEAN_DAYS * peers.mean) / (levels.weights[at] + PEER_MEAN_DAYS)
    return Math.max(usual, LEAST_MEAN) / Math.max(peers.mean, LEAST_MEAN)
  }

  const baseline = (actor: number, slot: number, prior: RolePrior): SlotBaseline => {
    const peers = prior.bySlot[slot]
    if (actor >= rows) return { distribution: peers, days: 0 }
    const at = actor * SLOT_COUNT + slot
    const days = own.weights[at]
    if (peers.family === 'count') {
      const level = slot % WINDOWS.length > DAY_WINDOW ? ownLevel(actor, slot, prior) : 1
      const mean = (own.sums[at] + PEER_MEAN_DAYS * level * peers.mean) / (days + PEER_MEAN_DAYS)
      const estimate = dispersionOf(own, at)
      const known = estimate === null ? 0 : days
      const dispersion =
        (known * (estimate ?? 0) + PEER_DISPERSION_DAYS * peers.dispersion) / (known + PEER_DISPERSION_DAYS)
      return { distribution: { family: 'count', mean: Math.max(mean, LEAST_MEAN), dispersion }, days: Math.round(days) }
    }
    const hits = own.hits[at]
    const estimate = logVarianceOf(own, at)
    const known = estimate === null ? 0 : hits
    const logVariance =
      (known * (estimate ?? 0) + PEER_DISPERSION_DAYS * peers.logSd ** 2) / (known + PEER_DISPERSION_DAYS)
    return {
      distribution: {
        family: 'size',
        rate: (hits + PEER_RATE_DAYS * peers.rate) / (days + PEER_RATE_DAYS),
        logMean: (own.logSums[at] + PEER_MEAN_DAYS * peers.logMean) / (hits + PEER_MEAN_DAYS),
        logSd: Math.sqrt(logVariance),
        least: LEAST_SIZE[slot],
      },
      days: Math.round(days),
    }
  }

  return {
    open(actor, day) {
      const past = pastOf(actor, day)
      for (let w = 0; w < WINDOWS.length; w++) {
        while (past.taught[w] < past.pending.length && past.pending.day(past.taught[w]) <= day - LAG_DAYS[w]) {
          teach(actor, past, past.taught[w]++, w)
        }
      }
      const done = Math.min(...past.taught)
      if (done > 0) {
        past.pending.drop(done)
        for (let w = 0; w < past.taught.length; w++) past.taught[w] -= done
      }
    },
    close(actor, seen, prior) {
      const { day, flags, peaks } = seen
      const past = pastOf(actor, day)
      const cold = prior.days < ROLE_DAYS_TO_JUDGE && baseline(actor, 0, prior).days < OWN_DAYS_TO_JUDGE
      past.flaggedRun = flags === 0 ? 0 : past.flaggedRun + 1
      for (let c = 0; c < CUSUM_SLOTS.length; c++) {
        const { distribution } = baseline(actor, CUSUM_SLOTS[c], prior)
        past.cusum[c] = inThousandths(nextCusum(past.cusum[c], peaks[CUSUM_SLOTS[c]], distribution)) / 1000
      }
      const closed: ClosedDay = {
        ...seen,
        actor,
        flags: flags !== 0 && (cold || past.flaggedRun > MAX_FLAGGED_RUN) ? ADAPTED : flags,
        cusum: Int32Array.from(past.cusum, inThousandths),
      }
      past.pending.push(day, closed.flags, peaks)
      past.lastClosed = day
      return closed
    },
    restore(closed) {
      const past = pastOf(closed.actor, closed.day)
      past.pending.push(closed.day, closed.flags, closed.peaks)
      past.lastClosed = closed.day
      past.flaggedRun = closed.flags === 0 ? 0 : past.flaggedRun + 1
      for (let c = 0; c < past.cusum.length; c++) past.cusum[c] = (closed.cusum[c] ?? 0) / 1000
    },
    sums(actor, slot, amongSlot) {
      if (actor >= rows) return { of: 0, among: 0 }
      const at = actor * SLOT_COUNT
      const sameDays = onSameDays(own.weights[at + slot], own.weights[at + amongSlot])
      return { of: own.sums[at + slot], among: own.sums[at + amongSlot] * sameDays }
    },
    baseline,
    cusum: (actor, c) => pasts[actor]?.cusum[c] ?? 0,
    knowsNew: (actor, day) => pasts[actor] !== undefined && newIsKnown(pasts[actor].firstDay, day),
    firstDay: (actor) => pasts[actor]?.firstDay ?? null,
    learnedDays: (actor) => (actor < rows ? own.weights[actor * SLOT_COUNT] : 0),
    lastClosed: (actor) => pasts[actor]?.lastClosed ?? Number.NEGATIVE_INFINITY,
    clear(actor) {
      pasts[actor] = undefined
      if (actor >= rows) return
      clearTotals(own, actor)
      for (const array of Object.values(levels)) array.fill(0, actor * SLOT_COUNT, (actor + 1) * SLOT_COUNT)
    },
  }
}

interface Levels {
  readonly weights: Float64Array
  readonly sums: Float64Array
}

const createLevels = (rows: number): Levels => ({
  weights: new Float64Array(rows * SLOT_COUNT),
  sums: new Float64Array(rows * SLOT_COUNT),
})

function grownLevels(levels: Levels, rows: number): Levels {
  const { weights, sums } = createLevels(rows)
  return { weights: grown(levels.weights, weights), sums: grown(levels.sums, sums) }
}

function addToLevel(levels: Levels, at: number, value: number): void {
  levels.weights[at] = levels.weights[at] * KEEP_PER_DAY + 1
  levels.sums[at] = levels.sums[at] * KEEP_PER_DAY + value
}

const inThousandths = (value: number): number => Math.round(value * 1000)
