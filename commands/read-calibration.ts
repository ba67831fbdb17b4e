import type { CalibrationBasis, RoleCalibrationView } from '../api/calibration-service.ts'
import { partsOfRoleKey } from '../detectors/actor-table.ts'
import { type AlertBudget, type Calibration, ROLE_PRIOR_DAYS } from '../detectors/risk/role-calibration.ts'
import type { Core } from '../ingest/core.ts'
import { WINDOW_MS } from '../model/measure.ts'
import { openingsByRole } from '../store/alerts.ts'

const WEEKS = 4

/** How each role that was judged so far is judged now, and what that has come to in the last four weeks. */
export async function readCalibration(
  { db, codes, engine }: Core,
  org: string | null,
  budget: AlertBudget,
  now: number,
): Promise<RoleCalibrationView[]> {
  const since = now - WINDOW_MS['28d']
  const opened = await openingsByRole(db, since)
  const people = new Map<string, number>()
  for (let code = 0; code < codes.actorCount; code++) {
    const newest = engine.newestEvent(code)
    if (newest === null || newest < since) continue
    const key = keyOf(codes.orgOfActor(code), engine.staffOf(code, newest).record?.role ?? null)
    people.set(key, (people.get(key) ?? 0) + 1)
  }
  const roles = [...engine.calibrationByRole()].map(([key, made]) => ({ ...partsOfRoleKey(key), ...made }))
  return roles
    .filter((one) => org === null || one.org === org)
    .sort((a, b) => (keyOf(a.org, a.role) < keyOf(b.org, b.role) ? -1 : 1))
    .map(({ org: org_uid, role, day, calibration }) => {
      const count = people.get(keyOf(org_uid, role)) ?? 0
      const alertsOf = (leaver: boolean) =>
        opened.find((one) => one.org_uid === org_uid && one.role === role && one.leaver === leaver)?.alerts ?? 0
      const rate = (alerts: number) => (count === 0 ? null : round((alerts / WEEKS / count) * 1_000))
      return {
        org_uid,
        role,
        day: new Date(day * WINDOW_MS['1d']).toISOString().slice(0, 10),
        person_days: round(calibration.days),
        basis: basisOf(calibration),
        cut: round(calibration.cuts.ordinary),
        leaver_cut: round(calibration.cuts.leaver),
        people: count,
        alerts: alertsOf(false),
        leaver_alerts: alertsOf(true),
        alerts_per_1000_per_week: rate(alertsOf(false)),
        leaver_alerts_per_1000_per_week: rate(alertsOf(true)),
        alert_budget: budget.ordinary,
        leaver_alert_budget: budget.leaver,
      }
    })
}

/** From as many person-days on as the tenant's history weighs, the role's own weighs more. */
const basisOf = ({ riskDays }: Calibration): CalibrationBasis =>
  riskDays.own >= ROLE_PRIOR_DAYS ? 'own' : riskDays.tenant > 0 ? 'tenant' : 'prior'

const keyOf = (org: string, role: string | null): string => `${org}\u0000${role ?? ''}`
const round = (value: number): number => Math.round(value * 100) / 100
