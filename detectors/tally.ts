import { type EventBatch, type Kind, NONE, objectsOf } from '../model/event-batch.ts'
import {
  MEASURE_INDEX,
  MEASURE_WINDOWS,
  MEASURES,
  MEASURES_OF_THE_DAY,
  type Measure,
  WINDOW_MS,
  WINDOWS,
} from '../model/measure.ts'
import { createClearing } from './signs/clearing.ts'
import { createElsewhere } from './signs/elsewhere.ts'
import { createEvenPace } from './signs/even-pace.ts'
import { createNeighbours, type ObjectOrder } from './signs/neighbours.ts'
import { createPortfolioTaken } from './signs/portfolio-taken.ts'
import { isReturn } from './signs/returns.ts'
import { type Counter, differenceOf } from './windows/difference-windows.ts'
import { createDistinctWindows, type DistinctWindows } from './windows/distinct-windows.ts'
import { createLogicalOperations, type OperationGrowth, type RecordUse } from './windows/logical-operations.ts'
import { feedOf, type MeasureFeed } from './windows/measure-feed.ts'
import { createSumWindows, type SumWindows } from './windows/sum-windows.ts'

const M = MEASURE_INDEX
const OF_THE_DAY = MEASURES_OF_THE_DAY.map((measure) => M[measure])
/** Which measures have grown is told in the bits of one number. */
const MOST_MEASURES = 31
if (MEASURES.length > MOST_MEASURES) throw new Error(`no more than ${MOST_MEASURES} measures can be told of at once`)

const NOT_COUNTED = -1
/** Per slot, which of its measure's windows it is. */
const PLACE = Int32Array.from(
  MEASURES.flatMap((measure) => WINDOWS.map((window) => MEASURE_WINDOWS[measure].indexOf(window))),
)
const NO_OBJECTS: readonly number[] = []
const LISTED: readonly RecordUse[] = ['listed']
const TAKEN: readonly RecordUse[] = ['taken']
const SHARED: readonly RecordUse[] = ['taken', 'shared']

/** Whether the address of an event is one the actor is known to use. */
export type PlaceInUse = 'new' | 'usual' | 'unknown'

/** How an event stands to what is known of its actor. */
export interface Circumstances {
  /** At an hour that is not the actor's. */
  offHours: boolean
  place: PlaceInUse
  /** In a way that is new to the actor. */
  newWay: boolean
  /** While HR says that the actor is away. */
  onLeave: boolean
  /** Contacts of the actor's own portfolio; 0 when not known. */
  portfolio: number
}

/** Nothing is unusual: what is known of an event when only its counts are brought back. */
export const NO_CIRCUMSTANCES: Circumstances = {
  offHours: false,
  place: 'unknown',
  newWay: false,
  onLeave: false,
  portfolio: 0,
}

/** All measures' sliding windows, fed by events. Measures and windows go by their index. */
export interface Tally {
  /** Counts row `i` and tells which measures may have grown, as bits by measure index. */
  add(actor: number, batch: EventBatch, i: number, circumstances: Circumstances): number
  /** Fetches into the processor's cache what add() will read; the number keeps the reading from being left out. */
  prefetch(actor: number, object: number): number
  /** Moves all of the actor's windows on to `time`. */
  advance(actor: number, time: number): void
  count(actor: number, measure: number, window: number): number
  /** The counts of all windows in which the measure is counted, in their order. */
  read(actor: number, measure: number, into: Float64Array): void
  oldest(actor: number, measure: number, window: number): number
  /** Counts an access to one object, of a distinct measure; or, of the difference, work on it. */
  restoreAccess(measure: number, actor: number, object: number, time: number): void
  /** A new day begins: what is counted by the day begins anew. */
  beginDay(actor: number): void
  /** Counts a contact that was new to the actor at `time`. */
  restoreNew(actor: number, time: number): void
  clear(actor: number): void
  readonly size: number
}

export function createTally(
  kindOf: (code: number) => Kind,
  order: ObjectOrder,
  planted: ReadonlySet<number> = new Set(),
): Tally {
  const elsewhere = createElsewhere()
  const clearing = createClearing()
  const evenPace = createEvenPace()
  const neighbours = createNeighbours(order)
  const portfolioTaken = createPortfolioTaken()
  /** What is remembered of an actor's day besides counts. */
  const ofTheDay = [neighbours, elsewhere, clearing, evenPace, portfolioTaken]
  const by = {
    contacts_viewed: distinct('contacts_viewed'),
    contacts_copied: distinct('contacts_copied'),
    records_taken: sums('records_taken'),
    records_listed: sums('records_listed'),
    unsized_exports: sums('unsized_exports'),
    contacts_foreign: distinct('contacts_foreign'),
    contacts_new: sums('contacts_new'),
    contacts_off_hours: distinct('contacts_off_hours'),
    contacts_in_order: sums('contacts_in_order'),
    records_new_place: sums('records_new_place'),
    contacts_unworked: distinct('contacts_unworked'),
    records_elsewhere: sums('records_elsewhere'),
    contacts_planted: distinct('contacts_planted'),
    records_shared: sums('records_shared'),
    records_new_way: sums('records_new_way'),
    records_cleared: sums('records_cleared'),
    records_on_leave: sums('records_on_leave'),
    contacts_even: sums('contacts_even'),
    portfolio_taken: sums('portfolio_taken'),
  } satisfies Record<Measure, DistinctWindows | SumWindows>
  /** What each measure adds up; of the difference that is what is taken away. */
  const fed = MEASURES.map((measure) => by[measure])
  const counters: Counter[] = [...fed]
  counters[M.contacts_unworked] = differenceOf(
    by.contacts_viewed,
    by.contacts_unworked,
    MEASURE_WINDOWS.contacts_viewed.length,
    MEASURE_WINDOWS.contacts_unworked.length,
  )
  const operations = createLogicalOperations()
  const feeds: (MeasureFeed | undefined)[] = []

  const feedOfKind = (kind: number): MeasureFeed => {
    let known = feeds[kind]
    if (known === undefined) {
      known = feedOf(kindOf(kind))
      feeds[kind] = known
    }
    return known
  }

  /** How many records row `i` adds to what, and whether it is of unknown size; of an operation, also since when it was until now. */
  const amountsOf = (actor: number, batch: EventBatch, i: number, of: MeasureFeed): OperationGrowth => {
    const { countsUnsized, namesRecords, namesAll } = of
    const reported = batch.recordCount[i] === NONE ? null : batch.recordCount[i]
    const operation = batch.logicalOp[i]
    if (operation === null) {
      const named = namesRecords ? (batch.objects[i]?.length ?? (batch.object[i] === NONE ? 0 : 1)) : 0
      const isUnknown = reported === null && (named === 0 || !namesAll)
      const records = reported ?? named
      return {
        listed: of.sum === M.records_listed ? records : 0,
        taken: of.sum === M.records_taken ? records : 0,
        shared: of.shares ? records : 0,
        isUnsized: countsUnsized && isUnknown,
        unsizedSince: null,
      }
    }
    const uses = of.sum === M.records_listed ? LISTED : of.shares ? SHARED : TAKEN
    const objects = namesRecords ? objectsOf(batch, i) : NO_OBJECTS
    return operations.add({ actor, operation, time: batch.time[i], uses, reported, objects, countsUnsized })
  }

  /** Adds to one measure; gives the bit that says so. */
  const feed = (measure: number, actor: number, what: number, time: number): number => {
    fed[measure].add(actor, what, time)
    return 1 << measure
  }

  /** Work on a contact, by a change or by coming back to it: what was opened for it was not just looked through. */
  const work = (actor: number, object: number, time: number): void => {
    by.contacts_unworked.add(actor, object, time)
    const inOrderAt = neighbours.worked(actor, object)
    if (!Number.isNaN(inOrderAt)) by.contacts_in_order.add(actor, -1, inOrderAt)
  }

  /** Counts records that were reached from a place, in a way, or at a time, that is none of the actor's. */
  const reach = (actor: number, records: number, time: number, { place, newWay, onLeave }: Circumstances): number => {
    let grown = 0
    if (place === 'new') {
      elsewhere.away(actor, records, time)
      grown |= feed(M.records_new_place, actor, records, time)
    }
    if (newWay) grown |= feed(M.records_new_way, actor, records, time)
    if (onLeave) grown |= feed(M.records_on_leave, actor, records, time)
    return grown
  }

  /** What was reached from a new place counts as elsewhere once a usual one is in use too. */
  const addPlace = (actor: number, time: number, place: PlaceInUse): number => {
    const records = place === 'usual' ? elsewhere.usual(actor, time) : 0
    return records > 0 ? feed(M.records_elsewhere, actor, records, time) : 0
  }

  /** Counts changes to the contacts that row `i` names. */
  const addWork = (actor: number, batch: EventBatch, i: number): number => {
    const time = batch.time[i]
    for (const object of objectsOf(batch, i)) work(actor, object, time)
    const cleared = clearing.worked(actor, batch.objects[i]?.length ?? 1)
    return cleared === 0 ? 0 : feed(M.records_cleared, actor, cleared, time)
  }

  /** Counts the contacts that row `i` opens or copies. */
  const addAccess = (actor: number, batch: EventBatch, i: number, measure: number, around: Circumstances): number => {
    const time = batch.time[i]
    const many = batch.objects[i]
    const isView = measure === M.contacts_viewed
    const foreign = batch.owner[i] !== NONE && batch.owner[i] !== actor
    // What a count is a share of, or lessened by, must stand at the same time, or looking on would change findings.
    ;(isView ? by.contacts_unworked : by.contacts_viewed).advance(actor, time)
    let grown = isView ? (1 << M.contacts_viewed) | (1 << M.contacts_unworked) : 1 << measure
    const objects = many?.length ?? 1
    for (let k = 0; k < objects; k++) {
      const object = many === null ? batch.object[i] : many[k]
      const since = (isView ? by.contacts_viewed : by.contacts_copied).add(actor, object, time)
      if (isView && since === Number.POSITIVE_INFINITY) grown |= feed(M.contacts_new, actor, 1, time)
      if (neighbours.touch(actor, object, time)) grown |= feed(M.contacts_in_order, actor, 1, time)
      if (isView && isReturn(since)) work(actor, object, time)
      if (foreign) grown |= feed(M.contacts_foreign, actor, object, time)
      if (planted.size !== 0 && planted.has(object)) grown |= feed(M.contacts_planted, actor, object, time)
      if (around.offHours) grown |= feed(M.contacts_off_hours, actor, object, time)
    }
    if (isView && many === null && evenPace.touch(actor, batch.object[i], time))
      grown |= feed(M.contacts_even, actor, 1, time)
    return grown | reach(actor, objects, time, around)
  }

  /** Counts the records that row `i` lists or takes out; where it tells the size of its operation, also for what others of its rows did. */
  const addAmount = (actor: number, batch: EventBatch, i: number, of: MeasureFeed, around: Circumstances): number => {
    const time = batch.time[i]
    const { listed, taken, shared, isUnsized, unsizedSince } = amountsOf(actor, batch, i, of)
    let grown = listed === 0 ? 0 : feed(M.records_listed, actor, listed, time)
    if (of.sum === M.records_listed) clearing.listed(actor)
    if (taken > 0) grown |= addTaken(actor, taken, time, around)
    if (of.shares || shared > 0) {
      if (shared !== 0) by.records_shared.add(actor, shared, time)
      grown |= 1 << M.records_shared
    }
    if (isUnsized) grown |= feed(M.unsized_exports, actor, 1, time)
    if (unsizedSince !== null) by.unsized_exports.add(actor, -1, unsizedSince)
    return grown
  }

  const addTaken = (actor: number, records: number, time: number, around: Circumstances): number => {
    clearing.taken(actor, records)
    const { portfolio } = around
    const more = portfolio > 0 ? portfolioTaken.take(actor, records, portfolio) : 0
    let grown = feed(M.records_taken, actor, records, time)
    if (more > 0) grown |= feed(M.portfolio_taken, actor, more, time)
    return grown | reach(actor, records, time, around)
  }

  return {
    add(actor, batch, i, around) {
      const grown = addPlace(actor, batch.time[i], around.place)
      const of = feedOfKind(batch.kind[i])
      const namesAny = batch.object[i] !== NONE
      if (of.works && namesAny) return grown | addWork(actor, batch, i)
      if (of.distinct !== NONE && namesAny) return grown | addAccess(actor, batch, i, of.distinct, around)
      return of.sum === NONE ? grown : grown | addAmount(actor, batch, i, of, around)
    },
    prefetch: by.contacts_viewed.prefetch,
    advance(actor, time) {
      for (const counter of counters) counter.advance(actor, time)
    },
    count(actor, measure, window) {
      const place = PLACE[measure * WINDOWS.length + window]
      return place === NOT_COUNTED ? 0 : counters[measure].count(actor, place)
    },
    read: (actor, measure, into) => counters[measure].read(actor, into),
    oldest: (actor, measure, window) =>
      counters[measure].oldest(actor, Math.max(0, PLACE[measure * WINDOWS.length + window])),
    restoreAccess(measure, actor, object, time) {
      fed[measure].add(actor, object, time)
    },
    beginDay(actor) {
      for (const measure of OF_THE_DAY) counters[measure].clear(actor)
      for (const memory of ofTheDay) memory.clear(actor)
    },
    restoreNew: (actor, time) => by.contacts_new.add(actor, 1, time),
    clear(actor) {
      for (const counter of counters) counter.clear(actor)
      operations.forget(actor)
      for (const memory of ofTheDay) memory.clear(actor)
    },
    get size() {
      return counters.reduce((sum, counter) => sum + counter.size, 0)
    },
  }
}

const distinct = (measure: Measure): DistinctWindows => createDistinctWindows(spansOf(measure))
const sums = (measure: Measure): SumWindows => createSumWindows(spansOf(measure))
const spansOf = (measure: Measure): number[] => MEASURE_WINDOWS[measure].map((window) => WINDOW_MS[window])
