import { EPISODE_GAP_MS } from '../../model/episode.ts'
import { createLaggedDays, type LaggedDays } from '../lagged-days.ts'
import { LEAST_SURPRISE } from '../surprise.ts'
import {
  binOf,
  type Draw,
  logShareAt,
  logShares,
  partShares,
  scoreAt,
  survivors,
  TAIL_BINS,
  type TailPrior,
  wholeShares,
} from './tail-counts.ts'
import { NEEDS_CALIBRATION, TEST_COUNT } from './tests.ts'

/** Risk from which an alert opens, for leavers and all others. */
export interface RiskCuts {
  readonly ordinary: number
  readonly leaver: number
}

/** What scores mean for a role on one day. */
export interface Calibration {
  /** A test's surprise as -log10 of the share of the role's person-days that reach it; 0 of what says nothing, however few did. */
  calibrated(test: number, surprise: number): number
  /** log10 of how many alerts a person-day opens when alerts open at `risk`. */
  logRate(risk: number, leaver: boolean): number
  readonly cuts: RiskCuts
  /** The cuts that another budget would give. */
  cutsAt(budget: AlertBudget): RiskCuts
  /** Person-days behind it. */
  readonly days: number
  /** Whether the tenant's own days say what is rare, not only what is assumed. */
  readonly isKnown: boolean
  /** Person-days, faded by age, whose risk the cuts rest on: the role's own and the tenant's. */
  readonly riskDays: { readonly own: number; readonly tenant: number }
}

export interface JudgedDay {
  readonly day: number
  readonly role: string
  readonly org: string
  /** Highest surprise of each test, in hundredths. */
  readonly surprise: Int32Array
  readonly actor: number
  /** In thousandths. */
  readonly risk: number
  readonly leaver: boolean
}

export interface AlertBudget {
  /** False alerts per 1,000 employees per week. */
  readonly ordinary: number
  readonly leaver: number
}

export interface RoleCalibrations {
  add(judged: JudgedDay): void
  get(org: string, role: string, day: number): Calibration
  /** The newest calibration of each role that was judged, by the role's key, with the day it was made for. */
  byRole(): ReadonlyMap<string, { readonly day: number; readonly calibration: Calibration }>
}

const EPISODE_DAYS = EPISODE_GAP_MS / 86_400_000
const KEEP_PER_DAY = 0.5 ** (1 / 90)
/** Until the longest windows are full and tests are calibrated, risks say nothing of later ones. */
const RISK_AFTER_DAYS = 42
/** Risks fade three times as fast as tests' surprises, since they depend on how well those were calibrated. */
const RISK_FADES_FASTER = 3
/** Days per employee and week on which something is done: a median attendance of 63 % of the weekdays. */
const DAYS_PER_WEEK = 3.2
/** Risk, in thousandths, from which a day may be a theft and does not teach what is rare; few honest days reach it. */
const SUSPICIOUS = 20_000
/**
 * A tenant's budget is at least that of so many employees, one false alert in eight weeks by default: a smaller one
 * would wait for years, and its few days could never show how rare anything is.
 */
const LEAST_EMPLOYEES = 25
/** What a tenant is taken for until its first day is known, so that whoever tries the service sees it speak. */
const EMPLOYEES_ASSUMED = 5
/** Share of person-days on which alerts open at most, however large the budget and small the tenant: not every day is unusual. */
const MOST_REPORTED = 0.1
/** Leavers' share of the person-days until more is known of the tenant, and the person-days that this weighs. */
const LEAVERS_ASSUMED = { share: 0.03, days: 2_000 }
/** Leavers' days that are judged for each on which they are at work: a notice has somewhat more of the past judged again. */
const JUDGED_PER_LEAVER_DAY = 2.2

const testPrior: TailPrior = { days: 150, logShare: (score) => -0.3 - 0.85 * score }
const DRAW_TENANT: Draw = { fromShare: 0.01, priorWeight: 60 }
const DRAW_ROLE: Draw = { fromShare: 0.01, priorWeight: 20 }
const DRAW_LEAVERS: Draw = { fromShare: 0.06, priorWeight: 30 }
/** log10 of how many times as often as others leavers reach a risk, until theirs were counted, and the person-days that this weighs. */
const LEAVERS_REACH = { times: 0.22, days: 600 }
/** While little has been counted the prior is trusted this far, so that the first day of a tenant is not blind. */
const LEAST_COUNTED = 4
/** Person-days of the role, and a quarter of all others', from which a test that needs it counts as calibrated. */
export const DAYS_TO_CALIBRATE = 20
const POOLED_DAYS = 150
/** Person-days of a tenant from which something is known of it. */
const DAYS_TO_KNOW = 50
/** Person-days that the tenant's risks weigh against a role's own. */
export const ROLE_PRIOR_DAYS = 1000
/** Risks reach further than surprises: they are counted on the same grid by their halves. */
const RISK_SCALE = 2
const riskBin = (risk: number): number => binOf(risk / 1000 / RISK_SCALE)
/** How often a person-day opens an alert at a risk, from simulated companies; fewer tests speak while little is known. */
const riskPriorOf = (known: boolean): TailPrior => ({
  days: 2000,
  logShare: (half) => -0.28 - (known ? 0.155 : 0.2) * half * RISK_SCALE,
})

interface Counts {
  days: number
  riskDays: number
  readonly tests: Float64Array
  /** Person-days on which each test could be asked. */
  readonly live: Float64Array
  /** Person-days whose risk reaches a bin, and of them those that would only continue an episode. */
  readonly reached: Float64Array
  readonly continued: Float64Array
}

const createCounts = (): Counts => ({
  days: 0,
  riskDays: 0,
  tests: new Float64Array(TEST_COUNT * TAIL_BINS),
  live: new Float64Array(TEST_COUNT),
  reached: new Float64Array(TAIL_BINS),
  continued: new Float64Array(TAIL_BINS),
})

export function createRoleCalibrations(budget: AlertBudget): RoleCalibrations {
  const groups = new Map<string, LaggedDays<Counts>>()
  const firstDays = new Map<string, number>()
  /** Of each role that of its newest day alone: a past that is folded again is judged by what is known now. */
  const newest = new Map<string, { readonly day: number; readonly calibration: Calibration }>()
  const groupOf = (key: string): LaggedDays<Counts> => {
    let group = groups.get(key)
    if (group === undefined) {
      group = createLaggedDays(createCounts, fadeCounts)
      groups.set(key, group)
    }
    return group
  }
  /** Risks of each actor's last days as they were judged first, oldest first. */
  const recent: ({ readonly day: number; readonly risk: number }[] | undefined)[] = []
  /** The actor's highest risk of the days before that an episode reaches over; takes note of the day's own. */
  const riskBefore = ({ actor, day, risk }: JudgedDay): number => {
    while (recent.length <= actor) recent.push(undefined)
    const risks = (recent[actor] ?? []).filter((one) => one.day >= day - EPISODE_DAYS)
    recent[actor] = [...risks, { day, risk }]
    return risks.reduce((most, one) => (one.day < day && one.risk > most ? one.risk : most), 0)
  }
  const addRisk = (counts: Counts, judged: JudgedDay, before: number) => {
    const first = firstDays.get(judged.org) ?? judged.day
    firstDays.set(judged.org, Math.min(first, judged.day))
    if (judged.day - first < RISK_AFTER_DAYS) return
    counts.riskDays++
    counts.reached[riskBin(judged.risk)]++
    counts.continued[riskBin(Math.min(judged.risk, before))]++
  }

  const make = (org: string, role: string, day: number): Calibration => {
    const own = groupOf(role).knownFor(day)
    const all = groupOf(`${org}\u0000*`).knownFor(day)
    const leavers = groupOf(`${org}\u0000leavers`).knownFor(day)
    const counted = Math.max(LEAST_COUNTED, Math.log10(own.days + all.days / 4 + testPrior.days))
    const tests = Array.from({ length: TEST_COUNT }, (_, t) => {
      const pooled = wholeShares(survivors(all.tests, t * TAIL_BINS), all.live[t], testPrior)
      return partShares(survivors(own.tests, t * TAIL_BINS), own.live[t], pooled, POOLED_DAYS)
    })
    const isReady = NEEDS_CALIBRATION.map((needed, t) => !needed || own.live[t] + all.live[t] / 4 >= DAYS_TO_CALIBRATE)
    const isKnown = all.days >= DAYS_TO_KNOW
    const allLogs = logShares(openings(all), all.riskDays, riskPriorOf(isKnown), DRAW_TENANT)
    const ofAll: TailPrior = { days: ROLE_PRIOR_DAYS, logShare: (half) => logShareAt(allLogs, half) }
    const ordinary = logShares(openings(own), own.riskDays, ofAll, DRAW_ROLE)
    const ofOrdinary: TailPrior = {
      days: LEAVERS_REACH.days,
      logShare: (half) => Math.min(0, LEAVERS_REACH.times + logShareAt(allLogs, half)),
    }
    const leaver = logShares(openings(leavers), leavers.riskDays, ofOrdinary, DRAW_LEAVERS)
    const leaverDays = leaverDaysPerWeek(leavers.riskDays, all.riskDays)
    const smallness = LEAST_EMPLOYEES / employeesOf(all.days, day - 1 - (firstDays.get(org) ?? day))
    const times = Math.max(1, Math.min(LEAST_EMPLOYEES, smallness))
    const cutsAt = (asked: AlertBudget): RiskCuts => ({
      ordinary: cutAt(ordinary, times * asked.ordinary, 1000 * DAYS_PER_WEEK),
      leaver: cutAt(leaver, times * asked.leaver, leaverDays),
    })
    return {
      calibrated: (test, surprise) =>
        surprise > LEAST_SURPRISE && isReady[test] ? bounded(-logShareAt(tests[test], surprise), counted) : 0,
      logRate: (risk, isLeaver) => logShareAt(isLeaver ? leaver : ordinary, risk / RISK_SCALE),
      cuts: cutsAt(budget),
      cutsAt,
      days: own.days,
      isKnown,
      riskDays: { own: own.riskDays, tenant: all.riskDays },
    }
  }

  return {
    add(judged) {
      const before = riskBefore(judged)
      if (judged.leaver) {
        addRisk(groupOf(`${judged.org}\u0000leavers`).gather(judged.day), judged, before)
        return
      }
      const everybody = groupOf(`${judged.org}\u0000*`).gather(judged.day)
      addRisk(everybody, judged, before)
      everybody.days++
      const counts = groupOf(judged.role).gather(judged.day)
      counts.days++
      addRisk(counts, judged, before)
      if (judged.risk >= SUSPICIOUS) return
      // A day that an earlier version closed says nothing of the tests that it did not have.
      for (let t = 0; t < Math.min(TEST_COUNT, judged.surprise.length); t++) {
        if (judged.surprise[t] < 0) continue
        counts.live[t]++
        everybody.live[t]++
        if (judged.surprise[t] === 0) continue
        counts.tests[t * TAIL_BINS + binOf(judged.surprise[t] / 100)]++
        everybody.tests[t * TAIL_BINS + binOf(judged.surprise[t] / 100)]++
      }
    },
    get(org, role, day) {
      const known = newest.get(role)
      if (known !== undefined && day <= known.day) return known.calibration
      const calibration = make(org, role, day)
      newest.set(role, { day, calibration })
      return calibration
    },
    byRole: () => newest,
  }
}

/** The risk at which `alerts` a week open on `days` person-days a week, both per 1,000 employees, at most on one in ten. */
const cutAt = (logs: Float64Array, alerts: number, days: number): number =>
  RISK_SCALE * scoreAt(logs, Math.log10(Math.min(MOST_REPORTED, alerts / days)))

/** Employees that so many person-days, faded by age, of so many days tell of. */
function employeesOf(personDays: number, days: number): number {
  if (personDays === 0 || days < 1) return EMPLOYEES_ASSUMED
  const weeks = (1 - KEEP_PER_DAY ** days) / (1 - KEEP_PER_DAY) / 7
  return personDays / weeks / DAYS_PER_WEEK
}

/** Leavers' person-days that are judged per 1,000 employees and week, in notice and on look-back. */
function leaverDaysPerWeek(ofLeavers: number, ofOthers: number): number {
  const { share, days } = LEAVERS_ASSUMED
  const known = (ofLeavers + share * days) / (ofLeavers + ofOthers + days)
  return 1000 * DAYS_PER_WEEK * known * JUDGED_PER_LEAVER_DAY
}

/** What was never seen is no rarer than counting can tell, but for a little: beyond that the scale flattens. */
const bounded = (surprise: number, counted: number): number =>
  surprise <= counted ? surprise : counted + BEYOND * (1 - Math.exp((counted - surprise) / BEYOND))
const BEYOND = 1

const openings = (counts: Counts): Float64Array => {
  const reached = survivors(counts.reached, 0)
  const continued = survivors(counts.continued, 0)
  // A lower cut may open fewer alerts, since it never lets an episode end; what counts is the most any cut from here on opens.
  const opened = new Float64Array(TAIL_BINS)
  let most = 0
  for (let bin = TAIL_BINS - 1; bin >= 0; bin--) {
    most = Math.max(most, reached[bin] - continued[bin])
    opened[bin] = most
  }
  return opened
}

function fadeCounts(known: Counts, taught: Counts, daysSince: number): void {
  const keep = KEEP_PER_DAY ** daysSince
  known.days = known.days * keep + taught.days
  fade(known.tests, taught.tests, keep)
  fade(known.live, taught.live, keep)
  const keepRisk = keep ** RISK_FADES_FASTER
  known.riskDays = known.riskDays * keepRisk + taught.riskDays
  fade(known.reached, taught.reached, keepRisk)
  fade(known.continued, taught.continued, keepRisk)
}

function fade(to: Float64Array, from: Float64Array, keep: number): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i] * keep + from[i]
}
