import { MEASURE_INDEX, SLOT_COUNT, slotOf, WINDOWS } from '../../model/measure.ts'
import { createDayRows, type DayRows } from '../days/day-rows.ts'
import { createLaggedDays, type LaggedDays } from '../days/lagged-days.ts'
import { LEAST_SURPRISE } from '../surprise.ts'
import { LAG_DAYS } from './defaults.ts'
import { type Distribution, tailQuantile } from './distribution.ts'
import { addToTotals, createTotals, foldTotals, onSameDays, type Totals } from './moments.ts'
import { PRIOR_ROW_WIDTH, readPriorRow, writePriorRow } from './prior-row.ts'

/** The role's part of a baseline on one day: what is assumed of a person of whom nothing else is known. */
export interface RolePrior {
  /** By slot; of slots that are not counted nothing. */
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
/** Past days of which priors are kept, for judging the past again. */
const KEPT_DAYS = 100
/** Priors of so many days are at hand: those of people whose days are open, and of one whose past is folded again. */
const AT_HAND = 3
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
  /** Each day's prior as a row: as objects those of a hundred days would be most of what a small tenant needs. */
  readonly rows: DayRows
  /** Those asked for last, the newest last. */
  readonly atHand: { readonly day: number; readonly prior: RolePrior }[]
}

export function createRolePriors(): RolePriors {
  const roles = new Map<string, Role>()

  const roleOf = (name: string): Role => {
    let role = roles.get(name)
    if (role === undefined) {
      role = {
        taught: createLaggedDays({ known: createTotals(1), gatherer: () => createTotals(1), fold: fade }),
        rows: createDayRows(PRIOR_ROW_WIDTH, KEPT_DAYS),
        atHand: [],
      }
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
      const { rows, taught, atHand } = roleOf(name)
      for (const one of atHand) if (one.day === day) return one.prior
      const prior = priorOf(rows.of(day, (row) => writePriorRow(row, taught.knownFor(day))))
      if (atHand.length === AT_HAND) atHand.shift()
      atHand.push({ day, prior })
      return prior
    },
  }
}

const fade = (known: Totals, taught: Totals, daysSince: number): Totals => {
  foldTotals(known, taught, KEEP_PER_DAY ** daysSince)
  return known
}

function priorOf(row: Float32Array): RolePrior {
  const { bySlot, weights, sums } = readPriorRow(row)
  const speaking = new Map<number, number>()
  return {
    bySlot,
    days: weights[0],
    slotDays: (slot) => weights[slot],
    seesWork: sums[VIEWED_SLOT] < OPENED_TO_TELL || sums[UNWORKED_SLOT] <= ALL_BUT_FEW * sums[VIEWED_SLOT],
    speaksFrom(slot) {
      const known = speaking.get(slot)
      if (known !== undefined) return known
      const from = tailQuantile(bySlot[slot], -LEAST_SURPRISE)
      speaking.set(slot, from)
      return from
    },
    share(slot, amongSlot) {
      const among = sums[amongSlot] * onSameDays(weights[slot], weights[amongSlot])
      return (
        (sums[slot] + DEFAULT_SHARE_CONTACTS * DEFAULT_SHARE) / (Math.max(sums[slot], among) + DEFAULT_SHARE_CONTACTS)
      )
    },
  }
}

/** Whether a person present since `firstDay` fills each window by the end of `day`. */
export function fullWindows(firstDay: number, day: number): boolean[] {
  return LAG_DAYS.map((lag) => day - firstDay + 1 >= lag - 1)
}

const NEW = MEASURE_INDEX.contacts_new
/** Days until it can be told what is new to a person. */
export const DAYS_TO_TELL_NEW = 28
/** Whether a slot counts contacts that are new to a person. */
export const isNewSlot = (slot: number): boolean => Math.floor(slot / WINDOWS.length) === NEW
export const newIsKnown = (firstDay: number, day: number): boolean => day - firstDay >= DAYS_TO_TELL_NEW
