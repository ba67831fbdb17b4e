import type { AlertBudget, RiskCuts } from './calibration.ts'
import { KEEP_PER_DAY, RISK_SCALE } from './judged-counts.ts'
import { scoreAt } from './tail-counts.ts'

/** Days per employee and week on which something is done: a median attendance of 63 % of the weekdays. */
const DAYS_PER_WEEK = 3.2
/**
 * A tenant's budget is at least that of so many employees, one false alert in eight weeks by default: a smaller one
 * would wait for years, and its few days could never show how rare anything is.
 */
const LEAST_EMPLOYEES = 25
/** What a tenant is taken for at least in its first week, so that whoever tries the service sees it speak. */
const EMPLOYEES_ASSUMED = 5
/** Days, weekend and all, from which the days that people work tell how many they are. */
const DAYS_TO_COUNT_EMPLOYEES = 7
/** Share of person-days on which alerts open at most, however large the budget and small the tenant: not every day is unusual. */
const MOST_REPORTED = 0.1
/** Leavers' share of the person-days until more is known of the tenant, and the person-days that this weighs. */
const LEAVERS_ASSUMED = { share: 0.03, days: 2_000 }
/**
 * Person-days that are held to the leavers' cut for each on which a leaver is at work: a notice has 90 days of the past
 * judged again by it.
 */
const JUDGED_PER_LEAVER_DAY = 2.2

/**
 * Alerts for each that days open which are counted when they have closed: a day's risk may sink again until then, and
 * what is left of a theft that was told of opens another.
 */
const OPENED_PER_COUNTED = 1.1

/** A tenant's days, faded by age. */
export interface TenantDays {
  /** Person-days of all but leavers. */
  readonly personDays: number
  /** Since its first event. */
  readonly days: number
  /** People who did something, or of whom HR said something. */
  readonly people: number
  /** Person-days whose risk was counted. */
  readonly ofLeavers: number
  readonly ofOthers: number
}

/** log10 of the share of person-days that open an alert, by the bin of half the risk at which alerts open. */
export interface OpeningShares {
  readonly ordinary: Float64Array
  readonly leaver: Float64Array
}

/** The risks at which a tenant's budget is spent. */
export function cutsOf(budget: AlertBudget, shares: OpeningShares, tenant: TenantDays): RiskCuts {
  const times = timesTheBudget(tenant) / OPENED_PER_COUNTED
  return {
    ordinary: cutAt(shares.ordinary, times * budget.ordinary, 1000 * DAYS_PER_WEEK),
    leaver: cutAt(shares.leaver, times * budget.leaver, leaverDaysPerWeek(tenant)),
  }
}

/** The risk at which `alerts` a week open on `days` person-days a week, both per 1,000 employees, at most on one in ten. */
const cutAt = (logs: Float64Array, alerts: number, days: number): number =>
  RISK_SCALE * scoreAt(logs, Math.log10(Math.min(MOST_REPORTED, alerts / days)))

/** By how much a small tenant's budget is larger than its employees' share. */
function timesTheBudget(tenant: TenantDays): number {
  return Math.max(1, Math.min(LEAST_EMPLOYEES, LEAST_EMPLOYEES / employeesOf(tenant)))
}

/** Employees that the person-days tell of; of a tenant's first week those that were seen, of whom not all are at work each day. */
function employeesOf({ personDays, days, people }: TenantDays): number {
  if (personDays === 0 || days < DAYS_TO_COUNT_EMPLOYEES) return Math.max(EMPLOYEES_ASSUMED, people)
  const weeks = (1 - KEEP_PER_DAY ** days) / (1 - KEEP_PER_DAY) / 7
  return personDays / weeks / DAYS_PER_WEEK
}

/** Person-days that are held to the leavers' cut, per 1,000 employees and week. */
function leaverDaysPerWeek({ ofLeavers, ofOthers }: TenantDays): number {
  const { share, days } = LEAVERS_ASSUMED
  const known = (ofLeavers + share * days) / (ofLeavers + ofOthers + days)
  return 1000 * DAYS_PER_WEEK * known * JUDGED_PER_LEAVER_DAY
}
