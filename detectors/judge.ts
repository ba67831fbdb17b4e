import { MEASURES, type Measure, SLOT_COUNT, WINDOW_MS, WINDOWS, type Window } from '../model/measure.ts'
import type { Actor, ActorTable } from './actor-table.ts'
import { type ActorHistory, cusumLimit, nextCusum } from './baseline/actor-history.ts'
import { CUSUM_MEASURES, CUSUM_SLOTS } from './baseline/cusum-measures.ts'
import { expectedOf, tailLog10, tailQuantile } from './baseline/distribution.ts'
import type { RolePriors } from './baseline/role-priors.ts'
import type { Baseline } from './detector.ts'
import { type Cuts, cutsInOrder } from './limits.ts'
import type { CompiledTriggers } from './triggers.ts'

const WINDOW_COUNT = WINDOWS.length
const SPANS_MS = WINDOWS.map((window) => WINDOW_MS[window])
/** A count is reported again within its window only when it has grown by a fifth. */
const GROWTH_TO_REPORT_AGAIN = 1.2

/** What is unusual for an actor on the open day. Limits are worked out once a day, when a count first comes near. */
export interface Judge {
  limit(actor: Actor, slot: number, leaver: boolean): number
  /** The limit of any day, worked out anew. */
  limitOn(actor: Actor, slot: number, leaver: boolean, day: number): number
  cusumLimit(actor: Actor, cusum: number, leaver: boolean): number
  /** The running CUSUM with today's `count`, and where it is reported. */
  cusum(actor: Actor, cusum: number, count: number, leaver: boolean): { readonly value: number; readonly limit: number }
  baseline(actor: Actor, slot: number, day: number): Baseline
  /** Whether a count is worth saying: not said within its window, or grown by a fifth since. Remembers that it is said. */
  say(actor: Actor, slot: number, count: number, now: number): boolean
}

export interface JudgeParts {
  readonly table: ActorTable
  readonly history: ActorHistory
  readonly priors: RolePriors
  readonly triggers: CompiledTriggers
  readonly cuts: Cuts
}

export function createJudge({ table, history, priors, triggers, cuts }: JudgeParts): Judge {
  const ordinaryCuts = cutsInOrder(cuts.ordinary)
  const leaverCuts = cutsInOrder(cuts.leaver)
  const distributionOf = (actor: Actor, slot: number, day: number) =>
    history.baseline(actor.code, slot, priors.get(actor.roleKey, day))
  const threshold = (leaver: boolean) => (leaver ? cuts.cusum.leaver : cuts.cusum.ordinary)

  const limitOn = (actor: Actor, slot: number, leaver: boolean, day: number): number => {
    const cut = (leaver ? leaverCuts : ordinaryCuts)[slot % WINDOW_COUNT]
    return Math.max(triggers.floor[slot], tailQuantile(distributionOf(actor, slot, day).distribution, cut))
  }

  return {
    limitOn,
    limit(actor, slot, leaver) {
      const at = actor.code * SLOT_COUNT + slot
      if (table.limits[at] === 0) table.limits[at] = limitOn(actor, slot, leaver, table.day[actor.code])
      return table.limits[at]
    },
    cusumLimit(actor, c, leaver) {
      const at = actor.code * CUSUM_SLOTS.length + c
      const known = table.cusumLimits[at]
      if (known !== 0) return known
      const { distribution } = distributionOf(actor, CUSUM_SLOTS[c], table.day[actor.code])
      const limit = Math.max(1, cusumLimit(history.cusum(actor.code, c), threshold(leaver), distribution))
      table.cusumLimits[at] = limit
      return limit
    },
    cusum(actor, c, count, leaver) {
      const { distribution } = distributionOf(actor, CUSUM_SLOTS[c], table.day[actor.code])
      return { value: nextCusum(history.cusum(actor.code, c), count, distribution), limit: threshold(leaver) }
    },
    baseline(actor, slot, day) {
      const prior = priors.get(actor.roleKey, day)
      const { distribution, days } = history.baseline(actor.code, slot, prior)
      return {
        expected: expectedOf(distribution),
        expectedPeers: expectedOf(prior.bySlot[slot]),
        days,
        tailLog10: (count) => tailLog10(distribution, count),
      }
    },
    say(actor, slot, count, now) {
      const at = actor.code * SLOT_COUNT + slot
      const fresh = now - table.noticedAt[at] > SPANS_MS[slot % WINDOW_COUNT]
      if (!fresh && count < table.noticedCount[at] * GROWTH_TO_REPORT_AGAIN) return false
      table.noticedAt[at] = now
      table.noticedCount[at] = count
      return true
    },
  }
}

export const slotIndex = (measure: Measure, window: Window): number =>
  MEASURES.indexOf(measure) * WINDOW_COUNT + WINDOWS.indexOf(window)

export const cusumIndex = (measure: Measure): number => (CUSUM_MEASURES as readonly Measure[]).indexOf(measure)
