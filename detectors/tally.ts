import { type EventBatch, type Kind, NONE, objectsOf } from '../model/event-batch.ts'
import {
  MEASURE_KIND,
  MEASURES,
  MEASURES_FROM_A_DAY,
  MEASURES_OF_THE_DAY,
  WINDOW_MS,
  WINDOWS,
} from '../model/measure.ts'
import { createNeighbours, type ObjectOrder } from './neighbours.ts'
import { type Contribution, contributionOf } from './windows/contribution.ts'
import { createDistinctWindows, type DistinctWindows } from './windows/distinct-windows.ts'
import { createLogicalOperations } from './windows/logical-operations.ts'
import { createSumWindows, type SumWindows } from './windows/sum-windows.ts'

const SPANS_MS = WINDOWS.map((window) => WINDOW_MS[window])
const LONGEST = WINDOWS.length - 1
const VIEWED = MEASURES.indexOf('contacts_viewed')
const FOREIGN = MEASURES.indexOf('contacts_foreign')
const OF_THE_DAY = MEASURES_OF_THE_DAY.map((measure) => MEASURES.indexOf(measure))
const IN_ORDER = MEASURES.indexOf('contacts_in_order')
const NEW_PLACE = MEASURES.indexOf('records_new_place')
const TAKEN = MEASURES.indexOf('records_taken')
const NEW = MEASURES.indexOf('contacts_new')
const OFF_HOURS = MEASURES.indexOf('contacts_off_hours')
const NO_OBJECTS: readonly number[] = []
const LOGICAL_OPERATION_KEPT_MS = WINDOW_MS['7d']

/** All measures' sliding windows, fed by events. Measures and windows go by their index. */
export interface Tally {
  /** Counts row `i` and tells which measures may have grown, as bits by measure index. */
  add(actor: number, batch: EventBatch, i: number, offHours: boolean, newPlace: boolean): number
  /** Moves all of the actor's windows on to `time`. */
  advance(actor: number, time: number): void
  count(actor: number, measure: number, window: number): number
  oldest(actor: number, measure: number, window: number): number
  /** Counts an access to one object, of a distinct measure. */
  restoreAccess(measure: number, actor: number, object: number, time: number): void
  /** A new day begins: what is counted by the day begins anew. */
  beginDay(actor: number): void
  /** Counts a contact that was new to the actor at `time`. */
  restoreNew(actor: number, time: number): void
  clear(actor: number): void
  readonly size: number
}

export function createTally(kindOf: (code: number) => Kind, order: ObjectOrder): Tally {
  const neighbours = createNeighbours(order)
  const counters = MEASURES.map((measure) => {
    const first = MEASURES_FROM_A_DAY.includes(measure) ? WINDOWS.indexOf('1d') : 0
    const spans = SPANS_MS.slice(first)
    const counter = MEASURE_KIND[measure] === 'distinct' ? createDistinctWindows(spans) : createSumWindows(spans)
    return first === 0 ? counter : countingFrom(counter, first)
  })
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
  const amountOf = (actor: number, batch: EventBatch, i: number, { unsized, namesRecords, namesAll }: Contribution) => {
    const countsUnsized = unsized !== NONE
    const reported = batch.recordCount[i] === NONE ? null : batch.recordCount[i]
    const operation = batch.logicalOp[i]
    if (operation === null) {
      const named = namesRecords ? (batch.objects[i]?.length ?? (batch.object[i] === NONE ? 0 : 1)) : 0
      const unknown = reported === null && (named === 0 || !namesAll)
      return { records: reported ?? named, unsized: countsUnsized && unknown ? 1 : 0 }
    }
    const objects = namesRecords ? objectsOf(batch, i) : NO_OBJECTS
    const grown = operations.add(actor, operation, batch.time[i], reported, objects)
    if (!countsUnsized) return { records: grown.grown, unsized: 0 }
    const change = grown.first && !grown.known ? 1 : !grown.first && grown.wasUnknown && grown.known ? -1 : 0
    return { records: grown.grown, unsized: change }
  }

  /** Counts an access to one contact, and what it is beside: somebody else's, new, outside the usual hours. */
  const touch = (actor: number, measure: number, object: number, time: number, foreign: boolean, offHours: boolean) => {
    const counter = counters[measure]
    counter.advance(actor, time)
    const before = counter.count(actor, LONGEST)
    counter.add(actor, object, time)
    let grown = 0
    if (measure === VIEWED && counter.count(actor, LONGEST) > before) {
      counters[NEW].add(actor, 1, time)
      grown |= 1 << NEW
    }
    if (neighbours.touch(actor, object)) {
      counters[IN_ORDER].add(actor, 1, time)
      grown |= 1 << IN_ORDER
    }
    if (foreign) {
      counters[FOREIGN].add(actor, object, time)
      grown |= 1 << FOREIGN
    }
    if (offHours) {
      counters[OFF_HOURS].add(actor, object, time)
      grown |= 1 << OFF_HOURS
    }
    return grown
  }

  return {
    add(actor, batch, i, offHours, newPlace) {
      const time = batch.time[i]
      const contributed = contribution(batch.kind[i])
      const { distinct, sum, unsized } = contributed
      if (distinct !== NONE && batch.object[i] !== NONE) {
        const foreign = batch.owner[i] !== NONE && batch.owner[i] !== actor
        const many = batch.objects[i]
        let grown = 1 << distinct
        if (many === null) grown |= touch(actor, distinct, batch.object[i], time, foreign, offHours)
        else for (const object of many) grown |= touch(actor, distinct, object, time, foreign, offHours)
        if (newPlace) {
          counters[NEW_PLACE].add(actor, many?.length ?? 1, time)
          grown |= 1 << NEW_PLACE
        }
        return grown
      }
      if (sum === NONE) return 0
      const amount = amountOf(actor, batch, i, contributed)
      if (amount.records !== 0) counters[sum].add(actor, amount.records, time)
      if (newPlace && amount.records > 0 && sum === TAKEN) counters[NEW_PLACE].add(actor, amount.records, time)
      if (amount.unsized !== 0) counters[unsized].add(actor, amount.unsized, time)
      return (
        (amount.records !== 0 ? (1 << sum) | (newPlace && sum === TAKEN ? 1 << NEW_PLACE : 0) : 0) |
        (amount.unsized !== 0 ? 1 << unsized : 0)
      )
    },
    advance(actor, time) {
      for (const counter of counters) counter.advance(actor, time)
    },
    count: (actor, measure, window) => counters[measure].count(actor, window),
    oldest: (actor, measure, window) => counters[measure].oldest(actor, window),
    restoreAccess: (measure, actor, object, time) => counters[measure].add(actor, object, time),
    beginDay(actor) {
      for (const measure of OF_THE_DAY) counters[measure].clear(actor)
      neighbours.clear(actor)
    },
    restoreNew: (actor, time) => counters[NEW].add(actor, 1, time),
    clear(actor) {
      for (const counter of counters) counter.clear(actor)
      operations.forget(actor)
      neighbours.clear(actor)
    },
    get size() {
      return counters.reduce((sum, counter) => sum + counter.size, 0)
    },
  }
}

type Counter = Pick<DistinctWindows | SumWindows, 'add' | 'advance' | 'count' | 'oldest' | 'clear' | 'size'>

/** A counter without the windows before `first`, as if these held nothing. */
function countingFrom(counter: Counter, first: number): Counter {
  return {
    add: counter.add,
    advance: counter.advance,
    clear: counter.clear,
    count: (actor, window) => (window < first ? 0 : counter.count(actor, window - first)),
    oldest: (actor, window) => counter.oldest(actor, Math.max(0, window - first)),
    get size() {
      return counter.size
    },
  }
}
