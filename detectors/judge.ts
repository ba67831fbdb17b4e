import { WINDOWS } from '../model/measure.ts'
import { scoreOf } from '../model/score.ts'
import { type Actor, type ActorTable, MOST_COUNT } from './actor-table.ts'
import { type ActorHistory, FLAG_OF_WINDOW } from './baseline/actor-history.ts'
import { cusumStaysUpTo, nextCusum } from './baseline/cusum.ts'
import { expectedOf, tailLog10, tailQuantile } from './baseline/distribution.ts'
import type { RolePriors } from './baseline/role-priors.ts'
import type { Baseline } from './detector.ts'
import type { Calibration } from './risk/calibration.ts'
import { createRiskCombiner, type RiskContext } from './risk/combine.ts'
import type { RoleCalibrations } from './risk/role-calibration.ts'
import { expectedShare, type ShareHistory, shareTailLog10 } from './risk/share-tail.ts'
import { NEEDS_CALIBRATION, TEST_COUNT, TESTS } from './risk/tests.ts'
import { compressed, LEAST_SURPRISE } from './surprise.ts'
import type { Tally } from './tally.ts'
import { raised, type TeamLoad } from './team-load.ts'
import type { CompiledTriggers } from './triggers.ts'

const WINDOW_COUNT = WINDOWS.length
/** No count is looked at from here: not even one as high as counts stand. */
const NEVER = MOST_COUNT
/** A count is looked at again when it has grown by this much. */
const GROWTH = 1.04
/** Counts below so many times what is usual are not worth a look. */
const WORTH_A_LOOK = 1.2
/** Below this the team's load is not worked out. */
const WORTH_THE_TEAM = 1
/** Calibrated surprise from which a test is told of beside the leading one. */
export const REMARKABLE = 2.5
/** Role-days from which the role's shares, and what is new to its people, are known. */
const ROLE_DAYS_TO_KNOW = 15
/** Decimal logarithm of how much likelier a leaver's unusual day is a theft; less where one of many past days is looked back on. */
const LEAVER_ODDS = { live: 0.7, lookBack: 0.3 }
/**
 * By window, from which surprise on a count teaches its person's baseline nothing. It is held against the surprise as it
 * is, not calibrated and not eased by the team's load: both depend on other people, and a past that is folded again must
 * teach what it taught.
 */
const FLAG_FROM: readonly number[] = [4.5, 4.5, 4, 3.7, 4.5]

export interface Judge {
  /** Looks at a test whose count has reached `next`; tells whether its surprise has grown so that the risk may have. */
  look(actor: Actor, test: number, count: number): boolean
  calibration(actor: Actor): Calibration
  /** Whether enough is known of the actor and their role to ask a test at all. */
  isLive(actor: Actor, test: number, day: number): boolean
  /** A test's surprise of the open day, calibrated. */
  calibrated(actor: Actor, test: number): number
  /** The actor's risk by the surprises of the open day so far. */
  risk(actor: Actor): number
  /** Each test's part in that risk. */
  parts(actor: Actor): Float64Array
  /** Score 0 to 100 of the open day's risk. A leaver's counts for more: the odds of a theft are. */
  score(actor: Actor, leaver: keyof typeof LEAVER_ODDS | null): number
  baseline(actor: Actor, slot: number, day: number): Baseline
  /** The count that a person-day in a thousand reaches. */
  remarkableFrom(actor: Actor, slot: number, day: number): number
  share(actor: Actor, test: number, day: number): { readonly expected: number; readonly expectedPeers: number }
}

export interface JudgeParts {
  readonly table: ActorTable
  readonly history: ActorHistory
  readonly priors: RolePriors
  readonly calibrations: RoleCalibrations
  readonly triggers: CompiledTriggers
  readonly tally: Tally
  readonly teams: TeamLoad
}

export function createJudge({ table, history, priors, calibrations, triggers, tally, teams }: JudgeParts): Judge {
  const combiner = createRiskCombiner()
  const shareHistory = (actor: Actor, slot: number, amongSlot: number, day: number): ShareHistory => ({
    ...history.sums(actor.code, slot, amongSlot),
    peerShare: priors.get(actor.roleKey, day).share(slot, amongSlot),
  })

  const seesWork = (actor: Actor, day: number): boolean => priors.get(actor.roleKey, day).seesWork
  const contextOf = (actor: Actor, { isKnown }: Calibration): RiskContext => ({
    isKnown,
    seesWork: seesWork(actor, table.day[actor.code]),
  })

  const countOf = (actor: Actor, slot: number): number =>
    Math.min(tally.count(actor.code, Math.floor(slot / WINDOW_COUNT), slot % WINDOW_COUNT), MOST_COUNT)
  const calibrationOf = (actor: Actor): Calibration => calibrations.get(actor.org, actor.roleKey, table.day[actor.code])
  /** Where the actor's surprises stand in the table, once they are calibrated by `calibration`. */
  const calibrate = ({ code }: Actor, calibration: Calibration): number => {
    const from = code * TEST_COUNT
    if (table.calibratedBy[code] === calibration) return from
    for (let t = 0; t < TEST_COUNT; t++)
      table.calibrated[from + t] = calibration.calibrated(t, table.surprise[from + t])
    table.calibratedBy[code] = calibration
    return from
  }
  /** Calibrates a surprise that has grown; tells whether it says more than before, or is told of and so grows on. */
  const calibrateGrown = (actor: Actor, t: number): boolean => {
    const calibration = calibrationOf(actor)
    if (table.calibratedBy[actor.code] !== calibration) {
      calibrate(actor, calibration)
      return true
    }
    const at = actor.code * TEST_COUNT + t
    const before = table.calibrated[at]
    table.calibrated[at] = calibration.calibrated(t, table.surprise[at])
    return table.calibrated[at] > before || table.calibrated[at] >= REMARKABLE
  }
  const surpriseOf = (actor: Actor, t: number, count: number): number => {
    const test = TESTS[t]
    const day = table.day[actor.code]
    if (test.kind === 'share') {
      const among = countOf(actor, test.amongSlot)
      // Of what was hardly opened at all no share can be unusual.
      if (among * 2 < count) return 0
      const past = shareHistory(actor, test.slot, test.amongSlot, day)
      return -shareTailLog10(count, among, past, test.window as '1d')
    }
    const prior = priors.get(actor.roleKey, day)
    if (test.kind === 'peers')
      return -tailLog10(raised(prior.bySlot[test.slot], teams.factor(actor, test.slot, usual)), count)
    if (test.kind === 'team') {
      const team = teams.together(actor, test.slot, usual)
      return team === null ? 0 : -tailLog10(team.usual, team.done)
    }
    const { distribution } = history.baseline(actor.code, test.slot, prior)
    if (test.kind === 'cusum') return nextCusum(history.cusum(actor.code, test.cusum), count, distribution) / 2
    const surprise = -tailLog10(distribution, count)
    const window = test.slot % WINDOW_COUNT
    if (surprise >= FLAG_FROM[window]) table.flags[actor.code] |= FLAG_OF_WINDOW[window]
    if (surprise < WORTH_THE_TEAM) return surprise
    return -tailLog10(raised(distribution, teams.factor(actor, test.slot, usual)), count)
  }
  const isLive = (actor: Actor, t: number, day: number): boolean => {
    const test = TESTS[t]
    if (test.measure === 'portfolio_taken' && !actor.record?.portfolio_size) return false
    // Where no work is seen, what was not worked on is all that was opened.
    if (test.measure === 'contacts_unworked' && test.kind !== 'team' && !seesWork(actor, day)) return false
    if (!NEEDS_CALIBRATION[t]) return true
    if (test.measure === 'contacts_new' && !history.knowsNew(actor.code, day)) return false
    return priors.get(actor.roleKey, day).slotDays(test.slot) >= ROLE_DAYS_TO_KNOW
  }
  /** The count below which a test has nothing to say. */
  const worthALookFrom = (actor: Actor, t: number, count: number): number => {
    const test = TESTS[t]
    const day = table.day[actor.code]
    const floor = triggers.floor[t]
    if (floor === Number.POSITIVE_INFINITY || !isLive(actor, t, day)) return NEVER
    if (test.kind === 'cusum') return countOf(actor, test.floorSlot) < floor ? count + 1 : 0
    if (test.kind === 'share' || count < floor) return floor
    if (test.kind === 'peers') return priors.get(actor.roleKey, day).speaksFrom(test.slot)
    return Math.ceil(usual(actor, test.slot) * WORTH_A_LOOK)
  }
  /** The count from which a test is looked at again. */
  const nextLook = (actor: Actor, t: number, count: number, surprise: number): number => {
    const test = TESTS[t]
    if (test.kind !== 'cusum' || surprise > LEAST_SURPRISE) return Math.max(count + 1, Math.ceil(count * GROWTH))
    const { distribution } = history.baseline(actor.code, test.slot, priors.get(actor.roleKey, table.day[actor.code]))
    return cusumStaysUpTo(history.cusum(actor.code, test.cusum), 2 * LEAST_SURPRISE, distribution, count) + 1
  }
  const usual = (actor: Actor, slot: number): number =>
    expectedOf(history.baseline(actor.code, slot, priors.get(actor.roleKey, table.day[actor.code])).distribution)

  return {
    look(actor, t, count) {
      const at = actor.code * TEST_COUNT + t
      const from = Math.min(worthALookFrom(actor, t, count), NEVER)
      if (count < from || from === NEVER) {
        table.next[at] = from
        return false
      }
      const surprise = compressed(surpriseOf(actor, t, count))
      table.next[at] = Math.min(nextLook(actor, t, count, surprise), NEVER)
      if (surprise <= table.surprise[at]) return false
      const test = TESTS[t]
      table.surprise[at] = surprise
      table.seen[at] = count
      if (test.kind === 'share') table.seenAmong[at] = countOf(actor, test.amongSlot)
      return surprise > LEAST_SURPRISE && calibrateGrown(actor, t)
    },
    isLive,
    calibration: calibrationOf,
    calibrated: (actor, t) => table.calibrated[calibrate(actor, calibrationOf(actor)) + t],
    risk(actor) {
      const calibration = calibrationOf(actor)
      return combiner.risk(table.calibrated, calibrate(actor, calibration), contextOf(actor, calibration))
    },
    parts(actor) {
      const calibration = calibrationOf(actor)
      return combiner.parts(table.calibrated, calibrate(actor, calibration), contextOf(actor, calibration))
    },
    score(actor, leaver) {
      const rate = calibrationOf(actor).logRate(table.risk[actor.code], false)
      return scoreOf(-rate + (leaver === null ? 0 : LEAVER_ODDS[leaver]))
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
    remarkableFrom: (actor, slot, day) =>
      tailQuantile(history.baseline(actor.code, slot, priors.get(actor.roleKey, day)).distribution, -3),
    share(actor, t, day) {
      const test = TESTS[t]
      if (test.kind !== 'share') throw new Error(`${test.id} is not about a share`)
      const past = shareHistory(actor, test.slot, test.amongSlot, day)
      return { expected: expectedShare(past), expectedPeers: past.peerShare }
    },
  }
}
