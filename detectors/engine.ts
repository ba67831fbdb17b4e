import type { Finding } from '../model/alert.ts'
import { type EventBatch, type Kind, NONE, objectsOf } from '../model/event-batch.ts'
import { MEASURE_KIND, MEASURES, SLOT_COUNT, WINDOW_MS, WINDOWS } from '../model/measure.ts'
import type { LeaverState, StaffRecord } from '../model/staff.ts'
import { type Actor, type ActorDirectory, createActorTable, roleKey } from './actor-table.ts'
import {
  type ClosedDay,
  CUSUM_MEASURES,
  CUSUM_SLOTS,
  createActorHistory,
  cusumLimit,
  FLAG_OF_WINDOW,
  nextCusum,
  teachesPeers,
} from './baseline/actor-history.ts'
import { expectedOf, tailLog10, tailQuantile } from './baseline/distribution.ts'
import { createRolePriors, fullWindows } from './baseline/role-priors.ts'
import type { Calendar } from './calendar.ts'
import type { Activity } from './detector.ts'
import { leaverStateOf } from './leaver-state.ts'
import { type Cuts, cutsInOrder } from './limits.ts'
import type { BoundDetector } from './registry.ts'
import { compileTriggers } from './triggers.ts'
import { type Contribution, contributionOf } from './windows/contribution.ts'
import { createDistinctWindows, type DistinctWindows } from './windows/distinct-windows.ts'
import { createLogicalOperations } from './windows/logical-operations.ts'
import { createSumWindows, type SumWindows } from './windows/sum-windows.ts'

export interface EngineOptions {
  readonly calendar: Calendar
  readonly detectors: readonly BoundDetector[]
  readonly cuts: Cuts
  /** How far behind the actor's newest event one is still put in its place here; later ones need `refold`. */
  readonly reorderToleranceMs: number
  readonly directory: ActorDirectory
  readonly kindOf: (code: number) => Kind
}

/** `late`, `suspended`: not folded; the actor's past has to be folded again with this event in it. */
export type FoldOutcome = 'folded' | 'late' | 'suspended'

export interface ActorFinding {
  readonly actor: number
  readonly finding: Finding
}

/** How a past is folded again. */
export interface RefoldPlan {
  /** Findings before this event time are known already and are not reported again. */
  readonly reportFrom: number
  /** From this event time on the actor is held to the leaver's limit; null for as the staff records say. */
  readonly leaverFrom: number | null
}

/** One actor's counts against baselines, for showing. */
export interface SlotState {
  readonly slot: number
  readonly count: number
  readonly expected: number
  readonly expectedPeers: number
  readonly limit: number
  readonly days: number
}

/** A count is reported again within its window only when it has grown by a fifth. */
const GROWTH_TO_REPORT_AGAIN = 1.2
const LOGICAL_OPERATION_KEPT_MS = WINDOW_MS['7d']
const NO_DAY = -1
const SPANS_MS = WINDOWS.map((window) => WINDOW_MS[window])
const WINDOW_COUNT = WINDOWS.length
const CLOSE_AFTER_DAYS = 2
const PER_DAY = 0

/**
 * Detection as a fold over events in the order they come: sliding windows, baselines, detectors. Pure but for its own
 * memory: no clock, no I/O; the same events in the same order give the same findings, live, replayed or rebuilt.
 */
export type Engine = ReturnType<typeof createEngine>

export function createEngine(options: EngineOptions) {
  const { calendar, directory } = options
  const counters: (DistinctWindows | SumWindows)[] = MEASURES.map((measure) =>
    MEASURE_KIND[measure] === 'distinct' ? createDistinctWindows(SPANS_MS) : createSumWindows(SPANS_MS),
  )
  const afterLeaving = createSumWindows([WINDOW_MS['1d']])
  const table = createActorTable()
  const history = createActorHistory()
  const priors = createRolePriors()
  const operations = createLogicalOperations(LOGICAL_OPERATION_KEPT_MS)
  const triggers = compileTriggers(options.detectors)
  const ordinaryCuts = cutsInOrder(options.cuts.ordinary)
  const leaverCuts = cutsInOrder(options.cuts.leaver)
  const contributions: (Contribution | undefined)[] = []
  const orgs = new Map<string, { day: number; readonly actors: number[] }>()

  let findings: ActorFinding[] = []
  let closedDays: ClosedDay[] = []
  let refolding: (RefoldPlan & { readonly actor: number }) | null = null
  let muted = false

  const contribution = (kind: number): Contribution => {
    let known = contributions[kind]
    if (known === undefined) {
      known = contributionOf(options.kindOf(kind))
      contributions[kind] = known
    }
    return known
  }

  const actorOf = (code: number): Actor => {
    const known = table.actors[code]
    if (known !== undefined) return known
    const actor = table.ensure(code, directory)
    orgOf(actor.org).actors.push(code)
    return actor
  }

  const orgOf = (name: string) => {
    let org = orgs.get(name)
    if (org === undefined) {
      org = { day: NO_DAY, actors: [] }
      orgs.set(name, org)
    }
    return org
  }

  /** The tenant's newest day: those who have not been seen since the day before yesterday have their day closed. */
  const openOrgDay = (name: string, day: number) => {
    const org = orgOf(name)
    if (day <= org.day) return
    org.day = day
    for (const code of org.actors) {
      if (table.day[code] === NO_DAY || table.day[code] > day - CLOSE_AFTER_DAYS) continue
      if (table.actors[code]?.suspended === true) continue
      closeDay(actorOf(code))
    }
  }

  const closeDay = (actor: Actor) => {
    const { code } = actor
    const day = table.day[code]
    table.day[code] = NO_DAY
    table.turnAt[code] = Number.NEGATIVE_INFINITY
    if (day === NO_DAY || day <= history.lastClosed(code)) return
    const peaks = table.peaks.subarray(code * SLOT_COUNT, (code + 1) * SLOT_COUNT)
    const closed = history.close(code, day, actor.roleKey, table.flags[code], peaks, priors.get(actor.roleKey, day))
    if (refolding === null && teachesPeers(closed.flags)) {
      priors.add(actor.roleKey, day, peaks, fullWindows(history.firstDay(code) ?? day, day))
    }
    closedDays.push(closed)
  }

  /** Brings day, staff state and limits up to `now`. */
  const turn = (actor: Actor, now: number) => {
    const { code } = actor
    const day = calendar.dayOf(now)
    if (day > table.day[code]) {
      if (refolding === null) openOrgDay(actor.org, day)
      if (table.day[code] !== NO_DAY) closeDay(actor)
      table.day[code] = day
      table.flags[code] = 0
      history.open(code, day)
      for (let m = 0; m < counters.length; m++) {
        const counter = counters[m]
        counter.advance(code, now)
        for (let w = 0; w < WINDOW_COUNT; w++) {
          table.peaks[code * SLOT_COUNT + m * WINDOW_COUNT + w] = counter.count(code, w)
        }
      }
    }
    refreshStaff(actor, now, day)
  }

  const refreshStaff = (actor: Actor, now: number, day: number) => {
    const { code } = actor
    const describing = actor.staff.describing(now)
    actor.record = actor.staff.at(now)
    actor.leaver = leaverStateOf(actor.record, now, calendar)
    if (actor.leaver !== 'left') actor.nextAfterLeaving = 1
    actor.roleKey = roleKey(actor.org, describing?.role ?? null, describing?.actor_type ?? actor.type)
    table.limits.fill(0, code * SLOT_COUNT, (code + 1) * SLOT_COUNT)
    table.cusumLimits.fill(0, code * CUSUM_SLOTS.length, (code + 1) * CUSUM_SLOTS.length)
    let next = calendar.startOf(day + 1)
    const nextRecord = actor.staff.nextAfter(now)
    if (nextRecord !== null && nextRecord < next) next = nextRecord
    if (refolding?.leaverFrom != null && refolding.leaverFrom > now && refolding.leaverFrom < next)
      next = refolding.leaverFrom
    table.turnAt[code] = next
  }

  const heldToLeaverLimit = (actor: Actor, now: number): boolean =>
    actor.leaver !== 'none' || (refolding?.leaverFrom != null && now >= refolding.leaverFrom)

  const limitOf = (actor: Actor, slot: number, now: number): number => {
    const at = actor.code * SLOT_COUNT + slot
    const known = table.limits[at]
    if (known !== 0) return known
    const cut = (heldToLeaverLimit(actor, now) ? leaverCuts : ordinaryCuts)[slot % WINDOW_COUNT]
    const { distribution } = history.baseline(actor.code, slot, priors.get(actor.roleKey, table.day[actor.code]))
    const limit = Math.max(triggers.floor[slot], tailQuantile(distribution, cut))
    table.limits[at] = limit
    return limit
  }

  const cusumLimitOf = (actor: Actor, c: number, now: number): number => {
    const at = actor.code * CUSUM_SLOTS.length + c
    const known = table.cusumLimits[at]
    if (known !== 0) return known
    const { cusum } = options.cuts
    const threshold = heldToLeaverLimit(actor, now) ? cusum.leaver : cusum.ordinary
    const { distribution } = history.baseline(
      actor.code,
      CUSUM_SLOTS[c],
      priors.get(actor.roleKey, table.day[actor.code]),
    )
    const limit = Math.max(1, cusumLimit(history.cusum(actor.code, c), threshold, distribution))
    table.cusumLimits[at] = limit
    return limit
  }

  const isNews = (at: number, slot: number, count: number, now: number): boolean =>
    now - table.noticedAt[at] > SPANS_MS[slot % WINDOW_COUNT] ||
    count >= table.noticedCount[at] * GROWTH_TO_REPORT_AGAIN

  /** Looks at the counts of one measure after they may have grown. */
  const inspect = (actor: Actor, m: number, now: number, batch: EventBatch, i: number) => {
    const counter = counters[m]
    const { code } = actor
    const base = code * SLOT_COUNT + m * WINDOW_COUNT
    for (let w = 0; w < WINDOW_COUNT; w++) {
      const count = counter.count(code, w)
      const at = base + w
      if (count > table.peaks[at]) table.peaks[at] = count
      const slot = m * WINDOW_COUNT + w
      if (count < triggers.floor[slot] || count < limitOf(actor, slot, now)) continue
      table.flags[code] |= FLAG_OF_WINDOW[w]
      if (muted || !isNews(at, slot, count, now)) continue
      table.noticedAt[at] = now
      table.noticedCount[at] = count
      for (const detector of triggers.bySlot[slot]) report(actor, detector, batch, i, now)
    }
    const c = triggers.cusumOfMeasure[m]
    if (c !== undefined) inspectCusum(actor, m, c, now, batch, i)
  }

  const inspectCusum = (actor: Actor, m: number, c: number, now: number, batch: EventBatch, i: number) => {
    const counter = counters[m]
    const { code } = actor
    const longest = WINDOW_COUNT - 1
    if (counter.count(code, longest) < triggers.cusumFloor[c]) return
    const count = counter.count(code, CUSUM_SLOTS[c] % WINDOW_COUNT)
    if (count < cusumLimitOf(actor, c, now)) return
    table.flags[code] |= FLAG_OF_WINDOW[PER_DAY]
    const at = code * SLOT_COUNT + m * WINDOW_COUNT + longest
    if (muted || !isNews(at, longest, counter.count(code, longest), now)) return
    table.noticedAt[at] = now
    table.noticedCount[at] = counter.count(code, longest)
    for (const detector of triggers.byCusum[c]) report(actor, detector, batch, i, now)
  }

  const inspectAfterLeaving = (actor: Actor, now: number, batch: EventBatch, i: number) => {
    afterLeaving.add(actor.code, 1, now)
    if (muted) return
    const accesses = afterLeaving.count(actor.code, 0)
    if (now - actor.afterLeavingAt > WINDOW_MS['1d']) actor.nextAfterLeaving = 1
    if (accesses < actor.nextAfterLeaving) return
    actor.nextAfterLeaving = accesses * 2
    actor.afterLeavingAt = now
    table.flags[actor.code] |= FLAG_OF_WINDOW[PER_DAY]
    for (const detector of triggers.afterLeaving) report(actor, detector, batch, i, now)
  }

  const report = (actor: Actor, detector: BoundDetector, batch: EventBatch, i: number, now: number) => {
    if (refolding !== null && now < refolding.reportFrom) return
    const finding = detector.examine(activityOf(actor, batch, i, now))
    if (finding !== null) findings.push({ actor: actor.code, finding })
  }

  const activityOf = (actor: Actor, batch: EventBatch, i: number, now: number): Activity => {
    const prior = priors.get(actor.roleKey, table.day[actor.code])
    const slotOf = (measure: (typeof MEASURES)[number], window: (typeof WINDOWS)[number]) =>
      MEASURES.indexOf(measure) * WINDOW_COUNT + WINDOWS.indexOf(window)
    const count = (measure: (typeof MEASURES)[number], window: (typeof WINDOWS)[number]) => {
      const counter = counters[MEASURES.indexOf(measure)]
      counter.advance(actor.code, now)
      return counter.count(actor.code, WINDOWS.indexOf(window))
    }
    return {
      event: {
        time: now,
        kind: options.kindOf(batch.kind[i]),
        objects: batch.objects[i]?.length ?? (batch.object[i] === NONE ? 0 : 1),
        recordCount: batch.recordCount[i] === NONE ? null : batch.recordCount[i],
      },
      actor: {
        staff: actor.record,
        role: actor.staff.describing(now)?.role ?? null,
        leaver: actor.leaver,
        lookBack: refolding?.leaverFrom != null && now >= refolding.leaverFrom && actor.leaver === 'none',
      },
      count,
      baseline(measure, window) {
        const slot = slotOf(measure, window)
        const { distribution, days } = history.baseline(actor.code, slot, prior)
        return {
          expected: expectedOf(distribution),
          expectedPeers: expectedOf(prior.bySlot[slot]),
          days,
          tailLog10: (n) => tailLog10(distribution, n),
        }
      },
      limit: (measure, window) => limitOf(actor, slotOf(measure, window), now),
      since: (measure, window) => counters[MEASURES.indexOf(measure)].oldest(actor.code, WINDOWS.indexOf(window)),
      cusum(measure) {
        const c = CUSUM_MEASURES.indexOf(measure)
        if (c === -1) return null
        const { distribution } = history.baseline(actor.code, CUSUM_SLOTS[c], prior)
        const { cusum } = options.cuts
        return {
          value: nextCusum(history.cusum(actor.code, c), count(measure, '1d'), distribution),
          limit: heldToLeaverLimit(actor, now) ? cusum.leaver : cusum.ordinary,
        }
      },
      accessesAfterLeaving: afterLeaving.count(actor.code, 0),
    }
  }

  /** Adds row `i` to the windows; tells which measures may have grown, as bits. */
  const count = (code: number, batch: EventBatch, i: number): number => {
    const time = batch.time[i]
    const { distinct, sum, unsized } = contribution(batch.kind[i])
    if (distinct !== NONE && batch.object[i] !== NONE) {
      const counter = counters[distinct]
      const many = batch.objects[i]
      if (many === null) counter.add(code, batch.object[i], time)
      else for (const object of many) counter.add(code, object, time)
      return 1 << distinct
    }
    if (sum === NONE) return 0
    const { records, unsizedOperations } = amountOf(code, batch, i, unsized !== NONE)
    if (records !== 0) counters[sum].add(code, records, time)
    if (unsizedOperations !== 0) counters[unsized].add(code, unsizedOperations, time)
    return (records !== 0 ? 1 << sum : 0) | (unsizedOperations !== 0 ? 1 << unsized : 0)
  }

  /** How many records row `i` adds, and whether it adds an operation whose number of records is unknown (or takes one back). */
  const amountOf = (code: number, batch: EventBatch, i: number, countsUnsized: boolean) => {
    const reported = batch.recordCount[i] === NONE ? null : batch.recordCount[i]
    const operation = batch.logicalOp[i]
    if (operation === null) {
      const named = batch.objects[i]?.length ?? (batch.object[i] === NONE ? 0 : 1)
      return {
        records: reported ?? named,
        unsizedOperations: countsUnsized && reported === null && named === 0 ? 1 : 0,
      }
    }
    const { grown, first, wasUnknown, known } = operations.add(
      code,
      operation,
      batch.time[i],
      reported,
      objectsOf(batch, i),
    )
    const unsizedOperations = !countsUnsized ? 0 : first && !known ? 1 : !first && wasUnknown && known ? -1 : 0
    return { records: grown, unsizedOperations }
  }

  const foldRow = (actor: Actor, batch: EventBatch, i: number) => {
    const { code } = actor
    const time = batch.time[i]
    if (time > table.newest[code]) table.newest[code] = time
    const now = table.newest[code]
    if (now >= table.turnAt[code]) {
      actor.type = options.kindOf(batch.kind[i]).actor_type
      turn(actor, now)
    }
    const grown = count(code, batch, i)
    for (let m = 0; grown >>> m !== 0; m++) if ((grown >>> m) & 1) inspect(actor, m, now, batch, i)
    if (actor.leaver === 'left' && options.kindOf(batch.kind[i]).outcome === 'success')
      inspectAfterLeaving(actor, now, batch, i)
  }

  return {
    /** Folds row `i`. Rows of one actor come in event-time order, up to the tolerance. */
    fold(batch: EventBatch, i: number): FoldOutcome {
      const actor = actorOf(batch.actor[i])
      if (actor.suspended) return 'suspended'
      if (batch.time[i] < table.newest[actor.code] - options.reorderToleranceMs) return 'late'
      foldRow(actor, batch, i)
      return 'folded'
    },

    /**
     * Takes a staff record. `becameLeaver` when it makes somebody a leaver who was not one by the earlier records:
     * the past is then to be examined again.
     */
    putStaff(code: number, record: StaffRecord): { readonly changed: boolean; readonly becameLeaver: boolean } {
      const actor = actorOf(code)
      const before = leaverStateOf(actor.staff.latest(), record.recorded_at, calendar)
      if (!actor.staff.add(record)) return { changed: false, becameLeaver: false }
      if (table.day[code] !== NO_DAY) table.turnAt[code] = Number.NEGATIVE_INFINITY
      const latest = actor.staff.latest()
      const after = leaverStateOf(latest, Math.max(record.recorded_at, table.newest[code]), calendar)
      return {
        changed: true,
        becameLeaver: before === 'none' && after !== 'none' && table.newest[code] !== Number.NEGATIVE_INFINITY,
      }
    },

    /** Findings since the last call, in the order they were made. */
    takeFindings(): ActorFinding[] {
      const taken = findings
      findings = []
      return taken
    },

    /** Days closed since the last call, to be stored. */
    takeClosedDays(): ClosedDay[] {
      const taken = closedDays
      closedDays = []
      return taken
    },

    /** From here `fold` answers `suspended` for the actor. */
    suspend(code: number): void {
      actorOf(code).suspended = true
    },

    /**
     * Folds a suspended actor's whole past again from `rows` (ordered by time, then seq) and lets it go on from there.
     * Days closed anew come with `takeClosedDays`; they replace all stored ones of the actor.
     */
    beginRefold(code: number, plan: RefoldPlan): (batch: EventBatch, i: number) => void {
      const actor = actorOf(code)
      for (const counter of counters) counter.clear(code)
      afterLeaving.clear(code)
      operations.forget(code)
      history.clear(code)
      table.reset(code)
      refolding = { ...plan, actor: code }
      return (batch, i) => foldRow(actor, batch, i)
    },

    endRefold(code: number): void {
      const actor = actorOf(code)
      const { day } = orgOf(actor.org)
      if (table.day[code] !== NO_DAY && table.day[code] <= day - CLOSE_AFTER_DAYS) closeDay(actor)
      refolding = null
      actor.suspended = false
      // Limits worked out under the plan's rule are not those of ordinary running.
      if (table.day[code] !== NO_DAY) table.turnAt[code] = Number.NEGATIVE_INFINITY
    },

    /** Rebuild: takes days closed earlier, in the order of day. */
    restoreDay(closed: ClosedDay): void {
      const actor = actorOf(closed.actor)
      const org = orgOf(actor.org)
      if (closed.day > org.day) org.day = closed.day
      actor.roleKey = closed.role
      priors.get(closed.role, closed.day)
      history.restore(closed)
      if (teachesPeers(closed.flags)) {
        priors.add(
          closed.role,
          closed.day,
          closed.peaks,
          fullWindows(history.firstDay(closed.actor) ?? closed.day, closed.day),
        )
      }
    },

    /** Rebuild: the last access to an object before the days that are folded again. Per actor in the order of time. */
    restoreAccess(measure: number, code: number, object: number, time: number): void {
      actorOf(code)
      counters[measure].add(code, object, time)
      if (time > table.newest[code]) table.newest[code] = time
    },

    /** Rebuild: an operation before the days that are folded again, for the sums. In the order of time. */
    restoreSum(batch: EventBatch, i: number): void {
      const { code } = actorOf(batch.actor[i])
      count(code, batch, i)
      if (batch.time[i] > table.newest[code]) table.newest[code] = batch.time[i]
    },

    /** Rebuild: folds without reporting. What was reported before is restored with `restoreNotice`. */
    mute(on: boolean): void {
      muted = on
    },

    /** Rebuild: a count that was reported before. */
    restoreNotice(code: number, finding: Finding): void {
      const actor = actorOf(code)
      if (finding.measure !== null && finding.window !== null && finding.observed !== null) {
        const at =
          code * SLOT_COUNT + MEASURES.indexOf(finding.measure) * WINDOW_COUNT + WINDOWS.indexOf(finding.window)
        if (finding.time < table.noticedAt[at]) return
        table.noticedAt[at] = finding.time
        table.noticedCount[at] = finding.observed
      } else if (finding.time >= actor.afterLeavingAt && finding.observed !== null) {
        actor.afterLeavingAt = finding.time
        actor.nextAfterLeaving = finding.observed * 2
      }
    },

    staffOf(code: number, time: number): { record: StaffRecord | null; leaver: LeaverState } {
      const actor = actorOf(code)
      const record = actor.staff.at(time)
      return { record: record ?? actor.staff.latest(), leaver: leaverStateOf(record, time, calendar) }
    },

    /** Counts against baselines as of the actor's newest event. */
    slots(code: number): SlotState[] {
      const actor = table.actors[code]
      if (actor === undefined || table.newest[code] === Number.NEGATIVE_INFINITY) return []
      const day = table.day[code] === NO_DAY ? calendar.dayOf(table.newest[code]) : table.day[code]
      const prior = priors.get(actor.roleKey, day)
      return Array.from({ length: SLOT_COUNT }, (_, slot) => {
        const { distribution, days } = history.baseline(code, slot, prior)
        const cut = (actor.leaver === 'none' ? ordinaryCuts : leaverCuts)[slot % WINDOW_COUNT]
        return {
          slot,
          count: counters[Math.floor(slot / WINDOW_COUNT)].count(code, slot % WINDOW_COUNT),
          expected: expectedOf(distribution),
          expectedPeers: expectedOf(prior.bySlot[slot]),
          limit: Math.max(triggers.floor[slot], tailQuantile(distribution, cut)),
          days,
        }
      })
    },

    newestEvent: (code: number): number | null =>
      table.actors[code] === undefined || table.newest[code] === Number.NEGATIVE_INFINITY ? null : table.newest[code],
    /** Live (actor, contact) pairs and sum entries in memory. */
    liveEntries: (): number => counters.reduce((sum, counter) => sum + counter.size, 0),
  }
}
