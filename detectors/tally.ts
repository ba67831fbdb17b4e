import { type EventBatch, type Kind, NONE, objectsOf } from '../model/event-batch.ts'
import { MEASURE_KIND, MEASURES, WINDOW_MS, WINDOWS } from '../model/measure.ts'
import { type Contribution, contributionOf } from './windows/contribution.ts'
import { createDistinctWindows, type DistinctWindows } from './windows/distinct-windows.ts'
import { createLogicalOperations } from './windows/logical-operations.ts'
import { createSumWindows, type SumWindows } from './windows/sum-windows.ts'

const SPANS_MS = WINDOWS.map((window) => WINDOW_MS[window])
const LOGICAL_OPERATION_KEPT_MS = WINDOW_MS['7d']

/** All measures' sliding windows, fed by events. Measures and windows go by their index. */
export interface Tally {
  /** Counts row `i` and tells which measures may have grown, as bits by measure index. */
  add(actor: number, batch: EventBatch, i: number): number
  /** Moves all of the actor's windows on to `time`. */
  advance(actor: number, time: number): void
  count(actor: number, measure: number, window: number): number
  oldest(actor: number, measure: number, window: number): number
  /** Counts an access to one object, of a distinct measure. */
  restoreAccess(measure: number, actor: number, object: number, time: number): void
  clear(actor: number): void
  readonly size: number
}

export function createTally(kindOf: (code: number) => Kind): Tally {
  const counters: (DistinctWindows | SumWindows)[] = MEASURES.map((measure) =>
    MEASURE_KIND[measure] === 'distinct' ? createDistinctWindows(SPANS_MS) : createSumWindows(SPANS_MS),
  )
  const operations = createLogicalOperations(LOGICAL_OPERATION_KEPT_MS)
  const contributions: (Contribution | undefined)[] = []

  const contribution = (kind: number): Contribution => {
    let known = contributions[kind]
    if (known === undefined) {
      known = contributionOf(kindOf(kind))
      contributions[kind] = known
    }
    return known
  }

  /** How many records row `i` adds, and whether it adds an operation of unknown size (or takes one back, now known). */
  const amountOf = (actor: number, batch: EventBatch, i: number, countsUnsized: boolean) => {
    const reported = batch.recordCount[i] === NONE ? null : batch.recordCount[i]
    const operation = batch.logicalOp[i]
    if (operation === null) {
      const named = batch.objects[i]?.length ?? (batch.object[i] === NONE ? 0 : 1)
      return { records: reported ?? named, unsized: countsUnsized && reported === null && named === 0 ? 1 : 0 }
    }
    const grown = operations.add(actor, operation, batch.time[i], reported, objectsOf(batch, i))
    if (!countsUnsized) return { records: grown.grown, unsized: 0 }
    const unsized = grown.first && !grown.known ? 1 : !grown.first && grown.wasUnknown && grown.known ? -1 : 0
    return { records: grown.grown, unsized }
  }

  return {
    add(actor, batch, i) {
      const time = batch.time[i]
      const { distinct, sum, unsized } = contribution(batch.kind[i])
      if (distinct !== NONE && batch.object[i] !== NONE) {
        const counter = counters[distinct]
        const many = batch.objects[i]
        if (many === null) counter.add(actor, batch.object[i], time)
        else for (const object of many) counter.add(actor, object, time)
        return 1 << distinct
      }
      if (sum === NONE) return 0
      const amount = amountOf(actor, batch, i, unsized !== NONE)
      if (amount.records !== 0) counters[sum].add(actor, amount.records, time)
      if (amount.unsized !== 0) counters[unsized].add(actor, amount.unsized, time)
      return (amount.records !== 0 ? 1 << sum : 0) | (amount.unsized !== 0 ? 1 << unsized : 0)
    },
    advance(actor, time) {
      for (const counter of counters) counter.advance(actor, time)
    },
    count: (actor, measure, window) => counters[measure].count(actor, window),
    oldest: (actor, measure, window) => counters[measure].oldest(actor, window),
    restoreAccess: (measure, actor, object, time) => counters[measure].add(actor, object, time),
    clear(actor) {
      for (const counter of counters) counter.clear(actor)
      operations.forget(actor)
    },
    get size() {
      return counters.reduce((sum, counter) => sum + counter.size, 0)
    },
  }
}
