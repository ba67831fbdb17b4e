import { EPISODE_GAP_MS } from '../../model/episode.ts'
import { createLaggedDays, type LaggedDays } from '../days/lagged-days.ts'
import { LEAST_SURPRISE } from '../surprise.ts'
import { cutsOf, type TenantDays } from './budget-cuts.ts'
import type { AlertBudget, Calibration } from './calibration.ts'
import {
  askedDays,
  type CountedDay,
  countDays,
  type JudgedCounts,
  type JudgedDay,
  NOTHING_COUNTED,
  openings,
  RISK_SCALE,
  testCounts,
} from './judged-counts.ts'
import { type Draw, logShareAt, logShares, partShares, type TailPrior, wholeShares } from './tail-counts.ts'
import { NEEDS_CALIBRATION, TEST_COUNT } from './tests.ts'

/** What is rare for whom: by role, by tenant, and of those who are leaving. */
export interface RoleCalibrations {
  /** So many of the tenant's people are known: by an event, or by HR. */
  setPeople(org: string, count: number): void
  add(judged: JudgedDay): void
  /** Counts what is due for judging `day`, before its days are added; a rebuild asks for no calibration on the way. */
  settle(org: string, role: string, day: number): void
  get(org: string, role: string, day: number): Calibration
  /** The newest calibration of each role that was judged, by the role's key, with the day it was made for. */
  byRole(): ReadonlyMap<string, { readonly day: number; readonly calibration: Calibration }>
}

const EPISODE_DAYS = EPISODE_GAP_MS / 86_400_000
/** Of a tenant's first days everything is unusual, and their risks say nothing of later ones. */
const RISK_AFTER_DAYS = 7

const testPrior: TailPrior = { days: 150, logShare: (score) => -0.3 - 0.85 * score }
const DRAW_TENANT: Draw = { fromShare: 0.007, priorWeight: 20 }
const DRAW_ROLE: Draw = { fromShare: 0.007, priorWeight: 100 }
const DRAW_LEAVERS: Draw = { fromShare: 0.06, priorWeight: 30 }
/** log10 of how many times as often as others leavers reach a risk, until theirs were counted, and the person-days that this weighs. */
const LEAVERS_REACH = { times: 0.22, days: 600 }
/** While little has been counted the prior is trusted this far, so that the first day of a tenant is not blind. */
const LEAST_COUNTED = 4
/** Person-days of the role, and a quarter of all others', from which a test that needs it counts as calibrated. */
const DAYS_TO_CALIBRATE = 20
const POOLED_DAYS = 150
/** Person-days of a tenant from which something is known of it. */
const DAYS_TO_KNOW = 50
/** Person-days that the tenant's risks weigh against a role's own. */
export const ROLE_PRIOR_DAYS = 1000
/** How often a person-day opens an alert at a risk, from simulated companies; fewer tests speak while little is known. */
const riskPriorOf = (known: boolean): TailPrior => ({
  days: 2000,
  logShare: (half) => -0.28 - (known ? 0.155 : 0.2) * half * RISK_SCALE,
})

/** Whose counts a calibration rests on. */
interface Known {
  readonly role: JudgedCounts
  /** All of the tenant but its leavers. */
  readonly tenant: JudgedCounts
  readonly leavers: JudgedCounts
  /** Days since the tenant's first. */
  readonly tenantDays: number
  /** The tenant's people, as the power of two below. */
  readonly people: number
}

interface MadeFor {
  readonly day: number
  readonly people: number
  readonly calibration: Calibration
}

export function createRoleCalibrations(budget: AlertBudget): RoleCalibrations {
  const roles = createGroups()
  const tenants = createGroups()
  const leavers = createGroups()
  const firstDays = new Map<string, number>()
  /** Of each tenant the power of two below its people: a new one seldom moves a cut. */
  const peopleOf = new Map<string, number>()
  /** Of each role that of its newest day alone: a past that is folded again is judged by what is known now. */
  const newest = new Map<string, MadeFor>()
  const riskBefore = createRecentRisks()
  const daysKnown = createDaysKnown()

  return {
    setPeople(org, count) {
      peopleOf.set(org, 2 ** Math.floor(Math.log2(count)))
    },
    add(judged) {
      const { org, role, day, leaver } = judged
      const before = riskBefore(judged)
      const first = Math.min(firstDays.get(org) ?? day, day)
      firstDays.set(org, first)
      const counted = {
        judged,
        tests: !leaver,
        daysKnown: daysKnown(judged),
        riskBefore: day - first >= RISK_AFTER_DAYS ? before : null,
      }
      for (const group of leaver ? [leavers.of(org)] : [tenants.of(org), roles.of(role)])
        group.gather(day).push(counted)
    },
    settle(org, role, day) {
      for (const group of [roles.of(role), tenants.of(org), leavers.of(org)]) group.knownFor(day)
    },
    get(org, role, asked) {
      const people = peopleOf.get(org) ?? 0
      const known = newest.get(role)
      if (known !== undefined && asked <= known.day && people === known.people) return known.calibration
      const day = Math.max(asked, known?.day ?? asked)
      const calibration = calibrationOf(budget, {
        role: roles.of(role).knownFor(day),
        tenant: tenants.of(org).knownFor(day),
        leavers: leavers.of(org).knownFor(day),
        tenantDays: day - 1 - (firstDays.get(org) ?? day),
        people,
      })
      newest.set(role, { day, people, calibration })
      return calibration
    },
    byRole: () => newest,
  }
}

type Group = LaggedDays<JudgedCounts, CountedDay[]>

function createGroups() {
  const groups = new Map<string, Group>()
  return {
    of(key: string): Group {
      const known = groups.get(key)
      if (known !== undefined) return known
      const group = createLaggedDays<JudgedCounts, CountedDay[]>({
        known: NOTHING_COUNTED,
        gatherer: () => [],
        fold: countDays,
      })
      groups.set(key, group)
      return group
    },
  }
}

/** Gives the actor's highest risk of the days before that an episode reaches over, and takes note of the day's own. */
function createRecentRisks(): (judged: JudgedDay) => number {
  /** By actor, of the last days as they were judged first, oldest first. */
  const recent: ({ readonly day: number; readonly risk: number }[] | undefined)[] = []
  return ({ actor, day, risk }) => {
    while (recent.length <= actor) recent.push(undefined)
    const risks = (recent[actor] ?? []).filter((one) => one.day >= day - EPISODE_DAYS)
    recent[actor] = [...risks, { day, risk }]
    return risks.reduce((most, one) => (one.day < day && one.risk > most ? one.risk : most), 0)
  }
}

/** Gives the days since the actor was judged for the first time. */
function createDaysKnown(): (judged: JudgedDay) => number {
  const firstDays: number[] = []
  return ({ actor, day }) => {
    while (firstDays.length <= actor) firstDays.push(Number.POSITIVE_INFINITY)
    firstDays[actor] = Math.min(firstDays[actor], day)
    return day - firstDays[actor]
  }
}

function calibrationOf(budget: AlertBudget, known: Known): Calibration {
  const { role, tenant } = known
  const counted = Math.max(LEAST_COUNTED, Math.log10(role.days + tenant.days / 4 + testPrior.days))
  const tailOf = createTails(known)
  const isReady = NEEDS_CALIBRATION.map(
    (needed, t) => !needed || askedDays(role, t) + askedDays(tenant, t) / 4 >= DAYS_TO_CALIBRATE,
  )
  const isKnown = tenant.days >= DAYS_TO_KNOW
  const shares = openingSharesOf(known, isKnown)
  const days: TenantDays = {
    personDays: tenant.days,
    days: known.tenantDays,
    people: known.people,
    ofLeavers: known.leavers.riskDays,
    ofOthers: tenant.riskDays,
  }
  return {
    calibrated: (test, surprise) =>
      surprise > LEAST_SURPRISE && isReady[test] ? bounded(-logShareAt(tailOf(test), surprise), counted) : 0,
    logRate: (risk, isLeaver) => logShareAt(isLeaver ? shares.leaver : shares.ordinary, risk / RISK_SCALE),
    cuts: cutsOf(budget, shares, days),
    cutsAt: (asked) => cutsOf(asked, shares, days),
    days: role.days,
    isKnown,
    riskDays: { own: role.riskDays, tenant: tenant.riskDays },
  }
}

/** The tails of tests, each made when it is first asked for: on most days of a small role most tests say nothing. */
function createTails({ role, tenant }: Known): (test: number) => Float32Array {
  const tails: (Float32Array | undefined)[] = Array.from({ length: TEST_COUNT }, () => undefined)
  return (t) => {
    const made = tails[t]
    if (made !== undefined) return made
    const [ofAll, ofRole] = [testCounts(tenant, t), testCounts(role, t)]
    const pooled = wholeShares(ofAll.reached, ofAll.days, testPrior)
    const tail = Float32Array.from(partShares(ofRole.reached, ofRole.days, pooled, POOLED_DAYS))
    tails[t] = tail
    return tail
  }
}

/** The tenant's shares rest on what is assumed, the role's and the leavers' on the tenant's, each the less the more was counted. */
function openingSharesOf({ role, tenant, leavers }: Known, isKnown: boolean) {
  const ofAll = logShares(openings(tenant), tenant.riskDays, riskPriorOf(isKnown), DRAW_TENANT)
  const rolePrior: TailPrior = { days: ROLE_PRIOR_DAYS, logShare: (half) => logShareAt(ofAll, half) }
  const leaverPrior: TailPrior = {
    days: LEAVERS_REACH.days,
    logShare: (half) => Math.min(0, LEAVERS_REACH.times + logShareAt(ofAll, half)),
  }
  return {
    ordinary: logShares(openings(role), role.riskDays, rolePrior, DRAW_ROLE),
    leaver: logShares(openings(leavers), leavers.riskDays, leaverPrior, DRAW_LEAVERS),
  }
}

/** What was never seen is no rarer than counting can tell, but for a little: beyond that the scale flattens. */
const bounded = (surprise: number, counted: number): number =>
  surprise <= counted ? surprise : counted + BEYOND * (1 - Math.exp((counted - surprise) / BEYOND))
const BEYOND = 1
