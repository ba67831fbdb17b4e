import type { CalibrationBasis } from '../detectors/risk/calibration-basis.ts'

/** How one role is judged, and what that has come to. */
export interface RoleCalibrationView {
  readonly org_uid: string
  /** Null for those of whom HR gives no role. */
  readonly role: string | null
  /** Of those without a role, which kind of account; null of a role. */
  readonly actor_type: string | null
  /** The event-time day that it was made for, YYYY-MM-DD. */
  readonly day: string
  /** Person-days, faded by age, that its tests are calibrated by. */
  readonly person_days: number
  readonly basis: CalibrationBasis
  readonly cut: number
  readonly leaver_cut: number
  /** People of the role who did something within 28 days. */
  readonly people: number
  /** Alerts opened within 28 days, about people at work and about leavers. */
  readonly alerts: number
  readonly leaver_alerts: number
  /** What that is per 1,000 people of the role and week; null while there are none. */
  readonly alerts_per_1000_per_week: number | null
  readonly leaver_alerts_per_1000_per_week: number | null
  readonly alert_budget: number
  readonly leaver_alert_budget: number
}

export interface CalibrationService {
  /** By tenant and role; null for all tenants. */
  list(org: string | null): Promise<readonly RoleCalibrationView[]>
}
