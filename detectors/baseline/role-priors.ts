import { SLOT_COUNT, WINDOWS } from '../../model/measure.ts'
import { DAY_WEIGHT, DEFAULT_DAYS, DEFAULT_DISPERSION, DEFAULT_MEAN, LAG_DAYS } from './defaults.ts'

/** The role's part of a baseline on one day. */
export interface RolePrior {
  readonly mean: Float32Array
  readonly dispersion: Float32Array
  /** Role-days behind it (of the daily windows). */
  readonly days: number
}

/**
 * Role peers: what the day's peak of each slot is for a role, from the closed days of all its people.
 *
 * The prior of day D is made once, from days up to D - 2: people of one role may come by different partitions, and the
 * two days keep the prior the same however these interleave, as long as none trails by more than a day.
 */
export interface RolePriors {
  /** Counts one person's closed day. `full` tells per window whether that person was there for the window's whole span. */
  add(role: string, day: number, peaks: ArrayLike<number>, full: readonly boolean[]): void
  /** The prior for judging `day`. */
  get(role: string, day: number): RolePrior
}

/** Fades role-days with a half-life of 40 days. */
const KEEP_PER_DAY = 0.5 ** (1 / 40)
const REACH_DAYS = 2
/** Past priors kept for judging the past again. */
const KEPT_PRIORS = 100

interface DayTotals {
  readonly weights: Float64Array
  readonly sums: Float64Array
  readonly squares: Float64Array
}

interface Role {
  readonly pending: Map<number, DayTotals>
  readonly faded: DayTotals
  /** Last day folded into `faded`. */
  through: number
  readonly priors: Map<number, RolePrior>
}

export function createRolePriors(): RolePriors {
  const roles = new Map<string, Role>()

  const roleOf = (name: string): Role => {
    let role = roles.get(name)
    if (role === undefined) {
      role = { pending: new Map(), faded: emptyTotals(), through: Number.NEGATIVE_INFINITY, priors: new Map() }
      roles.set(name, role)
    }
    return role
  }

  return {
    add(name, day, peaks, full) {
      const role = roleOf(name)
      // A day that comes when its turn is over counts with the next one: late is better than lost.
      const at = Math.max(day, role.through + 1)
      let totals = role.pending.get(at)
      if (totals === undefined) {
        totals = emptyTotals()
        role.pending.set(at, totals)
      }
      for (let slot = 0; slot < SLOT_COUNT; slot++) {
        if (!full[slot % WINDOWS.length]) continue
        totals.weights[slot] += 1
        totals.sums[slot] += peaks[slot]
        totals.squares[slot] += peaks[slot] * peaks[slot]
      }
    },
    get(name, day) {
      const role = roleOf(name)
      const known = role.priors.get(day)
      if (known !== undefined) return known
      const newest = lastKey(role.priors)
      if (newest !== undefined && day < newest) return nearestAtOrAfter(role.priors, day)
      foldThrough(role, day - REACH_DAYS)
      const prior = priorOf(role.faded)
      role.priors.set(day, prior)
      if (role.priors.size > KEPT_PRIORS) {
        const oldest = role.priors.keys().next().value
        if (oldest !== undefined) role.priors.delete(oldest)
      }
      return prior
    },
  }
}

function emptyTotals(): DayTotals {
  return {
    weights: new Float64Array(SLOT_COUNT),
    sums: new Float64Array(SLOT_COUNT),
    squares: new Float64Array(SLOT_COUNT),
  }
}

function foldThrough(role: Role, lastDay: number): void {
  const days = [...role.pending.keys()].filter((day) => day <= lastDay).sort((a, b) => a - b)
  for (const day of days) {
    const totals = role.pending.get(day)
    if (totals === undefined) continue
    const keep = Number.isFinite(role.through) ? KEEP_PER_DAY ** (day - role.through) : 0
    for (let slot = 0; slot < SLOT_COUNT; slot++) {
      role.faded.weights[slot] = role.faded.weights[slot] * keep + totals.weights[slot]
      role.faded.sums[slot] = role.faded.sums[slot] * keep + totals.sums[slot]
      role.faded.squares[slot] = role.faded.squares[slot] * keep + totals.squares[slot]
    }
    role.through = day
    role.pending.delete(day)
  }
}

function priorOf(totals: DayTotals): RolePrior {
  const mean = new Float32Array(SLOT_COUNT)
  const dispersion = new Float32Array(SLOT_COUNT)
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    const weightOfDay = DAY_WEIGHT[slot % WINDOWS.length]
    const n = totals.weights[slot] * weightOfDay
    const sum = totals.sums[slot] * weightOfDay
    mean[slot] = (sum + DEFAULT_DAYS * DEFAULT_MEAN[slot]) / (n + DEFAULT_DAYS)
    const roleMean = n > 0 ? sum / n : 0
    const variance = n > 0 ? totals.squares[slot] / totals.weights[slot] - roleMean * roleMean : 0
    const estimate = roleMean > 0 ? Math.max(0, (variance - roleMean) / (roleMean * roleMean)) : DEFAULT_DISPERSION
    dispersion[slot] = (n * estimate + 10 * DEFAULT_DISPERSION) / (n + 10)
  }
  return { mean, dispersion, days: Math.round(totals.weights[0]) }
}

const lastKey = (priors: ReadonlyMap<number, RolePrior>): number | undefined => {
  let last: number | undefined
  for (const day of priors.keys()) last = day
  return last
}

function nearestAtOrAfter(priors: ReadonlyMap<number, RolePrior>, day: number): RolePrior {
  let best: RolePrior | undefined
  for (const [at, prior] of priors) {
    best ??= prior
    if (at <= day) best = prior
  }
  if (best === undefined) throw new Error('nearestAtOrAfter is asked only when a prior exists')
  return best
}

/** Whether a person present since `firstDay` fills each window by the end of `day`. */
export function fullWindows(firstDay: number, day: number): boolean[] {
  return LAG_DAYS.map((lag) => day - firstDay + 1 >= lag - 1)
}
