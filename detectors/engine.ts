import { type EventBatch, NONE } from '../model/event-batch.ts'
import { MEASURE_WINDOWS, MEASURES, SLOT_COUNT, WINDOWS } from '../model/measure.ts'
import type { LeaverState, StaffRecord } from '../model/staff.ts'
import { type Actor, createActorTable, MOST_COUNT } from './actor-table.ts'
import { createActorHistory } from './baseline/actor-history.ts'
import { createRolePriors } from './baseline/role-priors.ts'
import { createDayKeeper, NO_DAY } from './days/day-keeper.ts'
import { createHourProfiles } from './days/hour-profile.ts'
import type { EngineOptions, FoldOutcome, Refold, RefoldPlan, SlotState, StaffOutcome } from './engine-contract.ts'
import { createEngineRestore } from './engine-restore.ts'
import { createJudge } from './judge.ts'
import { leaverStandingAt, leaverStateOf, leftFrom } from './leaver-state.ts'
import { countPopulation, type Population } from './population.ts'
import { createReports } from './reports.ts'
import { createRoleCalibrations } from './risk/role-calibration.ts'
import { TEST_COUNT, TESTS_OF_SLOT } from './risk/tests.ts'
import type { ObjectOrder } from './signs/neighbours.ts'
import { createPlaces } from './signs/places.ts'
import { createWays } from './signs/ways.ts'
import { type Circumstances, createTally, NO_CIRCUMSTANCES } from './tally.ts'
import { createTeamLoad } from './team-load.ts'
import { countTenants } from './tenants.ts'
import { compileTriggers } from './triggers.ts'

const NO_ORDER: ObjectOrder = { orderOf: () => Number.NaN }

const WINDOW_COUNT = WINDOWS.length
const WINDOWS_OF_MEASURE = MEASURES.map((measure) => MEASURE_WINDOWS[measure].map((window) => WINDOWS.indexOf(window)))
const HOUR_MS = 3_600_000
/** Days an actor must be known before an address, or a way to reach records, can be called new. */
const PLACES_KNOWN_AFTER_DAYS = 7
const WAYS_KNOWN_AFTER_DAYS = 21

/**
 * Detection as a fold over events in the order they come: sliding windows, baselines, detectors. Pure but for its own
 * memory: no clock, no I/O; the same events in the same order give the same findings, live, replayed or rebuilt.
 */
export type Engine = ReturnType<typeof createEngine>

export function createEngine(options: EngineOptions) {
  const { calendar } = options
  const table = createActorTable()
  const history = createActorHistory()
  const priors = createRolePriors()
  const tally = createTally(options.kindOf, options.order ?? NO_ORDER, options.planted)
  const triggers = compileTriggers(options.detectors)
  const calibrations = createRoleCalibrations(options.budget ?? { ordinary: 5, leaver: 5 })
  const profiles = createHourProfiles()
  const teams = createTeamLoad(table)
  const places = createPlaces(PLACES_KNOWN_AFTER_DAYS)
  const ways = createWays(options.kindOf)
  const waysUsed = createPlaces(WAYS_KNOWN_AFTER_DAYS)
  const circumstances: Circumstances = { ...NO_CIRCUMSTANCES }
  const placeOf = options.placeOf ?? (() => -1)
  const programOf = options.programOf ?? (() => -1)
  const judge = createJudge({ table, history, priors, calibrations, triggers, tally, teams })
  const reports = createReports({ table, tally, judge, triggers, options })
  const days = createDayKeeper({
    calendar,
    directory: options.directory,
    table,
    history,
    priors,
    tally,
    calibrations,
    profiles,
    teams,
    isLive: judge.isLive,
  })
  const { actorOf } = days

  const counts = new Float64Array(WINDOW_COUNT)

  /** Looks at the counts of one measure after they may have grown; tells whether that makes anything more surprising. */
  const inspect = (actor: Actor, m: number): boolean => {
    const windows = WINDOWS_OF_MEASURE[m]
    const first = actor.code * SLOT_COUNT + m * WINDOW_COUNT
    tally.read(actor.code, m, counts)
    let changed = false
    for (let k = 0; k < windows.length; k++) {
      const at = first + windows[k]
      if (counts[k] >= table.due[at] && inspectSlot(actor, m * WINDOW_COUNT + windows[k], counts[k])) changed = true
    }
    return changed
  }

  const inspectSlot = (actor: Actor, slot: number, counted: number): boolean => {
    const { code } = actor
    const count = Math.min(counted, MOST_COUNT)
    const at = code * SLOT_COUNT + slot
    let changed = false
    if (count > table.peaks[at]) table.peaks[at] = count
    let due = Math.min(table.peaks[at] + 1, MOST_COUNT)
    for (const t of TESTS_OF_SLOT[slot]) {
      if (count >= table.next[code * TEST_COUNT + t] && judge.look(actor, t, count)) changed = true
      due = Math.min(due, table.next[code * TEST_COUNT + t])
    }
    table.due[at] = due
    return changed
  }

  const foldRow = (actor: Actor, batch: EventBatch, i: number) => {
    const { code } = actor
    const time = batch.time[i]
    if (time > table.newest[code]) table.newest[code] = time
    const now = table.newest[code]
    if (now >= table.turnAt[code]) {
      actor.type = options.kindOf(batch.kind[i]).actor_type
      days.turn(actor, now)
    }
    const hour = Math.min(23, Math.max(0, Math.floor((now - table.dayStart[code]) / HOUR_MS)))
    table.hours[code * 24 + hour]++
    const address = placeOf(batch.origin[i])
    const way = ways.of(batch.kind[i], programOf(batch.origin[i]))
    circumstances.place = address === -1 ? 'unknown' : places.visit(code, address, table.day[code]) ? 'new' : 'usual'
    circumstances.newWay = way !== -1 && waysUsed.visit(code, way, table.day[code])
    circumstances.offHours = ((table.offHours[code] >>> hour) & 1) === 1
    circumstances.onLeave = actor.record?.status === 'leave'
    circumstances.portfolio = actor.record?.portfolio_size ?? 0
    const grown = tally.add(code, batch, i, circumstances)
    let changed = false
    for (let m = 0; grown >>> m !== 0; m++) if ((grown >>> m) & 1 && inspect(actor, m)) changed = true
    if (changed) reports.weigh(actor, now, batch, i)
    if (actor.leaver === 'left' && options.kindOf(batch.kind[i]).outcome === 'success')
      reports.accessAfterLeaving(actor, now, batch, i)
  }

  const isLate = (code: number, time: number): boolean => time < table.newest[code] - options.reorderToleranceMs

  return {
    /** Folds row `i`. Rows of one actor come in event-time order, up to the tolerance. What is left out leaves no trace. */
    fold(batch: EventBatch, i: number): FoldOutcome {
      if (options.kindOf(batch.kind[i]).excluded) return 'folded'
      const actor = actorOf(batch.actor[i])
      if (actor.suspended) return 'suspended'
      if (isLate(actor.code, batch.time[i])) return 'late'
      foldRow(actor, batch, i)
      return 'folded'
    },

    /** Fetches into the processor's cache what folding rows from `from` to `to` will read: memory answers many at a time sooner than one after the other. */
    prefetch(batch: EventBatch, from: number, to: number): number {
      let read = 0
      for (let i = from; i < to; i++)
        if (batch.object[i] !== NONE) read ^= tally.prefetch(batch.actor[i], batch.object[i])
      return read
    },

    /**
     * Takes a staff record. `becameLeaver` when it makes somebody a leaver who was not one by the earlier records, and
     * `leftEarlier` when one had left before events that were folded already, from then on (epoch ms): the past is then
     * to be examined again.
     */
    putStaff(code: number, record: StaffRecord): StaffOutcome {
      const actor = actorOf(code)
      const known = actor.staff.latest()
      const before = leaverStateOf(known, record.recorded_at, calendar)
      if (!actor.staff.add(record)) return { changed: false, becameLeaver: false, leftEarlier: null }
      days.expire(actor)
      const latest = actor.staff.latest()
      const after = leaverStateOf(latest, Math.max(record.recorded_at, table.newest[code]), calendar)
      const left = leftFrom(latest, calendar)
      return {
        changed: true,
        becameLeaver: before === 'none' && after !== 'none' && table.newest[code] !== Number.NEGATIVE_INFINITY,
        leftEarlier: left < leftFrom(known, calendar) && left <= table.newest[code] ? left : null,
      }
    },

    /** Findings since the last call, in the order they were made. */
    takeFindings: reports.take,

    /** Days closed since the last call, to be stored. */
    takeClosedDays: () => days.takeClosedDays(),

    /** From here `fold` answers `suspended` for the actor. */
    suspend(code: number): void {
      actorOf(code).suspended = true
    },

    /**
     * Forgets a suspended actor, whose whole past is then folded again. Days closed anew come with `takeClosedDays`; they
     * replace all stored ones of the actor.
     */
    beginRefold(code: number, plan: RefoldPlan): Refold {
      const actor = actorOf(code)
      tally.clear(code)
      history.clear(code)
      profiles.clear(code)
      places.clear(code)
      waysUsed.clear(code)
      table.reset(code)
      reports.forget(code)
      const goBy = (way: RefoldPlan | null) => {
        reports.goBy(way)
        days.goBy(way)
      }
      const foldBy = (way: RefoldPlan, batch: EventBatch, i: number) => {
        if (options.kindOf(batch.kind[i]).excluded) return
        goBy(way)
        foldRow(actor, batch, i)
        goBy(null)
      }
      const reportingAll: RefoldPlan = { ...plan, reportFrom: Number.NEGATIVE_INFINITY }
      return {
        fold: (batch, i) => foldBy(plan, batch, i),
        foldNew(batch, i) {
          if (isLate(code, batch.time[i])) return 'late'
          foldBy(reportingAll, batch, i)
          return 'folded'
        },
        end() {
          goBy(plan)
          days.closeIfOver(actor)
          goBy(null)
          actor.suspended = false
          // Limits worked out under the plan's rule are not those of ordinary running.
          days.expire(actor)
        },
      }
    },

    /** Rebuild: folds without reporting. */
    mute: reports.mute,

    staffOf(code: number, time: number): { record: StaffRecord | null; leaver: LeaverState } {
      const actor = actorOf(code)
      const { leaver, record } = leaverStandingAt(actor.staff, time, calendar)
      return { record: record ?? actor.staff.latest(), leaver }
    },

    /** Counts against baselines as of the actor's newest event, in the windows in which each measure is counted. */
    slots(code: number): SlotState[] {
      const actor = table.actors[code]
      if (actor === undefined || table.newest[code] === Number.NEGATIVE_INFINITY) return []
      const day = table.day[code] === NO_DAY ? calendar.dayOf(table.newest[code]) : table.day[code]
      tally.advance(code, table.newest[code])
      return WINDOWS_OF_MEASURE.flatMap((windows, m) =>
        windows.map((w) => {
          const slot = m * WINDOW_COUNT + w
          const { expected, expectedPeers, days } = judge.baseline(actor, slot, day)
          const limit = judge.remarkableFrom(actor, slot, day)
          return { slot, count: tally.count(code, m, w), expected, expectedPeers, limit, days }
        }),
      )
    },

    /** Key of the role by which the actor is judged now; null for somebody who never did anything. */
    roleKeyOf: (code: number): string | null => table.actors[code]?.roleKey ?? null,
    /** The newest calibration of each role that was judged, by the role's key. */
    calibrationByRole: () => calibrations.byRole(),
    calibrationOf: (org: string, role: string, day: number) => calibrations.get(org, role, day),
    /** By tenant, how many people were seen, and of how many HR has said something. */
    tenants: () => countTenants(table),
    /** Whom the engine judges as of `now` (epoch ms), and how much it knows of them. */
    population: (now: number): Population => countPopulation({ table, history, calibrations, calendar }, now),
    /** The day of the actor that is not closed yet, and its score so far, 0 to 100. */
    openDay: (code: number): { readonly day: number; readonly score: number } | null =>
      table.actors[code] === undefined || table.day[code] === NO_DAY || table.day[code] <= history.lastClosed(code)
        ? null
        : { day: table.day[code], score: table.score[code] },
    newestEvent: (code: number): number | null =>
      table.actors[code] === undefined || table.newest[code] === Number.NEGATIVE_INFINITY ? null : table.newest[code],
    /** Live (actor, contact) pairs and sum entries in memory. */
    liveEntries: (): number => tally.size,

    ...createEngineRestore({ table, tally, days, places, ways, waysUsed, placeOf, programOf, calendar }),
  }
}
