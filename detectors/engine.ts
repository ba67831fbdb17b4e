import type { DetectedFinding } from '../model/alert.ts'
import { type EventBatch, type Kind, NONE } from '../model/event-batch.ts'
import { MEASURE_WINDOWS, MEASURES, SLOT_COUNT, WINDOW_MS, WINDOWS } from '../model/measure.ts'
import type { LeaverState, StaffRecord } from '../model/staff.ts'
import { createActivity } from './activity.ts'
import { type Actor, type ActorDirectory, createActorTable } from './actor-table.ts'
import { createActorHistory, FLAG_OF_WINDOW } from './baseline/actor-history.ts'
import { createRolePriors } from './baseline/role-priors.ts'
import type { Calendar } from './calendar.ts'
import { createDayKeeper, NO_DAY } from './day-keeper.ts'
import { createEngineRestore } from './engine-restore.ts'
import { createHourProfiles } from './hour-profile.ts'
import { createJudge } from './judge.ts'
import { leaverStateOf } from './leaver-state.ts'
import type { ObjectOrder } from './neighbours.ts'
import { createPlaces } from './places.ts'
import { countPopulation, type Population } from './population.ts'
import type { BoundDetector } from './registry.ts'
import { type AlertBudget, type Calibration, createRoleCalibrations, type RiskCuts } from './risk/role-calibration.ts'
import { TEST_COUNT, TESTS_OF_SLOT } from './risk/tests.ts'
import { WEIGHTS } from './risk/weights.ts'
import { type Circumstances, createTally, NO_CIRCUMSTANCES } from './tally.ts'
import { createTeamLoad } from './team-load.ts'
import { compileTriggers } from './triggers.ts'
import { createWays } from './ways.ts'
import { createSumWindows } from './windows/sum-windows.ts'

export interface EngineOptions {
  readonly calendar: Calendar
  readonly detectors: readonly BoundDetector[]
  readonly budget?: AlertBudget
  /** Risks from which alerts open, instead of those that the budget gives. */
  readonly cuts?: RiskCuts
  /** Told of every risk that grows, whatever the cuts: for asking what others would have found. */
  readonly onWeighed?: (weighed: Weighed) => void
  /** How far behind the actor's newest event one is still put in its place here; later ones need `refold`. */
  readonly reorderToleranceMs: number
  readonly directory: ActorDirectory
  readonly kindOf: (code: number) => Kind
  readonly order?: ObjectOrder
  /** The address behind an origin, as a code; -1 when it has none. */
  readonly placeOf?: (origin: number) => number
  /** Codes of the contacts that are planted to be touched by nobody. */
  readonly planted?: ReadonlySet<number>
}

/** A person's risk of the day, just grown. Valid only while `onWeighed` runs. */
export interface Weighed {
  readonly actor: number
  readonly time: number
  readonly day: number
  readonly risk: number
  /** Held to the leaver's limit. */
  readonly leaver: boolean
  readonly calibration: Calibration
  /** What the detectors say of it. */
  findings(): DetectedFinding[]
}

const NO_ORDER: ObjectOrder = { orderOf: () => Number.NaN }

/** `late`, `suspended`: not folded; the actor's past has to be folded again with this event in it. */
export type FoldOutcome = 'folded' | 'late' | 'suspended'

export interface ActorFinding {
  readonly actor: number
  readonly finding: DetectedFinding
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

const WINDOW_COUNT = WINDOWS.length
const WINDOWS_OF_MEASURE = MEASURES.map((measure) => MEASURE_WINDOWS[measure].map((window) => WINDOWS.indexOf(window)))
const HOUR_MS = 3_600_000
/** Calibrated surprise from which a test is told of beside the leading one. */
const REMARKABLE = 2.5
/** Days an actor must be known before an address, or a way to reach records, can be called new. */
const PLACES_KNOWN_AFTER_DAYS = 7
const WAYS_KNOWN_AFTER_DAYS = 21
/** The flag of windows up to a day. */
const DAILY = FLAG_OF_WINDOW[0]

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
  const afterLeaving = createSumWindows([WINDOW_MS['1d']])
  const triggers = compileTriggers(options.detectors)
  const calibrations = createRoleCalibrations(options.budget ?? { ordinary: 5, leaver: 5 })
  const profiles = createHourProfiles()
  const teams = createTeamLoad(table)
  const places = createPlaces(PLACES_KNOWN_AFTER_DAYS)
  const ways = createWays(options.kindOf)
  const waysUsed = createPlaces(WAYS_KNOWN_AFTER_DAYS)
  const circumstances: Circumstances = { ...NO_CIRCUMSTANCES }
  const placeOf = options.placeOf ?? (() => -1)
  const judge = createJudge({ table, history, priors, calibrations, triggers, tally, teams })
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

  let findings: ActorFinding[] = []
  let refolding: RefoldPlan | null = null
  let muted = false

  const heldToLeaverLimit = (actor: Actor, now: number): boolean =>
    actor.leaver !== 'none' || (refolding?.leaverFrom != null && now >= refolding.leaverFrom)

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

  const inspectSlot = (actor: Actor, slot: number, count: number): boolean => {
    const { code } = actor
    const at = code * SLOT_COUNT + slot
    let changed = false
    if (count > table.peaks[at]) table.peaks[at] = count
    let due = table.peaks[at] + 1
    for (const t of TESTS_OF_SLOT[slot]) {
      if (count >= table.next[code * TEST_COUNT + t] && judge.look(actor, t, count)) changed = true
      due = Math.min(due, table.next[code * TEST_COUNT + t])
    }
    table.due[at] = due
    return changed
  }

  /** Weighs the day's surprises together after one has grown, and reports when they reach the cut. */
  const weigh = (actor: Actor, now: number, batch: EventBatch, i: number) => {
    const { code } = actor
    const risk = judge.risk(actor)
    if (risk <= table.risk[code]) return
    table.risk[code] = risk
    const leaver = heldToLeaverLimit(actor, now)
    table.score[code] = judge.score(actor, !leaver ? null : actor.leaver === 'none' ? 'lookBack' : 'live')
    options.onWeighed?.({
      actor: code,
      time: now,
      day: table.day[code],
      risk,
      leaver,
      calibration: judge.calibration(actor),
      findings: () => examine(actor, detectorsOf(actor), batch, i, now),
    })
    const cuts = options.cuts ?? judge.calibration(actor).cuts
    const cut = leaver ? cuts.leaver : cuts.ordinary
    if (risk < cut || muted || !judge.say(actor, risk)) return
    report(actor, detectorsOf(actor), batch, i, now)
  }

  /** Whose tests speak: that of the most surprising test, and all that would be remarkable alone. */
  const detectorsOf = (actor: Actor): BoundDetector[] => {
    let leading = -1
    let most = 0
    const found = new Set<BoundDetector>()
    for (let t = 0; t < TEST_COUNT; t++) {
      const surprise = judge.calibrated(actor, t)
      const part = surprise * WEIGHTS[t]
      if (part > most && triggers.byTest[t].length > 0) {
        most = part
        leading = t
      }
      if (surprise >= REMARKABLE) for (const detector of triggers.byTest[t]) found.add(detector)
    }
    if (leading !== -1) for (const detector of triggers.byTest[leading]) found.add(detector)
    return [...found]
  }

  const inspectAfterLeaving = (actor: Actor, now: number, batch: EventBatch, i: number) => {
    afterLeaving.add(actor.code, 1, now)
    if (muted) return
    const accesses = afterLeaving.count(actor.code, 0)
    if (now - actor.afterLeavingAt > WINDOW_MS['1d']) actor.nextAfterLeaving = 1
    if (accesses < actor.nextAfterLeaving) return
    actor.nextAfterLeaving = accesses * 2
    actor.afterLeavingAt = now
    table.flags[actor.code] |= DAILY
    report(actor, triggers.afterLeaving, batch, i, now)
  }

  const report = (actor: Actor, detectors: readonly BoundDetector[], batch: EventBatch, index: number, now: number) => {
    for (const finding of examine(actor, detectors, batch, index, now)) findings.push({ actor: actor.code, finding })
  }

  /** What the detectors say; nothing of what is known already when a past is folded again, or of what is not to be told. */
  const examine = (
    actor: Actor,
    detectors: readonly BoundDetector[],
    batch: EventBatch,
    index: number,
    now: number,
  ): DetectedFinding[] => {
    if (detectors.length === 0 || muted || (refolding !== null && now < refolding.reportFrom)) return []
    const moment = {
      actor,
      now,
      day: table.day[actor.code],
      batch,
      index,
      kind: options.kindOf(batch.kind[index]),
      lookBack: heldToLeaverLimit(actor, now) && actor.leaver === 'none',
      accessesAfterLeaving: afterLeaving.count(actor.code, 0),
    }
    const activity = createActivity(moment, table, tally, judge)
    return detectors.flatMap((detector) => detector.examine(activity) ?? [])
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
    const way = ways.of(batch.kind[i])
    circumstances.place = address === -1 ? 'unknown' : places.visit(code, address, table.day[code]) ? 'new' : 'usual'
    circumstances.newWay = way !== -1 && waysUsed.visit(code, way, table.day[code])
    circumstances.offHours = ((table.offHours[code] >>> hour) & 1) === 1
    circumstances.onLeave = actor.record?.status === 'leave'
    circumstances.portfolio = actor.record?.portfolio_size ?? 0
    const grown = tally.add(code, batch, i, circumstances)
    let changed = false
    for (let m = 0; grown >>> m !== 0; m++) if ((grown >>> m) & 1 && inspect(actor, m)) changed = true
    if (changed) weigh(actor, now, batch, i)
    if (actor.leaver === 'left' && options.kindOf(batch.kind[i]).outcome === 'success')
      inspectAfterLeaving(actor, now, batch, i)
  }

  return {
    /** Folds row `i`. Rows of one actor come in event-time order, up to the tolerance. What is left out leaves no trace. */
    fold(batch: EventBatch, i: number): FoldOutcome {
      if (options.kindOf(batch.kind[i]).excluded) return 'folded'
      const actor = actorOf(batch.actor[i])
      if (actor.suspended) return 'suspended'
      if (batch.time[i] < table.newest[actor.code] - options.reorderToleranceMs) return 'late'
      foldRow(actor, batch, i)
      return 'folded'
    },

    /** Brings what folding rows from `from` to `to` will read near: memory answers many at a time sooner than one after the other. */
    approach(batch: EventBatch, from: number, to: number): number {
      let read = 0
      for (let i = from; i < to; i++)
        if (batch.object[i] !== NONE) read ^= tally.approach(batch.actor[i], batch.object[i])
      return read
    },

    /**
     * Takes a staff record. `becameLeaver` when it makes somebody a leaver who was not one by the earlier records:
     * the past is then to be examined again.
     */
    putStaff(code: number, record: StaffRecord): { readonly changed: boolean; readonly becameLeaver: boolean } {
      const actor = actorOf(code)
      const before = leaverStateOf(actor.staff.latest(), record.recorded_at, calendar)
      if (!actor.staff.add(record)) return { changed: false, becameLeaver: false }
      days.expire(actor)
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
    takeClosedDays: () => days.takeClosedDays(),

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
      tally.clear(code)
      afterLeaving.clear(code)
      history.clear(code)
      profiles.clear(code)
      places.clear(code)
      waysUsed.clear(code)
      table.reset(code)
      refolding = plan
      days.beginRefold(plan.leaverFrom)
      return (batch, i) => {
        if (!options.kindOf(batch.kind[i]).excluded) foldRow(actor, batch, i)
      }
    },

    endRefold(code: number): void {
      const actor = actorOf(code)
      days.closeIfOver(actor)
      refolding = null
      days.endRefold()
      actor.suspended = false
      // Limits worked out under the plan's rule are not those of ordinary running.
      days.expire(actor)
    },

    /** Rebuild: folds without reporting. */
    mute(on: boolean): void {
      muted = on
    },

    staffOf(code: number, time: number): { record: StaffRecord | null; leaver: LeaverState } {
      const actor = actorOf(code)
      const record = actor.staff.at(time)
      return { record: record ?? actor.staff.latest(), leaver: leaverStateOf(record, time, calendar) }
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

    ...createEngineRestore({ table, tally, days, places, ways, waysUsed, placeOf, calendar }),
  }
}
