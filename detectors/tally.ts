import { type EventBatch, type Kind, NONE, objectsOf } from '../model/event-batch.ts'
import { MEASURE_WINDOWS, MEASURES, MEASURES_OF_THE_DAY, type Measure, WINDOW_MS, WINDOWS } from '../model/measure.ts'
import { createClearing } from './clearing.ts'
import { createElsewhere } from './elsewhere.ts'
import { createEvenPace } from './even-pace.ts'
import { createNeighbours, type ObjectOrder } from './neighbours.ts'
import { createPortfolioTaken } from './portfolio-taken.ts'
import { isReturn } from './returns.ts'
import { type Contribution, contributionOf } from './windows/contribution.ts'
import { createDistinctWindows, type DistinctWindows } from './windows/distinct-windows.ts'
import { createLogicalOperations, type OperationGrowth } from './windows/logical-operations.ts'
import { createSumWindows, type SumWindows } from './windows/sum-windows.ts'

const COPIED = MEASURES.indexOf('contacts_copied')
const FOREIGN = MEASURES.indexOf('contacts_foreign')
const OF_THE_DAY = MEASURES_OF_THE_DAY.map((measure) => MEASURES.indexOf(measure))
const IN_ORDER = MEASURES.indexOf('contacts_in_order')
const NEW_PLACE = MEASURES.indexOf('records_new_place')
const NEW_WAY = MEASURES.indexOf('records_new_way')
const CLEARED = MEASURES.indexOf('records_cleared')
const ON_LEAVE = MEASURES.indexOf('records_on_leave')
const EVEN = MEASURES.indexOf('contacts_even')
const PORTFOLIO_TAKEN = MEASURES.indexOf('portfolio_taken')
const TAKEN = MEASURES.indexOf('records_taken')
const UNSIZED = MEASURES.indexOf('unsized_exports')
const LISTED = MEASURES.indexOf('records_listed')
const VIEWED = MEASURES.indexOf('contacts_viewed')
const UNWORKED = MEASURES.indexOf('contacts_unworked')
const ELSEWHERE = MEASURES.indexOf('records_elsewhere')
const SHARED = MEASURES.indexOf('records_shared')
const PLANTED = MEASURES.indexOf('contacts_planted')
const NEW = MEASURES.indexOf('contacts_new')
const OFF_HOURS = MEASURES.indexOf('contacts_off_hours')
const distinct = (measure: Measure): DistinctWindows => createDistinctWindows(spansOf(measure))
const sums = (measure: Measure): SumWindows => createSumWindows(spansOf(measure))
const spansOf = (measure: Measure): number[] => MEASURE_WINDOWS[measure].map((window) => WINDOW_MS[window])
const NOT_COUNTED = -1
/** Per slot, which of its measure's windows it is. */
const PLACE = Int32Array.from(
  MEASURES.flatMap((measure) => WINDOWS.map((window) => MEASURE_WINDOWS[measure].indexOf(window))),
)
const NO_OBJECTS: readonly number[] = []

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

/** Of what was counted before, when only sums are brought back. */
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
  /** Brings what add() will read near, where that lies far apart; what it returns means nothing. */
  approach(actor: number, object: number): number
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
  counters[UNWORKED] = difference(by.contacts_viewed, by.contacts_unworked)
  const operations = createLogicalOperations()
  const contributions: (Contribution | undefined)[] = []

  const contribution = (kind: number): Contribution => {
    let known = contributions[kind]
    if (known === undefined) {
      known = contributionOf(kindOf(kind))
      contributions[kind] = known
    }
    return known
  }

  /** How many records row `i` adds, and whether it is of unknown size; of an operation, also since when it was until now. */
  const amountOf = (actor: number, batch: EventBatch, i: number, contributed: Contribution): OperationGrowth => {
    const { countsUnsized, namesRecords, namesAll } = contributed
    const reported = batch.recordCount[i] === NONE ? null : batch.recordCount[i]
    const operation = batch.logicalOp[i]
    if (operation === null) {
      const named = namesRecords ? (batch.objects[i]?.length ?? (batch.object[i] === NONE ? 0 : 1)) : 0
      const isUnknown = reported === null && (named === 0 || !namesAll)
      return { records: reported ?? named, isUnsized: countsUnsized && isUnknown, unsizedSince: null }
    }
    const objects = namesRecords ? objectsOf(batch, i) : NO_OBJECTS
    return operations.add({ actor, operation, time: batch.time[i], reported, objects, countsUnsized })
  }

  /** Adds to one measure; gives the bit that says so. */
  const feed = (measure: number, actor: number, what: number, time: number): number => {
    fed[measure].add(actor, what, time)
    return 1 << measure
  }

  /** Counts an access to one contact, and what it is beside: somebody else's, new, outside the usual hours. */
  const touch = (actor: number, copied: boolean, object: number, time: number, foreign: boolean, offHours: boolean) => {
    let grown = 0
    const since = (copied ? by.contacts_copied : by.contacts_viewed).add(actor, object, time)
    if (!copied && since === Number.POSITIVE_INFINITY) grown |= feed(NEW, actor, 1, time)
    if (neighbours.touch(actor, object, time)) grown |= feed(IN_ORDER, actor, 1, time)
    if (!copied && isReturn(since)) work(actor, object, time)
    if (foreign) grown |= feed(FOREIGN, actor, object, time)
    if (planted.size !== 0 && planted.has(object)) grown |= feed(PLANTED, actor, object, time)
    if (offHours) grown |= feed(OFF_HOURS, actor, object, time)
    return grown
  }

  /** Work on a contact, by a change or by coming back to it: what was opened for it was not just looked through. */
  const work = (actor: number, object: number, time: number) => {
    by.contacts_unworked.add(actor, object, time)
    const inOrderAt = neighbours.worked(actor, object)
    if (!Number.isNaN(inOrderAt)) by.contacts_in_order.add(actor, -1, inOrderAt)
  }

  /** Counts records that were reached from a place, in a way, or at a time, that is none of the actor's. */
  const reach = (actor: number, records: number, time: number, { place, newWay, onLeave }: Circumstances): number => {
    let grown = 0
    if (place === 'new') {
      elsewhere.away(actor, records, time)
      grown |= feed(NEW_PLACE, actor, records, time)
    }
    if (newWay) grown |= feed(NEW_WAY, actor, records, time)
    if (onLeave) grown |= feed(ON_LEAVE, actor, records, time)
    return grown
  }

  return {
    add(actor, batch, i, circumstances) {
      const { offHours } = circumstances
      const time = batch.time[i]
      const contributed = contribution(batch.kind[i])
      let elsewhereToo = 0
      if (circumstances.place === 'usual') {
        const records = elsewhere.usual(actor, time)
        if (records > 0) elsewhereToo = feed(ELSEWHERE, actor, records, time)
      }
      const { distinct, sum } = contributed
      if (contributed.works && batch.object[i] !== NONE) {
        for (const object of objectsOf(batch, i)) work(actor, object, time)
        const cleared = clearing.worked(actor, batch.objects[i]?.length ?? 1)
        return cleared === 0 ? elsewhereToo : elsewhereToo | feed(CLEARED, actor, cleared, time)
      }
      if (distinct !== NONE && batch.object[i] !== NONE) {
        const foreign = batch.owner[i] !== NONE && batch.owner[i] !== actor
        const many = batch.objects[i]
        const copied = distinct === COPIED
        // What a count is a share of, or lessened by, must stand at the same time, or looking on would change findings.
        ;(copied ? by.contacts_viewed : by.contacts_unworked).advance(actor, time)
        let grown = elsewhereToo | (distinct === VIEWED ? (1 << VIEWED) | (1 << UNWORKED) : 1 << distinct)
        if (many === null) grown |= touch(actor, copied, batch.object[i], time, foreign, offHours)
        else for (const object of many) grown |= touch(actor, copied, object, time, foreign, offHours)
        if (distinct === VIEWED && many === null && evenPace.touch(actor, batch.object[i], time))
          grown |= feed(EVEN, actor, 1, time)
        return grown | reach(actor, many?.length ?? 1, time, circumstances)
      }
      if (sum === NONE) return elsewhereToo
      const amount = amountOf(actor, batch, i, contributed)
      let grown = elsewhereToo
      if (amount.records !== 0) grown |= feed(sum, actor, amount.records, time)
      if (sum === LISTED) clearing.listed(actor)
      if (sum === TAKEN && amount.records > 0) {
        clearing.taken(actor, amount.records)
        grown |= reach(actor, amount.records, time, circumstances)
        const { portfolio } = circumstances
        const more = portfolio > 0 ? portfolioTaken.take(actor, amount.records, portfolio) : 0
        if (more > 0) grown |= feed(PORTFOLIO_TAKEN, actor, more, time)
      }
      if (contributed.shares) grown |= 1 << SHARED
      if (contributed.shares && amount.records !== 0) by.records_shared.add(actor, amount.records, time)
      if (amount.isUnsized) grown |= feed(UNSIZED, actor, 1, time)
      if (amount.unsizedSince !== null) by.unsized_exports.add(actor, -1, amount.unsizedSince)
      return grown
    },
    approach: by.contacts_viewed.approach,
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

type Counter = Pick<SumWindows, 'advance' | 'count' | 'read' | 'oldest' | 'clear' | 'size'>

/** How many more contacts were opened than worked on, in the windows of the latter; those of the former are the widest of more. */
function difference(viewed: DistinctWindows, worked: DistinctWindows): Counter {
  const shorter = MEASURE_WINDOWS.contacts_viewed.length - MEASURE_WINDOWS.contacts_unworked.length
  const windows = MEASURE_WINDOWS.contacts_unworked.length
  const viewedIn = new Float64Array(MEASURE_WINDOWS.contacts_viewed.length)
  return {
    advance: worked.advance,
    count: (actor, window) => Math.max(0, viewed.count(actor, window + shorter) - worked.count(actor, window)),
    read(actor, into) {
      viewed.read(actor, viewedIn)
      worked.read(actor, into)
      for (let w = 0; w < windows; w++) into[w] = Math.max(0, viewedIn[w + shorter] - into[w])
    },
    oldest: (actor, window) => viewed.oldest(actor, window + shorter),
    clear: worked.clear,
    get size() {
      return worked.size
    },
  }
}
