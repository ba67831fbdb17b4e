import { WINDOW_MS } from '../model/measure.ts'
import type { LeaverState } from '../model/staff.ts'
import type { ActorTable } from './actor-table.ts'
import { type ActorHistory, OWN_DAYS_TO_JUDGE } from './baseline/actor-history.ts'
import type { Calendar } from './days/calendar.ts'
import { leaverStateOf } from './leaver-state.ts'
import type { RiskCuts } from './risk/calibration.ts'
import { basisOf, type CalibrationBasis } from './risk/calibration-basis.ts'
import type { RoleCalibrations } from './risk/role-calibration.ts'

/** Whom the engine judges, and how much it knows of them: numbers alone, for metrics. */
export interface Population {
  /** People, not integrations, who did something within 28 days. */
  readonly people: Readonly<Record<LeaverState, number>>
  /** The same people by how many worked days their own baselines hold. */
  readonly baselines: Readonly<Record<BaselineDepth, number>>
  /** Whole days since the newest day that is closed and so can teach; null while none is. */
  readonly newestClosedDaysAgo: number | null
  /** Roles judged so far, by what their cuts rest on. */
  readonly roles: Readonly<Record<CalibrationBasis, number>>
  /** Over all roles, the least and the greatest risk from which an alert opens; null while no role was judged. */
  readonly cuts: { readonly least: RiskCuts; readonly greatest: RiskCuts } | null
}

/** Bounds in worked days: below the first, the role says more than the person's own past. */
export const BASELINE_DEPTHS = ['under_5_days', '5_to_19_days', '20_days_or_more'] as const
export type BaselineDepth = (typeof BASELINE_DEPTHS)[number]
const SETTLED_DAYS = 20

export interface PopulationParts {
  readonly table: Pick<ActorTable, 'actors' | 'newest'>
  readonly history: Pick<ActorHistory, 'learnedDays' | 'lastClosed'>
  readonly calibrations: Pick<RoleCalibrations, 'byRole'>
  readonly calendar: Calendar
}

/** Reads and changes nothing, so that looking on never changes what is found. `now` in epoch ms. */
export function countPopulation({ table, history, calibrations, calendar }: PopulationParts, now: number): Population {
  const people = { none: 0, notice: 0, left: 0 }
  const baselines = { under_5_days: 0, '5_to_19_days': 0, '20_days_or_more': 0 }
  let newestClosed = Number.NEGATIVE_INFINITY
  for (const actor of table.actors) {
    if (actor === undefined || actor.type !== 'user') continue
    if (!(table.newest[actor.code] >= now - WINDOW_MS['28d'])) continue
    people[leaverStateOf(actor.staff.at(now), now, calendar)]++
    baselines[depthOf(history.learnedDays(actor.code))]++
    newestClosed = Math.max(newestClosed, history.lastClosed(actor.code))
  }
  const inUse = [...calibrations.byRole().values()].map(({ calibration }) => calibration)
  const roles = { prior: 0, tenant: 0, own: 0 }
  for (const calibration of inUse) roles[basisOf(calibration)]++
  return {
    people,
    baselines,
    newestClosedDaysAgo: Number.isFinite(newestClosed) ? Math.max(0, calendar.dayOf(now) - newestClosed) : null,
    roles,
    cuts: inUse.length === 0 ? null : cutsOf(inUse.map(({ cuts }) => cuts)),
  }
}

const depthOf = (days: number): BaselineDepth =>
  days < OWN_DAYS_TO_JUDGE ? 'under_5_days' : days < SETTLED_DAYS ? '5_to_19_days' : '20_days_or_more'

const cutsOf = (cuts: readonly RiskCuts[]) => {
  const over = (pick: (...values: number[]) => number): RiskCuts => ({
    ordinary: pick(...cuts.map(({ ordinary }) => ordinary)),
    leaver: pick(...cuts.map(({ leaver }) => leaver)),
  })
  return { least: over(Math.min), greatest: over(Math.max) }
}
